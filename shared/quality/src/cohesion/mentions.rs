//! Who and what is mentioned, and whether the first mention introduces it.

use std::collections::{BTreeMap, HashSet};

use crate::text::{Sentence, Text, Word};

/// Words that point to something said before.
const BACK: &[&str] = &[
    "he",
    "she",
    "him",
    "his",
    "her",
    "hers",
    "they",
    "them",
    "their",
    "theirs",
    "it",
    "its",
    "this",
    "that",
    "these",
    "those",
    "such",
    "so",
    "then",
    "however",
    "but",
    "also",
    "therefore",
    "instead",
    "meanwhile",
    "moreover",
    "yet",
    "thus",
    "another",
    "both",
    "otherwise",
];

/// Openings that only make sense after something else.
const LOOSE: &[&str] = &[
    "he",
    "she",
    "they",
    "him",
    "his",
    "her",
    "their",
    "but",
    "and",
    "so",
    "however",
    "also",
    "therefore",
    "then",
    "instead",
    "moreover",
    "yet",
    "thus",
    "another",
    "meanwhile",
    "otherwise",
    "or",
    "these",
    "those",
    "such",
    "nevertheless",
    "furthermore",
    "additionally",
    "besides",
    "it",
    "its",
    "this",
    "that",
    "both",
    "others",
    "some",
];

/// Words that a person is spoken of with.
const OF_PERSONS: &[&str] = &["he", "she", "him", "his", "her", "they", "them", "their"];

/// Words that follow the comma behind a name that is being explained.
const EXPLAINS: &[&str] = &[
    "a",
    "an",
    "the",
    "who",
    "which",
    "whose",
    "one",
    "from",
    "head",
    "director",
    "chief",
    "professor",
    "founder",
    "president",
];

pub(super) fn points_back(form: &str) -> bool {
    BACK.contains(&form)
}

/// Whether the first sentence begins with what needs one before it.
pub(super) fn opening_points_back(text: &Text<'_>) -> bool {
    text.words
        .first()
        .is_some_and(|word| LOOSE.contains(&word.form.as_str()))
}

/// How often a first mention introduces, less how often it doesn't.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Introductions {
    /// Names in full before they come short.
    pub(super) names: i32,
    /// Things as "a" before "the".
    pub(super) things: i32,
    /// Names explained where they first come.
    pub(super) explained: i32,
    /// "He" and "they" after a sentence that somebody is named in.
    pub(super) persons: i32,
}

impl Introductions {
    pub(super) fn of(text: &Text<'_>) -> Self {
        let (names, explained) = names(text);
        Self {
            names,
            explained,
            things: things(text),
            persons: persons(text),
        }
    }
}

/// A run of capitalised words.
struct Name<'a> {
    words: &'a [Word],
    /// Of its first word in the text.
    at: usize,
    explained: bool,
}

/// The names of a sentence. A word that begins it counts only in a run.
fn names_of<'a>(text: &'a Text<'_>, sentence: &Sentence) -> Vec<Name<'a>> {
    let words = text.words_of(sentence);
    let mut names = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = run(&words[at..], &text.plain);
        if length > 1 || length == 1 && at > 0 {
            let comma = words
                .get(at + length - 1)
                .is_some_and(|last| text.plain[last.span.end..].starts_with(','));
            let explains = words
                .get(at + length)
                .is_some_and(|next| EXPLAINS.contains(&next.form.as_str()));
            names.push(Name {
                words: &words[at..at + length],
                at: sentence.words.start + at,
                explained: comma && explains,
            });
        }
        at += length.max(1);
    }
    names
}

fn base(word: &Word) -> &str {
    word.form.strip_suffix("'s").unwrap_or(&word.form)
}

fn run(words: &[Word], plain: &str) -> usize {
    let joined = |pair: &[Word]| match pair {
        [a, b] => b.capitalised && plain.get(a.span.end..b.span.start) == Some(" "),
        _ => false,
    };
    match words.first() {
        Some(first)
            if first.capitalised
                && !matches!(first.form.as_str(), "i" | "i'm" | "i've" | "i'll" | "i'd") =>
        {
            1 + words.windows(2).take_while(|pair| joined(pair)).count()
        }
        _ => 0,
    }
}

/// Full names before short ones, and explained ones before bare ones.
fn names(text: &Text<'_>) -> (i32, i32) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut full: BTreeMap<&str, usize> = BTreeMap::new();
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    for name in text
        .sentences
        .iter()
        .flat_map(|sentence| names_of(text, sentence))
    {
        let Some(last) = name.words.last().map(base) else {
            continue;
        };
        first.entry(last).or_insert(name.at);
        if name.words.len() > 1 {
            full.entry(last).or_insert(name.at);
        } else {
            alone.entry(last).or_insert(name.at);
        }
        if name.explained {
            explained.entry(last).or_insert(name.at);
        }
    }
    let sign = |well: bool| if well { 1 } else { -1 };
    let names = full
        .iter()
        .filter_map(|(name, full)| alone.get(name).map(|alone| sign(full < alone)))
        .sum();
    let seen = |name: &str| first.get(name).copied();
    let explained = explained
        .iter()
        .filter(|(name, _)| alone.contains_key(*name) || full.contains_key(*name))
        .map(|(name, at)| sign(seen(name) == Some(*at)))
        .sum();
    (names, explained)
}

/// Words that come both after "a" and after "the": which first?
fn things(text: &Text<'_>) -> i32 {
    let (mut new, mut known) = (BTreeMap::new(), BTreeMap::new());
    for (at, pair) in text.words.windows(2).enumerate() {
        let [article, thing] = pair else { continue };
        match article.form.as_str() {
            "a" | "an" => {
                new.entry(thing.form.as_str()).or_insert(at);
            }
            "the" | "this" | "that" | "these" | "his" | "her" | "its" | "their" => {
                known.entry(thing.form.as_str()).or_insert(at);
            }
            _ => {}
        }
    }
    new.iter()
        .filter_map(|(thing, new)| {
            known
                .get(thing)
                .map(|known| if new < known { 1 } else { -1 })
        })
        .sum()
}

/// Sentences that speak of somebody as "he" near their beginning: is somebody named, or spoken of so, in the one before?
fn persons(text: &Text<'_>) -> i32 {
    let mut balance = 0;
    let mut before: Option<(HashSet<&str>, bool)> = None;
    for sentence in &text.sentences {
        let words = text.words_of(sentence);
        let spoken: HashSet<&str> = words
            .iter()
            .map(|word| word.form.as_str())
            .filter(|form| OF_PERSONS.contains(form))
            .collect();
        let named = !names_of(text, sentence).is_empty();
        let opening = words
            .iter()
            .take(3)
            .find(|word| OF_PERSONS.contains(&word.form.as_str()));
        if let Some(opening) = opening {
            let known = before
                .as_ref()
                .is_some_and(|(spoken, named)| *named || spoken.contains(opening.form.as_str()));
            balance += if known { 1 } else { -1 };
        }
        before = Some((spoken, named));
    }
    balance
}
