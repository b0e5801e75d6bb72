//! One sentence, with a marker over what matters.

use std::ops::Range;

use typeset::{Laid, TextStyle};

use super::{MARKER_PAD, Page, RULE, is_rtl, one_line};

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
        // Room for a marker's plate, which goes beyond its words on both sides.
        let pad = if marked.is_some() {
            MARKER_PAD * 140.0 * unit
        } else {
            0.0
        };
        let room = (
            self.stage.width - inset - 2.0 * pad,
            self.stage.height - above,
        );
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
        let x = self.stage.x
            + pad.min(MARKER_PAD * laid.size_px)
            + if rtl {
                2.0 * (pad - pad.min(MARKER_PAD * laid.size_px))
            } else {
                inset
            };
        let y = top + above;
        let words = marked
            .map(|bytes| words_in(&laid, &bytes))
            .filter(|words| !words.is_empty());
        if let Some(words) = &words {
            self.markers(&laid, x, y, words);
        }
        let on_mark = self.scheme.on_mark;
        self.sheet.text_marked(
            "statement",
            laid,
            x,
            y,
            ink,
            words.map(|words| (words, on_mark)),
        );
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

/// The words that share a byte with `bytes`.
fn words_in(laid: &Laid, bytes: &Range<usize>) -> Range<usize> {
    let inside = || {
        laid.words
            .iter()
            .filter(|word| word.text_range.start < bytes.end && bytes.start < word.text_range.end)
            .map(|word| word.index)
    };
    match (inside().min(), inside().max()) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}
