//! Grammar: errors by kind, for each 100 words.
//!
//! Spelling is looked up in Harper's dictionary; what else is wrong is found by a chosen few of its rules and by a few of our own about
//! agreement ([`agreement`]), which stand on its tags. Harper's own spelling rule isn't used: it looks for corrections, which costs more
//! than all the rest.

mod agreement;
mod checker;
mod kinds;
mod spelling;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use checker::warm_up;
use kinds::Found;

use crate::score::{Mark, Reading, Sheet, at, sure};
use crate::text::Text;

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A word that isn't one.
    Spelling,
    /// Words that don't fit each other: subject and verb, article and noun.
    Agreement,
    /// A form, an order or a combination of words that isn't English.
    Grammar,
    /// A word taken for another.
    Usage,
    /// A mark that is missing or too many.
    Punctuation,
    /// A small letter for a capital one.
    Capitals,
    /// The same word twice.
    Repetition,
}

impl Kind {
    const fn feature(self) -> &'static str {
        match self {
            Self::Spelling => "spelling errors per 100 words",
            Self::Agreement => "agreement errors per 100 words",
            Self::Grammar => "grammar errors per 100 words",
            Self::Usage => "words taken for others per 100 words",
            Self::Punctuation => "punctuation errors per 100 words",
            Self::Capitals => "missing capitals per 100 words",
            Self::Repetition => "repeated words per 100 words",
        }
    }

    /// How much an error of the kind counts, next to one of spelling.
    const fn weight(self) -> f64 {
        match self {
            Self::Spelling | Self::Agreement | Self::Grammar => 1.0,
            Self::Usage | Self::Repetition => 0.8,
            Self::Capitals => 0.5,
            Self::Punctuation => 0.4,
        }
    }
}

/// What so many (weighed) errors in 100 words cost: in proportion up to what a reader still forgives, then less and less.
const COST: &[(f64, f64)] = &[
    (0.0, 0.0),
    (1.0, 9.0),
    (5.0, 38.0),
    (10.0, 62.0),
    (20.0, 84.0),
    (40.0, 97.0),
];

/// How many words are checked at most: what is wrong with the first of them is wrong with a text.
const CHECKED: usize = 3_000;

/// Reads the grammar of an English text. `names` are words that are right though no dictionary has them, such as the brand's.
pub(crate) fn read(text: &Text<'_>, names: &[String]) -> Reading {
    let checked = text.words.len().min(CHECKED);
    // In a short text an error counts as in one of twelve words: one of five words with an error isn't a fifth wrong.
    let hundreds = checked.max(12) as f64 / 100.0;
    let end = match text
        .sentences
        .iter()
        .find(|sentence| sentence.words.end > CHECKED)
    {
        Some(sentence) => sentence.span.start,
        None => text.plain.len(),
    };
    let found = checker::check(text, end, names);

    let mut by_kind: BTreeMap<Kind, usize> = BTreeMap::new();
    for error in &found {
        *by_kind.entry(error.kind).or_default() += 1;
    }
    let weighed: f64 = found.iter().map(|error| error.kind.weight()).sum();
    let cost = at(COST, weighed / hundreds);
    let mut sheet = Sheet::from(100.0);
    let each = if weighed > 0.0 { cost / weighed } else { 0.0 };
    for (kind, count) in by_kind {
        sheet.add(
            kind.feature(),
            count as f64 / hundreds,
            -each * kind.weight() * count as f64,
        );
    }
    let marks = found
        .into_iter()
        .map(
            |Found {
                 kind,
                 span,
                 message,
             }| Mark::new(message, span, text.original, each * kind.weight()),
        )
        .collect();
    let reading = sheet.reading(sure(text.words.len(), 30)).with_marks(marks);
    if end < text.plain.len() {
        return reading.with_note(format!("only the first {CHECKED} words were checked"));
    }
    reading
}
