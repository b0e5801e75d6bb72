//! The audio task: speaks one scene, with the time of every word.

use async_trait::async_trait;
use domain::quality::Target;
use domain::{Hook, MediaType, Narration, Script};
use providers::{Answer, SpeechRequest};
use runtime::{Inputs, Services, Task, TaskContext, TaskError};

/// The audio task; item `i` is scene `i`.
pub struct AudioTask;

#[async_trait]
impl Task for AudioTask {
    const NAME: &'static str = "audio";
    const VERSION: u32 = 1;
    type Input = SpeechRequest;
    type Output = Narration;

    fn fingerprint(services: &Services) -> String {
        services.providers.speech.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, item: Option<u32>) -> Result<SpeechRequest, TaskError> {
        let brief = inputs.brief().await?;
        let script: Script = inputs.one("script").await?;
        let hook: Hook = inputs.one("hook").await?;
        let scene = item.unwrap_or(0) as usize;
        let lines = script
            .spoken(&hook, scene)
            .iter()
            .map(|line| line.text.clone())
            .collect();
        let request = SpeechRequest {
            lines,
            language: brief.language,
            planned_wpm: script.planned_wpm,
        };
        Ok(match inputs.feedback(Target::Audio).await? {
            Some(feedback) => request.after(&feedback, scene),
            None => request,
        })
    }

    async fn run(
        context: &TaskContext<'_>,
        request: SpeechRequest,
    ) -> Result<Answer<Narration>, TaskError> {
        let Answer {
            value: speech,
            cost_usd,
            degraded,
        } = context.services().providers.speech.speak(&request).await?;
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
