//! A part of a whole: a ring that fills, the figure in its middle.

use domain::Enter;
use typeset::safe::Rect;
use typeset::{Align, TextStyle};

use super::Page;
use super::count::COUNT_MS;
use super::number::percentage;
use crate::motion::Motion;

impl Page<'_> {
    /// What is no percentage is shown as a figure.
    pub(super) fn share(&mut self, value: &str, caption: &str) {
        let Some(share) = percentage(&value.replace(" percent", "%")) else {
            return self.number(value, caption);
        };
        let unit = self.unit;
        let stage = self.stage;
        let wide = self.wide();
        let value_cue = self.sheet.say(value);
        let caption_cue = self.sheet.say(caption);
        let mut words = crate::look::Look::text(700, 1.2);
        let gap = if wide { 96.0 } else { 64.0 } * unit;
        let (size, text) = if wide {
            let size = stage.height.min(stage.width * 0.42);
            let room = (stage.width - size - gap, stage.height);
            (size, self.fit(caption, words, room, (44.0, 92.0)))
        } else {
            words.align = Align::Center;
            let text = self.fit(
                caption,
                words,
                (stage.width, stage.height * 0.34),
                (44.0, 72.0),
            );
            let size = (stage.height - text.height - gap).min(stage.width * 0.74);
            (size.max(1.0), text)
        };
        let (x, top) = if wide {
            (stage.x, self.top_of(size))
        } else {
            (
                stage.x + (stage.width - size) / 2.0,
                self.top_of(size + gap + text.height),
            )
        };
        let ring = Rect {
            x,
            y: top,
            width: size,
            height: size,
        };
        self.ring(&ring, share);
        let hole = size * 0.62;
        let style = TextStyle {
            align: Align::Center,
            ..self.figure_style()
        };
        let figure = self.fit(value, style, (hole, hole * 0.7), (44.0, 240.0));
        let place = (x + (size - hole) / 2.0, top + (size - figure.height) / 2.0);
        let (ink, mark) = (self.scheme.ink, self.scheme.mark_ink);
        self.counted("value", value, figure, place, mark, &value_cue);
        self.sheet.moves(self.building(&caption_cue));
        if wide {
            let y = top + (size - text.height) / 2.0;
            self.sheet.text("caption", text, x + size + gap, y, ink);
        } else {
            self.sheet
                .text("caption", text, stage.x, top + size + gap, ink);
        }
        self.sheet.moves(None);
    }

    /// The whole, and the part of it, clockwise from the top.
    fn ring(&mut self, place: &Rect, share: f32) {
        let stroke = place.width * 0.11;
        let r = (place.width - stroke) / 2.0;
        let (cx, cy) = (place.x + place.width / 2.0, place.y + place.height / 2.0);
        let (ink, mark) = (self.scheme.ink, self.scheme.mark);
        self.sheet.drawn(
            "ring",
            *place,
            format!(
                r#"<circle cx="{cx:.2}" cy="{cy:.2}" r="{r:.2}" fill="none" stroke="{ink}" stroke-opacity="0.18" stroke-width="{stroke:.2}"/>"#
            ),
        );
        // A whole turn has no two ends to draw an arc between.
        let turn = f64::from(share.clamp(0.005, 0.9999)) * std::f64::consts::TAU;
        let (ex, ey) = (
            f64::from(cx) + f64::from(r) * turn.sin(),
            f64::from(cy) - f64::from(r) * turn.cos(),
        );
        let long = u8::from(share > 0.5);
        self.sheet.moves(Motion::new(Enter::Sweep).taking(COUNT_MS));
        self.sheet.drawn(
            "share",
            *place,
            format!(
                r#"<path d="M{cx:.2} {:.2}A{r:.2} {r:.2} 0 {long} 1 {ex:.2} {ey:.2}" fill="none" stroke="{mark}" stroke-width="{stroke:.2}"/>"#,
                cy - r
            ),
        );
        self.sheet.moves(None);
    }
}
