//! Reading briefs: what is wrong, where, and what to do.

use crate::Brief;

/// Why a text is no brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BriefError {
    /// Placeholder until the reader lands.
    #[error("{0}")]
    Wrong(String),
}

/// Reads a brief from JSON or YAML.
pub fn read_brief(text: &str) -> Result<Brief, BriefError> {
    serde_saphyr::from_str(text).map_err(|error| BriefError::Wrong(error.to_string()))
}

/// The JSON schema of a brief.
pub fn brief_schema() -> serde_json::Value {
    schemars::schema_for!(Brief).to_value()
}
