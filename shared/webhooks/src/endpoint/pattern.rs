//! Which types of event an endpoint wants.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::EventType;

/// A pattern that no event matches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} matches no event: expected * or one of {expected}", expected = expected())]
pub struct PatternError {
    text: String,
}

/// All events, those of a family, or those of one type: `*`, `content.*`, `content.approved`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TypePattern {
    /// Every type, also those that are added later.
    All,
    /// The types whose names begin with this word and a dot, also those that are added later.
    Family(&'static str),
    /// One type.
    One(EventType),
}

impl TypePattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text == "*" {
            return Ok(Self::All);
        }
        let wrong = || PatternError {
            text: text.chars().take(80).collect(),
        };
        match text.strip_suffix(".*") {
            Some(word) => families()
                .find(|family| *family == word)
                .map(Self::Family)
                .ok_or_else(wrong),
            None => EventType::parse(text).map(Self::One).map_err(|_| wrong()),
        }
    }

    /// Whether events of this type are wanted.
    pub fn matches(&self, kind: EventType) -> bool {
        match self {
            Self::All => true,
            Self::Family(word) => family(kind) == *word,
            Self::One(one) => *one == kind,
        }
    }
}

/// The word before the dot.
fn family(kind: EventType) -> &'static str {
    kind.name().split('.').next().unwrap_or_default()
}

fn families() -> impl Iterator<Item = &'static str> {
    EventType::ALL.into_iter().map(family)
}

fn expected() -> String {
    let mut names: Vec<String> = families().map(|word| format!("{word}.*")).collect();
    names.dedup();
    names.extend(EventType::ALL.map(|kind| kind.name().to_owned()));
    names.join(", ")
}

impl fmt::Display for TypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Family(word) => write!(f, "{word}.*"),
            Self::One(kind) => f.write_str(kind.name()),
        }
    }
}

impl TryFrom<String> for TypePattern {
    type Error = PatternError;
    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<TypePattern> for String {
    fn from(pattern: TypePattern) -> String {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_pattern_matches_the_types_that_it_names_and_no_others() {
        for (text, count) in [
            ("*", 10),
            ("content.*", 4),
            ("workflow.*", 3),
            ("webhook.test", 1),
        ] {
            let pattern = TypePattern::parse(text).unwrap();
            let matched = EventType::ALL
                .into_iter()
                .filter(|kind| pattern.matches(*kind));
            assert_eq!(matched.count(), count, "{text}");
            assert_eq!(pattern.to_string(), text);
        }
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_refused_with_those_that_do() {
        for text in [
            "",
            "**",
            "*.failed",
            "content",
            "content.",
            "con*",
            "content.*.*",
            "Content.*",
            ".*",
            "content.lost",
        ] {
            let error = TypePattern::parse(text).unwrap_err().to_string();
            assert!(
                error.contains("content.*") && error.contains("workflow.failed"),
                "{error}"
            );
        }
    }
}
