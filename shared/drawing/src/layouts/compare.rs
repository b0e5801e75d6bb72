//! One against the other: two panels, the second of which stands out.

use domain::Entry;
use typeset::safe::Rect;

use super::{Page, is_rtl};

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
        self.panel(1, first, &panels[0], false);
        self.panel(2, second, &panels[1], true);
    }

    fn panel(&mut self, number: usize, entry: &Entry, place: &Rect, marked: bool) {
        let unit = self.unit;
        let pad = 56.0 * unit;
        let inner = place.width - 2.0 * pad;
        let label = self.fit(
            &entry.label,
            crate::look::Look::text(700, 1.2),
            (inner, place.height * 0.36),
            (40.0, 56.0),
        );
        let between = 12.0 * unit;
        let room = place.height - 2.0 * pad - label.height - between;
        let value = self.fit(
            &entry.value,
            self.figure_style(),
            (inner, room.max(unit)),
            (48.0, 220.0),
        );
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
