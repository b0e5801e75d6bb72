//! One sentence, with a mark on what matters; it may stand under an icon.

use std::ops::Range;

use domain::Enter;
use typeset::safe::Rect;

use super::{Page, RULE, is_rtl, one_line};
use crate::look::Rule;
use crate::motion::Motion;

impl Page<'_> {
    pub(super) fn statement(&mut self, text: &str, emphasis: Option<&str>) {
        let unit = self.unit;
        // The bar stands beside the text, or the rule above it.
        let beside = self.seeded.coin() && self.look.rule == Rule::Bar;
        if beside {
            let inset = 60.0 * unit;
            let room = (self.stage.width - inset, self.stage.height);
            let (laid, marked) = self.sentence(text, emphasis, room);
            let rtl = is_rtl(&laid);
            let top = self.top_of(laid.height);
            let width = RULE * unit;
            let bar = Rect {
                x: self.side_of(width, rtl),
                y: top,
                width,
                height: laid.height,
            };
            let color = self.scheme.mark;
            self.sheet.plate("bar", bar, 0.0, color, 1.0);
            let x = self.stage.x + if rtl { 0.0 } else { inset };
            self.put_sentence(text, laid, marked, (x, top));
            return;
        }
        let above = (RULE + 34.0) * unit;
        let room = (self.stage.width, self.stage.height - above);
        let (laid, marked) = self.sentence(text, emphasis, room);
        let top = self.top_of(above + laid.height);
        self.rule(top, is_rtl(&laid));
        let place = (self.stage.x, top + above);
        self.put_sentence(text, laid, marked, place);
    }

    pub(super) fn icon_statement(&mut self, name: &str, text: &str, emphasis: Option<&str>) {
        let unit = self.unit;
        let size = 232.0 * unit;
        let gap = 64.0 * unit;
        let wide = self.wide() && !self.look.centered;
        let (beside, above) = if wide {
            (size + gap, 0.0)
        } else {
            (0.0, size + gap)
        };
        let room = (self.stage.width - beside, self.stage.height - above);
        let (laid, marked) = self.sentence(text, emphasis, room);
        let rtl = is_rtl(&laid);
        let top = self.top_of(above + laid.height);
        let place = Rect {
            x: self.start_of(size, rtl),
            y: if wide {
                self.top_of(size.max(laid.height)) + ((laid.height - size) / 2.0).max(0.0)
            } else {
                top
            },
            width: size,
            height: size,
        };
        let motion = Motion::new(Enter::Pop).taking(400);
        self.badge(name, place, motion);
        let x = self.stage.x + if rtl { 0.0 } else { beside };
        let y = if wide {
            self.top_of(size.max(laid.height)) + ((size - laid.height) / 2.0).max(0.0)
        } else {
            top + above
        };
        self.put_sentence(text, laid, marked, (x, y));
    }

    /// Lays a sentence out in a room, and finds what is marked in it.
    fn sentence(
        &self,
        text: &str,
        emphasis: Option<&str>,
        room: (f32, f32),
    ) -> (typeset::Laid, Option<Range<usize>>) {
        let text = one_line(text);
        let marked = emphasis.and_then(|part| part_of(&text, &one_line(part)));
        let style = self.look.leading_text(1.2);
        let laid = self.fit(&text, style, room, (48.0, 140.0 * self.look.scale));
        (laid, marked)
    }

    fn put_sentence(
        &mut self,
        text: &str,
        laid: typeset::Laid,
        marked: Option<Range<usize>>,
        (x, y): (f32, f32),
    ) {
        let cue = self.sheet.say(text);
        if let Some(bytes) = &marked {
            self.markers(&laid, (x, y), bytes, &cue);
        }
        let marked = marked.map(|bytes| (bytes, self.marked_ink()));
        let ink = self.scheme.ink;
        self.sheet.moves(self.building(&cue));
        self.sheet.text_marked("statement", laid, x, y, ink, marked);
        self.sheet.moves(None);
    }
}

/// Where `part` stands in `text`, whatever its capitals; `None` where it would be all of it.
fn part_of(text: &str, part: &str) -> Option<Range<usize>> {
    let found = text.find(part).or_else(|| {
        let lower = text.to_lowercase();
        // Byte places only carry over where lower case is as long.
        (lower.len() == text.len())
            .then(|| lower.find(&part.to_lowercase()))
            .flatten()
    })?;
    (!part.is_empty() && part.len() < text.len()).then_some(found..found + part.len())
}
