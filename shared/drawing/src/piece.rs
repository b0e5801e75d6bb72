//! A piece: a word or a shape as a picture of its own, and how it comes in.

use domain::Enter;
use resvg::tiny_skia::{IntRect, Pixmap};

/// One thing that comes in. What its times mean is said at [`domain::Sprite`].
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// PNG with alpha.
    pub png: Vec<u8>,
    /// Left edge at rest, in pixels of the frame.
    pub x: i32,
    /// Top edge at rest.
    pub y: i32,
    /// When it comes in at the planned pace, in milliseconds from the start of the scene.
    pub planned_ms: u32,
    /// The index of the spoken word that it comes in with.
    pub word: Option<u32>,
    /// How it comes in.
    pub enter: Enter,
    /// How much later than that, in milliseconds.
    pub after_ms: u32,
    /// How long its entrance takes, in milliseconds: as usual if absent.
    pub takes_ms: Option<u32>,
    /// How long it is seen, in milliseconds: to the end of the scene if absent.
    pub lasts_ms: Option<u32>,
}

impl Piece {
    /// A piece that comes in as usual.
    pub(crate) fn new(png: Vec<u8>, (x, y): (i32, i32), enter: Enter) -> Self {
        Self {
            png,
            x,
            y,
            planned_ms: 0,
            word: None,
            enter,
            after_ms: 0,
            takes_ms: None,
            lasts_ms: None,
        }
    }
}

/// What can be seen of a picture, with its place.
pub(crate) fn cut_out(pixmap: &Pixmap) -> Option<(i32, i32, Pixmap)> {
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    let seen = |x: usize, y: usize| pixmap.data()[(y * width + x) * 4 + 3] > 0;
    let top = (0..height).find(|&y| (0..width).any(|x| seen(x, y)))?;
    let bottom = (top..height)
        .rev()
        .find(|&y| (0..width).any(|x| seen(x, y)))?;
    let left = (0..width).find(|&x| (top..=bottom).any(|y| seen(x, y)))?;
    let right = (left..width)
        .rev()
        .find(|&x| (top..=bottom).any(|y| seen(x, y)))?;
    let rect = IntRect::from_ltrb(left as i32, top as i32, right as i32 + 1, bottom as i32 + 1)?;
    Some((left as i32, top as i32, pixmap.clone_rect(rect)?))
}
