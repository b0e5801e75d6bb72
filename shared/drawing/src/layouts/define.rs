//! What a word means: the word large, a rule, its meaning.

use super::{Page, RULE, is_rtl};
use typeset::TextStyle;

impl Page<'_> {
    pub(super) fn define(&mut self, term: &str, meaning: &str) {
        let unit = self.unit;
        let stage = self.stage;
        let heading = self.look.leading_text(1.04);
        let large = self.fit(
            term,
            heading,
            (stage.width, stage.height * 0.42),
            (64.0, 184.0 * self.look.scale),
        );
        let between = (RULE + 84.0) * unit;
        let words = TextStyle {
            align: heading.align,
            ..crate::look::Look::text(600, 1.28)
        };
        let text = self.fit(
            meaning,
            words,
            (
                stage.width,
                (stage.height - large.height - between).max(unit),
            ),
            (44.0, 76.0),
        );
        let rtl = is_rtl(&large);
        let top = self.top_of(large.height + between + text.height);
        let (term_cue, cue) = (self.sheet.say(term), self.sheet.say(meaning));
        let (ink, mark) = (self.scheme.ink, self.scheme.mark_ink);
        let bottom = top + large.height;
        self.sheet.moves(self.arriving(&term_cue));
        self.sheet.text("term", large, stage.x, top, mark);
        self.sheet.moves(None);
        self.rule(bottom + 42.0 * unit, rtl);
        self.sheet.moves(self.building(&cue));
        self.sheet
            .text("meaning", text, stage.x, bottom + between, ink);
        self.sheet.moves(None);
    }
}
