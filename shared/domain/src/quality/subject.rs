//! What a judge is shown of a round.

use serde::Serialize;

use crate::Tone;

/// The words of a round for a judge to read: data, whatever they say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// For whom it was made, if somebody said.
    pub audience: Option<String>,
    /// How it should sound, if somebody said.
    pub tone: Option<Tone>,
    /// How it opens, where that is known apart from the rest.
    pub opening: Option<String>,
    /// What is said, scene by scene; a plain text is one.
    pub scenes: Vec<String>,
}
