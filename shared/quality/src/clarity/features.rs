//! What the model of clarity looks at.

use crate::text::{Text, Word};
use crate::words::{Column, mean_of, zipf};

/// The names of [`figures`], in their order. Each is the higher, the harder a text is to read.
pub const FIGURES: [&str; 18] = [
    "logarithm of words a sentence",
    "longest fifth of the sentences, in words (logarithm)",
    "letters a word",
    "syllables a word",
    "share of words of three syllables and more",
    "rareness of its words (8 less Zipf)",
    "rareness of the rarest tenth of them",
    "share of uncommon words (Zipf under 4.5)",
    "share of rare words (Zipf under 3.5)",
    "variety of its words",
    "nested clauses a sentence",
    "commas, semicolons, dashes and brackets a sentence",
    "abstract nouns (-tion, -ity, -ment, -ness), share",
    "passives, share of sentences",
    "negations, share of words",
    "abstractness of its words",
    "impersonality (1 less the share of personal pronouns)",
    "share of sentences without a connective",
];

const SUBORDINATING: &[&str] = &[
    "that", "which", "who", "whom", "whose", "although", "though", "because", "since", "unless",
    "whereas", "while", "whether", "if", "when", "where", "until", "despite", "before", "after",
];
const PERSONAL: &[&str] = &[
    "i", "me", "my", "mine", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her",
    "hers", "they", "them", "their", "it", "its", "i'm", "i've", "i'll", "we're", "we've",
    "you're", "you've", "you'll", "he's", "she's", "they're", "they've", "it's",
];
const CONNECTING: &[&str] = &[
    "and",
    "but",
    "so",
    "because",
    "then",
    "also",
    "or",
    "yet",
    "however",
    "therefore",
    "thus",
    "finally",
    "first",
    "next",
    "instead",
    "still",
    "for",
    "when",
    "if",
    "after",
    "before",
    "while",
    "too",
    "later",
    "now",
];
const NEGATING: &[&str] = &[
    "not", "no", "never", "none", "nor", "neither", "without", "nobody", "nothing", "cannot",
    "hardly", "unless",
];
const BEING: &[&str] = &["is", "are", "was", "were", "be", "been", "being"];
const ABSTRACT: &[&str] = &[
    "tion", "sion", "ity", "ment", "ness", "ance", "ence", "ism", "tions", "sions", "ities",
    "ments", "ances", "ences",
];

/// Whether a word opens a subordinate clause.
pub(crate) fn is_subordinating(word: &Word) -> bool {
    SUBORDINATING.contains(&word.form.as_str())
}

/// Whether a word denies.
pub(crate) fn is_negation(word: &Word) -> bool {
    word.form.ends_with("n't") || NEGATING.contains(&word.form.as_str())
}

/// Names are rare without being hard, and numbers are no words: they count as common.
pub(crate) fn rareness(word: &Word, first: bool) -> f64 {
    if word.number {
        return 8.0 - 5.0;
    }
    let own = 8.0 - zipf(&word.form);
    if word.capitalised && !first && own > 4.0 {
        4.0
    } else {
        own
    }
}

/// What is counted in a text.
pub fn figures(text: &Text<'_>) -> [f64; FIGURES.len()] {
    let sentences = text.sentences.len().max(1) as f64;
    let words = text.words.len().max(1) as f64;
    let share = |count: usize| count as f64 / words;
    let counted =
        |is: &dyn Fn(&Word) -> bool| share(text.words.iter().filter(|word| is(word)).count());
    let mut lengths: Vec<usize> = text
        .sentences
        .iter()
        .map(|sentence| sentence.words.len())
        .collect();
    lengths.sort_unstable();
    let long = &lengths[lengths.len() - lengths.len().div_ceil(5)..];
    let longest = long.iter().sum::<usize>() as f64 / long.len().max(1) as f64;
    let mut rare: Vec<f64> = text
        .sentences
        .iter()
        .flat_map(|sentence| {
            text.words_of(sentence)
                .iter()
                .enumerate()
                .map(|(at, word)| rareness(word, at == 0))
        })
        .collect();
    rare.sort_unstable_by(f64::total_cmp);
    let tenth = &rare[rare.len() - rare.len().div_ceil(10)..];
    let per_word = |sum: f64| sum / words;
    let nested = text
        .words
        .iter()
        .filter(|word| is_subordinating(word))
        .count();
    let marks = text.plain.matches([',', ';', '(', '–', '—']).count();
    let passives = text
        .sentences
        .iter()
        .filter(|sentence| text.words_of(sentence).windows(2).any(|pair| matches!(pair, [a, b] if BEING.contains(&a.form.as_str()) && is_participle(&b.form))))
        .count();
    let unconnected = text
        .sentences
        .iter()
        .filter(|sentence| {
            !text
                .words_of(sentence)
                .iter()
                .any(|word| CONNECTING.contains(&word.form.as_str()))
        })
        .count();
    let [concrete] = mean_of(
        [Column::Concrete],
        text.words.iter().map(|word| word.form.as_str()),
    );
    [
        (1.0 + words / sentences).ln(),
        (1.0 + longest).ln(),
        per_word(
            text.words
                .iter()
                .map(|word| word.form.chars().count() as f64)
                .sum(),
        ),
        per_word(
            text.words
                .iter()
                .map(|word| f64::from(word.syllables))
                .sum(),
        ),
        counted(&|word| word.syllables >= 3 && !word.number),
        per_word(rare.iter().sum()),
        tenth.iter().sum::<f64>() / tenth.len().max(1) as f64,
        share(rare.iter().filter(|&&rare| rare > 3.5).count()),
        share(rare.iter().filter(|&&rare| rare > 4.5).count()),
        variety(&text.words),
        nested as f64 / sentences,
        marks as f64 / sentences,
        counted(&|word| {
            word.form.len() > 6 && ABSTRACT.iter().any(|ending| word.form.ends_with(ending))
        }),
        passives as f64 / sentences,
        counted(&is_negation),
        -concrete,
        1.0 - counted(&|word| PERSONAL.contains(&word.form.as_str())),
        unconnected as f64 / sentences,
    ]
}

/// How many different words there are among fifty, on average: it doesn't grow with the text as a plain share would.
fn variety(words: &[Word]) -> f64 {
    const WINDOW: usize = 50;
    let width = WINDOW.min(words.len());
    if width == 0 {
        return 0.0;
    }
    let shares: Vec<f64> = words
        .chunks_exact(width)
        .map(|window| {
            let different: std::collections::HashSet<&str> =
                window.iter().map(|word| word.form.as_str()).collect();
            different.len() as f64 / width as f64
        })
        .collect();
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

fn is_participle(word: &str) -> bool {
    word.len() > 4 && (word.ends_with("ed") || word.ends_with("en"))
        || matches!(
            word,
            "made"
                | "found"
                | "held"
                | "built"
                | "sold"
                | "told"
                | "paid"
                | "put"
                | "sent"
                | "kept"
                | "left"
                | "lost"
                | "used"
                | "won"
        )
}
