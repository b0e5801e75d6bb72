//! Which providers a process is to use.

use std::path::PathBuf;

/// Who writes.
#[derive(Debug, Clone, PartialEq)]
pub enum TextChoice {
    /// The embedded writer.
    Embedded,
    /// A server that speaks OpenAI's chat completions.
    OpenAi {
        /// Up to and without `/chat/completions`.
        base_url: String,
        /// The model's name there.
        model: String,
        /// The API key.
        key: Option<String>,
        /// Seconds to wait for an answer.
        timeout_seconds: f64,
        /// Price of a million tokens sent, in US dollars.
        usd_per_million_in: f64,
        /// Price of a million tokens received, in US dollars.
        usd_per_million_out: f64,
    },
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeechChoice {
    /// Piper if its voice is there, else espeak-ng if that is there, else nobody; all but the first degrade the run.
    Auto,
    /// Piper, or an error.
    Piper,
    /// espeak-ng, or an error.
    Espeak,
    /// Nobody: captions only.
    None,
}

/// What was configured.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvidersConfig {
    /// Who writes.
    pub text: TextChoice,
    /// Who speaks.
    pub speech: SpeechChoice,
    /// Folder of the Piper voice.
    pub voice: Option<PathBuf>,
}
