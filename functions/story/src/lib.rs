//! The story task: finds what in a brief is worth telling and lays it on an arc.

use async_trait::async_trait;
use domain::{Brief, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};

/// The story task.
pub struct StoryTask;

#[async_trait]
impl Task for StoryTask {
    const NAME: &'static str = "story";
    const VERSION: u32 = 1;
    type Input = Brief;
    type Output = Story;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<Brief, TaskError> {
        Ok(inputs.brief().await?.words_only())
    }

    async fn run(context: &TaskContext<'_>, brief: Brief) -> Result<Answer<Story>, TaskError> {
        Ok(context.services().providers.text.story(&brief).await?)
    }
}
