//! A text that has been laid out.

use std::ops::Range;

use cosmic_text::fontdb;

/// One line of a laid-out text. Distances are pixels from the block's left and top edges.
#[derive(Debug, Clone, PartialEq)]
pub struct LaidLine {
    /// Left edge of its first letter (its leftmost, whatever the direction).
    pub x: f32,
    /// Top of the line.
    pub y: f32,
    /// From the leftmost to the rightmost letter, spaces at the ends left out.
    pub width: f32,
    /// Height of the line.
    pub height: f32,
    /// Where letters stand.
    pub baseline: f32,
    /// Whether its paragraph runs from right to left.
    pub rtl: bool,
}

/// A word on its line. A word that had to be broken is several of these, with the same `index`; so is a Chinese or Japanese
/// sentence, character by character.
#[derive(Debug, Clone, PartialEq)]
pub struct LaidWord {
    /// Which word of the text it is or belongs to, counting what white space separates, from 0.
    pub index: usize,
    /// The bytes of the text that it shows.
    pub text_range: Range<usize>,
    /// Which line it is on.
    pub line: usize,
    /// Left edge.
    pub x: f32,
    /// Top of its line.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height of its line.
    pub height: f32,
    pub(crate) glyphs: Range<usize>,
}

/// A glyph with its place: the origin on the baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlacedGlyph {
    pub(crate) font: fontdb::ID,
    pub(crate) glyph: u16,
    pub(crate) weight: u16,
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// A text laid out within a width.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// The width it was laid out within.
    pub max_width: f32,
    /// Width of the widest line; lines start at their `x` within `max_width`.
    pub width: f32,
    /// Height of all lines.
    pub height: f32,
    /// The em size, as asked for or as found by fitting.
    pub size_px: f32,
    /// Whether the end was cut off and an ellipsis put there.
    pub truncated: bool,
    /// Whether something was wider than a line and had to be broken where no break belongs.
    pub broken: bool,
    /// The lines from top to bottom.
    pub lines: Vec<LaidLine>,
    /// The words, line by line and in each line from left to right.
    pub words: Vec<LaidWord>,
    /// Characters that no font can draw: they are left out.
    pub missing: Vec<char>,
    pub(crate) glyphs: Vec<PlacedGlyph>,
}

impl Laid {
    /// Left edge of the leftmost line.
    pub fn x(&self) -> f32 {
        self.lines
            .iter()
            .map(|line| line.x)
            .reduce(f32::min)
            .unwrap_or_default()
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}
