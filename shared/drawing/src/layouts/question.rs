//! A question, as large as it goes, under its mark.

use domain::Enter;
use typeset::safe::Rect;

use super::{Page, is_rtl};
use crate::motion::{Motion, Split};

impl Page<'_> {
    pub(super) fn question(&mut self, text: &str) {
        let unit = self.unit;
        let (size, gap) = (168.0 * unit, 48.0 * unit);
        let style = self.look.leading_text(1.1);
        let above = size + gap;
        let room = (self.stage.width, self.stage.height - above);
        let laid = self.fit(text, style, room, (56.0, 172.0 * self.look.scale));
        let rtl = is_rtl(&laid);
        let top = self.top_of(above + laid.height);
        let place = Rect {
            x: self.start_of(size, rtl),
            y: top,
            width: size,
            height: size,
        };
        self.badge(
            "circle-question-mark",
            place,
            Motion::new(Enter::Pop).taking(400),
        );
        let cue = self.sheet.say(text);
        self.sheet.moves(self.building(&cue).by(Split::Words));
        let ink = self.scheme.ink;
        self.sheet
            .text("question", laid, self.stage.x, top + above, ink);
        self.sheet.moves(None);
    }
}
