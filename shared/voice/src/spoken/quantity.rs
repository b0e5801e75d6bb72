//! Money, shares, measures and plain numbers.

use super::numbers::{Number, cardinal, digits, fraction, ordinal, year};
use super::out::Out;
use super::token::{Around, all_digits, starts_with_digit};
use super::units::{is_unit, unit};

/// A currency: its sign, one of it, several, a hundredth of it, several of those.
struct Currency(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CURRENCIES: &[Currency] = &[
    Currency("US$", "dollar", "dollars", "cent", "cents"),
    Currency(
        "A$",
        "Australian dollar",
        "Australian dollars",
        "cent",
        "cents",
    ),
    Currency("C$", "Canadian dollar", "Canadian dollars", "cent", "cents"),
    Currency("$", "dollar", "dollars", "cent", "cents"),
    Currency("€", "euro", "euros", "cent", "cents"),
    Currency("£", "pound", "pounds", "penny", "pence"),
    Currency("¥", "yen", "yen", "sen", "sen"),
    Currency("₹", "rupee", "rupees", "paisa", "paise"),
    Currency("₽", "ruble", "rubles", "kopek", "kopeks"),
    Currency("₩", "won", "won", "jeon", "jeon"),
    Currency("¢", "cent", "cents", "", ""),
];

const MAGNITUDES: &[(&str, &str)] = &[
    ("k", "thousand"),
    ("K", "thousand"),
    ("m", "million"),
    ("M", "million"),
    ("mn", "million"),
    ("MM", "million"),
    ("b", "billion"),
    ("B", "billion"),
    ("bn", "billion"),
    ("Bn", "billion"),
    ("t", "trillion"),
    ("T", "trillion"),
    ("tn", "trillion"),
];

/// Whether a word after a number multiplies it.
pub(super) fn is_magnitude(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "hundred"
            | "thousand"
            | "million"
            | "billion"
            | "trillion"
            | "bn"
            | "mn"
            | "tn"
            | "hundreds"
            | "thousands"
            | "millions"
    )
}

/// A number at the start of a text, and what follows it.
pub(super) fn number_and_rest(text: &str) -> Option<(Number, &str)> {
    let sign = usize::from(text.starts_with('-'));
    let end = text[sign..]
        .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
        .map_or(text.len(), |at| at + sign);
    let number = text[..end].trim_end_matches(['.', ',']);
    Some((Number::parse(number)?, &text[number.len()..]))
}

/// An amount of money as written.
struct Amount<'a> {
    number: Number,
    currency: &'static Currency,
    rest: &'a str,
}

fn amount(text: &str) -> Option<Amount<'_>> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let before = CURRENCIES
        .iter()
        .find(|currency| text.starts_with(currency.0));
    let (mut number, currency, rest) = if let Some(currency) = before {
        let (number, rest) = number_and_rest(&text[currency.0.len()..])?;
        (number, currency, rest)
    } else {
        let (number, rest) = number_and_rest(text)?;
        let currency = CURRENCIES
            .iter()
            .find(|currency| rest.ends_with(currency.0))?;
        (number, currency, &rest[..rest.len() - currency.0.len()])
    };
    number.negative |= sign;
    Some(Amount {
        number,
        currency,
        rest,
    })
}

/// `$5.20`, `€3M`, `£1.2 million`, `20€`, `$5/month`, `$10+`.
pub(super) fn money(around: &Around, out: &mut Out) -> bool {
    let (text, per) = match around.core.split_once('/') {
        Some((text, per)) if !per.is_empty() && per.bytes().all(|b| b.is_ascii_alphabetic()) => {
            (text, Some(per))
        }
        _ => (around.core, None),
    };
    let (text, plus) = match text.strip_suffix('+') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let Some(Amount {
        number,
        currency,
        rest,
    }) = amount(text)
    else {
        return false;
    };
    let magnitude = MAGNITUDES
        .iter()
        .find(|(short, _)| *short == rest)
        .map(|(_, word)| *word);
    let Currency(_, one, many, cent, cents) = currency;
    match (magnitude, rest) {
        (Some(word), _) => out.words(&format!("{} {word} {many}", number.words())),
        (None, "") if is_magnitude(around.next) => out.words(&number.words()),
        (None, "") => match number.fraction.as_deref() {
            Some(fraction) if fraction.len() == 2 && !cent.is_empty() => {
                let parts: u64 = fraction.parse().unwrap_or(0);
                let whole = Number {
                    fraction: None,
                    ..number.clone()
                };
                let none = whole.whole.is_empty() || whole.whole.bytes().all(|b| b == b'0');
                if !none || parts == 0 {
                    out.words(&format!(
                        "{} {}",
                        whole.words(),
                        if whole.is_one() { one } else { many }
                    ));
                }
                if parts > 0 {
                    let joint = if none { "" } else { "and " };
                    out.words(&format!(
                        "{joint}{} {}",
                        cardinal(parts),
                        if parts == 1 { cent } else { cents }
                    ));
                }
            }
            _ => out.words(&format!(
                "{} {}",
                number.words(),
                if number.is_one() { one } else { many }
            )),
        },
        _ => return false,
    }
    if plus {
        out.words("plus");
    }
    if let Some(per) = per {
        let per = match per {
            "mo" => "month",
            "yr" => "year",
            "hr" | "h" => "hour",
            other => other,
        };
        out.words(&format!("per {per}"));
    }
    true
}

/// The `million` after `$5`.
pub(super) fn magnitude_of_money(around: &Around, out: &mut Out) -> bool {
    // Of "$1-2 million" the first has the sign.
    let first = match around.prev.split_once('-') {
        Some((first, last)) if !first.is_empty() && starts_with_digit(last) => first,
        _ => around.prev,
    };
    let Some(Amount {
        currency, rest: "", ..
    }) = amount(first)
    else {
        return false;
    };
    if !is_magnitude(around.core) {
        return false;
    }
    out.words(match around.core {
        "bn" => "billion",
        "mn" => "million",
        "tn" => "trillion",
        word => word,
    });
    out.words(currency.2);
    true
}

/// `50%`, `3.5%`.
pub(super) fn percent(around: &Around, out: &mut Out) -> bool {
    let (text, plus) = match around.core.strip_suffix('+') {
        Some(text) => (text, true),
        None => (around.core, false),
    };
    let Some(number) = text.strip_suffix('%').and_then(Number::parse) else {
        return false;
    };
    out.words(&number.words());
    out.words("percent");
    if plus {
        out.words("plus");
    }
    true
}

/// `10km`, `16GB`, `21°C`, `3x`, `10K`, `1080p`, `500+`.
pub(super) fn measure(around: &Around, out: &mut Out) -> bool {
    let Some((number, rest)) = number_and_rest(around.core) else {
        return false;
    };
    let words = number.words();
    let text = match rest {
        "" => return false,
        "x" | "X" => format!("{words} times"),
        "+" => format!("{words} plus"),
        "p" if number.value().is_some() => {
            out.words(&pairs(&number.whole));
            out.letters("P");
            return true;
        }
        // "4K" is a picture size and "5K" a race; from ten on it is a count.
        "K" if number.value().is_some_and(|value| value < 10) => {
            out.words(&words);
            out.letters("K");
            return true;
        }
        // "3D", "5G".
        "D" | "G" if number.value().is_some() => {
            out.words(&words);
            out.letters(rest);
            return true;
        }
        rest => {
            let rest_bare = rest.trim_end_matches('+');
            // Where both would do, counts are meant in capitals and measures in small letters.
            let count = MAGNITUDES
                .iter()
                .find(|(short, _)| *short == rest_bare && !matches!(*short, "m" | "t" | "b"));
            let said = match (count, unit(rest_bare)) {
                (Some((_, word)), _) => (*word).to_owned(),
                (None, Some((one, many))) => if number.is_one() { one } else { many }.to_owned(),
                (None, None) => return false,
            };
            let plus = if rest_bare.len() < rest.len() {
                " plus"
            } else {
                ""
            };
            format!("{words} {said}{plus}")
        }
    };
    out.words(&text);
    true
}

/// The `km` after `10`.
pub(super) fn unit_after_number(around: &Around, out: &mut Out) -> bool {
    if !is_unit(around.core) || !around.prev.ends_with(|last: char| last.is_ascii_digit()) {
        return false;
    }
    let one = Number::parse(around.prev).is_some_and(|number| number.is_one());
    if let Some((single, several)) = unit(around.core) {
        out.words(if one { single } else { several });
    }
    true
}

/// `1st`, `23rd`, `1,000th`.
pub(super) fn rank(around: &Around, out: &mut Out) -> bool {
    let Some((number, "st" | "nd" | "rd" | "th")) = number_and_rest(around.core) else {
        return false;
    };
    let Some(value) = number.value() else {
        return false;
    };
    out.words(&ordinal(value));
    true
}

/// `1/2`, `3/4`, `24/7`.
pub(super) fn part(around: &Around, out: &mut Out) -> bool {
    let Some((above, below)) = around.core.split_once('/') else {
        return false;
    };
    // "4.5/5" is a mark.
    if let Some(mark) = Number::parse(above).filter(|mark| mark.fraction.is_some())
        && let Some(best) = Number::parse(below)
    {
        out.words(&format!("{} out of {}", mark.words(), best.words()));
        return true;
    }
    if !all_digits(above) || !all_digits(below) {
        return false;
    }
    let (Ok(above), Ok(below)) = (above.parse(), below.parse()) else {
        return false;
    };
    match (above, below) {
        (24, 7) => out.words("twenty four seven"),
        (above, below) if above == below => {
            out.words(&format!("{} {}", cardinal(above), cardinal(below)));
        }
        (above, below) => {
            if all_digits(around.prev) && above < below {
                out.words("and");
            }
            out.words(&fraction(above, below));
        }
    }
    true
}

/// `2.0.1`, `v2.0`: versions and addresses of machines.
pub(super) fn version(around: &Around, out: &mut Out) -> bool {
    let (text, named) = match around.core.strip_prefix(['v', 'V']) {
        Some(text) => (text, true),
        None => (around.core, false),
    };
    let parts: Vec<&str> = text.split('.').collect();
    if !parts.iter().all(|part| all_digits(part)) || !(named || parts.len() > 2) {
        return false;
    }
    if named {
        out.words("version");
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.words("point");
        }
        out.words(&Number::parse(part).map_or_else(|| digits(part), |number| number.words()));
    }
    true
}

/// `555-1234`, `+1-800-555-0199`, `0800123456`.
pub(super) fn phone(around: &Around, out: &mut Out) -> bool {
    let text = around.core.trim_start_matches('+');
    let groups: Vec<&str> = text
        .split(['-', '(', ')'])
        .filter(|group| !group.is_empty())
        .collect();
    if !groups.iter().all(|group| all_digits(group)) {
        return false;
    }
    let count: usize = groups.iter().map(|group| group.len()).sum();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_phone = match lengths.as_slice() {
        [3, 4] | [3, 3, 4] | [1, 3, 3, 4] => true,
        [_] => count >= 7 && (text.starts_with('0') || text.len() < around.core.len()),
        lengths => {
            lengths.len() > 2
                && (7..=15).contains(&count)
                && lengths.iter().all(|length| *length <= 5)
        }
    };
    if is_phone {
        for group in groups {
            out.words(&digits(group));
            out.pause();
        }
    }
    is_phone
}

/// `42`, `1,234.5`, `-3`, `+5`, `~100`, `<10`.
pub(super) fn plain(around: &Around, out: &mut Out) -> bool {
    let signs = [
        ("~", "about"),
        ("<", "less than"),
        (">", "more than"),
        ("+", "plus"),
    ];
    for (sign, words) in signs {
        if let Some(rest) = around
            .core
            .strip_prefix(sign)
            .filter(|rest| rest.contains(|c: char| c.is_ascii_digit()))
        {
            out.words(words);
            super::expand::read(
                &Around {
                    core: rest,
                    ..*around
                },
                out,
            );
            return true;
        }
    }
    let Some(number) = Number::parse(around.core) else {
        return false;
    };
    out.words(&number.words());
    true
}

/// Digits as people say the numbers of models and picture sizes: "ten eighty", "two sixty four".
pub(super) fn pairs(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(value) if text.starts_with('0') || value > 9999 => digits(text),
        Ok(value @ 101..=999) if value % 100 != 0 => {
            let rest = value % 100;
            let oh = if rest < 10 { "oh " } else { "" };
            format!("{} {oh}{}", cardinal(value / 100), cardinal(rest))
        }
        Ok(value) => year(value),
        Err(_) => digits(text),
    }
}
