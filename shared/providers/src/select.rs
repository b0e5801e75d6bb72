//! Which providers are used, by configuration and by what is installed.

use std::path::Path;
use std::sync::Arc;

use voice::EspeakNg;

use crate::artist::Artist;
use crate::config::{ProvidersConfig, SpeechChoice, TextChoice};
use crate::embedded_writer::EmbeddedWriter;
use crate::speech::SpeechProvider;
use crate::voices::{Espeak, Piper, Silent};
use crate::{PictureProvider, ProviderError, TextProvider};

/// The providers of a process.
#[derive(Clone)]
pub struct Providers {
    /// Who writes.
    pub text: Arc<dyn TextProvider>,
    /// Who speaks.
    pub speech: Arc<dyn SpeechProvider>,
    /// Who draws.
    pub pictures: Arc<dyn PictureProvider>,
}

impl Providers {
    /// Chooses by configuration and by what is installed. What was asked for by name and isn't there is an error.
    pub fn choose(config: &ProvidersConfig) -> Result<Self, ProviderError> {
        let text: Arc<dyn TextProvider> = match &config.text {
            TextChoice::Embedded => Arc::new(EmbeddedWriter),
            TextChoice::OpenAi { .. } => crate::openai::connect(&config.text)?,
        };
        Ok(Self {
            text,
            speech: choose_speech(config)?,
            pictures: Arc::new(Artist::default()),
        })
    }
}

/// How to get the voice.
const FETCH: &str =
    "run scripts/fetch-voice.sh (`make voice`) to fetch it, or name its folder in REELWRIGHT_VOICE";

/// Whether a folder looks like a voice's; whether it is a good one is seen when it is loaded.
fn holds_voice(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|end| end == "onnx"))
    })
}

fn choose_speech(config: &ProvidersConfig) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
    let folder = config.voice.clone().filter(|folder| holds_voice(folder));
    match (config.speech, folder) {
        (SpeechChoice::None, _) => Ok(Arc::new(Silent(None))),
        (SpeechChoice::Auto | SpeechChoice::Piper, Some(folder)) => {
            Ok(Arc::new(Piper::new(folder)))
        }
        (SpeechChoice::Piper, None) => Err(ProviderError::permanent(
            "piper",
            match &config.voice {
                Some(folder) => format!("there is no voice in {}: {FETCH}", folder.display()),
                None => format!("the voice isn't installed: {FETCH}"),
            },
        )),
        (SpeechChoice::Auto, None) => Ok(match EspeakNg::find() {
            Some(found) => Arc::new(Espeak(
                Arc::new(found),
                Some(format!(
                    "spoken by espeak-ng, because the Piper voice isn't installed: {FETCH}"
                )),
            )),
            None => Arc::new(Silent(Some(format!(
                "not spoken, captions only, because no voice is installed: {FETCH}"
            )))),
        }),
        (SpeechChoice::Espeak, _) => match EspeakNg::find() {
            Some(found) => Ok(Arc::new(Espeak(Arc::new(found), None))),
            None => Err(ProviderError::permanent(
                "espeak-ng",
                "it isn't installed, and REELWRIGHT_SPEECH=espeak asks for it: install the package espeak-ng",
            )),
        },
    }
}
