//! The embedded voices, and what happens where there is none.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use domain::Said;
use tokio::sync::Semaphore;
use voice::{EspeakNg, Voice, VoiceError};

use crate::select::holds_voice;
use crate::speech::{Speech, SpeechProvider, SpeechRequest};
use crate::turn::wait;
use crate::{Answer, ProviderError, in_turn};

/// Words a minute that the voices speak by themselves, pauses included.
const NATURAL_WPM: f32 = 180.0;

/// At most so many sentences are spoken at once, however many cores there are: memory would grow with them.
const MOUTHS: usize = 2;

/// The Piper voices of a folder, each in a folder of its own and loaded when it is first needed; and which of them speaks.
#[derive(Clone)]
pub(crate) struct Piper {
    folder: PathBuf,
    all: Arc<Loaded>,
}

/// What is known of the voices that were asked for.
struct Loaded {
    voices: Mutex<BTreeMap<PathBuf, Known>>,
    /// How many sentences are spoken at once: each takes a core and some 50 MB.
    mouths: Semaphore,
}

/// A voice, or why it can't be loaded; made once.
type Known = Arc<OnceLock<Result<Arc<Voice>, String>>>;

impl Piper {
    pub(crate) fn new(folder: PathBuf) -> Self {
        let all = Loaded {
            voices: Mutex::default(),
            mouths: Semaphore::new(MOUTHS),
        };
        Self {
            folder,
            all: Arc::new(all),
        }
    }

    fn voice(&self) -> Result<Arc<Voice>, String> {
        let mut voices = self
            .all
            .voices
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = Arc::clone(voices.entry(self.folder.clone()).or_default());
        drop(voices);
        known
            .get_or_init(|| {
                Voice::load(&self.folder)
                    .map(Arc::new)
                    .map_err(|error| error.to_string())
            })
            .clone()
    }
}

#[async_trait]
impl SpeechProvider for Piper {
    fn fingerprint(&self) -> String {
        // A voice that can't be loaded has no results to be found either; speaking then says why.
        self.voice().map_or_else(
            |_| "piper/unreadable".to_owned(),
            |voice| voice.fingerprint(),
        )
    }

    fn description(&self) -> String {
        format!("Piper voice in {}", self.folder.display())
    }

    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        let folder = self.folder.with_file_name(voice);
        if !holds_voice(&folder) {
            return Err(ProviderError::invalid_input(
                "piper",
                format!(
                    "there is no voice {voice:?}: its .onnx and .onnx.json belong into {}",
                    folder.display()
                ),
            ));
        }
        Ok(Arc::new(Self {
            folder,
            all: Arc::clone(&self.all),
        }))
    }

    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        if let Some(silent) = not_english(request) {
            return Ok(silent);
        }
        let voice = self
            .voice()
            .map_err(|message| ProviderError::permanent("piper", message))?;
        let _mouth = wait(&self.all.mouths).await;
        let all = Arc::clone(&self.all);
        speak("piper", request, move |request, pace| {
            // Where nobody else speaks, two sentences of a scene are spoken at once.
            let another = || all.mouths.try_acquire().ok();
            voice.speak_with(&request.lines, &request.pronunciations, pace, another)
        })
        .await
    }
}

/// The espeak-ng program, and why it is only a stand-in, if it is.
pub(crate) struct Espeak(pub(crate) Arc<EspeakNg>, pub(crate) Option<String>);

#[async_trait]
impl SpeechProvider for Espeak {
    fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }

    fn description(&self) -> String {
        "espeak-ng".to_owned()
    }

    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        let named = self.0.with_voice(voice);
        Ok(Arc::new(Self(Arc::new(named), self.1.clone())))
    }

    fn lacks(&self) -> Option<String> {
        self.1.clone()
    }

    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        if let Some(silent) = not_english(request) {
            return Ok(silent);
        }
        let espeak = Arc::clone(&self.0);
        let mut answer = speak("espeak-ng", request, move |request, pace| {
            espeak.speak(&request.lines, &request.pronunciations, pace)
        })
        .await?;
        let sounds = request.pronunciations.iter();
        let sounds: Vec<&str> = sounds
            .filter(|(_, said)| matches!(said, Said::Ipa(_)))
            .map(|(word, _)| word)
            .collect();
        if !sounds.is_empty() {
            answer.degraded.push(format!(
                "read as written, because espeak-ng takes no IPA: {}; say them by other words",
                sounds.join(", ")
            ));
        }
        answer.degraded.extend(self.lacks());
        Ok(answer)
    }
}

/// No voice at all: captions at the planned pace; and why, if it wasn't asked for.
pub(crate) struct Silent(pub(crate) Option<String>);

#[async_trait]
impl SpeechProvider for Silent {
    fn fingerprint(&self) -> String {
        "silent/1".to_owned()
    }

    fn description(&self) -> String {
        "none: captions only".to_owned()
    }

    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        Err(ProviderError::invalid_input(
            "nobody",
            format!(
                "the voice {voice:?} is asked for, and nothing is spoken here: choose another REELWRIGHT_SPEECH"
            ),
        ))
    }

    fn lacks(&self) -> Option<String> {
        self.0.clone()
    }

    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        let mut answer = silence(request);
        answer.degraded.extend(self.lacks());
        Ok(answer)
    }
}

/// The times that speaking would take, without a sound.
pub(crate) fn silence(request: &SpeechRequest) -> Answer<Speech> {
    let (words, length_ms) = voice::estimate(&request.lines, request.planned_wpm);
    Answer::free(Speech {
        wav: None,
        length_ms,
        words,
    })
}

fn not_english(request: &SpeechRequest) -> Option<Answer<Speech>> {
    if request.language.0 == "en" {
        return None;
    }
    let mut answer = silence(request);
    answer.degraded.push(format!(
        "not spoken, captions only: the embedded voice speaks English, and the brief's language is {:?}",
        request.language.0
    ));
    Some(answer)
}

/// Speaking keeps a core busy.
async fn speak(
    provider: &'static str,
    request: &SpeechRequest,
    voice: impl FnOnce(&SpeechRequest, f32) -> Result<voice::Speech, VoiceError> + Send + 'static,
) -> Result<Answer<Speech>, ProviderError> {
    let asked = request.clone();
    let pace = (request.planned_wpm as f32 / NATURAL_WPM).clamp(0.8, 1.25);
    let spoken = in_turn(move || voice(&asked, pace))
        .await
        .map_err(|error| ProviderError::permanent(provider, error))?
        .map_err(|error| ProviderError::permanent(provider, error))?;
    let mut degraded = Vec::new();
    if !spoken.unspoken.is_empty() {
        let mut words: Vec<&str> = Vec::new();
        for word in &spoken.unspoken {
            if !words.contains(&word.as_str()) {
                words.push(word);
            }
        }
        let shown: Vec<String> = words
            .iter()
            .take(5)
            .map(|word| word.chars().take(40).collect())
            .collect();
        let more = if words.len() > 5 {
            format!(" and {} more", words.len() - 5)
        } else {
            String::new()
        };
        degraded.push(format!(
            "not spoken, because the voice can't read them: {}{more}",
            shown.join(", ")
        ));
    }
    let speech = Speech {
        length_ms: spoken.length_ms(),
        wav: Some(voice::wav(&spoken.samples, spoken.sample_rate)),
        words: spoken.words,
    };
    Ok(Answer {
        value: speech,
        cost_usd: 0.0,
        degraded,
    })
}
