//! A figure over time: a line that is drawn from the first point to the last.

use std::fmt::Write;

use domain::{Enter, Entry, amount};
use typeset::safe::Rect;
use typeset::{Align, Laid};

use super::Page;
use crate::motion::Motion;

/// More points than this leave no room for their labels.
const MAX_POINTS: usize = 8;

/// How long the line takes to be drawn.
const DRAWN_MS: u32 = 1_200;

impl Page<'_> {
    pub(super) fn line_chart(&mut self, heading: Option<&str>, points: &[Entry]) {
        if points.len() > MAX_POINTS {
            self.sheet.truncated.push("points".to_owned());
        }
        let points = &points[..points.len().min(MAX_POINTS)];
        let top = self.chart_heading(heading);
        let unit = self.unit;
        let stage = self.stage;
        let column = stage.width / points.len().max(1) as f32;
        let row = |text: fn(&Entry) -> &str, weight: u16| {
            let style = typeset::TextStyle {
                align: Align::Center,
                ..crate::look::Look::text(weight, 1.2)
            };
            let room = (column - 16.0 * unit, 64.0 * unit);
            self.evenly(48.0, |size| {
                let texts = points.iter().map(text);
                texts
                    .map(|text| self.fit(text, style, room, (30.0, size)))
                    .collect()
            })
        };
        let labels = row(|point| &point.label, 700);
        let values = row(|point| &point.value, 800);
        let tallest = |laid: &[Laid]| laid.iter().map(|laid| laid.height).fold(0.0, f32::max);
        let (below, above) = (
            tallest(&labels) + 28.0 * unit,
            tallest(&values) + 36.0 * unit,
        );
        let height = (stage.bottom() - top - below).min(stage.width * 0.95);
        let top = top + ((stage.bottom() - top - below - height) * 0.4).max(0.0);
        let plot = Rect {
            x: stage.x,
            y: top + above,
            width: stage.width,
            height: (height - above - 12.0 * unit).max(1.0),
        };
        let places = places(points, &plot, column);
        self.axis(&plot, unit);
        self.curve(&plot, &places);
        for (at, ((x, y), (label, value))) in places
            .iter()
            .zip(labels.into_iter().zip(values))
            .enumerate()
        {
            let entry = &points[at];
            let cue = self.sheet.say(&format!("{} {}", entry.label, entry.value));
            let last = at + 1 == points.len();
            let r = if last { 20.0 } else { 13.0 } * unit;
            let color = if last {
                self.scheme.mark
            } else {
                self.scheme.ink
            };
            let dot = Rect {
                x: x - r,
                y: y - r,
                width: 2.0 * r,
                height: 2.0 * r,
            };
            let share = at as f32 / (points.len().max(2) - 1) as f32;
            let motion = Motion::new(Enter::Pop).after((DRAWN_MS as f32 * share) as u32);
            self.sheet.moves(motion);
            let radius = r * self.look.round.min(1.0);
            self.sheet.plate("point", dot, radius, color, 1.0);
            // Its figure stands over the highest place of the line beneath it.
            let half = value.width / 2.0 + 8.0 * unit;
            let peak = highest(&places, x - half, x + half).min(y - r);
            let left = stage.x + column * at as f32 + 8.0 * unit;
            self.sheet.moves(self.arriving(&cue));
            let ink = if last {
                self.scheme.mark_ink
            } else {
                self.scheme.ink
            };
            let value_y = peak - 14.0 * unit - value.height;
            self.sheet
                .text(&format!("value {}", at + 1), value, left, value_y, ink);
            self.sheet.moves(None);
            let ink = self.scheme.ink;
            let label_y = plot.bottom() + 28.0 * unit;
            self.sheet
                .text(&format!("label {}", at + 1), label, left, label_y, ink);
        }
    }

    fn axis(&mut self, plot: &Rect, unit: f32) {
        let ink = self.scheme.ink;
        let line = Rect {
            y: plot.bottom() + 8.0 * unit,
            height: 4.0 * unit,
            ..*plot
        };
        self.sheet.plate("axis", line, 0.0, ink, 0.35);
    }

    fn curve(&mut self, plot: &Rect, places: &[(f32, f32)]) {
        if places.len() < 2 {
            return;
        }
        let mut path = String::new();
        for (at, (x, y)) in places.iter().enumerate() {
            let _ = write!(path, "{}{x:.2} {y:.2}", if at == 0 { "M" } else { "L" });
        }
        let (first, last) = (places[0].0, places[places.len() - 1].0);
        let foot = plot.bottom() + 8.0 * self.unit;
        let mark = self.scheme.mark;
        let stroke = 11.0 * self.unit;
        let join = if self.look.round > 0.0 {
            "round"
        } else {
            "miter"
        };
        self.sheet
            .moves(Motion::new(Enter::WipeRight).taking(DRAWN_MS));
        let reach = Rect {
            x: first - stroke,
            y: plot.y - stroke,
            width: last - first + 2.0 * stroke,
            height: plot.height + 2.0 * stroke,
        };
        self.sheet.drawn(
            "line",
            reach,
            format!(
                r#"<path d="{path}L{last:.2} {foot:.2}L{first:.2} {foot:.2}Z" fill="{mark}" fill-opacity="0.16"/><path d="{path}" fill="none" stroke="{mark}" stroke-width="{stroke:.2}" stroke-linejoin="{join}" stroke-linecap="round"/>"#
            ),
        );
        self.sheet.moves(None);
    }
}

/// Where the points lie. The scale starts at nought, unless all the figures lie in its upper third.
fn places(points: &[Entry], plot: &Rect, column: f32) -> Vec<(f32, f32)> {
    let numbers: Vec<f64> = points
        .iter()
        .map(|point| amount(&point.value).map_or(0.0, |amount| amount.number))
        .collect();
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let foot = if least > most * 2.0 / 3.0 {
        least - (most - least) * 0.5
    } else {
        least.min(0.0)
    };
    numbers
        .iter()
        .enumerate()
        .map(|(at, number)| {
            let share = if most > foot {
                (number - foot) / (most - foot)
            } else {
                0.5
            };
            (
                plot.x + column * (at as f32 + 0.5),
                plot.y + plot.height * (1.0 - share as f32),
            )
        })
        .collect()
}

/// The highest place (the least y) of the line between two places across.
fn highest(places: &[(f32, f32)], from: f32, to: f32) -> f32 {
    let inside = places
        .iter()
        .filter(|(x, _)| (from..=to).contains(x))
        .map(|(_, y)| *y);
    let crossing = places.windows(2).flat_map(|pair| {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        [from, to]
            .into_iter()
            .filter(move |x| (x0..=x1).contains(x) && x1 > x0)
            .map(move |x| y0 + (y1 - y0) * (x - x0) / (x1 - x0))
    });
    inside.chain(crossing).fold(f32::INFINITY, f32::min)
}
