//! What can go wrong with a voice.

use std::path::PathBuf;

/// Why nothing was spoken.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// No voice lies where one was looked for.
    #[error(
        "no voice in {0}: run scripts/fetch-voice.sh, or name a folder with a Piper voice in REELWRIGHT_VOICE"
    )]
    NotFound(PathBuf),
    /// The folder holds more than one voice.
    #[error("{0} holds more than one .onnx file: keep one voice a folder")]
    Ambiguous(PathBuf),
    /// A file of the voice can't be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the voice is not what it should be.
    #[error(
        "the voice file {path} is damaged ({reason}): remove its folder and run scripts/fetch-voice.sh again"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The voice is whole, but not one that this crate can use.
    #[error("the voice {path} cannot be used: {reason}")]
    Unsupported {
        /// Its model file.
        path: PathBuf,
        /// What it lacks.
        reason: String,
    },
    /// A pace outside what sounds like speech.
    #[error("a pace of {0} cannot be spoken: give 0.5 (half as fast) to 2 (twice as fast)")]
    Pace(f32),
    /// The model failed on a text.
    #[error("the voice failed on {text:?}: {reason}")]
    Inference {
        /// The beginning of the text.
        text: String,
        /// What the engine said.
        reason: String,
    },
    /// The espeak-ng program failed.
    #[error("espeak-ng failed on {text:?}: {reason}")]
    EspeakNg {
        /// The beginning of the text.
        text: String,
        /// What went wrong.
        reason: String,
    },
}

/// The first 60 characters of a text, for messages.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(60).collect()
}
