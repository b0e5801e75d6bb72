//! Asking a model for one document, whatever the wire: its answer is checked, and one that can't be used is sent back once.

use cache::{Cache, Kind, Tag};
use domain::ContentKey;
use serde_json::Value;

use crate::chat::{Chat, Message, Question, Speaker};
use crate::paid::PaidCall;
use crate::{Answer, ProviderError};

/// How an unusable answer is sent back.
pub(crate) const REPAIR: &str = include_str!("../prompts/repair.md");

/// The longest part of an unusable answer that is sent back, in characters.
const QUOTED_BACK: usize = 12_000;

/// One document that is asked for.
pub(crate) struct Asked<'a> {
    /// Who is asked, with all that changes an answer.
    pub(crate) fingerprint: String,
    /// For which brand, if for one.
    pub(crate) brand: Option<&'a str>,
    /// A name for the document.
    pub(crate) name: &'a str,
    /// What the model is told to do: a part of the fingerprint.
    pub(crate) system: String,
    /// What it works on: data, whatever it says.
    pub(crate) document: String,
    /// What it must answer with.
    pub(crate) schema: &'a Value,
    pub(crate) seed: u64,
    /// How freely it may choose its words; as the model likes if nothing is said.
    pub(crate) temperature: Option<f32>,
    /// What helps where its second answer can't be used either.
    pub(crate) advice: &'a str,
}

/// The document that was answered with when the same was asked before, or a new one.
pub(crate) async fn ask<T: Send>(
    chat: &impl Chat,
    cache: &Cache,
    asked: &Asked<'_>,
    check: impl Fn(Value) -> Result<T, String> + Sync,
) -> Result<Answer<T>, ProviderError> {
    let mut tags = vec![Tag::provider(chat.name())];
    tags.extend(asked.brand.map(Tag::brand));
    let call = PaidCall {
        cache,
        kind: Kind::LlmResponse,
        provider: chat.name(),
        tags,
        key: ContentKey::of(&[
            asked.fingerprint.as_bytes(),
            asked.name.as_bytes(),
            asked.document.as_bytes(),
            asked.schema.to_string().as_bytes(),
            &asked.seed.to_le_bytes(),
        ]),
    };
    let read = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        let read = parsed(&text).and_then(&check);
        read.map_err(|problem| ProviderError::permanent(chat.name(), problem))
    };
    call.answer(|| converse(chat, asked, &check), read).await
}

/// Asks for one document, checks it, and asks once more if it can't be used. Gives the answer that can be, and what all cost.
async fn converse<T>(
    chat: &impl Chat,
    asked: &Asked<'_>,
    check: impl Fn(Value) -> Result<T, String>,
) -> Result<(Vec<u8>, f64), ProviderError> {
    let mut messages = vec![
        said(Speaker::System, asked.system.clone()),
        said(Speaker::User, asked.document.clone()),
    ];
    let mut cost_usd = 0.0;
    let mut first_problem = None;
    loop {
        let question = Question {
            messages: &messages,
            name: asked.name,
            schema: asked.schema,
            seed: asked.seed,
            temperature: asked.temperature,
        };
        let reply = chat.complete(question).await?;
        cost_usd += reply.cost_usd;
        let Err(problem) = parsed(&reply.text).and_then(&check) else {
            return Ok((reply.text.into_bytes(), cost_usd));
        };
        tracing::debug!(task = asked.name, %problem, "an answer can't be used");
        if let Some(first) = first_problem {
            let message = format!(
                "its {} can't be used, nor could its first attempt ({first}): {problem}; {}",
                asked.name, asked.advice
            );
            return Err(ProviderError::permanent(chat.name(), message));
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
