//! Texts that fit: whatever somebody wrote, an event stays under its limit.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The most characters of a [`Line`].
const LINE: usize = 200;
/// The most characters of a [`Note`].
const NOTE: usize = 1000;
/// The most entries of [`Reasons`].
const REASONS: usize = 8;

/// A name, a topic, a reason.
pub type Line = Excerpt<LINE>;

/// An error's cause, a reviewer's words.
pub type Note = Excerpt<NOTE>;

/// A text of at most `MAX` characters, without control characters. What is longer is cut, and ends in an ellipsis to say so.
///
/// ```
/// use webhooks::Excerpt;
/// assert_eq!(Excerpt::<8>::from("two\nlines").as_str(), "two lin…");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Excerpt<const MAX: usize>(String);

impl<const MAX: usize> Excerpt<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> From<&str> for Excerpt<MAX> {
    fn from(text: &str) -> Self {
        let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        Self(if text.chars().nth(MAX).is_some() {
            shown.take(MAX.saturating_sub(1)).chain(['…']).collect()
        } else {
            shown.collect()
        })
    }
}

impl<const MAX: usize> From<String> for Excerpt<MAX> {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<const MAX: usize> From<Excerpt<MAX>> for String {
    fn from(excerpt: Excerpt<MAX>) -> String {
        excerpt.0
    }
}

impl<const MAX: usize> fmt::Display for Excerpt<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> JsonSchema for Excerpt<MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": MAX })
    }
}

/// Reasons for something: the first eight, or the first seven and how many more there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Line>", into = "Vec<Line>")]
pub struct Reasons(Vec<Line>);

impl Reasons {
    /// The reasons.
    pub fn as_slice(&self) -> &[Line] {
        &self.0
    }
}

impl<T: Into<Line>> FromIterator<T> for Reasons {
    fn from_iter<I: IntoIterator<Item = T>>(reasons: I) -> Self {
        Self::from(reasons.into_iter().map(Into::into).collect::<Vec<Line>>())
    }
}

impl From<Vec<Line>> for Reasons {
    fn from(mut reasons: Vec<Line>) -> Self {
        if reasons.len() > REASONS {
            let more = reasons.len() - (REASONS - 1);
            reasons.truncate(REASONS - 1);
            reasons.push(Line::from(format!("and {more} more")));
        }
        Self(reasons)
    }
}

impl From<Reasons> for Vec<Line> {
    fn from(reasons: Reasons) -> Self {
        reasons.0
    }
}

impl JsonSchema for Reasons {
    fn schema_name() -> Cow<'static, str> {
        "Reasons".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "maxItems": REASONS, "items": generator.subschema_for::<Line>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_as_it_is_and_what_is_longer_ends_in_an_ellipsis() {
        let fits = "ü".repeat(LINE);
        assert_eq!(Line::from(fits.as_str()).as_str(), fits);
        let longer = Line::from("ü".repeat(LINE + 1));
        assert_eq!(longer.as_str(), format!("{}…", "ü".repeat(LINE - 1)));
    }

    #[test]
    fn a_long_list_of_reasons_says_how_many_are_left_out() {
        let all: Reasons = (0..8).map(|n| n.to_string()).collect();
        assert_eq!(all.as_slice().len(), 8);
        let first: Reasons = (0..12).map(|n| n.to_string()).collect();
        assert_eq!(first.as_slice().len(), 8);
        assert_eq!(first.as_slice()[7].as_str(), "and 5 more");
    }
}
