//! The five kinds of things that are kept.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// What a kept value is. Each kind has a policy of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a language model answered.
    LlmResponse,
    /// Speech, pictures and clips, or the references to them.
    Media,
    /// What is known of models, voices and other slow-changing things.
    Metadata,
    /// Who a key belongs to.
    Session,
    /// Answers to GET requests.
    ApiResponse,
}

/// A name that no kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no kind {0:?}: expected llm_response, media, metadata, session or api_response")]
pub struct KindError(pub String);

impl Kind {
    /// All of them, in the order in which statistics list them.
    pub const ALL: [Self; 5] = [
        Self::LlmResponse,
        Self::Media,
        Self::Metadata,
        Self::Session,
        Self::ApiResponse,
    ];

    /// Its name in configuration, keys and statistics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlmResponse => "llm_response",
            Self::Media => "media",
            Self::Metadata => "metadata",
            Self::Session => "session",
            Self::ApiResponse => "api_response",
        }
    }

    /// Its place in [`Self::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| KindError(text.chars().take(80).collect()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_kind_is_read_by_its_name_and_has_its_own_place() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.index(), place);
        }
    }

    #[test]
    fn a_kind_that_does_not_exist_is_told_with_those_that_do() {
        let text = "llm".parse::<Kind>().unwrap_err().to_string();
        assert!(
            text.contains("\"llm\"") && text.contains("api_response"),
            "{text}"
        );
        assert!("x".repeat(10_000).parse::<Kind>().unwrap_err().0.len() == 80);
    }
}
