//! A model as a writer, whatever the wire.
//!
//! The model is asked for ids and words alone; what it answers is held to the sources as the embedded writer's lines are, pictures are
//! chosen by the same rules, and the call to action is the brand's. One answer that can't be used is sent back with what is wrong with it; a
//! second one is an error. Feedback on an earlier round is part of the document that the model works on: data, like the rest of it.

use async_trait::async_trait;
use cache::{Cache, Kind, Tag};
use domain::quality::Feedback;
use domain::{Brief, ContentKey, Hook, Script, Story};
use serde_json::Value;

use crate::chat::{Chat, Message, Question, Speaker};
use crate::model_tasks::{self as tasks, Task};
use crate::paid::PaidCall;
use crate::{Answer, ProviderError, TextProvider};

/// What every conversation begins with.
const RULES: &str = include_str!("../prompts/rules.md");

/// How an unusable answer is sent back.
const REPAIR: &str = include_str!("../prompts/repair.md");

/// The longest part of an unusable answer that is sent back, in characters.
const QUOTED_BACK: usize = 12_000;

/// A writer behind a conversation.
pub(crate) struct ModelWriter<C> {
    chat: C,
    cache: Cache,
}

impl<C: Chat> ModelWriter<C> {
    pub(crate) fn new(chat: C, cache: Cache) -> Self {
        Self { chat, cache }
    }

    /// The document that was written for the same task before, or a new one.
    async fn ask<T>(
        &self,
        brief: &Brief,
        task: &Task,
        check: impl Fn(Value) -> Result<T, String> + Sync,
    ) -> Result<Answer<T>, ProviderError>
    where
        T: Send,
    {
        let mut tags = vec![Tag::provider(self.chat.name())];
        if let Some(brand) = &brief.brand.name {
            tags.push(Tag::brand(brand));
        }
        let call = PaidCall {
            cache: &self.cache,
            kind: Kind::LlmResponse,
            provider: self.chat.name(),
            tags,
            key: ContentKey::of(&[
                self.fingerprint().as_bytes(),
                task.name.as_bytes(),
                task.document.to_string().as_bytes(),
                task.schema.to_string().as_bytes(),
                &brief.seed.to_le_bytes(),
            ]),
        };
        let read = |text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            let read = parsed(&text).and_then(&check);
            read.map_err(|problem| ProviderError::permanent(self.chat.name(), problem))
        };
        call.answer(|| self.converse(brief, task, &check), read)
            .await
    }

    /// Asks for one document, checks it, and asks once more if it can't be used. Gives the answer that can be, and what all cost.
    async fn converse<T>(
        &self,
        brief: &Brief,
        task: &Task,
        check: impl Fn(Value) -> Result<T, String>,
    ) -> Result<(Vec<u8>, f64), ProviderError> {
        let mut messages = vec![
            said(Speaker::System, format!("{RULES}\n{}", task.instructions)),
            said(Speaker::User, task.document.to_string()),
        ];
        let mut cost_usd = 0.0;
        let mut first_problem = None;
        loop {
            let question = Question {
                messages: &messages,
                name: task.name,
                schema: &task.schema,
                seed: brief.seed,
            };
            let reply = self.chat.complete(question).await?;
            cost_usd += reply.cost_usd;
            let Err(problem) = parsed(&reply.text).and_then(&check) else {
                return Ok((reply.text.into_bytes(), cost_usd));
            };
            tracing::debug!(task = task.name, %problem, "an answer can't be used");
            if let Some(first) = first_problem {
                let message = format!(
                    "its {} can't be used, nor could its first attempt ({first}): {problem}; try a larger model, or REELWRIGHT_TEXT=embedded",
                    task.name
                );
                return Err(ProviderError::permanent(self.chat.name(), message));
            }
            // No wire takes an empty message back.
            let answered = Some(reply.text).filter(|text| !text.trim().is_empty());
            let answered = answered.unwrap_or_else(|| "(nothing)".to_owned());
            messages.push(said(
                Speaker::Assistant,
                answered.chars().take(QUOTED_BACK).collect(),
            ));
            messages.push(said(Speaker::User, REPAIR.replace("{problem}", &problem)));
            first_problem = Some(problem);
        }
    }
}

fn said(role: Speaker, content: String) -> Message {
    Message { role, content }
}

/// The JSON object in an answer: models without structured output wrap it in a fence or think aloud before it.
fn parsed(text: &str) -> Result<Value, String> {
    let whole = serde_json::from_str::<Value>(text);
    let value = whole.or_else(|error| {
        let text = text
            .rsplit_once("</think>")
            .map_or(text, |(_, answer)| answer);
        let object = text
            .find('{')
            .zip(text.rfind('}'))
            .filter(|(start, end)| start < end);
        object.map_or(Err(error), |(start, end)| {
            serde_json::from_str(&text[start..=end])
        })
    });
    value.map_err(|error| format!("it is not a JSON object ({error})"))
}

#[async_trait]
impl<C: Chat> TextProvider for ModelWriter<C> {
    fn fingerprint(&self) -> String {
        let prompts = [RULES, REPAIR, tasks::STORY, tasks::SCRIPT, tasks::HOOK].map(str::as_bytes);
        format!(
            "{}/{}/writer {}",
            self.chat.fingerprint(),
            ContentKey::of(&prompts).short(),
            writer::VERSION
        )
    }

    fn description(&self) -> String {
        self.chat.name().to_owned()
    }

    async fn story(
        &self,
        brief: &Brief,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Story>, ProviderError> {
        let brief = brief.clone();
        let (brief, material) = tokio::task::spawn_blocking(move || {
            let material = writer::material(&brief);
            (brief, material)
        })
        .await
        .map_err(|error| ProviderError::permanent(self.chat.name(), error))?;
        let material =
            material.map_err(|error| ProviderError::invalid_input(self.chat.name(), error))?;
        let task = tasks::story(&brief, &material).after(feedback);
        self.ask(&brief, &task, |value| {
            tasks::read_story(value, &brief, &material)
        })
        .await
    }

    async fn script(
        &self,
        brief: &Brief,
        story: &Story,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Script>, ProviderError> {
        let words = tasks::script_words(brief, feedback);
        let task = tasks::script(brief, story, words).after(feedback);
        self.ask(brief, &task, |value| {
            tasks::read_script(value, brief, story, words)
        })
        .await
    }

    async fn hook(
        &self,
        brief: &Brief,
        story: &Story,
        variant: u32,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError> {
        // All variants ask the same question, which is paid for once.
        let task = tasks::hook(brief, story).after(feedback);
        let answer = self
            .ask(brief, &task, |value| tasks::read_hook(value, brief, story))
            .await?;
        let chosen = tasks::hook_variant(answer.value, variant, brief, story);
        Ok(Answer {
            value: chosen
                .map_err(|problem| ProviderError::invalid_input(self.chat.name(), problem))?,
            cost_usd: answer.cost_usd,
            degraded: answer.degraded,
        })
    }
}
