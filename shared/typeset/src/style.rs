//! How a text should look.

/// The voices of the built-in type. A brand's own font replaces all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Headings and figures: characterful, extra bold.
    Display,
    /// Headings and figures: bookish, with serifs.
    Serif,
    /// Running text and captions: plain and legible.
    Text,
}

/// Which edge lines keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Align {
    /// Left in left-to-right paragraphs, right in right-to-left ones.
    Start,
    /// In the middle.
    Center,
}

/// How a text should look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// Which voice.
    pub face: Face,
    /// Em size in pixels.
    pub size_px: f32,
    /// 100 (thin) to 900 (black). Built in: 600, 700, 800 for text, 800 for display; the nearest is taken.
    pub weight: u16,
    /// Distance of baselines as a multiple of `size_px`.
    pub line_height: f32,
    /// Extra space after each letter as a share of `size_px`; scripts whose letters join leave it out.
    pub letter_spacing: f32,
    /// Which edge lines keep to.
    pub align: Align,
    /// Whether lines are made about equally long, so that no single word is left on the last one.
    pub balance: bool,
}

impl TextStyle {
    /// A heading: display face, tight lines, balanced.
    pub fn heading(size_px: f32) -> Self {
        Self {
            face: Face::Display,
            size_px,
            weight: 800,
            line_height: 1.06,
            letter_spacing: -0.015,
            align: Align::Start,
            balance: true,
        }
    }

    /// Running text.
    pub fn body(size_px: f32) -> Self {
        Self {
            face: Face::Text,
            size_px,
            weight: 600,
            line_height: 1.28,
            letter_spacing: -0.005,
            align: Align::Start,
            balance: false,
        }
    }

    /// The same, centred.
    #[must_use]
    pub fn centered(self) -> Self {
        Self {
            align: Align::Center,
            ..self
        }
    }

    /// The same in another size.
    #[must_use]
    pub fn sized(self, size_px: f32) -> Self {
        Self { size_px, ..self }
    }
}
