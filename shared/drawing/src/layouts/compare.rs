//! One against the other: two panels, the second of which stands out.

use domain::Entry;
use typeset::Laid;
use typeset::safe::Rect;

use super::{Page, is_rtl};

/// Between a panel's edge and its words, in units.
const PAD: f32 = 56.0;

/// Between a label and its figure, in units.
const BETWEEN: f32 = 12.0;

impl Page<'_> {
    pub(super) fn compare(&mut self, first: &Entry, second: &Entry) {
        let unit = self.unit;
        let stage = self.stage;
        let wide = self.wide();
        let gap = 32.0 * unit;
        let (width, height) = if wide {
            ((stage.width - gap) / 2.0, stage.height.min(560.0 * unit))
        } else {
            (stage.width, ((stage.height - gap) / 2.0).min(470.0 * unit))
        };
        let whole = if wide { height } else { 2.0 * height + gap };
        let top = self.top_of(whole);
        let panels = [0.0, 1.0].map(|at: f32| Rect {
            x: stage.x + if wide { at * (width + gap) } else { 0.0 },
            y: top + if wide { 0.0 } else { at * (height + gap) },
            width,
            height,
        });
        let (pad, between) = (PAD * unit, BETWEEN * unit);
        let inner = width - 2.0 * pad;
        let entries = [first, second];
        let words = crate::look::Look::text(700, 1.2);
        let labels = self.evenly(56.0, |size| {
            let room = (inner, height * 0.36);
            let lay = |entry: &Entry| self.fit(&entry.label, words, room, (40.0, size));
            entries.map(lay).into()
        });
        let tallest = labels.iter().map(|label| label.height).fold(0.0, f32::max);
        let room = (height - 2.0 * pad - tallest - between).max(unit);
        // Figures of two sizes would say which is larger before they are read.
        let values = self.evenly(220.0, |size| {
            let style = self.figure_style();
            let lay = |entry: &Entry| self.fit(&entry.value, style, (inner, room), (48.0, size));
            entries.map(lay).into()
        });
        let texts = labels.into_iter().zip(values).zip(entries).zip(&panels);
        for (at, (((label, value), entry), place)) in texts.enumerate() {
            self.panel(at + 1, entry, (label, value), place);
        }
    }

    fn panel(&mut self, number: usize, entry: &Entry, (label, value): (Laid, Laid), place: &Rect) {
        let unit = self.unit;
        let (pad, between) = (PAD * unit, BETWEEN * unit);
        let inner = place.width - 2.0 * pad;
        let marked = number > 1;
        let height = label.height + between + value.height;
        let y = place.y + (place.height - height) / 2.0;
        let rtl = is_rtl(&label);
        let cue = self.sheet.say(&format!("{} {}", entry.label, entry.value));
        let radius = 48.0 * unit * self.look.round.min(1.0);
        let (ink, mark, on_mark) = (self.scheme.ink, self.scheme.mark, self.scheme.on_mark);
        let color = if marked { on_mark } else { ink };
        self.sheet.moves(self.arriving(&cue));
        if marked {
            self.sheet.plate("panel", *place, radius, mark, 1.0);
        } else {
            self.sheet
                .drawn("panel", *place, outline(place, radius, ink, 5.0 * unit));
        }
        let x = place.x + pad;
        let value_x = if rtl && !is_rtl(&value) {
            x + inner - value.width - value.x()
        } else {
            x
        };
        self.sheet
            .text(&format!("label {number}"), label, x, y, color);
        let value_y = place.y + f32::midpoint(place.height, height) - value.height;
        self.counted(
            &format!("value {number}"),
            &entry.value,
            value,
            (value_x, value_y),
            color,
            &cue,
        );
    }
}

/// A rectangle's edge, drawn within it.
fn outline(place: &Rect, radius: f32, color: domain::Color, stroke: f32) -> String {
    let half = stroke / 2.0;
    format!(
        r#"<rect x="{:.2}" y="{:.2}" width="{:.2}" height="{:.2}" rx="{:.2}" fill="none" stroke="{color}" stroke-width="{stroke:.2}"/>"#,
        place.x + half,
        place.y + half,
        place.width - stroke,
        place.height - stroke,
        (radius - half).max(0.0),
    )
}
