//! What makes a sentence worth stopping for.

use crate::figure;
use crate::words::{is_function_word, words};

/// Words that single something out.
const SUPERLATIVES: &[&str] = &[
    "most", "first", "only", "never", "ever", "record", "least", "best", "worst", "last", "every",
    "always", "entire", "whole", "alone",
];

/// Words that end like superlatives and are none.
const NOT_SUPERLATIVES: &[&str] = &[
    "interest",
    "forest",
    "request",
    "west",
    "rest",
    "test",
    "guest",
    "honest",
    "modest",
    "harvest",
    "invest",
    "suggest",
    "contest",
    "protest",
    "nest",
    "chest",
    "quest",
    "arrest",
    "digest",
    "manifest",
    "priest",
    "rainforest",
];

/// Words that set one thing against another.
const CONTRASTS: &[&str] = &[
    "but", "yet", "although", "though", "instead", "rather", "whereas", "however", "not", "no",
    "nobody", "nothing", "without", "less", "than",
];

/// Words that explain.
const REASONS: &[&str] = &[
    "because",
    "so",
    "why",
    "means",
    "therefore",
    "turns",
    "needs",
    "saved",
    "helps",
    "lets",
];

/// Words that move people, gladly or sadly.
const FEELINGS: &[&str] = &[
    "alive",
    "alone",
    "angry",
    "beautiful",
    "brave",
    "broke",
    "child",
    "children",
    "courage",
    "cried",
    "cry",
    "danger",
    "dangerous",
    "dead",
    "death",
    "delight",
    "die",
    "died",
    "disaster",
    "dream",
    "escape",
    "fail",
    "failed",
    "family",
    "fear",
    "free",
    "freedom",
    "friend",
    "friends",
    "gift",
    "grief",
    "happy",
    "hated",
    "home",
    "hope",
    "hurt",
    "joy",
    "kill",
    "killed",
    "laugh",
    "laughed",
    "lonely",
    "lose",
    "loss",
    "lost",
    "love",
    "loved",
    "loves",
    "miracle",
    "mother",
    "pain",
    "panic",
    "poor",
    "pride",
    "proud",
    "rescue",
    "rescued",
    "risk",
    "sad",
    "safe",
    "save",
    "saved",
    "scared",
    "secret",
    "shame",
    "smile",
    "storm",
    "struggle",
    "suffer",
    "survive",
    "survived",
    "terrible",
    "threat",
    "trust",
    "victory",
    "war",
    "win",
    "won",
    "wonderful",
    "worry",
];

/// How much of an English sentence moves people: 0 to 1.
pub(crate) fn feeling(text: &str) -> f64 {
    let moving = words(text)
        .iter()
        .filter(|word| FEELINGS.contains(&word.as_str()))
        .count();
    moving.min(2) as f64 / 2.0
}

/// How striking an English sentence is, 0 to about 1: figures, superlatives, contrasts, reasons.
pub(crate) fn interest(text: &str) -> f64 {
    let words = words(text);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let superlative = has(SUPERLATIVES)
        || words.iter().any(|word| {
            word.len() > 5
                && word.ends_with("est")
                && !NOT_SUPERLATIVES.contains(&word.as_str())
                && !is_function_word(word)
        });
    let mut score = figure::find(text).map_or(0.0, |figure| 0.45 * figure.strength);
    score += if superlative { 0.25 } else { 0.0 };
    score += if has(CONTRASTS) { 0.2 } else { 0.0 };
    score += if has(REASONS) { 0.15 } else { 0.0 };
    score
        + if text.contains(['“', '"']) {
            0.1
        } else {
            0.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn striking_sentences_come_before_plain_ones() {
        let plain = interest("Work on the foundations began in January.");
        for text in [
            "It was the tallest building in the world.",
            "About 62% of them closed.",
            "Bees sleep, but the hive never does.",
            "It stood because it was useful.",
        ] {
            assert!(interest(text) > plain, "{text}");
        }
        assert!(interest("The forest is in the west.") <= plain);
    }
}
