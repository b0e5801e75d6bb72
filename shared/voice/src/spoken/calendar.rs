//! Dates, years and times of day.

use super::numbers::{cardinal, decade, ordinal, year};
use super::out::Out;
use super::quantity;
use super::token::{Around, all_digits, is_capitalized};
use super::units;

const MONTHS: [(&str, &str); 12] = [
    ("jan", "January"),
    ("feb", "February"),
    ("mar", "March"),
    ("apr", "April"),
    ("may", "May"),
    ("jun", "June"),
    ("jul", "July"),
    ("aug", "August"),
    ("sep", "September"),
    ("oct", "October"),
    ("nov", "November"),
    ("dec", "December"),
];

const DAYS: [(&str, &str); 11] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("tues", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("thur", "Thursday"),
    ("thurs", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
    ("weds", "Wednesday"),
];

/// The month that a capitalised word names, in full or short.
fn month(word: &str) -> Option<&'static str> {
    if !is_capitalized(word) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let short = if lower == "sept" {
        "sep"
    } else {
        lower.as_str()
    };
    MONTHS
        .iter()
        .find(|(key, name)| *key == short || name.eq_ignore_ascii_case(&lower))
        .map(|(_, name)| *name)
}

/// `Nov.`, `Nov 23`, `Tues.`
pub(super) fn name(around: &Around, out: &mut Out) -> bool {
    let lower = around.core.to_ascii_lowercase();
    if let Some(month) = month(around.core)
        && lower.len() < month.len()
        && (around.dot || all_digits(around.next) || all_digits(around.prev))
    {
        out.words(month);
        return true;
    }
    let day = DAYS
        .iter()
        .find(|(key, _)| around.dot && is_capitalized(around.core) && *key == lower);
    if let Some((_, day)) = day {
        out.words(day);
    }
    day.is_some()
}

/// `Mon-Fri`, `Jan-Mar`.
pub(super) fn span(around: &Around, out: &mut Out) -> bool {
    let named = |short: &str| {
        let lower = short.to_ascii_lowercase();
        let day = DAYS.iter().find(|(key, _)| *key == lower);
        let named = day.map(|(_, day)| *day).or_else(|| month(short));
        named.filter(|_| is_capitalized(short))
    };
    let ends = around.core.split_once('-');
    let Some((Some(from), Some(to))) = ends.map(|(from, to)| (named(from), named(to))) else {
        return false;
    };
    out.words(&format!("{from} to {to}"));
    true
}

/// `2026-11-23`, `2026/11/23`, `11/23/2026`, `23.11.2026`.
pub(super) fn date(around: &Around, out: &mut Out) -> bool {
    for sign in ['-', '/', '.'] {
        let parts: Vec<&str> = around.core.split(sign).collect();
        let [first, second, third] = parts.as_slice() else {
            continue;
        };
        if !parts.iter().all(|part| all_digits(part)) {
            continue;
        }
        let value = |part: &str| part.parse::<u64>().unwrap_or(0);
        let (years, months, days) = match (first.len(), third.len(), sign) {
            (4, 1..=2, '-' | '/') => (value(first), value(second), value(third)),
            (1..=2, 4, '.') => (value(third), value(second), value(first)),
            (1..=2, 2 | 4, '/') | (1..=2, 4, '-') => {
                let years = if third.len() == 2 {
                    2000 + value(third)
                } else {
                    value(third)
                };
                let (a, b) = (value(first), value(second));
                if a > 12 { (years, b, a) } else { (years, a, b) }
            }
            _ => continue,
        };
        if !(1..=12).contains(&months)
            || !(1..=31).contains(&days)
            || !(1000..=2999).contains(&years)
        {
            continue;
        }
        out.words(MONTHS[months as usize - 1].1);
        out.words(&ordinal(days));
        out.pause();
        out.words(&year(years));
        return true;
    }
    false
}

/// The day in `November 23` and `23 November`.
pub(super) fn day(around: &Around, out: &mut Out) -> bool {
    let digits = around
        .core
        .trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let ending = &around.core[digits.len()..];
    let Some(value) = digits
        .parse::<u64>()
        .ok()
        .filter(|day| all_digits(digits) && (1..=31).contains(day))
    else {
        return false;
    };
    if !matches!(ending, "" | "st" | "nd" | "rd" | "th") {
        return false;
    }
    if month(around.prev).is_some() {
        out.words(&ordinal(value));
        return true;
    }
    if month(around.next).is_some() {
        if !around.prev.eq_ignore_ascii_case("the") {
            out.words("the");
        }
        out.words(&ordinal(value));
        out.words("of");
        return true;
    }
    false
}

/// `in 2026`, `1999`, `since 1848`.
pub(super) fn is_year(around: &Around) -> bool {
    let Some(value) = around
        .core
        .parse::<u64>()
        .ok()
        .filter(|_| around.core.len() == 4 && all_digits(around.core))
    else {
        return false;
    };
    let before = around.prev.to_ascii_lowercase();
    let dated = month(around.prev).is_some()
        || matches!(
            before.as_str(),
            "in" | "since"
                | "by"
                | "from"
                | "until"
                | "till"
                | "before"
                | "after"
                | "circa"
                | "year"
                | "early"
                | "late"
                | "mid"
        );
    let counted = units::is_unit(around.next)
        || quantity::is_magnitude(around.next)
        || (around.next.ends_with('s') && around.next.len() > 4 && !is_capitalized(around.next));
    match value {
        1900..=2099 => dated || !counted,
        1100..=1899 => dated && !counted,
        _ => false,
    }
}

/// `1990s`, `'80s`, `the 30s`.
pub(super) fn decades(around: &Around, out: &mut Out) -> bool {
    let (text, clipped) = match around.core.strip_prefix('\'') {
        Some(rest) => (rest, true),
        None => (around.core, false),
    };
    let Some(digits) = text.strip_suffix("'s").or_else(|| text.strip_suffix('s')) else {
        return false;
    };
    let Some(value) = digits
        .parse::<u64>()
        .ok()
        .filter(|value| all_digits(digits) && value % 10 == 0)
    else {
        return false;
    };
    let before = around.prev.to_ascii_lowercase();
    let dated = matches!(
        before.as_str(),
        "the" | "early" | "late" | "mid" | "his" | "her" | "their" | "my" | "your"
    );
    let is_decade = match digits.len() {
        4 => (1000..=2090).contains(&value),
        2 => value >= 20 && (clipped || dated),
        _ => false,
    };
    if is_decade {
        out.words(&decade(value));
    }
    is_decade
}

/// `10:30`, `5pm`, `17:45`, `10:05am`; also ratios such as `16:9`.
pub(super) fn time(around: &Around, out: &mut Out) -> bool {
    let lower = around.core.to_ascii_lowercase();
    let half = ["am", "pm", "a.m", "p.m"]
        .iter()
        .find(|half| lower.ends_with(**half));
    let clock = half.map_or(lower.as_str(), |half| &lower[..lower.len() - half.len()]);
    let parts: Vec<&str> = clock.split(':').collect();
    if !parts.iter().all(|part| all_digits(part) && part.len() <= 2) {
        return false;
    }
    let value = |at: usize| {
        parts
            .get(at)
            .and_then(|part| part.parse::<u64>().ok())
            .unwrap_or(0)
    };
    let (hours, minutes) = (value(0), value(1));
    match parts.len() {
        1 if half.is_some() && (1..=12).contains(&hours) => out.words(&cardinal(hours)),
        2 | 3 if parts[1].len() == 2 && hours <= 24 && minutes < 60 && value(2) < 60 => {
            out.words(&cardinal(hours));
            let named = half.is_some() || is_half(around.next);
            match minutes {
                0 if named || parts.len() == 3 => {}
                0 if hours > 12 => out.words("hundred"),
                0 => out.words("o'clock"),
                1..=9 => out.words(&format!("oh {}", cardinal(minutes))),
                _ => out.words(&cardinal(minutes)),
            }
            if parts.len() == 3 && value(2) > 0 {
                out.words(&format!("and {} seconds", cardinal(value(2))));
            }
        }
        2 => {
            out.words(&format!("{} to {}", cardinal(hours), cardinal(minutes)));
            return true;
        }
        _ => return false,
    }
    if let Some(half) = half {
        out.letters(half);
    }
    true
}

/// Whether a word is the `pm` of a time.
fn is_half(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "am" | "pm" | "a.m" | "p.m"
    )
}

/// The `pm` after a time.
pub(super) fn half(around: &Around, out: &mut Out) -> bool {
    let after_number = around.prev.ends_with(|last: char| last.is_ascii_digit());
    if !is_half(around.core) || !(after_number || around.core.contains('.')) {
        return false;
    }
    out.letters(&around.core.to_ascii_uppercase());
    true
}
