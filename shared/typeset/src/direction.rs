//! Words that run from right to left and are set in more than one face.
//!
//! The shaper puts the pieces of such a word down from left to right, whatever its direction: the full stop that a Hebrew face lacks
//! would stand before its word.

use cosmic_text::LayoutGlyph;

/// The glyphs of a line with every right-to-left word's in their places: from the right in the order of the text.
/// `word_of` tells which word a glyph is of; glyphs that are of none stay.
pub(crate) fn in_order(
    glyphs: &[LayoutGlyph],
    word_of: impl Fn(&LayoutGlyph) -> Option<usize>,
) -> Vec<LayoutGlyph> {
    let mut ordered = Vec::with_capacity(glyphs.len());
    let same = |a: &LayoutGlyph, b: &LayoutGlyph| a.level == b.level && word_of(a) == word_of(b);
    for piece in glyphs.chunk_by(same) {
        let turns = piece.len() > 1 && piece[0].level.is_rtl() && word_of(&piece[0]).is_some();
        let at = ordered.len();
        ordered.extend_from_slice(piece);
        if turns {
            put_in_order(&mut ordered[at..]);
        }
    }
    ordered
}

fn put_in_order(piece: &mut [LayoutGlyph]) {
    // Lines that run from right to left are listed that way; marks share their letter's place and keep their order.
    let leftward = piece.first().map(|glyph| glyph.x) > piece.last().map(|glyph| glyph.x);
    if leftward {
        piece.reverse();
    }
    if !piece.is_sorted_by(|left, right| left.start >= right.start) {
        let mut x = piece.iter().map(|glyph| glyph.x).fold(f32::MAX, f32::min);
        piece.sort_by_key(|glyph| std::cmp::Reverse(glyph.start));
        for glyph in piece.iter_mut() {
            glyph.x = x;
            x += glyph.w;
        }
    }
    if leftward {
        piece.reverse();
    }
}
