//! A scene as it is spoken.

use serde::{Deserialize, Serialize};

use crate::ArtifactRef;

/// One word of a line with the time in which it is spoken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenWord {
    /// As it is written in the caption, with its punctuation.
    pub text: String,
    /// Which line of the scene it belongs to.
    pub line: u32,
    /// When it starts, in milliseconds from the start of the scene's sound.
    pub start_ms: u32,
    /// When it ends: more than `start_ms`, at most the next word's start.
    pub end_ms: u32,
}

/// The narration of one scene: an item's output of the audio task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narration {
    /// The sound as WAV (mono, 16 bit); absent where no voice could speak, then the times are estimated from the pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<ArtifactRef>,
    /// Length of the scene's sound in milliseconds, pauses included.
    pub length_ms: u32,
    /// Every word of the scene's lines, in order: split at white space, none left out, none overlapping.
    pub words: Vec<SpokenWord>,
}
