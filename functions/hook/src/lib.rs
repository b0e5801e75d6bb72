//! The hook task: writes the first seconds.

use async_trait::async_trait;
use domain::quality::{Feedback, Target};
use domain::{Brief, Hook, HookWish, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The hook task.
pub struct HookTask;

/// What a hook depends on.
#[derive(Serialize)]
#[serde(untagged)]
pub enum HookInput {
    /// A person wrote it.
    Edited {
        /// As it is.
        edited: Hook,
    },
    /// It is to be written.
    Wanted(Box<Wanted>),
}

/// What a hook is written from.
#[derive(Serialize)]
pub struct Wanted {
    brief: Brief,
    story: Story,
    #[serde(flatten)]
    wish: HookWish,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Feedback>,
}

#[async_trait]
impl Task for HookTask {
    const NAME: &'static str = "hook";
    const VERSION: u32 = 1;
    type Input = HookInput;
    type Output = Hook;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<HookInput, TaskError> {
        if let Some(edited) = inputs.edited().await? {
            let edited = edited.hook;
            return Ok(HookInput::Edited { edited });
        }
        let brief = inputs.brief().await?;
        Ok(HookInput::Wanted(Box::new(Wanted {
            wish: inputs.hook_wish(&brief).await?,
            brief: brief.words_only().without_source(),
            story: inputs.one("story").await?,
            feedback: inputs.feedback(Target::Hook).await?,
        })))
    }

    async fn run(context: &TaskContext<'_>, input: HookInput) -> Result<Answer<Hook>, TaskError> {
        let wanted = match input {
            HookInput::Edited { edited } => return Ok(Answer::free(edited)),
            HookInput::Wanted(wanted) => wanted,
        };
        let text = &context.services().providers.text;
        let feedback = wanted.feedback.as_ref();
        let mut answer = text
            .hook(&wanted.brief, &wanted.story, &wanted.wish, feedback)
            .await?;
        answer.degraded.extend(wanted.wish.missed(&answer.value));
        Ok(answer)
    }
}
