//! Numbers in words.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const THOUSANDS: [&str; 6] = [
    "",
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
];

/// A number as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) negative: bool,
    /// Digits before the point, thousands separators gone; empty in ".5".
    pub(super) whole: String,
    /// Digits after it.
    pub(super) fraction: Option<String>,
    /// Whether thousands were separated.
    pub(super) grouped: bool,
}

impl Number {
    /// Reads `1234`, `1,234.5`, `-3`, `.5`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if fraction.is_some_and(|fraction| !digits(fraction))
            || (whole.is_empty() && fraction.is_none())
        {
            return None;
        }
        let grouped = whole.contains(',');
        if grouped {
            let mut groups = whole.split(',');
            let first = groups
                .next()
                .is_some_and(|group| digits(group) && group.len() <= 3);
            if !first || !groups.all(|group| digits(group) && group.len() == 3) {
                return None;
            }
        } else if !whole.is_empty() && !digits(whole) {
            return None;
        }
        Some(Self {
            negative,
            whole: whole.replace(',', ""),
            fraction: fraction.map(str::to_owned),
            grouped,
        })
    }

    /// The value of a whole number that is small enough.
    pub(super) fn value(&self) -> Option<u64> {
        if self.fraction.is_some() || self.negative {
            None
        } else {
            self.whole.parse().ok()
        }
    }

    /// Whether it is exactly one, so that what it counts stands in the singular.
    pub(super) fn is_one(&self) -> bool {
        self.value() == Some(1)
    }

    pub(super) fn words(&self) -> String {
        let mut words = if self.negative {
            "minus ".to_owned()
        } else {
            String::new()
        };
        match self.whole.parse() {
            Ok(value)
                if self.whole.len() <= 18
                    && (self.whole == "0" || !self.whole.starts_with('0')) =>
            {
                words.push_str(&cardinal(value));
            }
            _ if self.whole.is_empty() => {}
            _ => words.push_str(&digits(&self.whole)),
        }
        if let Some(fraction) = &self.fraction {
            if !self.whole.is_empty() {
                words.push(' ');
            }
            words.push_str("point ");
            words.push_str(&digits(fraction));
        }
        words
    }
}

/// "two hundred five"; up to 10^18.
pub(super) fn cardinal(value: u64) -> String {
    if value < 1000 {
        return below_thousand(value);
    }
    let mut groups = Vec::new();
    let mut rest = value;
    let mut power = 0;
    while rest > 0 {
        let group = rest % 1000;
        if group > 0 {
            let name = THOUSANDS.get(power).copied().unwrap_or_default();
            groups.push(if name.is_empty() {
                below_thousand(group)
            } else {
                format!("{} {name}", below_thousand(group))
            });
        }
        rest /= 1000;
        power += 1;
    }
    groups.reverse();
    groups.join(" ")
}

fn below_thousand(value: u64) -> String {
    let (hundreds, rest) = (value / 100, value % 100);
    match (hundreds, rest) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", ONES[hundreds as usize % 20]),
        (hundreds, rest) => format!(
            "{} hundred {}",
            ONES[hundreds as usize % 20],
            below_hundred(rest)
        ),
    }
}

fn below_hundred(value: u64) -> String {
    let value = value as usize % 100;
    match (value / 10, value % 10) {
        (0 | 1, _) => ONES[value].to_owned(),
        (tens, 0) => TENS[tens].to_owned(),
        (tens, ones) => format!("{} {}", TENS[tens], ONES[ones]),
    }
}

/// "twenty third".
pub(super) fn ordinal(value: u64) -> String {
    let cardinal = cardinal(value);
    let (before, last) = match cardinal.rsplit_once(' ') {
        Some((before, last)) => (format!("{before} "), last),
        None => (String::new(), cardinal.as_str()),
    };
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        other => match other.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{other}th"),
        },
    };
    before + &last
}

/// "five five five".
pub(super) fn digits(text: &str) -> String {
    let names: Vec<&str> = text
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| ONES[digit as usize])
        .collect();
    names.join(" ")
}

/// "nineteen oh five", "two thousand nine", "twenty twenty six".
pub(super) fn year(value: u64) -> String {
    let (century, rest) = (value / 100, value % 100);
    match (century, rest) {
        _ if !(1000..10_000).contains(&value) || (2000..2010).contains(&value) => cardinal(value),
        (century, 0) if century % 10 == 0 => cardinal(value),
        (century, 0) => format!("{} hundred", below_hundred(century)),
        (century, 1..=9) => format!("{} oh {}", below_hundred(century), below_hundred(rest)),
        _ => format!("{} {}", below_hundred(century), below_hundred(rest)),
    }
}

/// "nineties" for 90, "nineteen eighties" for 1980.
pub(super) fn decade(value: u64) -> String {
    let words = if value < 100 {
        below_hundred(value)
    } else {
        year(value)
    };
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{words}s"),
    }
}

/// "three quarters", "two thirds", "five over forty".
pub(super) fn fraction(above: u64, below: u64) -> String {
    let name = match below {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        3 | 5..=20 | 100 | 1000 => ordinal(below).replace("one ", ""),
        _ => return format!("{} over {}", cardinal(above), cardinal(below)),
    };
    match (above, name.as_str()) {
        (1, _) => format!("one {name}"),
        (_, "half") => format!("{} halves", cardinal(above)),
        _ => format!("{} {name}s", cardinal(above)),
    }
}

/// The value of a Roman numeral of I, V, X and L: 1 to 89, in its usual spelling.
pub(super) fn roman(text: &str) -> Option<u64> {
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"];
    (1..90u64).find(|value| {
        let (tens, ones) = (tens[*value as usize / 10], ones[*value as usize % 10]);
        text.strip_prefix(tens) == Some(ones)
    })
}
