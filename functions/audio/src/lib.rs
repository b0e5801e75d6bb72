//! The audio task: speaks one scene, or takes what a person recorded of it, with the time of every word.

use std::sync::Arc;

use async_trait::async_trait;
use domain::quality::Target;
use domain::{ArtifactRef, Hook, MediaType, Narration, Script};
use providers::{ALIGNMENT_REVISION, Answer, SpeechRequest, recorded};
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The audio task; item `i` is scene `i`.
pub struct AudioTask;

/// What a narration depends on.
#[derive(Serialize)]
pub struct AudioInput {
    #[serde(flatten)]
    request: SpeechRequest,
    /// What a person recorded, in place of what the voice says.
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<Recorded>,
    /// Who speaks, where that isn't the usual voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<NamedVoice>,
}

/// A person's recording of the scene.
#[derive(Serialize)]
struct Recorded {
    sound: ArtifactRef,
    /// Its words may be found otherwise by another version.
    alignment: u32,
}

/// A voice that was asked for by name.
#[derive(Serialize)]
struct NamedVoice {
    name: String,
    /// It may be another's tomorrow.
    fingerprint: String,
}

#[async_trait]
impl Task for AudioTask {
    const NAME: &'static str = "audio";
    const VERSION: u32 = 1;
    type Input = AudioInput;
    type Output = Narration;

    fn fingerprint(services: &Services) -> String {
        services.providers.speech.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, item: Option<u32>) -> Result<AudioInput, TaskError> {
        let brief = inputs.brief().await?;
        let script: Script = inputs.one("script").await?;
        let hook: Hook = inputs.one("hook").await?;
        let scene = item.unwrap_or(0) as usize;
        let lines: Vec<String> = script
            .spoken(&hook, scene)
            .iter()
            .map(|line| line.text.clone())
            .collect();
        let recording = brief.recording(scene).map(|(_, recording)| &recording.file);
        let recording = Inputs::asset(recording)?.map(|sound| Recorded {
            sound,
            alignment: ALIGNMENT_REVISION,
        });
        let request = SpeechRequest {
            pronunciations: brief.brand.pronunciations.needed_by(&lines),
            lines,
            language: brief.language,
            planned_wpm: script.planned_wpm,
        };
        let request = match inputs.feedback(Target::Audio).await? {
            // Nobody tells a recording to be slower.
            Some(feedback) if recording.is_none() => request.after(&feedback, scene),
            _ => request,
        };
        let speech = &inputs.services().providers.speech;
        let compared = inputs.voice().map(str::to_owned);
        let voice = match compared.or(brief.brand.voice) {
            Some(name) => Some(NamedVoice {
                fingerprint: speech.named(&name)?.fingerprint(),
                name,
            }),
            None => None,
        };
        Ok(AudioInput {
            request,
            recording,
            voice,
        })
    }

    async fn run(
        context: &TaskContext<'_>,
        AudioInput {
            request,
            recording,
            voice,
        }: AudioInput,
    ) -> Result<Answer<Narration>, TaskError> {
        let usual = &context.services().providers.speech;
        let speaker = match voice {
            Some(voice) => usual.named(&voice.name)?,
            None => Arc::clone(usual),
        };
        let spoken = speaker.speak(&request).await?;
        let answer = match recording {
            Some(Recorded { sound, .. }) => {
                let sound = context.load(&sound).await?;
                recorded(&request, spoken, sound).await?
            }
            None => spoken,
        };
        let Answer {
            value: speech,
            cost_usd,
            degraded,
        } = answer;
        let audio = match speech.wav {
            Some(wav) => Some(context.store(wav, MediaType::Wav).await?),
            None => None,
        };
        let narration = Narration {
            audio,
            length_ms: speech.length_ms,
            words: speech.words,
        };
        Ok(Answer {
            value: narration,
            cost_usd,
            degraded,
        })
    }
}
