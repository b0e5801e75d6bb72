//! The script task: writes what is said, line by line with its source, and names what is seen.

use async_trait::async_trait;
use domain::{Brief, Script, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde_json::{Value, json};

/// The script task.
pub struct ScriptTask;

#[async_trait]
impl Task for ScriptTask {
    const NAME: &'static str = "script";
    const VERSION: u32 = 1;
    type Input = (Brief, Story);
    type Output = Script;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<(Brief, Story), TaskError> {
        // The story holds every sentence that may be drawn on.
        Ok((
            inputs.brief().await?.words_only().without_source(),
            inputs.one("story").await?,
        ))
    }

    async fn run(
        context: &TaskContext<'_>,
        (brief, story): (Brief, Story),
    ) -> Result<Answer<Script>, TaskError> {
        Ok(context
            .services()
            .providers
            .text
            .script(&brief, &story)
            .await?)
    }

    fn facts(script: &Script) -> Value {
        json!({ "scenes": script.scenes.len(), "clips": script.moving().len() })
    }
}
