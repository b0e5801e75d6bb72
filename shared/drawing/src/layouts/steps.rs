//! What is done, in order: numbers on a thread, each with what it stands for.

use domain::Enter;
use typeset::safe::Rect;
use typeset::{Align, Laid, TextStyle};

use super::{Page, is_rtl};
use crate::motion::Motion;

/// More than this nobody follows in a few seconds.
const MAX_STEPS: usize = 5;

impl Page<'_> {
    pub(super) fn steps(&mut self, heading: Option<&str>, steps: &[String]) {
        if steps.len() > MAX_STEPS {
            self.sheet.truncated.push("steps".to_owned());
        }
        let steps = &steps[..steps.len().min(MAX_STEPS)];
        let top = self.chart_heading(heading);
        let unit = self.unit;
        let stage = self.stage;
        let room = stage.bottom() - top;
        let pitch = (room / steps.len().max(1) as f32).min(236.0 * unit);
        let disc = (pitch * 0.62).min(108.0 * unit);
        let inset = disc + 44.0 * unit;
        let style = crate::look::Look::text(700, 1.18);
        let fitting = (40..=68).rev().step_by(4).map(|size| size as f32);
        let mut rows: Vec<Laid> = Vec::new();
        for size in fitting {
            rows = steps
                .iter()
                .map(|step| {
                    let height = (pitch * 0.88).max(size * unit * 1.2);
                    self.fit(step, style, (stage.width - inset, height), (size, size))
                })
                .collect();
            let fits = |row: &Laid| !row.truncated && !row.broken && row.height < pitch - 1.0;
            if rows.iter().all(fits) {
                break;
            }
        }
        let first = top + ((room - pitch * steps.len() as f32) * 0.3).max(0.0);
        let rtl = rows.first().is_some_and(is_rtl);
        let x = self.side_of(disc, rtl);
        self.thread(
            x + disc / 2.0,
            first + pitch / 2.0,
            pitch * (steps.len().max(1) - 1) as f32,
        );
        for (at, (row, step)) in rows.into_iter().zip(steps).enumerate() {
            let cue = self.sheet.say(step);
            let middle = first + pitch * (at as f32 + 0.5);
            let place = Rect {
                x,
                y: middle - disc / 2.0,
                width: disc,
                height: disc,
            };
            self.step_number(at + 1, &place, Motion::new(Enter::Pop).with(&cue));
            let text_x = if is_rtl(&row) && !rtl {
                stage.right() - row.max_width
            } else if rtl {
                stage.x
            } else {
                stage.x + inset
            };
            self.sheet.moves(self.arriving(&cue));
            let ink = self.scheme.ink;
            let y = middle - row.height / 2.0;
            self.sheet
                .text(&format!("step {}", at + 1), row, text_x, y, ink);
            self.sheet.moves(None);
        }
    }

    fn thread(&mut self, x: f32, y: f32, height: f32) {
        let width = 6.0 * self.unit;
        let ink = self.scheme.ink;
        let line = Rect {
            x: x - width / 2.0,
            y,
            width,
            height,
        };
        self.sheet.plate("thread", line, 0.0, ink, 0.35);
    }

    /// A number on a disc.
    fn step_number(&mut self, number: usize, place: &Rect, motion: Motion) {
        let style = TextStyle {
            size_px: place.width * 0.5,
            align: Align::Center,
            letter_spacing: 0.0,
            ..self.look.heading(1.0)
        };
        let laid = self
            .sheet
            .fonts
            .layout(&number.to_string(), &style, place.width);
        let y = place.y + (place.height - laid.height) / 2.0;
        let (mark, on_mark) = (self.scheme.mark, self.scheme.on_mark);
        let radius = place.width / 2.0 * self.look.round.min(1.0);
        self.sheet.moves(motion);
        self.sheet.plate("disc", *place, radius, mark, 1.0);
        self.sheet
            .text(&format!("number {number}"), laid, place.x, y, on_mark);
        self.sheet.moves(None);
    }
}
