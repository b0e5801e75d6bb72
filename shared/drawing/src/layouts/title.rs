//! The title: a rule, a few small words, and the title as large as it goes.

use domain::Enter;
use typeset::{Face, TextStyle};

use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

impl Page<'_> {
    pub(super) fn title(&mut self, title: &str, kicker: Option<&str>) {
        let unit = self.unit;
        let heading = self.look.leading_text(1.06);
        let style = TextStyle {
            weight: 800,
            letter_spacing: 0.06,
            face: Face::Text,
            align: heading.align,
            ..TextStyle::body(0.0)
        };
        let kicker = kicker.map(|text| {
            self.fit(
                &text.to_uppercase(),
                style,
                (self.stage.width, 60.0 * unit),
                (44.0, 44.0),
            )
        });
        let kicker_height = kicker
            .as_ref()
            .map_or(0.0, |laid| laid.height + 18.0 * unit);
        let above = (RULE + 34.0) * unit + kicker_height;
        let width = if self.wide() && !self.look.centered {
            self.stage.width * 0.86
        } else {
            self.stage.width
        };
        let title = self.look.titled(title);
        let laid = self.fit(
            &title,
            heading,
            (width, self.stage.height - above),
            (72.0, 196.0 * self.look.scale),
        );
        let rtl = is_rtl(&laid);
        let top = self.top_of(above + laid.height);
        self.rule(top, rtl);
        let (x, color) = (self.stage.x, self.scheme.mark_ink);
        if let Some(kicker) = kicker {
            self.sheet.moves(Motion::new(Enter::Fade));
            self.sheet
                .text("kicker", kicker, x, top + (RULE + 28.0) * unit, color);
        }
        let x = self.side_of(laid.max_width, rtl);
        let cue = self.sheet.say(&title);
        self.sheet.moves(self.building(&cue));
        self.sheet
            .text("title", laid, x, top + above, self.scheme.ink);
        self.sheet.moves(None);
    }
}
