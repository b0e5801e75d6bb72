//! Finds emoji.

use unicode_segmentation::UnicodeSegmentation;

use super::Span;

/// Where emoji stand: one span for what is drawn as one picture.
pub(super) fn emoji(plain: &str) -> Vec<Span> {
    if plain.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (start, cluster) in plain.grapheme_indices(true) {
        if cluster.chars().any(is_pictograph) {
            found.push(Span {
                start,
                end: start + cluster.len(),
            });
        }
    }
    found
}

/// Whether a character is drawn as a picture, or asks for the one before it to be (U+FE0F).
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{231a}' | '\u{231b}'
        | '\u{23e9}'..='\u{23f3}')
}
