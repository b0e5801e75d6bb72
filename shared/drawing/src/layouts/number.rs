//! A figure that fills the frame, and what it counts.

use std::ops::Range;

use domain::Enter;
use typeset::safe::Rect;
use typeset::{Laid, TextStyle};

use super::count::COUNT_MS;
use super::{Page, RULE, is_rtl};
use crate::motion::Motion;

/// How much larger a number must be for its unit to stand on a line of its own.
const LARGER: f32 = 1.4;

/// A figure that is laid out.
struct Figure<'t> {
    /// What the first line says.
    value: &'t str,
    laid: Laid,
    /// The unit, where it stands under its number.
    under: Option<Laid>,
    /// Of all of it.
    height: f32,
}

impl Page<'_> {
    pub(super) fn number(&mut self, value: &str, caption: &str) {
        let unit = self.unit;
        let stage = self.stage;
        let share = percentage(value);
        let words = crate::look::Look::text(700, 1.2);
        let value_cue = self.sheet.say(value);
        let caption_cue = self.sheet.say(caption);
        if self.wide() {
            let half = stage.width * 0.5 - 40.0 * unit;
            let figure = self.figure(value, (half, stage.height - 110.0 * unit), 400.0);
            let text = self.fit(
                caption,
                words,
                (half - 60.0 * unit, stage.height),
                (44.0, 84.0),
            );
            let meter = if share.is_some() { 110.0 * unit } else { 0.0 };
            let (left_top, right_top) =
                (self.top_of(figure.height + meter), self.top_of(text.height));
            if let Some(share) = share {
                self.meter(stage.x, left_top + figure.height + 50.0 * unit, half, share);
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
            self.put_figure(figure, left_top, false, &value_cue);
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
        let room = (stage.width, stage.height - text.height - between);
        let figure = self.figure(value, room, 460.0);
        let top = self.top_of(figure.height + between + text.height);
        let middle = top + figure.height;
        let rtl = is_rtl(&text);
        if let Some(share) = share {
            self.meter(stage.x, middle + 56.0 * unit, stage.width, share);
        } else {
            self.side_rule(middle + 48.0 * unit, rtl);
        }
        let ink = self.scheme.ink;
        self.put_figure(figure, top, rtl, &value_cue);
        self.sheet.moves(self.building(&caption_cue));
        self.sheet
            .text("caption", text, stage.x, middle + between, ink);
        self.sheet.moves(None);
    }

    /// Lays a figure out in a room, in sizes up to `most`: in one line, or its unit under its number where that is much larger for it.
    fn figure<'t>(&self, value: &'t str, room: (f32, f32), most: f32) -> Figure<'t> {
        let style = self.figure_style();
        let whole = self.fit(value, style, room, (72.0, most));
        let one_line = |laid: &Laid| laid.lines.len() == 1 && !laid.truncated && !laid.broken;
        if let Some((number, unit)) = parted(value) {
            let under = self.fit(unit, style, (room.0, room.1 * 0.36), (56.0, most * 0.4));
            let gap = 8.0 * self.unit;
            let above = (room.0, room.1 - under.height - gap);
            let laid = self.fit(number, style, above, (72.0, most));
            let larger = !one_line(&whole) || laid.size_px >= LARGER * whole.size_px;
            if larger && one_line(&laid) && !under.truncated && !under.broken {
                return Figure {
                    height: laid.height + gap + under.height,
                    value: number,
                    laid,
                    under: Some(under),
                };
            }
        }
        Figure {
            height: whole.height,
            value,
            laid: whole,
            under: None,
        }
    }

    /// Puts a figure on the side where lines start: it reads from left to right, and still stands where the words under it start.
    fn put_figure(&mut self, figure: Figure<'_>, y: f32, rtl: bool, cue: &Range<usize>) {
        let mark = self.scheme.mark;
        let start = |laid: &Laid| self.side_of(laid.width, rtl && !is_rtl(laid));
        let Figure { value, laid, .. } = figure;
        let place = (start(&laid), y);
        let Some(under) = figure.under else {
            self.counted("value", value, laid, place, mark, cue);
            return;
        };
        let below = (start(&under), y + figure.height - under.height);
        let split = (cue.start + 1).min(cue.end);
        self.counted("value", value, laid, place, mark, &(cue.start..split));
        self.sheet.moves(self.arriving(&(split..cue.end)));
        self.sheet.text("unit", under, below.0, below.1, mark);
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

/// A figure's number, with what hangs on it, and the words behind it: "80 percent", "$1.2 million".
fn parted(value: &str) -> Option<(&str, &str)> {
    let value = value.trim();
    let (before, written, behind) = domain::only_number(value)?;
    let unit = behind.strip_prefix(' ')?.trim_start();
    let number = &value[..before.len() + written.len()];
    (!unit.is_empty() && !before.contains(char::is_alphabetic)).then_some((number, unit))
}

/// The share of a hundred that a figure such as "62%" or "7.5 %" means.
pub(super) fn percentage(value: &str) -> Option<f32> {
    let figure = value.trim().strip_suffix('%')?.trim_end().replace(',', ".");
    let share: f32 = figure.parse().ok()?;
    (0.0..=100.0).contains(&share).then_some(share / 100.0)
}

#[cfg(test)]
mod tests {
    use super::{parted, percentage};

    #[test]
    fn a_number_parts_from_its_unit() {
        assert_eq!(parted("80 percent"), Some(("80", "percent")));
        assert_eq!(
            parted("1,000 full charges"),
            Some(("1,000", "full charges"))
        );
        assert_eq!(parted("$1.2 million"), Some(("$1.2", "million")));
        for other in ["62%", "three times", "3 to 5 days", "about 5 km", ""] {
            assert_eq!(parted(other), None, "{other}");
        }
    }

    #[test]
    fn only_shares_of_a_whole_are_measured() {
        assert_eq!(percentage("62%"), Some(0.62));
        assert_eq!(percentage(" 7,5 %"), Some(0.075));
        for other in ["62", "$5", "140%", "+3 %p", "a%", "-5%", "%"] {
            assert_eq!(percentage(other), None, "{other}");
        }
    }
}
