//! Drawing: what was laid out becomes coverage, word by word.

use cosmic_text::{CacheKey, CacheKeyFlags, SwashContent, SwashImage, Weight};

use crate::fonts::Engine;
use crate::{Fonts, Laid, LaidWord};

/// How much of each pixel a word covers, in a rectangle that just holds its ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordMask {
    /// Left edge in pixels from the block's left edge.
    pub x: i32,
    /// Top edge in pixels from the block's top edge.
    pub y: i32,
    /// Width in pixels; zero for a word without ink.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Row by row, 0 (not covered) to 255.
    pub alpha: Vec<u8>,
}

/// Where text is painted: RGBA with the alpha multiplied in, row by row.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// Four bytes a pixel.
    pub pixels: &'a mut [u8],
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Fonts {
    /// The coverage of every word of `laid`, in the order of `laid.words`: draw it once, then paint it in any colour.
    pub fn masks(&self, laid: &Laid) -> Vec<WordMask> {
        let mut engine = self.engine();
        laid.words
            .iter()
            .map(|word| mask(&mut engine, laid, word))
            .collect()
    }

    /// Paints `laid` with its block's left top corner at (`x`, `y`), each word in the colour (RGBA, not multiplied) that `color` says.
    pub fn paint(
        &self,
        laid: &Laid,
        canvas: &mut Canvas<'_>,
        x: i32,
        y: i32,
        color: impl Fn(&LaidWord) -> [u8; 4],
    ) {
        for (word, mask) in laid.words.iter().zip(self.masks(laid)) {
            mask.paint(canvas, x, y, color(word));
        }
    }
}

fn mask(engine: &mut Engine, laid: &Laid, word: &LaidWord) -> WordMask {
    let images: Vec<(i32, i32, SwashImage)> = laid.glyphs[word.glyphs.clone()]
        .iter()
        .filter_map(|glyph| {
            let flags = CacheKeyFlags::DISABLE_HINTING;
            let (key, x, y) = CacheKey::new(
                glyph.font,
                glyph.glyph,
                laid.size_px,
                (glyph.x, glyph.y.round()),
                Weight(glyph.weight),
                flags,
            );
            let image = engine.swash.get_image_uncached(&mut engine.system, key)?;
            let (left, top) = (x + image.placement.left, y - image.placement.top);
            (image.placement.width > 0 && image.placement.height > 0).then_some((left, top, image))
        })
        .collect();
    let left = images.iter().map(|(x, _, _)| *x).min().unwrap_or_default();
    let top = images.iter().map(|(_, y, _)| *y).min().unwrap_or_default();
    let right = images
        .iter()
        .map(|(x, _, i)| x + i.placement.width as i32)
        .max()
        .unwrap_or_default();
    let bottom = images
        .iter()
        .map(|(_, y, i)| y + i.placement.height as i32)
        .max()
        .unwrap_or_default();
    let (width, height) = ((right - left) as usize, (bottom - top) as usize);
    let mut alpha = vec![0; width * height];
    for (x, y, image) in &images {
        let (x, y) = ((x - left) as usize, (y - top) as usize);
        let columns = image.placement.width as usize;
        // A colour font's picture counts with its alpha: words are painted in one colour.
        let (step, channel) = if image.content == SwashContent::Mask {
            (1, 0)
        } else {
            (4, 3)
        };
        for row in 0..image.placement.height as usize {
            let target = &mut alpha[(y + row) * width + x..][..columns];
            let source = image.data[row * columns * step..]
                .iter()
                .skip(channel)
                .step_by(step);
            for (to, from) in target.iter_mut().zip(source) {
                *to = union(*to, *from);
            }
        }
    }
    WordMask {
        x: left,
        y: top,
        width: width as u32,
        height: height as u32,
        alpha,
    }
}

/// Coverage of two shapes that overlap by chance: 1 - (1 - a)(1 - b).
fn union(a: u8, b: u8) -> u8 {
    if a == 0 {
        b
    } else {
        255 - mul(255 - a, 255 - b)
    }
}

/// a * b / 255, rounded.
fn mul(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

impl WordMask {
    /// Paints it over `canvas` in one colour (RGBA, not multiplied), its block's left top corner at (`x`, `y`). What lies outside is cut off.
    pub fn paint(&self, canvas: &mut Canvas<'_>, x: i32, y: i32, color: [u8; 4]) {
        let (left, top) = (x + self.x, y + self.y);
        let columns = left.max(0)..(left + self.width as i32).min(canvas.width as i32);
        let rows = top.max(0)..(top + self.height as i32).min(canvas.height as i32);
        if columns.is_empty() {
            return;
        }
        for row in rows {
            let from = (row - top) as usize * self.width as usize + (columns.start - left) as usize;
            let to = (row as usize * canvas.width as usize + columns.start as usize) * 4;
            let coverage = &self.alpha[from..from + columns.len()];
            let Some(pixels) = canvas.pixels.get_mut(to..to + columns.len() * 4) else {
                return;
            };
            for (pixel, &coverage) in pixels.chunks_exact_mut(4).zip(coverage) {
                let alpha = mul(coverage, color[3]);
                if alpha == 0 {
                    continue;
                }
                for (channel, value) in pixel.iter_mut().zip([color[0], color[1], color[2], 255]) {
                    *channel = mul(value, alpha).saturating_add(mul(*channel, 255 - alpha));
                }
            }
        }
    }
}
