//! Finding the size at which a text fills its place.

use unicode_segmentation::UnicodeSegmentation;

use crate::fonts::Engine;
use crate::layout::Setting;
use crate::{Fonts, Laid, TextStyle};

/// What a text may fill, and between which sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Width in pixels.
    pub max_width: f32,
    /// Height in pixels.
    pub max_height: f32,
    /// The smallest em size that can still be read, in pixels.
    pub min_size: f32,
    /// The largest em size that looks right, in pixels.
    pub max_size: f32,
}

/// No picture holds more than this many letters: what follows isn't even measured.
const MAX_CLUSTERS: usize = 2_000;

impl Fonts {
    /// Lays `text` out in the largest whole-pixel size within `fit` (the style's own size is not read) at which no word is broken
    /// and all of it has room (a balanced text in a smaller one, where that spares it a ragged look); if there is none, in the smallest, with words broken where they must be, and what
    /// has no room cut off behind an ellipsis.
    pub fn layout_fit(&self, text: &str, style: &TextStyle, fit: &Fit) -> Laid {
        let mut engine = self.engine();
        let end = text
            .grapheme_indices(true)
            .nth(MAX_CLUSTERS)
            .map(|(at, _)| at);
        if let Some(end) = end {
            return truncated(&mut engine, &text[..end], style, fit);
        }
        let mut setting = Setting::new(&mut engine, text, style);
        if let Some(size) = largest(&mut setting, &mut engine, style, fit, usize::MAX) {
            return best(&mut setting, &mut engine, style, fit, size);
        }
        let smallest = style.sized(fit.min_size);
        if setting.count(&mut engine, smallest.size_px, fit.max_width) <= lines_in(&smallest, fit) {
            return setting.lay(&mut engine, &smallest, fit.max_width);
        }
        truncated(&mut engine, text, style, fit)
    }
}

/// The largest size at which no word is broken, all lines have room, and there are at most `lines` of them.
fn largest(
    setting: &mut Setting,
    engine: &mut Engine,
    style: &TextStyle,
    fit: &Fit,
    lines: usize,
) -> Option<f32> {
    let widest = setting.widest_piece();
    let mut fits = |size: f32| {
        let count = setting.count(engine, size, fit.max_width);
        count <= lines
            && widest * size <= fit.max_width
            && count as f32 * size * style.line_height <= fit.max_height
    };
    let (mut low, mut high) = (
        fit.min_size.floor() as i32,
        fit.max_size.max(fit.min_size).floor() as i32,
    );
    if !fits(low as f32) {
        return None;
    }
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if fits(middle as f32) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(low as f32)
}

/// A balanced text may be a little smaller if its lines are more even for it: of the largest sizes with up to three lines fewer,
/// the one where size and evenness are best together.
fn best(
    setting: &mut Setting,
    engine: &mut Engine,
    style: &TextStyle,
    fit: &Fit,
    size: f32,
) -> Laid {
    let mut laid = setting.lay(engine, &style.sized(size), fit.max_width);
    if !style.balance {
        return laid;
    }
    let most = laid.lines.len();
    for lines in (most.saturating_sub(3).max(1)..most).rev() {
        let Some(size) = largest(setting, engine, style, fit, lines) else {
            break;
        };
        let other = setting.lay(engine, &style.sized(size), fit.max_width);
        if merit(&other) > merit(&laid) {
            laid = other;
        }
    }
    laid
}

fn merit(laid: &Laid) -> f32 {
    let shortest = laid
        .lines
        .iter()
        .map(|line| line.width)
        .fold(laid.width, f32::min);
    laid.size_px * (0.55 + 0.45 * shortest / laid.width.max(1.0))
}

/// At least one: a place too low for a line is drawn over rather than left empty.
fn lines_in(style: &TextStyle, fit: &Fit) -> usize {
    ((fit.max_height / (style.size_px * style.line_height)) as usize).max(1)
}

/// The longest beginning that has room with an ellipsis behind it, in the smallest size; it ends with a whole word where one ends
/// near enough.
fn truncated(engine: &mut Engine, text: &str, style: &TextStyle, fit: &Fit) -> Laid {
    let style = style.sized(fit.min_size);
    let room = lines_in(&style, fit);
    let ends: Vec<usize> = text
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let beginning = |clusters: usize| {
        let kept = text[..ends[clusters]].trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '…')
        });
        format!("{kept}…")
    };
    let (mut low, mut high) = (0, ends.len() - 1);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if Setting::new(engine, &beginning(middle), &style).count(
            engine,
            style.size_px,
            fit.max_width,
        ) <= room
        {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let word_end = text[..ends[low]]
        .rfind(char::is_whitespace)
        .filter(|&at| ends[low] - at < 24 && low < ends.len() - 1);
    let clusters = word_end
        .and_then(|at| ends.iter().position(|&end| end == at))
        .unwrap_or(low);
    let shown = beginning(clusters);
    let mut laid = Setting::new(engine, &shown, &style).lay(engine, &style, fit.max_width);
    laid.truncated = true;
    // The ellipsis is no part of the text it stands for.
    let kept = shown.len() - '…'.len_utf8();
    for word in &mut laid.words {
        word.text_range = word.text_range.start.min(kept)..word.text_range.end.min(kept);
    }
    laid
}
