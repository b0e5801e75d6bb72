//! Figures that count up: each digit takes turns in the place where it stands in the end.

use std::ops::Range;

use domain::{Color, Enter};
use typeset::{Laid, TextStyle};

use super::{Page, one_line};
use crate::motion::Motion;

/// How long a figure counts.
pub(super) const COUNT_MS: u32 = 934;

/// How many numbers are seen on the way: one for two frames.
const STEPS: u32 = 14;

/// A figure's number and what stands before and behind it.
struct Counter<'a> {
    before: &'a str,
    written: &'a str,
    behind: &'a str,
    /// Digits behind the point.
    decimals: usize,
    number: f64,
}

impl<'a> Counter<'a> {
    /// Reads a text with one number in Western digits; years don't count up, nor does what is too small or too long to.
    fn of(text: &'a str) -> Option<Self> {
        let (before, written, behind) = domain::only_number(text)?;
        let year = text.len() == 4
            && text
                .parse()
                .is_ok_and(|year: u32| (1000..2100).contains(&year));
        if year || written.len() > 11 {
            return None;
        }
        let number = domain::amount(written)?.number;
        // A comma or point that isn't between thousands stands before decimals.
        let digits = written.chars().filter(char::is_ascii_digit).count();
        let whole = (number.trunc() as u64).to_string().len();
        let decimals = digits.checked_sub(whole)?;
        (number >= 2.0).then_some(Self {
            before,
            written,
            behind,
            decimals,
            number,
        })
    }

    /// The number on the way in a step, written like the last one, aligned to its end.
    fn at(&self, step: u32) -> String {
        let share = f64::from(step) / f64::from(STEPS);
        let eased = 1.0 - (1.0 - share).powi(3);
        let scale = 10_f64.powi(self.decimals as i32);
        let digits = format!(
            "{:0>1$}",
            (self.number * eased * scale) as u64,
            self.decimals + 1
        );
        // The last number's marks stand between the digits, as far as they reach.
        let mut digits = digits.chars().rev();
        let mut next = digits.next();
        let mut reversed = Vec::new();
        for mark in self.written.chars().rev() {
            let Some(digit) = next else {
                break;
            };
            if mark.is_ascii_digit() {
                reversed.push(digit);
                next = digits.next();
            } else {
                reversed.push(mark);
            }
        }
        reversed.into_iter().rev().collect()
    }
}

impl Page<'_> {
    /// Puts a figure that counts up when the words of `cue` are said. A text that holds no number comes in as it is.
    pub(super) fn counted(
        &mut self,
        name: &str,
        value: &str,
        laid: Laid,
        place: (f32, f32),
        color: Color,
        cue: &Range<usize>,
    ) {
        let value = one_line(value);
        let plain = laid.lines.len() != 1 || laid.truncated || laid.broken;
        let counter = Counter::of(&value).filter(|_| !plain);
        let Some(counter) = counter else {
            self.sheet.moves(self.arriving(cue));
            self.sheet.text(name, laid, place.0, place.1, color);
            self.sheet.moves(None);
            return;
        };
        let style = TextStyle {
            size_px: laid.size_px,
            ..self.figure_style()
        };
        let origin = (place.0 + laid.x(), place.1);
        self.digits(&counter, &style, origin, color, cue);
        self.sheet
            .moves(Motion::new(Enter::Cut).with(cue).after(COUNT_MS));
        self.sheet.text(name, laid, place.0, place.1, color);
        self.sheet.moves(None);
    }

    /// The numbers on the way, a piece for each time that a place keeps its digit.
    fn digits(
        &mut self,
        counter: &Counter<'_>,
        style: &TextStyle,
        origin: (f32, f32),
        color: Color,
        cue: &Range<usize>,
    ) {
        let fonts = self.sheet.fonts;
        let width = |text: &str| fonts.layout(text, style, f32::MAX).width;
        let moment = |step: u32| COUNT_MS * step / STEPS;
        let put = |page: &mut Self, text: &str, x: f32, steps: Range<u32>| {
            let motion = Motion::new(Enter::Cut)
                .with(cue)
                .after(moment(steps.start))
                .lasting(moment(steps.end) - moment(steps.start));
            let laid = fonts.layout(text, style, f32::MAX);
            page.sheet.moves(motion);
            page.sheet.lettering(laid, x, origin.1, color, None);
        };
        let behind_at = width(&format!("{}{}", counter.before, counter.written));
        if !counter.before.trim().is_empty() {
            put(self, counter.before, origin.0, 0..STEPS);
        }
        if !counter.behind.trim().is_empty() {
            // White space in front of the unit is part of the way to it.
            let unit = counter.behind.trim_start();
            let space = width(&format!(
                "{}{}{}",
                counter.before, counter.written, counter.behind
            )) - width(unit)
                - behind_at;
            put(self, unit, origin.0 + behind_at + space.max(0.0), 0..STEPS);
        }
        let steps: Vec<Vec<char>> = (0..STEPS)
            .map(|step| counter.at(step).chars().rev().collect())
            .collect();
        let written: Vec<(usize, char)> = counter.written.char_indices().collect();
        for (from_end, (byte, last)) in written.iter().rev().enumerate() {
            let left = width(&format!("{}{}", counter.before, &counter.written[..*byte]));
            let end = byte + last.len_utf8();
            let right = width(&format!("{}{}", counter.before, &counter.written[..end]));
            let mut step = 0;
            while step < STEPS {
                let shown = steps[step as usize].get(from_end).copied();
                let until = (step..STEPS)
                    .find(|&later| steps[later as usize].get(from_end).copied() != shown)
                    .unwrap_or(STEPS);
                if let Some(shown) = shown {
                    let text = shown.to_string();
                    let x = origin.0 + f32::midpoint(left, right) - width(&text) / 2.0;
                    put(self, &text, x, step..until);
                }
                step = until;
            }
        }
        self.sheet.moves(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_the_way_are_written_like_the_last() {
        let seen = |text: &str, step: u32| Counter::of(text).map(|counter| counter.at(step));
        assert_eq!(seen("62%", 0).as_deref(), Some("0"));
        assert_eq!(seen("62%", STEPS).as_deref(), Some("62"));
        assert_eq!(seen("$1.2 million", STEPS), None);
        assert_eq!(seen("$4.2 million", STEPS).as_deref(), Some("4.2"));
        assert_eq!(seen("$4.2 million", 0).as_deref(), Some("0.0"));
        assert_eq!(seen("2,500,000", STEPS).as_deref(), Some("2,500,000"));
        // 1 - (13/14)^3 of it.
        assert_eq!(seen("2,500,000", 1).as_deref(), Some("498,360"));
    }

    #[test]
    fn years_and_what_is_no_single_number_do_not_count() {
        for text in [
            "1889",
            "3–5 days",
            "many",
            "24/7",
            "one",
            "1,000,000,000,000",
        ] {
            assert!(Counter::of(text).is_none(), "{text}");
        }
        assert!(Counter::of("1889 km").is_some());
    }
}
