//! Amazon Polly's neural voices: one request for the sound, one for the times of its words. Both are paid.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_polly::Client;
use aws_sdk_polly::types::{Engine, OutputFormat, SpeechMarkType, TextType, VoiceId};
use cache::{Cache, Kind, Tag};
use domain::{ContentKey, SpokenWord};
use voice::pauses::{LEAD_IN_MS, LEAD_OUT_MS};
use voice::timing;

use crate::aws::{self, Service};
use crate::config::PollyChoice;
use crate::names::PollyVoice;
use crate::paid::PaidCall;
use crate::polly_marks::{self, Ssml, heard};
use crate::purse::{Bill, pay};
use crate::speech::{Speech, SpeechProvider, SpeechRequest};
use crate::voices::silence;
use crate::{Answer, ProviderError};

/// Counts up whenever the same lines would be asked for or timed otherwise.
const REVISION: u32 = 2;

/// Samples a second: the most that the service gives of PCM.
const RATE: u32 = 16_000;

/// Words a minute that the voices speak by themselves, pauses included.
const NATURAL_WPM: f32 = 170.0;

/// The most characters that one request may be charged for.
const LONGEST: usize = 3_000;

/// A neural voice.
pub(crate) struct Polly {
    client: Client,
    choice: PollyChoice,
    name: String,
    cache: Cache,
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Sound,
    WordMarks,
}

impl Polly {
    /// Reads the configuration; nothing is sent yet.
    pub(crate) fn new(aws: &SdkConfig, choice: &PollyChoice, cache: Cache) -> Self {
        let client = Client::new(&aws::patient(aws, choice.timeout_seconds));
        Self::of(client, choice.clone(), cache)
    }

    fn of(client: Client, choice: PollyChoice, cache: Cache) -> Self {
        Self {
            client,
            name: format!("{} of Amazon Polly", choice.voice.name()),
            choice,
            cache,
        }
    }

    fn price(&self, characters: usize) -> f64 {
        characters as f64 * self.choice.usd_per_million_characters / 1e6
    }

    /// Sound and times put together, each as it was bought before or bought now.
    async fn speech(&self, ssml: &Ssml) -> Result<Answer<Speech>, ProviderError> {
        let read = |marks: &[u8]| {
            let checked = polly_marks::check(ssml, marks);
            checked
                .map(|()| marks.to_vec())
                .map_err(|problem| self.unusable(&problem))
        };
        let call = self.call(ssml, Wanted::WordMarks);
        let marks = call
            .answer(|| self.paid(ssml, Wanted::WordMarks), read)
            .await?;
        let read = |sound: &[u8]| {
            joined(ssml, &marks.value, sound).map_err(|problem| self.unusable(&problem))
        };
        let call = self.call(ssml, Wanted::Sound);
        let mut speech = call.answer(|| self.paid(ssml, Wanted::Sound), read).await?;
        speech.cost_usd += marks.cost_usd;
        speech.degraded.extend(marks.degraded);
        Ok(speech)
    }

    fn unusable(&self, problem: &str) -> ProviderError {
        ProviderError::permanent(
            &self.name,
            format!(
                "its answer can't be used, because {problem}: choose another voice in REELWRIGHT_POLLY_VOICE, or another REELWRIGHT_SPEECH"
            ),
        )
    }

    fn call(&self, ssml: &Ssml, wanted: Wanted) -> PaidCall<'_> {
        let wanted = match wanted {
            Wanted::Sound => "sound",
            Wanted::WordMarks => "marks",
        };
        PaidCall {
            cache: &self.cache,
            kind: Kind::Media,
            provider: &self.name,
            tags: vec![Tag::provider(&self.name)],
            key: ContentKey::of(&[
                self.fingerprint().as_bytes(),
                wanted.as_bytes(),
                ssml.text.as_bytes(),
            ]),
        }
    }

    async fn paid(&self, ssml: &Ssml, wanted: Wanted) -> Result<(Vec<u8>, f64), ProviderError> {
        let most_usd = self.price(ssml.characters());
        pay(&self.name, most_usd, self.ask(ssml, wanted, most_usd)).await
    }

    async fn ask(&self, ssml: &Ssml, wanted: Wanted, most_usd: f64) -> Bill<Vec<u8>> {
        let request = self
            .client
            .synthesize_speech()
            .engine(Engine::Neural)
            .voice_id(VoiceId::from(self.choice.voice.name()))
            .text_type(TextType::Ssml)
            .text(&ssml.text);
        let request = match wanted {
            Wanted::Sound => request
                .output_format(OutputFormat::Pcm)
                .sample_rate(RATE.to_string()),
            Wanted::WordMarks => request
                .output_format(OutputFormat::Json)
                .speech_mark_types(SpeechMarkType::Word),
        };
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return self.service().failed(error, most_usd),
        };
        let spent_usd = match usize::try_from(answer.request_characters()) {
            Ok(characters) if characters > 0 => self.price(characters),
            _ => most_usd,
        };
        // The client's own limit ends where the body begins.
        let patience = Duration::from_secs_f64(self.choice.timeout_seconds.clamp(0.01, 3600.0));
        let outcome = match tokio::time::timeout(patience, answer.audio_stream.collect()).await {
            Ok(Ok(body)) => Ok(body.to_vec()),
            Ok(Err(error)) => Err(ProviderError::transient(
                &self.name,
                format!("its answer broke off ({error})"),
            )),
            Err(_) => Err(self.service().slow()),
        };
        Bill { outcome, spent_usd }
    }

    fn service(&self) -> Service<'_> {
        Service {
            name: &self.name,
            chosen_by: "REELWRIGHT_POLLY_VOICE",
            patience: "REELWRIGHT_SPEECH_TIMEOUT_SECONDS",
            permission: "polly:SynthesizeSpeech",
        }
    }
}

#[async_trait]
impl SpeechProvider for Polly {
    fn fingerprint(&self) -> String {
        format!(
            "polly/{REVISION} neural/{} {RATE}",
            self.choice.voice.name()
        )
    }

    fn description(&self) -> String {
        self.name.clone()
    }

    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        let voice = PollyVoice::parse(voice).map_err(|error| {
            ProviderError::invalid_input("Amazon Polly", format!("{voice:?}: {error}"))
        })?;
        let choice = PollyChoice {
            voice,
            ..self.choice.clone()
        };
        Ok(Arc::new(Self::of(
            self.client.clone(),
            choice,
            self.cache.clone(),
        )))
    }

    fn most_usd(&self, request: &SpeechRequest) -> f64 {
        // Sound and word marks are bought apart.
        2.0 * self.price(ssml(request).characters())
    }

    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        let spoken = self.choice.voice.language();
        if request.language.0 != spoken {
            let mut answer = silence(request);
            answer.degraded.push(format!(
                "not spoken, captions only: {} speaks {spoken:?}, and the brief's language is {:?}; choose another voice in REELWRIGHT_POLLY_VOICE",
                self.name, request.language.0
            ));
            return Ok(answer);
        }
        let ssml = ssml(request);
        if !ssml.says_something() {
            return Ok(silence(request));
        }
        let characters = ssml.characters();
        if characters > LONGEST {
            return Err(ProviderError::invalid_input(
                &self.name,
                format!(
                    "a scene has {characters} characters, and at most {LONGEST} are spoken at once: shorten its lines"
                ),
            ));
        }
        self.speech(&ssml).await
    }
}

/// What is sent for a scene.
fn ssml(request: &SpeechRequest) -> Ssml {
    let pace = (request.planned_wpm as f32 / NATURAL_WPM).clamp(0.8, 1.25);
    Ssml::new(
        &request.lines,
        &request.pronunciations,
        (pace * 100.0).round() as u32,
    )
}

/// Sound and times put together, with the silence around a scene.
fn joined(ssml: &Ssml, marks: &[u8], sound: &[u8]) -> Result<Speech, String> {
    let (pairs, rest) = sound.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return Err(format!("{} bytes are no sound", sound.len()));
    }
    let per_ms = RATE as usize / 1000;
    let mut samples = vec![0; LEAD_IN_MS * per_ms];
    samples.extend(pairs.iter().map(|pair| i16::from_le_bytes(*pair)));
    let spans = heard(
        ssml,
        marks,
        samples.get(LEAD_IN_MS * per_ms..).unwrap_or_default(),
        RATE,
    )?;
    samples.resize(samples.len() + LEAD_OUT_MS * per_ms, 0);
    let length_ms = (samples.len() / per_ms) as u32;
    let words = ssml.words.iter().zip(timing::fill(&spans));
    let ms = |sample: usize| (sample / per_ms + LEAD_IN_MS) as u32;
    let words = words
        .map(|(word, span)| SpokenWord {
            text: word.text.clone(),
            line: word.line,
            start_ms: ms(span.start),
            end_ms: ms(span.end),
        })
        .collect();
    Ok(Speech {
        wav: Some(voice::wav(&samples, RATE)),
        length_ms,
        words: timing::settle(words, length_ms),
    })
}
