//! Words that a brand wants or doesn't want said.

use domain::{Brand, Brief};

use crate::words::is_unspaced;

/// A brand's words, made ready for looking them up.
#[derive(Debug, Clone)]
pub(crate) struct WordList {
    entries: Vec<Vec<String>>,
    unspaced: Vec<String>,
}

impl WordList {
    /// What must not be said.
    pub(crate) fn banned(brand: &Brand) -> Self {
        Self::new(&brand.banned_words)
    }

    /// What sounds like the brand.
    pub(crate) fn voice(brand: &Brand) -> Self {
        Self::new(&brand.voice_words)
    }

    fn new(words: &[String]) -> Self {
        let (unspaced, spaced): (Vec<&String>, Vec<&String>) =
            words.iter().partition(|word| word.chars().any(is_unspaced));
        Self {
            entries: spaced
                .into_iter()
                .map(|word| parts(word))
                .filter(|entry| !entry.is_empty())
                .collect(),
            unspaced: unspaced
                .into_iter()
                .map(|word| word.trim().to_lowercase())
                .filter(|word| !word.is_empty())
                .collect(),
        }
    }

    /// How many of the words a text holds, whatever their case, alone or in the plural.
    pub(crate) fn hits(&self, text: &str) -> usize {
        if self.entries.is_empty() && self.unspaced.is_empty() {
            return 0;
        }
        let words = parts(text);
        let lower = text.to_lowercase();
        let spaced = self.entries.iter().filter(|entry| {
            words.windows(entry.len()).any(|window| {
                let (last, rest) = (entry.len() - 1, &window[..entry.len() - 1]);
                *rest == entry[..last] && same_or_plural(&window[last], &entry[last])
            })
        });
        spaced.count()
            + self
                .unspaced
                .iter()
                .filter(|word| lower.contains(word.as_str()))
                .count()
    }

    /// Whether a text holds any of the words.
    pub(crate) fn hit(&self, text: &str) -> bool {
        self.hits(text) > 0
    }
}

/// Whether a text holds a word that the brief's brand bans, alone or in the plural, whatever its case.
pub fn holds_banned_word(brief: &Brief, text: &str) -> bool {
    WordList::banned(&brief.brand).hit(text)
}

fn same_or_plural(word: &str, entry: &str) -> bool {
    word == entry
        || word
            .strip_prefix(entry)
            .is_some_and(|ending| matches!(ending, "s" | "es"))
}

fn parts(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_in_any_case_and_number() {
        let list = WordList::new(&[
            "cheap".into(),
            "best in class".into(),
            "安い".into(),
            " ".into(),
        ]);
        for text in [
            "A CHEAP trick",
            "cheap-looking",
            "Cheaps!",
            "the Best in class",
            "とても安いです",
        ] {
            assert!(list.hit(text), "{text}");
        }
        for text in ["cheaper", "best class", "高い", ""] {
            assert!(!list.hit(text), "{text}");
        }
    }
}
