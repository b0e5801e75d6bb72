//! Words with their place.

use unicode_segmentation::UnicodeSegmentation;

use super::{Span, Word, syllables};

/// Reads the words of a stretch of plain text, after the word boundaries of Unicode (UAX 29).
pub(super) fn read(plain: &str, span: Span, into: &mut Vec<Word>) {
    let piece = span.of(plain);
    for (at, word) in piece.unicode_word_indices() {
        let start = span.start + at;
        let span = Span {
            start,
            end: start + word.len(),
        };
        for (span, part) in parts(span, word) {
            into.push(one(span, part));
        }
    }
}

/// Unicode's words hold together what an underscore or a full stop without a space joins ("end.Next"): two words to a reader.
fn parts(span: Span, word: &str) -> impl Iterator<Item = (Span, &str)> {
    let glued = word.contains('.') && glued(word);
    let splits = move |c: char| c == '_' || c == ':' || c == '.' && glued;
    let base = word.as_ptr() as usize;
    word.split(splits)
        // A mark that stands on nothing clings to the space before it, which is no part of a word.
        .map(str::trim)
        .filter(|part| part.contains(char::is_alphanumeric))
        .map(move |part| {
            let start = span.start + (part.as_ptr() as usize - base);
            (
                Span {
                    start,
                    end: start + part.len(),
                },
                part,
            )
        })
}

/// Whether a full stop within a word parts two words: letters on both sides, more than an initial's.
fn glued(word: &str) -> bool {
    word.split('.')
        .all(|part| part.chars().count() > 2 && part.chars().all(char::is_alphabetic))
}

fn one(span: Span, word: &str) -> Word {
    let mut form = String::with_capacity(word.len());
    let (mut letters, mut capitals, mut number) = (0, 0, false);
    for c in word.chars() {
        if c.is_ascii() {
            form.push(c.to_ascii_lowercase());
        } else if matches!(c, '’' | '‘' | 'ʼ') {
            form.push('\'');
        } else if !matches!(c, '\u{fe0f}' | '\u{20e3}' | '\u{200d}') {
            // The marks left out draw a digit in a box: they are no part of the word.
            form.extend(c.to_lowercase());
        }
        letters += u32::from(c.is_alphabetic());
        capitals += u32::from(c.is_uppercase());
        number |= c.is_numeric();
    }
    Word {
        span,
        syllables: syllables(&form),
        form,
        number,
        capitalised: word.starts_with(char::is_uppercase),
        shouted: letters >= 2 && capitals == letters,
    }
}
