//! Words that aren't any.

use harper_core::spell::Dictionary;

use super::Kind;
use super::kinds::Found;
use crate::text::{Text, Word};
use crate::words::zipf;

/// Common enough to be no slip, though Harper's dictionary lacks it: new words, brands, names.
const COMMON: f64 = 3.3;

/// The misspelt words of a text.
pub(super) fn find(
    text: &Text<'_>,
    end: usize,
    dictionary: &impl Dictionary,
    names: &[String],
) -> Vec<Found> {
    let mut found = Vec::new();
    for sentence in &text.sentences {
        let words = text.words_of(sentence);
        // A sentence all in capitals or in Title Case tells nothing by its capitals.
        let capitals = words.iter().filter(|word| word.capitalised).count();
        let titled = words.len() > 3 && capitals * 3 > words.len() * 2;
        for word in words.iter().filter(|word| word.span.end <= end) {
            let named = word.capitalised && !titled;
            if !named && !is_part(word, &text.plain) && !is_right(word, dictionary, names) {
                found.push(Found {
                    kind: Kind::Spelling,
                    span: word.span,
                    message: "not a word that the dictionary has".into(),
                });
            }
        }
    }
    found
}

/// Whether it is a piece of something longer, as in "e-mail", "C++" or "co.uk".
fn is_part(word: &Word, plain: &str) -> bool {
    let before = plain[..word.span.start].chars().next_back();
    let after = plain[word.span.end..].chars().next();
    let joins = |c: Option<char>| {
        c.is_some_and(|c| {
            matches!(
                c,
                '-' | '_' | '/' | '@' | '#' | '+' | '\u{2010}' | '\u{2011}'
            )
        })
    };
    joins(before) || joins(after)
}

fn is_right(word: &Word, dictionary: &impl Dictionary, names: &[String]) -> bool {
    let form = word.form.as_str();
    let base = form
        .strip_suffix("'s")
        .or_else(|| form.strip_suffix('\''))
        .unwrap_or(form);
    word.number
        || word.shouted
        || base.len() < 3
        || base.contains('.')
        || !base.is_ascii()
        || dictionary.contains_word_str(form)
        || dictionary.contains_word_str(base)
        || zipf(base) >= COMMON
        || names.iter().any(|name| name == base)
}
