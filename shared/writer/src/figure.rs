//! Figures worth showing large.

use crate::words::{is_currency, is_function_word};

/// A figure within a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// As written, with its unit: "62%", "$1.2 million", "330 metres", "3 times".
    pub(crate) value: String,
    /// Where it starts in the text, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// How striking its kind is, 0 to 1.
    pub(crate) strength: f64,
}

const MAGNITUDES: &[&str] = &["thousand", "million", "billion", "trillion", "hundred"];

const UNITS: &[&str] = &[
    "metres",
    "meters",
    "metre",
    "meter",
    "km",
    "kilometres",
    "kilometers",
    "miles",
    "feet",
    "inches",
    "cm",
    "mm",
    "kg",
    "kilograms",
    "kilos",
    "grams",
    "tonnes",
    "tons",
    "litres",
    "liters",
    "degrees",
    "seconds",
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "years",
    "centuries",
    "people",
    "watts",
    "kilowatts",
    "volts",
    "calories",
    "pounds",
    "dollars",
    "euros",
    "stars",
    "countries",
    "languages",
    "species",
    "bees",
    "steps",
    "points",
    "pages",
    "customers",
    "users",
    "cups",
    "litre",
    "gigabytes",
    "megabytes",
    "acres",
    "hectares",
    "decibels",
    "mph",
    "km/h",
];

const NUMBER_WORDS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty",
    "fifty", "hundred",
];

/// The most words of a noun that a number counts, with those before it.
const LONGEST_NOUN: usize = 3;

/// Plurals that don't end in s.
const PLURALS: &[&str] = &[
    "aircraft", "children", "deer", "feet", "fish", "geese", "men", "mice", "people", "sheep",
    "teeth", "women",
];

/// Words that end in s and are no plurals.
const NO_PLURALS: &[&str] = &[
    "afterwards",
    "always",
    "backwards",
    "besides",
    "does",
    "downwards",
    "forwards",
    "nowadays",
    "overseas",
    "perhaps",
    "says",
    "sometimes",
    "upwards",
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

struct Token<'a> {
    text: &'a str,
    start: usize,
    /// Whether punctuation follows, so that the next word belongs to something else.
    closed: bool,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for raw in text.split(char::is_whitespace) {
        let front = raw.len()
            - raw
                .trim_start_matches(|c: char| !(c.is_alphanumeric() || is_currency(c)))
                .len();
        let body = raw[front..].trim_end_matches(|c: char| {
            !(c.is_alphanumeric() || is_currency(c) || matches!(c, '%' | '°'))
        });
        if !body.is_empty() {
            tokens.push(Token {
                text: body,
                start: at + front,
                closed: front + body.len() < raw.len(),
            });
        }
        at += raw.len() + 1;
    }
    tokens
}

/// Every figure of a text in order, as [`find`] sees them.
pub(crate) fn all(text: &str) -> Vec<Figure> {
    if text.contains(|c: char| c.is_whitespace() && c.len_utf8() > 1) {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut found: Vec<Figure> = Vec::new();
    for at in 0..tokens.len() {
        if let Some(figure) = figure_at(text, &tokens, at)
            && found.last().is_none_or(|last| last.end <= figure.start)
        {
            found.push(figure);
        }
    }
    found
}

/// The most striking figure of a text; years, dates and numbers of names ("Apollo 11") are none.
pub(crate) fn find(text: &str) -> Option<Figure> {
    if text.contains(|c: char| c.is_whitespace() && c.len_utf8() > 1) {
        // Positions are counted in single-byte white space.
        return None;
    }
    let tokens = tokens(text);
    let mut best: Option<Figure> = None;
    for at in 0..tokens.len() {
        if let Some(found) = figure_at(text, &tokens, at)
            && best
                .as_ref()
                .is_none_or(|known| found.strength > known.strength)
        {
            best = Some(found);
        }
    }
    best
}

/// A bare number with the noun that it counts, where that stands right behind it ("1,000 full charges"); any other figure as it is.
pub(crate) fn with_noun(text: &str, figure: Figure) -> Figure {
    let bare = figure.value.split(' ').all(|word| {
        let written = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '-' | '–');
        word.chars().all(written) || MAGNITUDES.contains(&word.to_lowercase().as_str())
    });
    if !bare || !text[figure.end..].starts_with(' ') {
        return figure;
    }
    let behind = tokens(text)
        .into_iter()
        .skip_while(|token| token.start < figure.end);
    let mut end = None;
    for (at, token) in behind.enumerate() {
        let word = token.text.to_lowercase();
        let plural = is_plural(&word);
        let names = word.chars().all(|c| c.is_alphabetic() || c == '-') && !is_function_word(&word);
        // The noun may be of two words ("gas stations"), with two more before it.
        if !names || at >= LONGEST_NOUN || end.is_some() && !plural {
            break;
        }
        if plural {
            end = Some(token.end());
        }
        if token.closed {
            break;
        }
    }
    match end {
        Some(end) => Figure {
            value: text[figure.start..end].to_owned(),
            end,
            ..figure
        },
        None => figure,
    }
}

/// Whether a word, in lower case, is of the form that what is counted has.
pub(crate) fn is_plural(word: &str) -> bool {
    let regular = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    (regular || PLURALS.contains(&word)) && !NO_PLURALS.contains(&word)
}

fn figure_at(text: &str, tokens: &[Token<'_>], at: usize) -> Option<Figure> {
    let token = tokens.get(at)?;
    let next = |by: usize| {
        tokens
            .get(at + by)
            .filter(|_| !tokens[at + by - 1].closed)
            .map(|t| t.text.to_lowercase())
    };
    let previous = at
        .checked_sub(1)
        .and_then(|p| tokens.get(p))
        .map(|t| t.text);
    let make = |last: usize, strength: f64| {
        let end = tokens[at + last].end();
        Some(Figure {
            value: text[token.start..end].to_owned(),
            start: token.start,
            end,
            strength,
        })
    };
    let next_is =
        |by: usize, list: &[&str]| next(by).is_some_and(|word| list.contains(&word.as_str()));
    let lower = token.text.to_lowercase();
    if NUMBER_WORDS.contains(&lower.as_str()) && next_is(1, &["times"]) {
        return make(1, 0.75);
    }
    let digits = token.text.chars().filter(char::is_ascii_digit).count();
    let numeric = token.text.chars().all(|c| {
        c.is_ascii_digit()
            || matches!(c, ',' | '.' | '%' | '–' | '-' | '/' | '°' | '+' | 'x' | '×')
            || is_currency(c)
    });
    if digits == 0 || !numeric || token.text.contains('/') {
        return None;
    }
    // The end of a range isn't what the sentence comes to ("between 20 and 80 percent").
    let begins_range = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|word| word.text.eq_ignore_ascii_case("between"))
    };
    let ends_range = previous.is_some_and(|word| word.eq_ignore_ascii_case("and"))
        && at.checked_sub(2).is_some_and(|first| {
            begins_range(first) || first.checked_sub(1).is_some_and(begins_range)
        });
    if begins_range(at) || ends_range {
        return None;
    }
    if token.text.ends_with('%') {
        return make(0, 1.0);
    }
    if next_is(1, &["percent"]) || next_is(1, &["per"]) && next_is(2, &["cent"]) {
        return make(if next_is(1, &["percent"]) { 1 } else { 2 }, 1.0);
    }
    if token.text.chars().any(is_currency) {
        return make(usize::from(next_is(1, MAGNITUDES)), 0.95);
    }
    if next_is(1, &["times", "x"]) || token.text.ends_with(['x', '×']) {
        return make(usize::from(next_is(1, &["times", "x"])), 0.9);
    }
    if next_is(1, MAGNITUDES) {
        return make(if next_is(2, UNITS) { 2 } else { 1 }, 0.9);
    }
    let in_date = next_is(1, MONTHS)
        || previous.is_some_and(|word| MONTHS.contains(&word.to_lowercase().as_str()));
    let numbers_a_name = at > 1
        && previous.is_some_and(|word| {
            word.chars().next().is_some_and(char::is_uppercase) && !word.contains('.')
        })
        || previous.is_some_and(|word| {
            matches!(
                word.to_lowercase().as_str(),
                "no" | "number" | "version" | "chapter" | "page" | "step" | "level" | "the"
            )
        });
    // Shown without its sign, it would be another figure.
    let below_nought = previous.is_some_and(|word| word.eq_ignore_ascii_case("minus"));
    if in_date || numbers_a_name || below_nought {
        return None;
    }
    if next_is(1, UNITS) {
        return make(1, 0.7);
    }
    let year = digits == 4
        && token.text.len() == 4
        && (token.text.starts_with('1') || token.text.starts_with("20"));
    (digits >= 3 && !year).then(|| make(0, 0.6)).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

    use super::*;

    fn value(text: &str) -> Option<String> {
        find(text).map(|figure| figure.value)
    }

    #[test]
    fn striking_figures_are_found_with_their_units() {
        for (text, expected) in [
            ("About 62% of shops closed.", "62%"),
            ("It cost $1.2 million to build.", "$1.2 million"),
            ("Sales grew three times as fast.", "three times"),
            ("The tower is 330 metres tall.", "330 metres"),
            ("Some 2,500,000 rivets hold it.", "2,500,000"),
            ("Nearly 7 million people come in 2019.", "7 million people"),
            ("It uses 40 percent less.", "40 percent"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
            let figure = find(text).unwrap();
            assert_eq!(&text[figure.start..figure.end], figure.value);
        }
    }

    #[test]
    fn a_bare_number_takes_the_noun_that_it_counts() {
        for (text, expected) in [
            (
                "It keeps 80 after 1,000 full charges.",
                "1,000 full charges",
            ),
            ("Some 2,500,000 rivets hold it.", "2,500,000 rivets"),
            ("There are 7,200 gas stations left.", "7,200 gas stations"),
            ("A saved 1.2 million ships.", "1.2 million ships"),
            ("It fed 900 hungry children there.", "900 hungry children"),
            // What it counts is told elsewhere, or with it.
            ("Of those, 1,200 were lost.", "1,200"),
            ("It held 1,200, sailors said.", "1,200"),
            ("It held 1,200 once and for all times.", "1,200"),
            ("About 62% of shops closed.", "62%"),
            ("It cost $1.2 million dollars.", "$1.2 million"),
            ("The tower is 330 metres tall.", "330 metres"),
        ] {
            let found = all(text).pop().unwrap();
            let figure = with_noun(text, found);
            assert_eq!(figure.value, expected, "{text}");
            assert_eq!(&text[figure.start..figure.end], figure.value);
        }
    }

    #[test]
    fn years_dates_and_names_are_no_figures() {
        for text in [
            "It opened in 1889.",
            "On 31 March 1889 it opened.",
            "Apollo 11 landed.",
            "The year was Apollo 11's.",
            "Version 300 is out.",
            "It works at minus 20 degrees.",
            "It likes between 20 and 80 percent.",
            "It likes between 20 degrees and 35 degrees.",
            "No digits.",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
