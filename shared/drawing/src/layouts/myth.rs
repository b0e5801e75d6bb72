//! What is believed, struck out, and what is so, on a plate.

use typeset::Laid;
use typeset::safe::Rect;

use super::{Page, is_rtl};
use crate::motion::Motion;

impl Page<'_> {
    pub(super) fn myth(&mut self, myth: &str, fact: &str) {
        let unit = self.unit;
        let stage = self.stage;
        let wide = self.wide();
        let (sign, gap, pad) = (92.0 * unit, 40.0 * unit, 52.0 * unit);
        let column = if wide {
            (stage.width - gap) / 2.0
        } else {
            stage.width
        };
        let style = self.look.heading(1.16);
        let inner = column - 2.0 * pad;
        // The sign and the space beneath it, and what the plate adds.
        let (head, plate) = (sign + 20.0 * unit, 1.8 * pad);
        let free = stage.height
            - if wide {
                head + plate
            } else {
                2.0 * head + plate + gap
            };
        let part = |share: f32| (free * if wide { 1.0 } else { share }).max(unit);
        let believed = self.fit(
            myth,
            style,
            (if wide { inner } else { column }, part(0.46)),
            (44.0, 100.0),
        );
        let so = self.fit(fact, style, (inner, part(0.54)), (44.0, 112.0));
        let heights = [head + believed.height + gap, head + so.height + plate];
        let whole = if wide {
            heights[0].max(heights[1])
        } else {
            heights[0] + heights[1]
        };
        let top = self.top_of(whole);
        let rtl = is_rtl(&so);
        let panel = |at: usize| Rect {
            x: if wide && (at == 1) != rtl {
                stage.x + column + gap
            } else {
                stage.x
            },
            y: if wide || at == 0 {
                top
            } else {
                top + heights[0]
            },
            width: column,
            height: if wide { whole } else { heights[at] },
        };
        self.believed(myth, believed, &panel(0), sign);
        self.so(fact, so, &panel(1), (sign, pad));
    }

    fn sign(&mut self, name: &str, place: Rect, color: domain::Color, motion: Option<Motion>) {
        if let Some(lines) = crate::icon::icon(name, &place, color) {
            self.sheet.moves(motion);
            self.sheet.drawn("sign", place, lines);
            self.sheet.moves(None);
        }
    }

    fn believed(&mut self, text: &str, laid: Laid, place: &Rect, sign: f32) {
        let cue = self.sheet.say(text);
        let rtl = is_rtl(&laid);
        let x = if rtl {
            place.right() - laid.max_width
        } else {
            place.x
        };
        let square = Rect {
            x: if rtl { place.right() - sign } else { place.x },
            y: place.y,
            width: sign,
            height: sign,
        };
        let ink = self.scheme.ink;
        self.sign("x", square, ink, None);
        let y = square.bottom() + 20.0 * self.unit;
        // Struck out once it has been said.
        let height = laid.size_px * 0.075;
        let strokes: Vec<(usize, Rect)> = laid
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let last = laid
                    .words
                    .iter()
                    .filter(|word| word.line == at)
                    .map(|word| word.index)
                    .max();
                let rect = Rect {
                    x: x + line.x,
                    y: y + line.baseline - laid.size_px * 0.3,
                    width: line.width,
                    height,
                };
                (last.unwrap_or_default(), rect)
            })
            .collect();
        self.sheet.moves(self.building(&cue));
        self.sheet.text("myth", laid, x, y, ink);
        self.sheet.moves(None);
        let mark = self.scheme.mark;
        for (last, rect) in strokes {
            let cue = (cue.start + last).min(cue.end)..cue.end;
            let motion = Motion::new(Self::along(rtl)).with(&cue).after(350);
            self.sheet.over("strike", rect, mark, motion);
        }
    }

    fn so(&mut self, text: &str, laid: Laid, place: &Rect, (sign, pad): (f32, f32)) {
        let cue = self.sheet.say(text);
        let rtl = is_rtl(&laid);
        let (mark, on_mark) = (self.scheme.mark, self.scheme.on_mark);
        let radius = 48.0 * self.unit * self.look.round.min(1.0);
        let arriving = self.arriving(&cue);
        self.sheet.moves(arriving.clone());
        self.sheet.plate("plate", *place, radius, mark, 1.0);
        let square = Rect {
            x: if rtl {
                place.right() - pad - sign
            } else {
                place.x + pad
            },
            y: place.y + pad * 0.9,
            width: sign,
            height: sign,
        };
        self.sign("check", square, on_mark, Some(arriving));
        self.sheet.moves(self.building(&cue));
        let y = square.bottom() + 20.0 * self.unit;
        self.sheet.text("fact", laid, place.x + pad, y, on_mark);
        self.sheet.moves(None);
    }
}
