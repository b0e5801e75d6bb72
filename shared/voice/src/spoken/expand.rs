//! The order in which rules are tried on a written word.

use super::numbers::{Number, year};
use super::out::Out;
use super::token::{Around, DASH, starts_with_digit};
use super::{calendar, initials, quantity, short, units, web};

type Rule = fn(&Around, &mut Out) -> bool;

/// The first rule that knows the word reads it. Order decides between readings: `10:30` is a time before it is a ratio.
const RULES: &[Rule] = &[
    web::address,
    calendar::half,
    calendar::name,
    calendar::span,
    quantity::unit_after_number,
    quantity::magnitude_of_money,
    short::abbreviation,
    short::dotted,
    web::tag,
    calendar::date,
    calendar::day,
    calendar::decades,
    calendar::time,
    quantity::phone,
    quantity::money,
    quantity::percent,
    range,
    quantity::rank,
    quantity::part,
    quantity::version,
    calendar_year,
    quantity::measure,
    quantity::plain,
];

/// Reads a written word.
pub(super) fn read(around: &Around, out: &mut Out) {
    if units::area(around, out) {
        // Read as a whole.
    } else if around.core.contains(' ') {
        let mut prev = around.prev;
        for part in around.core.split(' ') {
            read(
                &Around {
                    prev,
                    ..around.alone(part)
                },
                out,
            );
            prev = part;
        }
    } else if let Some((before, after)) = around.core.split_once('—') {
        read(&around.alone(before), out);
        out.mark(DASH);
        read(&around.alone(after), out);
    } else if !around.core.is_empty() && !RULES.iter().any(|rule| rule(around, out)) {
        mixed(around, out);
    }
}

/// Reads a part of a word that may be anything.
pub(super) fn read_part(around: &Around, part: &str, out: &mut Out) {
    read(&around.alone(part), out);
}

fn calendar_year(around: &Around, out: &mut Out) -> bool {
    let is = calendar::is_year(around);
    if let Some(value) = around.core.parse().ok().filter(|_| is) {
        out.words(&year(value));
    }
    is
}

/// `10-20`, `$5-10`, `2019-2021`, `9am-5pm`, `10-20%`.
fn range(around: &Around, out: &mut Out) -> bool {
    let Some((from, to)) = around.core.split_once('-') else {
        return false;
    };
    let currency = from.chars().next().filter(|sign| "$€£¥".contains(*sign));
    let bare = from.trim_start_matches(|sign| Some(sign) == currency);
    let to_bare = to.trim_start_matches(|sign| Some(sign) == currency);
    if !starts_with_digit(bare) || !starts_with_digit(to_bare) || to.contains('-') {
        return false;
    }
    read(
        &Around {
            core: bare,
            dot: false,
            prev: around.prev,
            next: "",
            goes_on: false,
            shouted: false,
        },
        out,
    );
    out.words("to");
    let to = currency.map_or_else(|| to.to_owned(), |currency| format!("{currency}{to_bare}"));
    let prev = if calendar::is_year(&around.alone(bare)) {
        "from"
    } else {
        ""
    };
    read(
        &Around {
            core: &to,
            prev,
            ..*around
        },
        out,
    );
    true
}

/// Whatever no rule knows: runs of letters and of digits, with the signs between them.
fn mixed(around: &Around, out: &mut Out) {
    let core = around.core;
    if core
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'\'')
    {
        initials::word(around, core.trim_matches('\''), out);
        return;
    }
    // "19th-century", "mid-1800s": figures that mean something with their letters.
    let tied =
        |part: &str| starts_with_digit(part) && part.ends_with(|c: char| c.is_ascii_lowercase());
    if core.contains('-') && core.split('-').any(tied) {
        let mut prev = around.prev;
        for part in core.split('-').filter(|part| !part.is_empty()) {
            read(
                &Around {
                    prev,
                    ..around.alone(part)
                },
                out,
            );
            prev = part;
        }
        return;
    }
    let runs = runs(core);
    let glued = runs.len() > 1 && core.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for (at, run) in runs.iter().enumerate() {
        let first = run.chars().next().unwrap_or(' ');
        let next = runs.get(at + 1).copied().unwrap_or_default();
        if first.is_ascii_alphabetic() {
            let alone = around.alone(run);
            if glued && run.len() <= 2 {
                out.letters(&run.to_ascii_uppercase());
            } else if run.len() == 1 && *run != "a" || core.contains('&') && run.len() < 4 {
                out.letters(run);
            } else {
                initials::word(&alone, run.trim_matches('\''), out);
            }
        } else if first.is_ascii_digit() {
            if glued && run.len() > 2 {
                out.words(&quantity::pairs(run));
            } else if *run == core {
                // Digits that no rule took, such as "1,2,3": one number after the other.
                for number in run.split([',', '.']) {
                    out.words(
                        &Number::parse(number).map_or_else(String::new, |number| number.words()),
                    );
                    out.pause();
                }
            } else {
                read(&around.alone(run), out);
            }
        } else if first == '.' && next.starts_with(|c: char| c.is_ascii_uppercase()) && at > 0 {
            // A full stop with the space after it forgotten.
            out.pause();
        } else if at + 1 < runs.len() || at > 0 || runs.len() == 1 {
            out.words(sign(first));
        }
    }
}

/// Runs of letters (with apostrophes inside), of digits (with separators inside), and single signs.
fn runs(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Letters,
        Digits,
        Sign,
    }
    let kind = |c: char| match c {
        c if c.is_ascii_alphabetic() || c == '\'' => Kind::Letters,
        c if c.is_ascii_digit() => Kind::Digits,
        _ => Kind::Sign,
    };
    let mut runs = Vec::new();
    let mut start = 0;
    let mut last: Option<Kind> = None;
    for (at, c) in text.char_indices() {
        let here = kind(c);
        let digits_go_on = matches!(c, '.' | ',')
            && last == Some(Kind::Digits)
            && starts_with_digit(&text[at + 1..]);
        if digits_go_on {
            continue;
        }
        if last.is_some_and(|last| last != here || here == Kind::Sign) {
            runs.push(&text[start..at]);
            start = at;
        }
        last = Some(here);
    }
    if start < text.len() {
        runs.push(&text[start..]);
    }
    runs
}

fn sign(sign: char) -> &'static str {
    match sign {
        '&' => "and",
        '+' => "plus",
        '=' => "equals",
        '@' => "at",
        '%' => "percent",
        '.' => "dot",
        '<' => "less than",
        '>' => "greater than",
        '°' => "degrees",
        '$' => "dollars",
        '€' => "euros",
        '£' => "pounds",
        '¥' => "yen",
        '¢' => "cents",
        _ => "",
    }
}
