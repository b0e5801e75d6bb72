//! Who speaks.

use async_trait::async_trait;
use domain::{Language, SpokenWord};
use serde::Serialize;

use crate::{Answer, ProviderError};

/// The lines of one scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpeechRequest {
    /// What is said, line by line, as it is written.
    pub lines: Vec<String>,
    /// In which language.
    pub language: Language,
    /// Words a minute that the script was planned with: the voice speaks at that pace.
    pub planned_wpm: u32,
}

/// A scene as it is spoken.
#[derive(Debug, Clone, PartialEq)]
pub struct Speech {
    /// The sound: WAV, mono, 16 bits; absent where no voice could speak.
    pub wav: Option<Vec<u8>>,
    /// Its length in milliseconds, pauses included.
    pub length_ms: u32,
    /// Every word with its time.
    pub words: Vec<SpokenWord>,
}

/// Speaks lines and tells when each word is spoken.
#[async_trait]
pub trait SpeechProvider: Send + Sync {
    /// Who answers, with everything that changes the answer: part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// Why what it makes is less than was asked for, whatever the input; nothing if it isn't.
    fn lacks(&self) -> Option<String> {
        None
    }

    /// Speaks one scene.
    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError>;
}
