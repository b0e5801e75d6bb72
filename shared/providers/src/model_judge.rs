//! A model as a judge, whatever the wire.
//!
//! What it judges is the user's message: one sealed JSON document ([`crate::sealed`]). What it is told to do is the system message, which is the same
//! whatever it judges.

use async_trait::async_trait;
use cache::Cache;
use domain::ContentKey;
use domain::quality::{Criterion, JUDGED, Opinion, Subject};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::asking::{Asked, REPAIR, ask};
use crate::chat::Chat;
use crate::judge::{JudgeProvider, Judgement};
use crate::model_tasks::object;
use crate::sealed::sealed;
use crate::{Answer, ProviderError};

/// What the judge is told to do.
const RUBRIC: &str = include_str!("../prompts/judge.md");

/// Counts up whenever what is asked changes beyond the prompt's words: the form of the document or of the answer.
const VERSION: u32 = 1;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// A judge behind a conversation.
pub(crate) struct ModelJudge<C> {
    chat: C,
    cache: Cache,
}

impl<C: Chat> ModelJudge<C> {
    pub(crate) fn new(chat: C, cache: Cache) -> Self {
        Self { chat, cache }
    }
}

#[async_trait]
impl<C: Chat> JudgeProvider for ModelJudge<C> {
    fn fingerprint(&self) -> String {
        format!(
            "{}/{}/judge {VERSION}",
            self.chat.fingerprint(),
            ContentKey::of(&[RUBRIC, REPAIR].map(str::as_bytes)).short(),
        )
    }

    fn description(&self) -> String {
        self.chat.name().to_owned()
    }

    async fn judge(&self, subject: &Subject) -> Result<Answer<Judgement>, ProviderError> {
        let document = sealed(subject)
            .map_err(|error| ProviderError::invalid_input(self.chat.name(), error))?;
        let asked = Asked {
            fingerprint: self.fingerprint(),
            brand: None,
            name: "judgement",
            system: RUBRIC.to_owned(),
            document,
            schema: &schema(),
            seed: 0,
            temperature: Some(0.0),
            advice: "try a larger model, or REELWRIGHT_JUDGE=off",
        };
        ask(&self.chat, &self.cache, &asked, read).await
    }
}

/// A reason before a score: a model that has said why scores by what it said.
fn schema() -> Value {
    let opinion = object(json!({ "reason": { "type": "string" }, "score": { "type": "integer" } }));
    let all = JUDGED.map(|criterion| (criterion.name().to_owned(), opinion.clone()));
    object(Value::Object(all.into_iter().collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpinionAnswer {
    reason: String,
    score: f64,
}

/// Reads a judgement: all three, nothing else, and no score but a whole number of 0 to 100.
fn read(value: Value) -> Result<Judgement, String> {
    let Value::Object(mut fields) = value else {
        return Err("it is not a JSON object".to_owned());
    };
    let mut judgement = Judgement::new();
    for criterion in JUDGED {
        let answer = fields
            .remove(criterion.name())
            .ok_or_else(|| format!("`{criterion}` is missing"))?;
        judgement.insert(criterion, opinion(criterion, answer)?);
    }
    match fields.keys().next() {
        None => Ok(judgement),
        Some(name) => Err(format!("{name:?} wasn't asked for")),
    }
}

fn opinion(criterion: Criterion, answer: Value) -> Result<Opinion, String> {
    let OpinionAnswer { reason, score } =
        serde_json::from_value(answer).map_err(|error| format!("`{criterion}`: {error}"))?;
    if !(0.0..=100.0).contains(&score) || score.fract() != 0.0 {
        return Err(format!(
            "the score of `{criterion}` is {score}: give a whole number from 0 to 100"
        ));
    }
    Ok(Opinion {
        // 0 to 100: the cast loses nothing.
        value: score as u8,
        reason: on_one_line(&reason),
    })
}

/// What a model wrote, for terminals and pages: on one line, and without what moves a cursor.
fn on_one_line(text: &str) -> String {
    let seen: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_REASON).collect()
}
