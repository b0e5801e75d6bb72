//! Values as JavaScript's operators see them. Conditions are written for SDKs that lean on its coercions; what a condition means
//! must not depend on who evaluates it.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

/// `String(value)`.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "null".into(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Number(_) => number_text(number(value)).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| {
                    if item.is_null() {
                        "".into()
                    } else {
                        text(item)
                    }
                })
                .collect();
            items.join(",").into()
        }
        Value::Object(_) => "[object Object]".into(),
    }
}

/// `Number(value)`.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => parse_number(text),
        Value::Array(_) => parse_number(&text(value)),
        Value::Object(_) => f64::NAN,
    }
}

/// `!!value`.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(_) => number(value) != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// `a === b`. Two arrays or objects are never the same one here.
pub(crate) fn strictly_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Number(_), Value::Number(_)) => same_number(a, b),
        _ => false,
    }
}

/// Whether both are written the same as JSON: `JSON.stringify(a) === JSON.stringify(b)`, where the order of keys counts.
pub(crate) fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && in_order(a)
                    .zip(in_order(b))
                    .all(|((key_a, a), (key_b, b))| key_a == key_b && same_json(a, b))
        }
        _ => strictly_equal(a, b),
    }
}

/// How `<` and its kin order two values: strings by UTF-16 units, all else as numbers.
pub(crate) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    if is_text_like(a) && is_text_like(b) {
        return Some(compare_text(&text(a), &text(b)));
    }
    number(a).partial_cmp(&number(b))
}

/// Strings are ordered by their UTF-16 units.
pub(crate) fn compare_text(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Arrays and objects are made into strings before they are compared.
fn is_text_like(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_))
}

#[expect(clippy::float_cmp, reason = "JavaScript compares numbers exactly")]
fn same_number(a: &Value, b: &Value) -> bool {
    number(a) == number(b)
}

/// An object's members in JavaScript's order: keys that are array indices first, by size, then the others as they were written.
fn in_order(object: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mut members: Vec<_> = object
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    // Stable, so the others stay as they were.
    members.sort_by_key(|(key, _)| index(key).unwrap_or(u64::MAX));
    members.into_iter()
}

/// The array index that a key spells.
pub(crate) fn index(key: &str) -> Option<u64> {
    let digits = key == "0" || !key.starts_with('0') && key.bytes().all(|b| b.is_ascii_digit());
    let index = digits.then(|| key.parse().ok())?;
    index.filter(|index| *index < u64::from(u32::MAX))
}

fn parse_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    let radix = |digits: &str, radix| {
        digits
            .chars()
            .try_fold(0.0, |sum, c| {
                Some(sum * f64::from(radix) + f64::from(c.to_digit(radix)?))
            })
            .filter(|_| !digits.is_empty())
    };
    let number = match text.get(..2) {
        Some("0x" | "0X") => radix(&text[2..], 16),
        Some("0o" | "0O") => radix(&text[2..], 8),
        Some("0b" | "0B") => radix(&text[2..], 2),
        _ => match text.strip_prefix(['+', '-']).unwrap_or(text) {
            "" if text.is_empty() => Some(0.0),
            "Infinity" if text.starts_with('-') => Some(f64::NEG_INFINITY),
            "Infinity" => Some(f64::INFINITY),
            // Rust's parser knows "inf" and "nan" too.
            digits if digits.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E')) => {
                None
            }
            _ => text.parse().ok(),
        },
    };
    number.unwrap_or(f64::NAN)
}

/// White space and line ends, as JavaScript's `trim` and `\s` have them.
pub(crate) fn is_space(c: char) -> bool {
    c == '\u{feff}' || c.is_whitespace() && c != '\u{85}'
}

/// A number as JavaScript writes it: shortest digits that read back, with an exponent from 1e21 and below 1e-6.
fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    let scientific = format!("{number:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return if number.is_nan() { "NaN" } else { "Infinity" }.into();
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-6..21).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { "-" } else { "+" };
    format!("{mantissa}e{sign}{}", exponent.unsigned_abs())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "JavaScript compares numbers exactly")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        let written = [1.0, -0.0, 0.1, 1e21, 123e18, 1e-7, 1.5e-9, 1e-6, -2.5e300].map(number_text);
        assert_eq!(
            written,
            [
                "1",
                "0",
                "0.1",
                "1e+21",
                "123000000000000000000",
                "1e-7",
                "1.5e-9",
                "0.000001",
                "-2.5e+300"
            ]
        );
    }

    #[test]
    fn texts_become_the_numbers_they_become_in_javascript() {
        let numbers = ["", " 12\n", "0x1F", "1e3", ".5", "-Infinity", "0b11"].map(parse_number);
        assert_eq!(
            numbers,
            [0.0, 12.0, 31.0, 1000.0, 0.5, f64::NEG_INFINITY, 3.0]
        );
        for text in ["inf", "nan", "12px", "1_000", "0x", "--1", "e"] {
            assert!(parse_number(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn arrays_compare_by_their_text() {
        assert_eq!(text(&json!([1, null, "a", [2, 3]])), "1,,a,2,3");
        assert!((number(&json!(["7"])) - 7.0).abs() < f64::EPSILON);
        assert_eq!(compare(&json!(["a"]), &json!("b")), Some(Ordering::Less));
        assert_eq!(compare(&json!("x"), &json!(1)), None);
    }

    #[test]
    fn the_order_of_keys_counts_but_for_indices() {
        assert!(!same_json(
            &json!({"a": 1, "b": 2}),
            &json!({"b": 2, "a": 1})
        ));
        assert!(same_json(
            &json!({"a": 1, "2": 2}),
            &json!({"2": 2, "a": 1.0})
        ));
    }
}
