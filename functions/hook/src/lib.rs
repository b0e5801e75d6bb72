//! The hook task: writes the first seconds.

use async_trait::async_trait;
use domain::quality::{Feedback, Target};
use domain::{Brief, Hook, Story, Varied};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The hook task.
pub struct HookTask;

/// What a hook depends on.
#[derive(Serialize)]
pub struct HookInput {
    brief: Brief,
    story: Story,
    /// Which variant it is to be, where hooks are compared and it isn't the control.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<u32>,
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
        Ok(HookInput {
            brief: inputs.brief().await?.words_only().without_source(),
            story: inputs.one("story").await?,
            variant: inputs.varies(Varied::Hook).map(|variant| variant.number),
            feedback: inputs.feedback(Target::Hook).await?,
        })
    }

    async fn run(context: &TaskContext<'_>, input: HookInput) -> Result<Answer<Hook>, TaskError> {
        let text = &context.services().providers.text;
        let feedback = input.feedback.as_ref();
        let variant = input.variant.unwrap_or(1);
        Ok(text
            .hook(&input.brief, &input.story, variant, feedback)
            .await?)
    }
}
