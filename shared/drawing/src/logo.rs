//! A brand's logo: read once, with care, since it comes from outside.

use std::io::Cursor;

use domain::Color;
use resvg::tiny_skia::{FilterQuality, IntSize, Pixmap, PixmapMut, PixmapPaint, Transform};
use resvg::usvg::{self, roxmltree};

use crate::DrawingError;

const MAX_BYTES: usize = 5 * 1024 * 1024;
const MAX_SIDE: u32 = 4096;
const MAX_PIXELS: u64 = 50_000_000;
/// Elements of an SVG, each counted as often as it is drawn.
const MAX_ELEMENTS: u32 = 100_000;
/// About how long drawing an SVG may take, in nanoseconds.
const MAX_EFFORT: f64 = 2e9;
/// Logos are drawn small: what is kept of them is at most this large.
const KEPT_SIDE: u32 = 640;

/// A logo, ready for drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    /// Alpha is multiplied in; the edges that are clear all over are cut off.
    pixmap: Pixmap,
}

impl Logo {
    /// Reads a PNG or an SVG. An SVG loads nothing, so one with text (which needs fonts) or with pictures in it is refused rather than
    /// drawn without them.
    pub fn read(bytes: &[u8]) -> Result<Self, DrawingError> {
        if bytes.len() > MAX_BYTES {
            return Err(DrawingError::LogoTooLarge {
                problem: format!("has {} bytes", bytes.len()),
            });
        }
        let pixmap = if bytes.starts_with(b"\x89PNG") {
            read_png(bytes)?
        } else {
            read_svg(bytes)?
        };
        let pixmap = trimmed(&pixmap).ok_or_else(|| unreadable("nothing of it can be seen"))?;
        Ok(Self {
            pixmap: shrunk(pixmap, KEPT_SIDE)?,
        })
    }

    /// Width divided by height.
    pub fn aspect(&self) -> f32 {
        self.pixmap.width() as f32 / self.pixmap.height() as f32
    }

    /// The largest size within `width` x `height` pixels that keeps its proportions.
    pub(crate) fn within(&self, width: f32, height: f32) -> (f32, f32) {
        let scale = (width / self.pixmap.width() as f32).min(height / self.pixmap.height() as f32);
        (
            self.pixmap.width() as f32 * scale,
            self.pixmap.height() as f32 * scale,
        )
    }

    /// How much of its visible part is hard to tell from `ground`, 0 to 1.
    pub(crate) fn lost_on(&self, ground: Color) -> f32 {
        let (mut seen, mut lost) = (0.0_f32, 0.0_f32);
        for pixel in self.pixmap.pixels().iter().step_by(7) {
            let weight = f32::from(pixel.alpha()) / 255.0;
            let color = pixel.demultiply();
            let contrast = Color::new(color.red(), color.green(), color.blue()).contrast(ground);
            seen += weight;
            lost += if contrast < 2.2 { weight } else { 0.0 };
        }
        if seen > 0.0 { lost / seen } else { 0.0 }
    }

    /// Draws it with its left top corner at (`x`, `y`), `width` pixels wide.
    pub(crate) fn draw(&self, target: &mut PixmapMut<'_>, x: f32, y: f32, width: f32) {
        let Ok(shrunk) = shrunk(
            self.pixmap.clone(),
            (width * 2.0).ceil().max(2.0 * width / self.aspect()) as u32,
        ) else {
            return;
        };
        let scale = width / shrunk.width() as f32;
        let paint = PixmapPaint {
            quality: FilterQuality::Bilinear,
            ..PixmapPaint::default()
        };
        target.draw_pixmap(
            0,
            0,
            shrunk.as_ref(),
            &paint,
            Transform::from_row(scale, 0.0, 0.0, scale, x, y),
            None,
        );
    }
}

fn unreadable(problem: &str) -> DrawingError {
    DrawingError::LogoUnreadable {
        problem: problem.to_owned(),
    }
}

fn check_size(width: u32, height: u32) -> Result<(), DrawingError> {
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DrawingError::LogoTooLarge {
            problem: format!("is {width} x {height} pixels large"),
        });
    }
    Ok(())
}

fn read_png(bytes: &[u8]) -> Result<Pixmap, DrawingError> {
    // The decoder's own words are its programmers'.
    let failed = |error: png::DecodingError| {
        unreadable(match error {
            png::DecodingError::IoError(_) => "its PNG ends too early",
            png::DecodingError::LimitsExceeded => "its PNG takes too much memory",
            _ => "its PNG is damaged",
        })
    };
    let mut decoder = png::Decoder::new_with_limits(
        Cursor::new(bytes),
        png::Limits {
            bytes: 256 * 1024 * 1024,
        },
    );
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(failed)?;
    let (width, height) = (reader.info().width, reader.info().height);
    check_size(width, height)?;
    let mut pixels = vec![
        0;
        reader
            .output_buffer_size()
            .ok_or_else(|| unreadable("its size overflows"))?
    ];
    let frame = reader.next_frame(&mut pixels).map_err(failed)?;
    pixels.truncate(frame.buffer_size());
    let gray = frame.color_type == png::ColorType::GrayscaleAlpha;
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| unreadable("it has no pixels"))?;
    let source = pixels.chunks_exact(if gray { 2 } else { 4 });
    for (to, from) in pixmap.data_mut().chunks_exact_mut(4).zip(source) {
        let [r, g, b, a] = if gray {
            [from[0], from[0], from[0], from[1]]
        } else {
            [from[0], from[1], from[2], from[3]]
        };
        let multiplied = |channel: u8| ((u32::from(channel) * u32::from(a) + 127) / 255) as u8;
        to.copy_from_slice(&[multiplied(r), multiplied(g), multiplied(b), a]);
    }
    Ok(pixmap)
}

fn read_svg(bytes: &[u8]) -> Result<Pixmap, DrawingError> {
    let nothing = usvg::ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = usvg::Options {
        image_href_resolver: nothing,
        ..usvg::Options::default()
    };
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is neither PNG nor text"))?;
    let parsing = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_ELEMENTS,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(text, parsing)
        .map_err(|error| unreadable(&error.to_string()))?;
    if !crate::expansion::is_below(&document, u64::from(MAX_ELEMENTS)) {
        return Err(unreadable(
            "its elements refer to each other so often that drawing it would not end",
        ));
    }
    for (element, remedy) in [
        ("text", "turn its text into paths"),
        ("image", "draw it without pictures in it, or as a PNG"),
    ] {
        let holds = |node: roxmltree::Node<'_, '_>| node.tag_name().name() == element;
        if document.descendants().any(holds) {
            return Err(unreadable(&format!(
                "it holds an element {element}, which can't be drawn: {remedy}"
            )));
        }
    }
    let tree = usvg::Tree::from_xmltree(&document, &options)
        .map_err(|error| unreadable(&error.to_string()))?;
    let size = tree.size();
    // Its own size only gives its proportions; what could not be a logo is refused all the same.
    let ratio = size.width() / size.height();
    if !(0.02..=50.0).contains(&ratio) {
        return Err(unreadable(&format!(
            "it is {} x {} and so hardly a picture",
            size.width(),
            size.height()
        )));
    }
    let scale = KEPT_SIDE as f32 / size.width().max(size.height());
    if crate::effort::of(&tree, scale, MAX_EFFORT) > MAX_EFFORT {
        return Err(unreadable(
            "its filters, masks and layers would take too long to draw: leave some out, or save it as a PNG",
        ));
    }
    let side = |length: f32| ((length * scale).ceil() as u32).max(1);
    let mut pixmap = Pixmap::new(side(size.width()), side(size.height()))
        .ok_or_else(|| unreadable("it has no pixels"))?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    Ok(pixmap)
}

/// Without clear edges; `None` if all of it is clear.
fn trimmed(pixmap: &Pixmap) -> Option<Pixmap> {
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    let seen = |x: usize, y: usize| pixmap.data()[(y * width + x) * 4 + 3] > 8;
    let top = (0..height).find(|&y| (0..width).any(|x| seen(x, y)))?;
    let bottom = (0..height)
        .rev()
        .find(|&y| (0..width).any(|x| seen(x, y)))?;
    let left = (0..width).find(|&x| (top..=bottom).any(|y| seen(x, y)))?;
    let right = (0..width)
        .rev()
        .find(|&x| (top..=bottom).any(|y| seen(x, y)))?;
    let rows = pixmap
        .data()
        .chunks_exact(width * 4)
        .skip(top)
        .take(bottom - top + 1);
    let data = rows
        .flat_map(|row| &row[left * 4..(right + 1) * 4])
        .copied()
        .collect();
    Pixmap::from_vec(
        data,
        IntSize::from_wh((right - left + 1) as u32, (bottom - top + 1) as u32)?,
    )
}

/// Halved, averaging, until no side is longer than `side`, or nearly.
fn shrunk(mut pixmap: Pixmap, side: u32) -> Result<Pixmap, DrawingError> {
    while pixmap.width().max(pixmap.height()) > side.max(8) {
        let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let mut halved = Pixmap::new(half_width as u32, half_height as u32)
            .ok_or_else(|| unreadable("it has no pixels"))?;
        let source = pixmap.data();
        for (at, to) in halved.data_mut().iter_mut().enumerate() {
            let (x, y, channel) = (at / 4 % half_width * 2, at / 4 / half_width * 2, at % 4);
            let value = |x: usize, y: usize| {
                u32::from(source[(y.min(height - 1) * width + x.min(width - 1)) * 4 + channel])
            };
            *to = ((value(x, y) + value(x + 1, y) + value(x, y + 1) + value(x + 1, y + 1) + 2) / 4)
                as u8;
        }
        pixmap = halved;
    }
    Ok(pixmap)
}
