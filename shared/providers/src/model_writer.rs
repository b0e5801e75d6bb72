//! A model as a writer, whatever the wire.
//!
//! The model is asked for ids and words alone; what it answers is held to the sources as the embedded writer's lines are, pictures are
//! chosen by the same rules, and the call to action is the brand's. One answer that can't be used is sent back with what is wrong with it; a
//! second one is an error. Feedback on an earlier round is part of the document that the model works on: data, like the rest of it.

use async_trait::async_trait;
use cache::Cache;
use domain::quality::Feedback;
use domain::{Brief, ContentKey, Hook, HookWish, Script, Story};
use serde_json::Value;

use crate::asking::{Asked, REPAIR, ask};
use crate::chat::Chat;
use crate::model_tasks::{self as tasks, Task};
use crate::{Answer, ProviderError, TextProvider};

/// What every conversation begins with.
const RULES: &str = include_str!("../prompts/rules.md");

/// A writer behind a conversation.
pub(crate) struct ModelWriter<C> {
    chat: C,
    cache: Cache,
}

impl<C: Chat> ModelWriter<C> {
    pub(crate) fn new(chat: C, cache: Cache) -> Self {
        Self { chat, cache }
    }

    /// Asks for one document, and holds it to the brief.
    async fn ask<T: Send>(
        &self,
        brief: &Brief,
        task: &Task,
        check: impl Fn(Value) -> Result<T, String> + Sync,
    ) -> Result<Answer<T>, ProviderError> {
        let asked = Asked {
            fingerprint: self.fingerprint(),
            brand: brief.brand.name.as_deref(),
            name: task.name,
            system: format!("{RULES}\n{}", task.instructions),
            document: task.document.to_string(),
            schema: &task.schema,
            seed: brief.seed,
            temperature: None,
            advice: "try a larger model, or REELWRIGHT_TEXT=embedded",
        };
        ask(&self.chat, &self.cache, &asked, check).await
    }
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
        wish: &HookWish,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError> {
        // In their first round all variants ask the same question, which is paid for once. Later ones are questions of their own.
        let taken = feedback.map_or(&[][..], |_| &wish.taken);
        let seen = wish.seen.iter().map(|opener| &opener.says);
        let taken: Vec<String> = taken.iter().chain(seen).cloned().collect();
        let task = tasks::hook(brief, story, wish.form, &taken).after(feedback);
        let answer = self
            .ask(brief, &task, |value| tasks::read_hook(value, brief, story))
            .await?;
        let chosen = tasks::hook_variant(answer.value, wish, brief, story);
        Ok(Answer {
            value: chosen
                .map_err(|problem| ProviderError::invalid_input(self.chat.name(), problem))?,
            cost_usd: answer.cost_usd,
            degraded: answer.degraded,
        })
    }
}
