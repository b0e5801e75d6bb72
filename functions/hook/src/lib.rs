//! The hook task: writes the first seconds.

use async_trait::async_trait;
use domain::{Brief, Hook, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};

/// The hook task.
pub struct HookTask;

#[async_trait]
impl Task for HookTask {
    const NAME: &'static str = "hook";
    const VERSION: u32 = 1;
    type Input = (Brief, Story);
    type Output = Hook;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<(Brief, Story), TaskError> {
        Ok((
            inputs.brief().await?.words_only().without_source(),
            inputs.one("story").await?,
        ))
    }

    async fn run(
        context: &TaskContext<'_>,
        (brief, story): (Brief, Story),
    ) -> Result<Answer<Hook>, TaskError> {
        Ok(context
            .services()
            .providers
            .text
            .hook(&brief, &story)
            .await?)
    }
}
