//! The story task: finds what in a brief is worth telling and lays it on an arc.

use async_trait::async_trait;
use domain::quality::{Feedback, Target};
use domain::{Brief, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;

/// The story task.
pub struct StoryTask;

/// What a story depends on.
#[derive(Serialize)]
pub struct StoryInput {
    brief: Brief,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Feedback>,
}

#[async_trait]
impl Task for StoryTask {
    const NAME: &'static str = "story";
    const VERSION: u32 = 1;
    type Input = StoryInput;
    type Output = Story;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<StoryInput, TaskError> {
        Ok(StoryInput {
            brief: inputs.brief().await?.for_story(),
            feedback: inputs.feedback(Target::Story).await?,
        })
    }

    async fn run(context: &TaskContext<'_>, input: StoryInput) -> Result<Answer<Story>, TaskError> {
        let text = &context.services().providers.text;
        let mut answer = text.story(&input.brief, input.feedback.as_ref()).await?;
        let missed = input.brief.arc.and_then(|arc| arc.missed(&answer.value));
        answer.degraded.extend(missed);
        Ok(answer)
    }
}
