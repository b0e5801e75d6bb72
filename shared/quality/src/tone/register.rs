//! The register of a sentence: how formal or casual, how near to the viewer.

use crate::text::{Ending, Sentence, Text, Word};
use crate::words::zipf;

/// Words that only casual speech has.
const CASUAL: &[&str] = &[
    "gonna",
    "wanna",
    "gotta",
    "kinda",
    "sorta",
    "yeah",
    "yep",
    "nope",
    "hey",
    "wow",
    "omg",
    "lol",
    "dude",
    "guys",
    "guy",
    "folks",
    "stuff",
    "awesome",
    "cool",
    "crazy",
    "super",
    "totally",
    "ok",
    "okay",
    "oh",
    "ugh",
    "yay",
    "yo",
    "ain't",
    "y'all",
    "cuz",
    "btw",
    "tbh",
    "bro",
    "kid",
    "kids",
    "mom",
    "dad",
    "bucks",
    "huge",
    "tons",
    "literally",
    "insane",
    "epic",
    "sucks",
    "freaking",
    "damn",
    "hell",
    "crap",
    "whoa",
    "haha",
    "pretty",
    "honestly",
    "anyway",
    "buddy",
    "nah",
    "bet",
    "vibe",
    "vibes",
    "hack",
];

/// Words that only formal writing has.
const FORMAL: &[&str] = &[
    "thus",
    "hence",
    "therefore",
    "moreover",
    "furthermore",
    "nevertheless",
    "notwithstanding",
    "whereas",
    "whereby",
    "herein",
    "thereof",
    "pursuant",
    "hereby",
    "accordingly",
    "consequently",
    "regarding",
    "concerning",
    "subsequent",
    "subsequently",
    "prior",
    "upon",
    "shall",
    "utilize",
    "utilise",
    "commence",
    "terminate",
    "endeavour",
    "endeavor",
    "facilitate",
    "demonstrate",
    "indicate",
    "indicates",
    "indicated",
    "constitute",
    "constitutes",
    "comprise",
    "comprises",
    "obtain",
    "obtained",
    "require",
    "requires",
    "required",
    "provide",
    "provides",
    "provided",
    "according",
    "within",
    "amongst",
    "nonetheless",
    "approximately",
    "significant",
    "significantly",
    "respectively",
];

const NEAR: &[&str] = &[
    "i", "i'm", "i've", "i'll", "i'd", "me", "my", "mine", "we", "we're", "we've", "we'll", "us",
    "our", "you", "you're", "you've", "you'll", "you'd", "your", "yours", "let's",
];

const LEARNED: &[&str] = &[
    "tion", "tions", "sion", "sions", "ment", "ments", "ity", "ities", "ance", "ence", "ances",
    "ences", "ism", "ological", "ative", "ally", "ious", "ization", "isation",
];

/// How formal a sentence is: about -3 (a chat) to 3 (a statute), 0 for a newspaper. The direction is that of Heylighen and Dewaele's
/// formality (2002): nouns, long words and prepositions against pronouns, contractions and interjections.
pub(super) fn formality(text: &Text<'_>, sentence: &Sentence) -> f64 {
    let words = text.words_of(sentence);
    let count = words.len().max(1) as f64;
    let share = |test: &dyn Fn(&Word) -> bool| {
        words.iter().filter(|word| test(word)).count() as f64 / count.max(5.0)
    };
    let letters = words
        .iter()
        .map(|word| word.form.chars().count() as f64)
        .sum::<f64>()
        / count;
    let syllables = words
        .iter()
        .map(|word| f64::from(word.syllables))
        .sum::<f64>()
        / count;
    let contraction = share(&|word| {
        word.form.contains('\'') && !word.form.ends_with("'s")
            || matches!(
                word.form.as_str(),
                "it's" | "that's" | "what's" | "here's" | "there's" | "let's" | "he's" | "she's"
            )
    });
    let learned = share(&|word| {
        word.form.len() > 6 && LEARNED.iter().any(|ending| word.form.ends_with(ending))
    });
    let near = share(&|word| NEAR.contains(&word.form.as_str()));
    let casual =
        share(&|word| CASUAL.contains(&word.form.as_str()) || word.shouted && word.form.len() > 3);
    let formal = share(&|word| FORMAL.contains(&word.form.as_str()));
    let rare = share(&|word| zipf(&word.form) < 3.6);
    let ending = match sentence.ending {
        Ending::Exclamation => -0.9,
        Ending::Question | Ending::Ellipsis => -0.3,
        Ending::Stop | Ending::Open => 0.0,
    };
    let length = (count / 15.0).min(2.5).sqrt() - 1.0;
    0.45 * (letters - 4.7)
        + 0.9 * (syllables - 1.5)
        + 4.0 * learned
        + 5.0 * formal
        + 1.2 * rare
        + 0.7 * length
        - 5.0 * contraction
        - 4.0 * near
        - 7.0 * casual
        + ending
}
