//! One sentence, with a marker over what matters.

use std::ops::Range;

use typeset::TextStyle;

use super::{Page, RULE, is_rtl, one_line};

impl Page<'_> {
    pub(super) fn statement(&mut self, text: &str, emphasis: Option<&str>) {
        let unit = self.unit;
        let text = one_line(text);
        let marked = emphasis.and_then(|part| part_of(&text, &one_line(part)));
        let style = TextStyle {
            line_height: 1.2,
            ..TextStyle::heading(0.0)
        };
        // The bar stands beside the text, or the rule above it.
        let beside = self.seeded.coin();
        let inset = if beside { 60.0 * unit } else { 0.0 };
        let above = if beside { 0.0 } else { (RULE + 34.0) * unit };
        let room = (self.stage.width - inset, self.stage.height - above);
        let laid = self.fit(&text, style, room, (48.0, 140.0));
        let rtl = is_rtl(&laid);
        let top = self.top_of(above + laid.height);
        let ink = self.scheme.ink;
        if beside {
            let width = RULE * unit;
            let x = if rtl {
                self.stage.right() - width
            } else {
                self.stage.x
            };
            let bar = typeset::safe::Rect {
                x,
                y: top,
                width,
                height: laid.height,
            };
            let color = self.scheme.mark;
            self.sheet.plate("bar", bar, 0.0, color, 1.0);
        } else {
            self.rule(top, rtl);
        }
        let x = self.stage.x + if rtl { 0.0 } else { inset };
        let y = top + above;
        if let Some(bytes) = &marked {
            self.markers(&laid, x, y, bytes);
        }
        let marked = marked.map(|bytes| (bytes, self.scheme.on_mark));
        self.sheet.text_marked("statement", laid, x, y, ink, marked);
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
