//! Bars as long as their figures are large: each with its label and its figure above it.

use domain::{Entry, amount};
use typeset::Laid;
use typeset::safe::Rect;

use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

/// More bars than this are no picture that is read in a few seconds.
const MAX_BARS: usize = 5;

/// The least share of a wide stage's width that the longest bar has beside labels and figures.
const LEAST_TRACK: f32 = 0.36;

/// A bar with its texts laid out.
struct Bar {
    label: Laid,
    value: Laid,
    share: f32,
}

impl Page<'_> {
    pub(super) fn bars(&mut self, heading: Option<&str>, bars: &[Entry]) {
        if bars.len() > MAX_BARS {
            self.sheet.truncated.push("bars".to_owned());
        }
        let bars = &bars[..bars.len().min(MAX_BARS)];
        let top = self.chart_heading(heading);
        let unit = self.unit;
        let stage = self.stage;
        let numbers: Vec<f64> = bars
            .iter()
            .map(|bar| amount(&bar.value).map_or(0.0, |amount| amount.number.abs()))
            .collect();
        let most = numbers.iter().copied().fold(0.0, f64::max);
        let room = stage.bottom() - top;
        let wide = self.wide();
        let pitch = (room / bars.len().max(1) as f32).min(if wide { 150.0 } else { 250.0 } * unit);
        let (thick, gap, text_height) = if wide {
            (pitch * 0.52, 36.0 * unit, pitch * 0.74)
        } else {
            let (thick, gap) = (
                (pitch * 0.27).min(60.0 * unit),
                (pitch * 0.07).min(16.0 * unit),
            );
            (thick, gap, pitch * 0.8 - thick - gap)
        };
        let size = (text_height / unit / 1.2).clamp(36.0, 60.0);
        let figures = stage.width * if wide { 0.2 } else { 0.45 };
        let values = bars.iter().map(|bar| (bar.value.as_str(), figures));
        let values = self.labels(values, 800, size);
        let figures = values.iter().map(|value| value.width).fold(0.0, f32::max);
        let rooms = values.iter().map(|value| {
            if wide {
                // What is left beside bars that are long enough to tell apart.
                stage.width * (1.0 - LEAST_TRACK) - figures - 2.0 * gap
            } else {
                stage.width - value.width - 28.0 * unit
            }
        });
        let labels = bars.iter().map(|bar| bar.label.as_str()).zip(rooms);
        let labels = self.labels(labels, 700, size);
        let laid: Vec<Bar> = labels
            .into_iter()
            .zip(values)
            .zip(&numbers)
            .map(|((label, value), number)| Bar {
                label,
                value,
                share: if most > 0.0 {
                    (number / most) as f32
                } else {
                    0.0
                },
            })
            .collect();
        let widest = |width: fn(&Bar) -> f32| laid.iter().map(width).fold(0.0, f32::max);
        // Beside each other where there is width, over each other where there is height.
        let columns = wide.then(|| {
            (
                widest(|bar| bar.label.width) + gap,
                widest(|bar| bar.value.width) + gap,
            )
        });
        let rtl = laid.first().is_some_and(|bar| is_rtl(&bar.label));
        let mut y = top + ((room - pitch * bars.len() as f32) * 0.3).max(0.0);
        for (at, (bar, entry)) in laid.into_iter().zip(bars).enumerate() {
            let tall = bar.label.height.max(bar.value.height);
            let track = match columns {
                Some((labels, values)) => Rect {
                    x: stage.x + if rtl { values } else { labels },
                    y: y + (pitch - thick) / 2.0,
                    width: (stage.width - labels - values).max(unit),
                    height: thick,
                },
                None => Rect {
                    x: stage.x,
                    y: y + tall + gap,
                    width: stage.width,
                    height: thick,
                },
            };
            let text_y = if wide { y + (pitch - tall) / 2.0 } else { y };
            self.bar(at, bar, entry, &track, (text_y, rtl));
            y += pitch;
        }
    }

    fn bar(&mut self, at: usize, bar: Bar, entry: &Entry, track: &Rect, (y, rtl): (f32, bool)) {
        let stage = self.stage;
        let cue = self.sheet.say(&format!("{} {}", entry.label, entry.value));
        let thick = track.height;
        let (label_x, value_x) = if rtl {
            (
                stage.right() - bar.label.width - bar.label.x(),
                stage.x - bar.value.x(),
            )
        } else {
            (
                stage.x - bar.label.x(),
                stage.right() - bar.value.width - bar.value.x(),
            )
        };
        let radius = thick / 2.0 * self.look.round.min(1.0);
        let width = (track.width * bar.share).max(thick.min(track.width) * 0.35);
        let filled = Rect {
            x: if rtl { track.right() - width } else { track.x },
            width,
            ..*track
        };
        let (ink, mark, mark_ink) = (self.scheme.ink, self.scheme.mark, self.scheme.mark_ink);
        let most = bar.share >= 1.0;
        self.sheet.plate("track", *track, radius, ink, 0.14);
        self.sheet
            .moves(Motion::new(Self::along(rtl)).with(&cue).taking(800));
        let color = if most { mark } else { ink };
        self.sheet.plate("bar", filled, radius, color, 1.0);
        self.sheet.moves(None);
        let base = |text: &Laid| text.lines.first().map_or(0.0, |line| line.baseline);
        let (label_base, value_base) = (base(&bar.label), base(&bar.value));
        let line = y + label_base.max(value_base);
        let (label_y, value_y) = (line - label_base, line - value_base);
        let name = format!("label {}", at + 1);
        self.sheet.text(&name, bar.label, label_x, label_y, ink);
        self.sheet.moves(self.arriving(&cue));
        let color = if most { mark_ink } else { ink };
        let name = format!("value {}", at + 1);
        self.sheet.text(&name, bar.value, value_x, value_y, color);
        self.sheet.moves(None);
    }

    /// The heading of a chart at the top of the stage; gives where the chart starts.
    pub(super) fn chart_heading(&mut self, heading: Option<&str>) -> f32 {
        let stage = self.stage;
        let Some(heading) = heading.filter(|text| !text.trim().is_empty()) else {
            return stage.y;
        };
        let unit = self.unit;
        let above = (RULE + 28.0) * unit;
        let room = (stage.width, stage.height * 0.28 - above);
        let text = self.look.titled(heading);
        let laid = self.fit(&text, self.look.heading(1.08), room, (48.0, 96.0));
        let rtl = is_rtl(&laid);
        self.side_rule(stage.y, rtl);
        let cue = self.sheet.say(heading);
        let bottom = stage.y + above + laid.height + 56.0 * unit;
        let x = self.side_of(laid.max_width, rtl);
        self.sheet.moves(self.arriving(&cue).with(&(0..0)));
        let ink = self.scheme.ink;
        self.sheet.text("heading", laid, x, stage.y + above, ink);
        self.sheet.moves(None);
        bottom
    }

    /// Labels, each with its room in one line.
    fn labels<'t>(
        &self,
        texts: impl Iterator<Item = (&'t str, f32)>,
        weight: u16,
        size: f32,
    ) -> Vec<Laid> {
        let texts: Vec<(&str, f32)> = texts.collect();
        self.evenly(size, |size| {
            let lines = texts.iter();
            lines
                .map(|(text, width)| self.label(text, weight, size, *width))
                .collect()
        })
    }

    /// Texts that belong together, all in the largest size up to `size` units in which each has room: `lay` lays them out in at most a size.
    pub(super) fn evenly(&self, size: f32, lay: impl Fn(f32) -> Vec<Laid>) -> Vec<Laid> {
        let laid = lay(size);
        let sizes = || laid.iter().map(|text| text.size_px);
        let least = sizes().fold(size * self.unit, f32::min);
        if sizes().all(|size| size <= least) {
            return laid;
        }
        // A hair more: sizes are whole pixels, and the way to units and back mustn't lose one.
        lay(least / self.unit + 0.001)
    }

    /// One line in the largest size up to `size` that has room, cut off where none has.
    fn label(&self, text: &str, weight: u16, size: f32, width: f32) -> Laid {
        let style = crate::look::Look::text(weight, 1.2);
        let height = size * self.unit * style.line_height + 1.0;
        let mut laid = self.fit(text, style, (width, height), (36.0_f32.min(size), size));
        // A small size has room for two lines where there is room for one large one: it is one line all the same.
        if laid.lines.len() > 1 {
            let line = laid.size_px * style.line_height + 1.0;
            let size = laid.size_px / self.unit;
            laid = self.fit(text, style, (width, line), (size, size));
        }
        laid
    }
}
