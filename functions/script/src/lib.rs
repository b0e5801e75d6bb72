//! The script task: writes what is said, line by line with its source, and names what is seen.

use async_trait::async_trait;
use domain::quality::{Feedback, Target};
use domain::{Brief, Script, Story};
use providers::Answer;
use runtime::{Inputs, Services, Task, TaskContext, TaskError};
use serde::Serialize;
use serde_json::{Value, json};

/// The script task.
pub struct ScriptTask;

/// What a script depends on.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ScriptInput {
    /// A person wrote it.
    Edited {
        /// As it is.
        edited: Script,
    },
    /// It is to be written.
    Wanted(Box<Wanted>),
}

/// What a script is written from.
#[derive(Serialize)]
pub struct Wanted {
    brief: Brief,
    story: Story,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Feedback>,
}

#[async_trait]
impl Task for ScriptTask {
    const NAME: &'static str = "script";
    const VERSION: u32 = 1;
    type Input = ScriptInput;
    type Output = Script;

    fn fingerprint(services: &Services) -> String {
        services.providers.text.fingerprint()
    }

    async fn project(inputs: &Inputs<'_>, _item: Option<u32>) -> Result<ScriptInput, TaskError> {
        if let Some(edited) = inputs.edited().await? {
            let edited = edited.script;
            return Ok(ScriptInput::Edited { edited });
        }
        // The story holds every sentence that may be drawn on.
        Ok(ScriptInput::Wanted(Box::new(Wanted {
            brief: inputs.brief().await?.words_only().without_source(),
            story: inputs.one("story").await?,
            feedback: inputs.feedback(Target::Script).await?,
        })))
    }

    async fn run(
        context: &TaskContext<'_>,
        input: ScriptInput,
    ) -> Result<Answer<Script>, TaskError> {
        let wanted = match input {
            ScriptInput::Edited { edited } => return Ok(Answer::free(edited)),
            ScriptInput::Wanted(wanted) => wanted,
        };
        let text = &context.services().providers.text;
        let feedback = wanted.feedback.as_ref();
        Ok(text.script(&wanted.brief, &wanted.story, feedback).await?)
    }

    fn facts(script: &Script) -> Value {
        json!({ "scenes": script.scenes.len(), "clips": script.moving().len() })
    }
}
