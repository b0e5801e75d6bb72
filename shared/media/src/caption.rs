//! Burnt captions: a few words on a dark plate, the one being spoken marked.

use domain::Color;
use typeset::{Face, Fit, Laid, TextStyle, WordMask};

use crate::Assets;
use crate::canvas::Canvas;
use crate::layer::Layer;
use crate::look::Look;
use crate::spec::Cue;

/// Em size as a share of the frame's shorter side: 70 pixels at 1080.
const SIZE: f32 = 70.0 / 1080.0;
/// The smallest em size, for words that are too long for a line.
const LEAST: f32 = 40.0 / 1080.0;
/// Room around the words in ems, at the sides and above.
const PADDING: (f32, f32) = (0.42, 0.26);
/// How wide the plate's edge is softened, in ems.
const SOFT: f32 = 0.05;
/// Least contrast of the accent to the plate's own colour, and to the plate over whatever lies behind it (WCAG 2.2 AA for large text); below
/// them, it becomes a plate of its own.
const READABLE: (f64, f64) = (4.5, 3.0);

/// One caption, laid out: draws itself with any of its words marked.
pub(crate) struct Caption {
    look: Look,
    laid: Laid,
    masks: Vec<WordMask>,
    /// For each word of the cue, one past the last of the text's words (as white space parts them) that belongs to it.
    ends: Vec<usize>,
    /// Left and top edge of the block of words in the frame.
    place: (i32, i32),
}

impl Caption {
    pub(crate) fn new(cue: &Cue, assets: &Assets<'_>) -> Self {
        let (fonts, frame, look) = (assets.fonts, assets.size, assets.look);
        let band = typeset::safe::caption_band(frame, look.platform());
        let short = frame.0.min(frame.1) as f32;
        let size = (SIZE * short * look.caption().size).round();
        let style = TextStyle {
            face: Face::Text,
            weight: look.caption().weight,
            line_height: 1.16,
            letter_spacing: -0.005,
            balance: true,
            ..TextStyle::body(size).centered()
        };
        let fit = Fit {
            max_width: band.width - 2.0 * PADDING.0 * size,
            max_height: (band.height - 2.0 * PADDING.1 * size).min(2.05 * style.line_height * size),
            min_size: (LEAST * short).round(),
            max_size: size,
        };
        let text = cue
            .words
            .iter()
            .map(|(word, _)| word.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let laid = fonts.layout_fit(&text, &style, &fit);
        let masks = fonts.masks(&laid);
        let ends = cue
            .words
            .iter()
            .scan(0, |count, (word, _)| {
                *count += word.split_whitespace().count();
                Some(*count)
            })
            .collect();
        let place = (
            (band.x + (band.width - laid.max_width) / 2.0).round() as i32,
            (band.y + (band.height - laid.height) / 2.0).round() as i32,
        );
        Self {
            look: look.clone(),
            laid,
            masks,
            ends,
            place,
        }
    }

    /// The caption with one of the cue's words marked.
    pub(crate) fn layer(&self, marked: Option<usize>) -> Layer {
        let look = self.look.caption();
        let em = self.laid.size_px;
        let (left, top) = (
            self.place.0 as f32 + self.laid.x() - PADDING.0 * em,
            self.place.1 as f32 - PADDING.1 * em,
        );
        let right = left + self.laid.width + 2.0 * PADDING.0 * em;
        let bottom = self.place.1 as f32 + self.laid.height + PADDING.1 * em;
        let grown = SOFT * em + 1.0;
        let mut canvas = Canvas::new(
            (left - grown).floor() as i32,
            (top - grown).floor() as i32,
            (right + grown).ceil() as i32,
            (bottom + grown).ceil() as i32,
        );
        let plate = Plate {
            left,
            top,
            right,
            bottom,
            radius: look.radius * em,
            soft: SOFT * em,
        };
        plate.paint(&mut canvas, look.plate, look.cover);

        let accent = self.look.accent();
        let on_plate = !look.boxed
            && accent.contrast(look.plate) >= READABLE.0
            && look.least_contrast(accent) >= READABLE.1;
        for (word, mask) in self.laid.words.iter().zip(&self.masks) {
            let is_marked = marked.is_some_and(|marked| {
                self.ends.partition_point(|&end| end <= word.index) == marked
            });
            let color = match (is_marked, on_plate) {
                (false, _) => look.word,
                (true, true) => accent,
                (true, false) => {
                    let (x, y) = (self.place.0 as f32 + word.x, self.place.1 as f32 + word.y);
                    let side = 0.1 * em;
                    let under = Plate {
                        left: x - side,
                        top: y + 0.02 * em,
                        right: x + word.width + side,
                        bottom: y + word.height - 0.02 * em,
                        radius: look.box_radius * em,
                        soft: 1.0,
                    };
                    under.paint(&mut canvas, accent, 1.0);
                    let (black, white) = (Color::new(0, 0, 0), Color::new(255, 255, 255));
                    if accent.contrast(black) > accent.contrast(white) {
                        black
                    } else {
                        white
                    }
                }
            };
            paint(&mut canvas, mask, self.place, color);
        }
        canvas.into_layer()
    }
}

fn paint(canvas: &mut Canvas, mask: &WordMask, place: (i32, i32), color: Color) {
    let rows = mask.alpha.chunks_exact(mask.width.max(1) as usize);
    for (row, y) in rows.zip(place.1 + mask.y..) {
        for (&alpha, x) in row.iter().zip(place.0 + mask.x..) {
            canvas.paint(x, y, color, f32::from(alpha) / 255.0);
        }
    }
}

/// A rectangle with round corners and a soft edge.
struct Plate {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    radius: f32,
    soft: f32,
}

impl Plate {
    fn paint(&self, canvas: &mut Canvas, color: Color, alpha: f32) {
        let (middle_x, middle_y) = (
            f32::midpoint(self.left, self.right),
            f32::midpoint(self.top, self.bottom),
        );
        let radius = self.radius.min((self.bottom - self.top) / 2.0);
        let half = (
            (self.right - self.left) / 2.0 - radius,
            (self.bottom - self.top) / 2.0 - radius,
        );
        for y in (self.top - self.soft).floor() as i32..(self.bottom + self.soft).ceil() as i32 {
            for x in (self.left - self.soft).floor() as i32..(self.right + self.soft).ceil() as i32
            {
                // Distance to the edge, negative inside: that of a rectangle shrunk by the radius, less the radius.
                let dx = (x as f32 + 0.5 - middle_x).abs() - half.0;
                let dy = (y as f32 + 0.5 - middle_y).abs() - half.1;
                let edge = dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius;
                canvas.paint(
                    x,
                    y,
                    color,
                    alpha * (0.5 - edge / (2.0 * self.soft.max(0.5))).clamp(0.0, 1.0),
                );
            }
        }
    }
}
