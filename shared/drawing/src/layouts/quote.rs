//! Somebody's words, under a pair of quarter discs that read as quotation marks.

use typeset::safe::Rect;

use super::{Page, is_rtl};

impl Page<'_> {
    pub(super) fn quote(&mut self, text: &str, attribution: Option<&str>) {
        let unit = self.unit;
        let dash = 72.0 * unit;
        let wide = self.wide();
        let (mark, beside, above) = if wide {
            (112.0 * unit, 320.0 * unit, 0.0)
        } else {
            (104.0 * unit, 0.0, 148.0 * unit)
        };
        let named = attribution.map(|name| {
            self.line(
                name,
                700,
                46.0,
                self.stage.width - beside - dash - 28.0 * unit,
            )
        });
        let below = named.as_ref().map_or(0.0, |laid| laid.height + 44.0 * unit);
        let style = self.look.heading(1.16);
        let room = (self.stage.width - beside, self.stage.height - above - below);
        let laid = self.fit(text, style, room, (48.0, 118.0 * self.look.scale));
        let rtl = is_rtl(&laid);
        let top = self.top_of(above + laid.height + below);
        let start = if rtl {
            self.stage.right()
        } else {
            self.stage.x
        };
        self.quotation_mark(start, top + if wide { 14.0 * unit } else { 0.0 }, mark, rtl);
        let x = self.stage.x + if rtl { 0.0 } else { beside };
        let (ink, color) = (self.scheme.ink, self.scheme.mark);
        let foot = top + above + laid.height + 44.0 * unit;
        let cue = self.sheet.say(text);
        self.sheet.moves(self.building(&cue));
        self.sheet.text("quote", laid, x, top + above, ink);
        if let (Some(named), Some(name)) = (named, attribution) {
            let cue = self.sheet.say(name);
            self.sheet.moves(self.arriving(&cue));
            let height = 10.0 * unit;
            let right = x + self.stage.width - beside;
            let bar = Rect {
                x: if rtl { right - dash } else { x },
                y: foot + named.height / 2.0 - height / 2.0,
                width: dash,
                height,
            };
            self.sheet.plate("dash", bar, 0.0, color, 1.0);
            let name_rtl = is_rtl(&named);
            let x = match (rtl, name_rtl) {
                (false, false) => x + dash + 28.0 * unit,
                // A name of the other direction still stands beside the dash.
                (false, true) => x + dash + 28.0 * unit - named.x(),
                (true, _) => right - dash - 28.0 * unit - named.width - named.x(),
            };
            self.sheet.text("attribution", named, x, foot, ink);
        }
        self.sheet.moves(None);
    }

    /// Two quarter discs, `size` pixels high, from `start` on.
    fn quotation_mark(&mut self, start: f32, y: f32, size: f32, rtl: bool) {
        let way = if rtl { -1.0 } else { 1.0 };
        let gap = size * 0.16;
        let width = 2.0 * size + gap;
        let sweep = u8::from(!rtl);
        let path = |at: u8| {
            let x = start + way * f32::from(at) * (size + gap);
            let (tip, foot) = (x + way * size, y + size);
            format!("M{x} {foot}A{size} {size} 0 0 {sweep} {tip} {y}V{foot}Z")
        };
        let paths = [path(0), path(1)].concat();
        let color = self.scheme.mark;
        let left = if rtl { start - width } else { start };
        self.sheet.drawn(
            "quotation mark",
            Rect {
                x: left,
                y,
                width,
                height: size,
            },
            format!(r#"<path d="{paths}" fill="{color}"/>"#),
        );
    }
}
