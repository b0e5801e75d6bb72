//! A conversation with a model, whatever the wire.

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

use crate::ProviderError;

/// Who says something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Speaker {
    /// What holds for the whole conversation.
    System,
    /// What is asked.
    User,
    /// What was answered.
    Assistant,
}

/// One message of a conversation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    pub(crate) role: Speaker,
    pub(crate) content: String,
}

/// A conversation so far, and the form that the next answer must have.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) messages: &'a [Message],
    /// A name for the form.
    pub(crate) name: &'a str,
    pub(crate) schema: &'a Value,
    pub(crate) seed: u64,
    /// How freely it may choose its words; as the model likes if nothing is said.
    pub(crate) temperature: Option<f32>,
}

impl Question<'_> {
    /// How much is sent, in bytes: what its price is estimated from.
    pub(crate) fn bytes(&self) -> usize {
        let said: usize = self.messages.iter().map(|one| one.content.len()).sum();
        said + self.schema.to_string().len()
    }
}

/// What a model said, and what it cost.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) cost_usd: f64,
}

/// A model that answers.
#[async_trait]
pub(crate) trait Chat: Send + Sync {
    /// Model and server, for people.
    fn name(&self) -> &str;

    /// Model and server with all that changes an answer, for content keys.
    fn fingerprint(&self) -> String;

    /// Asks once. The call is paid.
    async fn complete(&self, question: Question<'_>) -> Result<Reply, ProviderError>;
}

/// An error with its causes on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The beginning of a text on one line, for messages.
pub(crate) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 200 {
        line
    } else {
        line.chars().take(197).chain("...".chars()).collect()
    }
}
