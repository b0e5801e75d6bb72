//! From spoken words to phonemes: misaki's dictionary and part-of-speech tagger, with rules for what it doesn't know.

use std::sync::OnceLock;

use misaki_rs::{G2P, Language};

use crate::letters;
use crate::spoken::{Piece, Say};

/// misaki parses its dictionaries for about 0.14 s: once a process.
fn misaki() -> &'static G2P {
    static G2P_ONCE: OnceLock<G2P> = OnceLock::new();
    G2P_ONCE.get_or_init(|| G2P::new(Language::EnglishUS))
}

/// Parses them now: beside what else has to be read before the first word is spoken.
pub(crate) fn warm_up() {
    misaki();
}

/// Words that this crate writes or meets often and misaki lacks or says otherwise.
const OWN: &[(&str, &str)] = &[
    ("et", "ɛt"),
    ("cetera", "sˈɛTəɹə"),
    ("miz", "mˌɪz"),
    ("kibibyte", "kˈɪbibˌIt"),
    ("mebibyte", "mˈɛbibˌIt"),
    ("gibibyte", "ɡˈɪbibˌIt"),
    ("gigahertz", "ɡˈɪɡəhˌɜɹts"),
    ("tis", "tˈɪz"),
    ("twas", "twʌz"),
    ("em", "əm"),
    ("ikea", "Ikˈiə"),
    ("moma", "mˈOmə"),
    ("yaml", "jˈæmᵊl"),
    ("toml", "tˈɑmᵊl"),
    ("async", "ˈAsˌɪŋk"),
    ("kubernetes", "kˌubəɹnˈɛTiz"),
    ("genai", "ʤˌɛnˌAˈI"),
];

/// The phonemes of each piece of one sentence, in misaki's alphabet; none for what has its sounds already. The whole sentence goes in at once: how "read" or
/// "the" sounds depends on the words around.
pub(crate) fn sentence(pieces: &[Piece]) -> Vec<String> {
    let g2p = misaki();
    let mut text = String::new();
    let mut ranges = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        match &piece.say {
            Say::Word(word) | Say::Letters(word) => text.push_str(word),
            // A name like any other: what stands around it is read accordingly.
            Say::Ipa { .. } => text.push_str("Smith"),
        }
        ranges.push(start..text.len());
        text.extend(piece.after);
    }

    let mut phonemes = vec![String::new(); pieces.len()];
    let mut unknown = vec![false; pieces.len()];
    if let Ok((_, tokens)) = g2p.g2p(&text) {
        let mut at = 0;
        for token in tokens {
            let owner = ranges.partition_point(|range| range.end <= at);
            if let Some(range) = ranges.get(owner)
                && range.contains(&at)
            {
                if let Some(found) = token
                    .phonemes
                    .filter(|found| !found.contains(g2p.unk.as_str()))
                {
                    phonemes[owner].push_str(&found);
                } else {
                    unknown[owner] = true;
                }
            }
            at += token.text.len() + token.whitespace.len();
        }
    }
    for ((piece, phonemes), unknown) in pieces.iter().zip(&mut phonemes).zip(unknown) {
        match &piece.say {
            Say::Ipa { .. } => phonemes.clear(),
            Say::Letters(letters) => *phonemes = named(g2p, letters),
            Say::Word(word) => {
                if let Some(known) = own(word) {
                    known.clone_into(phonemes);
                } else if unknown || phonemes.is_empty() {
                    *phonemes = guess(g2p, word);
                }
            }
        }
        phonemes.retain(|letter| !letter.is_whitespace() && !letter.is_ascii_punctuation());
    }
    phonemes
}

fn own(word: &str) -> Option<&'static str> {
    OWN.iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, phonemes)| *phonemes)
}

/// Letters by their names, with the plural's sound where there is one.
fn named(g2p: &G2P, letters: &str) -> String {
    match letters.strip_suffix('s') {
        Some(letters) => g2p.lexicon.append_s(&letters::names(letters)),
        None => letters::names(letters),
    }
}

/// A word that misaki doesn't know: two words that it does know, or the sound of its letters.
fn guess(g2p: &G2P, word: &str) -> String {
    let lower = word.to_lowercase();
    let (stem, possessive) = match lower.strip_suffix("'s") {
        Some(stem) => (stem.to_owned(), true),
        None => (lower, false),
    };
    let found = compound(g2p, &stem).unwrap_or_else(|| letters::sound(&stem));
    if possessive {
        g2p.lexicon.append_s(&found)
    } else {
        found
    }
}

/// "webhook" as "web" and "hook": the split with the longest first part, both parts in the checked half of the dictionary.
fn compound(g2p: &G2P, word: &str) -> Option<String> {
    if !word.is_ascii() || word.len() < 6 || word.len() > 40 {
        return None;
    }
    let part = |text: &str| {
        let known = g2p.lexicon.in_gold(text);
        known
            .then(|| g2p.lexicon.get_word(text, "NN", None, None))
            .flatten()
            .map(|(phonemes, _)| phonemes)
    };
    (3..=word.len() - 3).rev().find_map(|at| {
        let (first, second) = (part(&word[..at])?, part(&word[at..])?);
        Some(first + &second.replace('ˌ', "").replace('ˈ', "ˌ"))
    })
}
