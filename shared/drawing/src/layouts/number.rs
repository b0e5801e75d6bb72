//! A figure that fills the frame, and what it counts.

use domain::Enter;
use typeset::TextStyle;
use typeset::safe::Rect;

use super::count::COUNT_MS;
use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

impl Page<'_> {
    pub(super) fn number(&mut self, value: &str, caption: &str) {
        let unit = self.unit;
        let stage = self.stage;
        let share = percentage(value);
        let figure = self.figure_style();
        let words = crate::look::Look::text(700, 1.2);
        let value_cue = self.sheet.say(value);
        let caption_cue = self.sheet.say(caption);
        if self.wide() {
            let half = stage.width * 0.5 - 40.0 * unit;
            let laid = self.fit(
                value,
                figure,
                (half, stage.height - 110.0 * unit),
                (72.0, 400.0),
            );
            let text = self.fit(
                caption,
                words,
                (half - 60.0 * unit, stage.height),
                (44.0, 84.0),
            );
            let meter = if share.is_some() { 110.0 * unit } else { 0.0 };
            let (left_top, right_top) =
                (self.top_of(laid.height + meter), self.top_of(text.height));
            if let Some(share) = share {
                self.meter(stage.x, left_top + laid.height + 50.0 * unit, half, share);
            }
            let x = stage.x + half + 40.0 * unit;
            let bar = Rect {
                x,
                y: right_top,
                width: RULE * unit,
                height: text.height,
            };
            let (ink, mark) = (self.scheme.ink, self.scheme.mark);
            self.sheet.plate("bar", bar, 0.0, mark, 1.0);
            self.counted("value", value, laid, (stage.x, left_top), mark, &value_cue);
            self.sheet.moves(self.building(&caption_cue));
            self.sheet
                .text("caption", text, x + 60.0 * unit, right_top, ink);
            self.sheet.moves(None);
            return;
        }
        let between = if share.is_some() {
            150.0 * unit
        } else {
            (RULE + 96.0) * unit
        };
        let text = self.fit(
            caption,
            words,
            (stage.width, stage.height * 0.42),
            (44.0, 72.0),
        );
        let laid = self.fit(
            value,
            figure,
            (stage.width, stage.height - text.height - between),
            (72.0, 460.0),
        );
        let top = self.top_of(laid.height + between + text.height);
        let middle = top + laid.height;
        let rtl = is_rtl(&text);
        if let Some(share) = share {
            self.meter(stage.x, middle + 56.0 * unit, stage.width, share);
        } else {
            self.side_rule(middle + 48.0 * unit, rtl);
        }
        let (ink, mark) = (self.scheme.ink, self.scheme.mark);
        // A figure reads from left to right, and still stands where the words under it start.
        let x = self.side_of(laid.width, rtl && !is_rtl(&laid));
        self.counted("value", value, laid, (x, top), mark, &value_cue);
        self.sheet.moves(self.building(&caption_cue));
        self.sheet
            .text("caption", text, stage.x, middle + between, ink);
        self.sheet.moves(None);
    }

    /// The style of large figures.
    pub(super) fn figure_style(&self) -> TextStyle {
        TextStyle {
            letter_spacing: -0.03,
            ..self.look.heading(0.98)
        }
    }

    /// A bar filled to a share.
    fn meter(&mut self, x: f32, y: f32, width: f32, share: f32) {
        let height = 34.0 * self.unit;
        let radius = height / 2.0 * self.look.round.min(1.0);
        let (ink, mark) = (self.scheme.ink, self.scheme.mark);
        self.sheet.plate(
            "meter",
            Rect {
                x,
                y,
                width,
                height,
            },
            radius,
            ink,
            0.2,
        );
        // It fills while the figure counts up.
        self.sheet
            .moves(Motion::new(Enter::GrowRight).taking(COUNT_MS));
        self.sheet.plate(
            "measure",
            Rect {
                x,
                y,
                width: (width * share).max(height),
                height,
            },
            radius,
            mark,
            1.0,
        );
        self.sheet.moves(None);
    }
}

/// The share of a hundred that a figure such as "62%" or "7.5 %" means.
pub(super) fn percentage(value: &str) -> Option<f32> {
    let figure = value.trim().strip_suffix('%')?.trim_end().replace(',', ".");
    let share: f32 = figure.parse().ok()?;
    (0.0..=100.0).contains(&share).then_some(share / 100.0)
}

#[cfg(test)]
mod tests {
    use super::percentage;

    #[test]
    fn only_shares_of_a_whole_are_measured() {
        assert_eq!(percentage("62%"), Some(0.62));
        assert_eq!(percentage(" 7,5 %"), Some(0.075));
        for other in ["62", "$5", "140%", "+3 %p", "a%", "-5%", "%"] {
            assert_eq!(percentage(other), None, "{other}");
        }
    }
}
