//! A picture of the user's own behind a scene's words.
//!
//! Words have no plate of their own, so the picture gives way to them: it is veiled in the scene's base, lightly all over, and in the rows that
//! words may come to stand in as much as most of them needs; what is still too light there is brought down point by point. So the words keep
//! their contrast to every pixel, and a dark picture stays nearly as it is.

use std::ops::Range;

use domain::{Color, LayoutBox, Movement, PictureMotion, Style};
use photo::{Framing, Photo};

use crate::backdrop;
use crate::scheme::Scheme;
use crate::seed::Seeded;
use crate::sheet::SHAPE_PREFIX;

/// A picture of the user's own, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub struct UserPhoto<'a> {
    /// The picture.
    pub photo: &'a Photo,
    /// The point that stays in view, in shares of its width and height; its middle if absent.
    pub focus: Option<[f64; 2]>,
    /// How it moves; nearer or back, by the seed, if absent.
    pub motion: Option<PictureMotion>,
}

/// What is to be said of a picture that was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhotoShown {
    /// How the background moves.
    pub movement: Movement,
    /// Its own size and that which fills the frame without being enlarged, both in pixels, where it is smaller.
    pub small: Option<[(u32, u32); 2]>,
    /// Whether it is the first picture of an animation.
    pub animated: bool,
}

/// A background with a picture on it: RGB.
pub(crate) struct Ground {
    pub(crate) size: (u32, u32),
    pub(crate) rgb: Vec<u8>,
    pub(crate) shown: PhotoShown,
}

/// How much of the base lies over all of the picture.
const WASH: f32 = 0.14;
/// The most that lies over the rows of words as a whole; what needs more gets it point by point.
const MOST: f32 = 0.8;
/// The share of points that are brought down by themselves.
const BY_POINT: f32 = 0.05;
/// How softly the veil begins and ends, as a share of the background's height.
const SOFT: f32 = 0.14;
/// How many times coarser than the background the blur behind a small picture is.
const BLUR: u32 = 40;

/// Draws a picture behind words that stand in some rows of the frame.
pub(crate) fn ground(
    user: &UserPhoto<'_>,
    scheme: &Scheme,
    frame: (u32, u32),
    (style, seed, scene): (Style, u64, usize),
    words: Option<Range<f32>>,
) -> Ground {
    let mut seeded = Seeded::new(seed, 7_919 + scene as u64);
    let motion = user.motion.unwrap_or(if seeded.coin() {
        PictureMotion::In
    } else {
        PictureMotion::Out
    });
    let focus = user.focus.unwrap_or([0.5, 0.5]);
    let photo = user.photo;
    let framing = Framing::of(photo.size(), frame, focus, motion);
    let size = framing.background;
    let whole = framing.behind.is_none();
    let mut rgb = match framing.behind {
        _ if photo.clear_in_places() => backdrop::draw(scheme, size, style, seed, scene),
        Some(part) => opaque(&photo.blurred(part, size, BLUR)),
        None => vec![0; size.0 as usize * size.1 as usize * 3],
    };
    let [left, top, width, height] = framing.place.map(|length| length as usize);
    if whole && !photo.clear_in_places() {
        rgb = opaque(&photo.cut(framing.part, size));
    } else {
        let cut = photo.cut(framing.part, (framing.place[2], framing.place[3]));
        let rows = rgb.chunks_exact_mut(size.0 as usize * 3).skip(top);
        for (to, from) in rows.zip(cut.chunks_exact(width * 4)).take(height) {
            let to = to[left * 3..].chunks_exact_mut(3);
            for (to, from) in to.zip(from.chunks_exact(4)) {
                let rest = 255 - u32::from(from[3]);
                for (to, from) in to.iter_mut().zip(from) {
                    let under = (u32::from(*to) * rest + 127) / 255;
                    *to = (u32::from(*from) + under).min(255) as u8;
                }
            }
        }
    }
    let rows = words.map(|words| rows_behind(&words, &framing.movement, frame, size));
    veil(&mut rgb, size, rows, scheme);
    Ground {
        size,
        rgb,
        shown: PhotoShown {
            movement: framing.movement,
            small: framing.wanted.map(|wanted| [photo.size(), wanted]),
            animated: photo.animated(),
        },
    }
}

/// The rows of the frame that a sheet's words and figures stand in. The logo has a plate of its own.
pub(crate) fn rows_of(boxes: &[LayoutBox]) -> Option<Range<f32>> {
    let plate = format!("{SHAPE_PREFIX}logo plate");
    let words = boxes
        .iter()
        .filter(|found| found.name != "logo" && found.name != plate);
    words
        .map(|found| found.y..found.y + found.height)
        .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
}

/// The rows of the background that come to lie behind some rows of the frame.
fn rows_behind(
    words: &Range<f32>,
    movement: &Movement,
    frame: (u32, u32),
    size: (u32, u32),
) -> Range<usize> {
    let (mut top, mut bottom) = (f32::MAX, 0.0_f32);
    for view in [movement.from, movement.to] {
        let step = view.width / frame.0 as f32;
        top = top.min(view.y + words.start * step);
        bottom = bottom.max(view.y + words.end * step);
    }
    // A frame's pixel lies between two of the background's.
    let first = (top - 2.0).max(0.0) as usize;
    first..(((bottom + 2.0).ceil().max(0.0) as usize).min(size.1 as usize)).max(first)
}

fn opaque(rgba: &[u8]) -> Vec<u8> {
    let pixels = rgba.chunks_exact(4);
    pixels
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect()
}

/// Luminance of sRGB bytes: what [`Color::luminance`] says, in a table for each channel.
struct Light([[f32; 256]; 3]);

impl Light {
    fn new() -> Self {
        let only: [fn(u8) -> Color; 3] = [
            |value| Color::new(value, 0, 0),
            |value| Color::new(0, value, 0),
            |value| Color::new(0, 0, value),
        ];
        Self(only.map(|color| std::array::from_fn(|value| color(value as u8).luminance() as f32)))
    }

    fn of(&self, pixel: [u8; 3]) -> f32 {
        let [r, g, b] = pixel.map(usize::from);
        self.0[0][r] + self.0[1][g] + self.0[2][b]
    }
}

/// A pixel so far on the way to the base.
fn mixed(pixel: [u8; 3], base: [u8; 3], share: f32) -> [u8; 3] {
    std::array::from_fn(|at| {
        let (value, base) = (f32::from(pixel[at]), f32::from(base[at]));
        (value + (base - value) * share).round() as u8
    })
}

/// Lays the base over the picture: as much as words in `rows` need.
fn veil(rgb: &mut [u8], size: (u32, u32), rows: Option<Range<usize>>, scheme: &Scheme) {
    let light = Light::new();
    let base = [scheme.base.r, scheme.base.g, scheme.base.b];
    let most_light = scheme.lightest_behind() as f32;
    let row = size.0 as usize * 3;
    let rows = rows.unwrap_or(0..0);
    let thick = thickness(rgb, row, &rows, &light, base, most_light);
    let soft = (size.1 as f32 * SOFT).max(1.0);
    for (y, line) in rgb.chunks_exact_mut(row).enumerate() {
        let off = if y < rows.start {
            rows.start - y
        } else {
            (y + 1).saturating_sub(rows.end)
        };
        let near = if rows.is_empty() {
            0.0
        } else {
            (1.0 - off as f32 / soft).max(0.0)
        };
        let share = WASH + (thick - WASH) * near * near * (3.0 - 2.0 * near);
        let tables: [[u8; 256]; 3] = std::array::from_fn(|channel| {
            std::array::from_fn(|value| {
                let (value, base) = (value as f32, f32::from(base[channel]));
                (value + (base - value) * share).round() as u8
            })
        });
        for pixel in line.chunks_exact_mut(3) {
            let mut veiled: [u8; 3] = std::array::from_fn(|at| tables[at][usize::from(pixel[at])]);
            if off == 0 && light.of(veiled) > most_light {
                veiled = brought_down(veiled, |pixel| light.of(pixel) <= most_light);
            }
            pixel.copy_from_slice(&veiled);
        }
    }
}

/// How much of the base lies over the rows of words.
fn thickness(
    rgb: &[u8],
    row: usize,
    rows: &Range<usize>,
    light: &Light,
    base: [u8; 3],
    most_light: f32,
) -> f32 {
    let lines = rgb.chunks_exact(row).take(rows.end).skip(rows.start);
    let points: Vec<[u8; 3]> = lines
        .step_by(7)
        .flat_map(|line| line.chunks_exact(3).step_by(7))
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let most = points.len() as f32 * BY_POINT;
    let enough = |share: f32| {
        let light = points
            .iter()
            .filter(|point| light.of(mixed(**point, base, share)) > most_light);
        light.count() as f32 <= most
    };
    let shares = (0..).map(|step| WASH + 0.03 * step as f32);
    shares
        .take_while(|share| *share < MOST)
        .find(|share| enough(*share))
        .unwrap_or(MOST)
}

/// A pixel as dark as it has to be, its hue kept.
fn brought_down(pixel: [u8; 3], good: impl Fn([u8; 3]) -> bool) -> [u8; 3] {
    let (mut bad, mut enough) = (0.0, 1.0);
    for _ in 0..7 {
        let middle = f32::midpoint(bad, enough);
        if good(mixed(pixel, [0; 3], middle)) {
            enough = middle;
        } else {
            bad = middle;
        }
    }
    mixed(pixel, [0; 3], enough)
}
