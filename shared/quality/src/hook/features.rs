//! What the model of hooks looks at.

use crate::emotion;
use crate::text::{Ending, Text};
use crate::words::{Column, mean_of, zipf};

/// The names of [`figures`], in their order.
pub const FIGURES: [&str; 30] = [
    "logarithm of its length in characters",
    "words (tens)",
    "words (tens), squared",
    "sentences",
    "questions",
    "exclamations",
    "dots that leave something unsaid",
    "quotation marks",
    "commas",
    "colons",
    "dashes",
    "brackets",
    "emphasis",
    "words in capitals",
    "a number",
    "begins with a number",
    "second person",
    "first person",
    "he, she, they",
    "points at something (this, these, here)",
    "asks or relates (what, how, why, who)",
    "curiosity (secret, truth, really, actually)",
    "contrast (but, yet, until, instead)",
    "superlatives and all-words",
    "letters a word",
    "commonness of its words (Zipf)",
    "concreteness",
    "valence",
    "arousal",
    "strength of sentiment",
];

const SECOND: &[&str] = &[
    "you", "your", "yours", "you're", "you've", "you'll", "you'd", "yourself",
];
const FIRST: &[&str] = &[
    "i", "i'm", "my", "me", "we", "our", "us", "we're", "i've", "mine",
];
const THIRD: &[&str] = &[
    "he", "she", "they", "him", "her", "them", "his", "their", "he's", "she's", "they're",
];
const POINTING: &[&str] = &[
    "this", "these", "here", "here's", "that", "those", "it", "it's",
];
const ASKING: &[&str] = &[
    "what", "how", "why", "who", "when", "where", "which", "what's", "who's", "whose",
];
const CURIOUS: &[&str] = &[
    "secret",
    "secrets",
    "truth",
    "really",
    "actually",
    "reason",
    "reasons",
    "surprising",
    "surprise",
    "surprised",
    "weird",
    "strange",
    "hidden",
    "unexpected",
    "wrong",
    "mistake",
    "guess",
    "reveals",
    "revealed",
    "finally",
    "turns",
    "happened",
    "happens",
    "happen",
    "next",
    "imagine",
    "wonder",
    "wait",
    "discovered",
    "mind",
    "shocking",
    "shocked",
    "secretly",
    "nobody",
    "idea",
    "learned",
];
const CONTRAST: &[&str] = &[
    "but", "yet", "until", "instead", "except", "unless", "though", "however", "while", "still",
    "then", "not", "without",
];
const EXTREME: &[&str] = &[
    "most",
    "best",
    "worst",
    "ever",
    "never",
    "always",
    "every",
    "everyone",
    "everything",
    "all",
    "nothing",
    "only",
    "first",
    "biggest",
    "greatest",
    "single",
    "entire",
    "whole",
    "least",
    "perfect",
    "totally",
    "completely",
    "absolutely",
];

/// What is counted in a hook.
pub fn figures(text: &Text<'_>) -> [f64; FIGURES.len()] {
    let words = &text.words;
    let plain = text.plain.as_str();
    let flag = |is: bool| f64::from(u8::from(is));
    let count = |list: &[&str]| {
        words
            .iter()
            .filter(|word| list.contains(&word.form.as_str()))
            .count()
            .min(3) as f64
    };
    let marks = |list: &[char]| plain.matches(list).count().min(4) as f64;
    let endings = |ending: Ending| {
        text.sentences
            .iter()
            .filter(|sentence| sentence.ending == ending)
            .count()
            .min(3) as f64
    };
    let length = words.len() as f64 / 10.0;
    let per_word = |sum: f64| sum / words.len().max(1) as f64;
    let letters = per_word(
        words
            .iter()
            .map(|word| word.form.chars().count() as f64)
            .sum(),
    );
    let common = per_word(words.iter().map(|word| zipf(&word.form)).sum());
    let [concrete] = mean_of(
        [Column::Concrete],
        words.iter().map(|word| word.form.as_str()),
    );
    let feeling = emotion::of(text);
    let strength = emotion::strength(text);
    [
        (1.0 + plain.trim().chars().count() as f64).ln(),
        length,
        length * length,
        text.sentences.len().min(5) as f64,
        endings(Ending::Question),
        endings(Ending::Exclamation),
        marks(&['…']) + plain.matches("..").count().min(2) as f64,
        marks(&['"', '“', '”']),
        marks(&[',']),
        marks(&[':']),
        marks(&['–', '—']) + plain.matches(" - ").count().min(2) as f64,
        marks(&['(', '[']),
        flag(text.original.contains('*')),
        words.iter().filter(|word| word.shouted).count().min(3) as f64,
        flag(words.iter().any(|word| word.number)),
        flag(words.first().is_some_and(|word| word.number)),
        count(SECOND),
        count(FIRST),
        count(THIRD),
        count(POINTING),
        count(ASKING),
        count(CURIOUS),
        count(CONTRAST),
        count(EXTREME),
        letters,
        common,
        concrete,
        feeling.valence,
        feeling.arousal,
        strength,
    ]
}
