//! What the model of valence and arousal looks at, in a sentence.

use crate::emotion::vader;
use crate::text::{Ending, Sentence, Text};

/// The names of [`figures`], in their order.
pub const FIGURES: [&str; 11] = [
    "sentiment of the lexicon (-1 to 1)",
    "share of positive words",
    "share of negative words",
    "strength of sentiment",
    "asks",
    "exclaims",
    "leaves off",
    "logarithm of its words",
    "words in capitals",
    "quotation marks",
    "numbers",
];

/// What is counted in a sentence.
pub(crate) fn figures(text: &Text<'_>, sentence: &Sentence) -> [f64; FIGURES.len()] {
    let words = text.words_of(sentence);
    let plain = text.plain_of(sentence);
    let sentiment = vader::sentiment(words, plain);
    let flag = |is: bool| f64::from(u8::from(is));
    let quotes = plain.matches(['"', '“', '”']).count();
    [
        sentiment.compound,
        sentiment.positive,
        sentiment.negative,
        sentiment.compound.abs(),
        flag(sentence.ending == Ending::Question),
        flag(sentence.ending == Ending::Exclamation),
        flag(sentence.ending == Ending::Ellipsis),
        (1.0 + words.len() as f64).ln(),
        words.iter().filter(|word| word.shouted).count().min(3) as f64,
        quotes.min(2) as f64,
        flag(words.iter().any(|word| word.number)),
    ]
}
