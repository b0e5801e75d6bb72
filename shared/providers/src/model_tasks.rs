//! What a model is asked for each of the three tasks, and how its answer becomes a story, a script or a hook.

mod hook;
mod script;
mod shown;
mod story;

use domain::quality::Feedback;
use domain::{Brief, Line, LineSource, SourceId, Story};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use hook::{HOOK, hook, hook_variant, read_hook};
pub(crate) use script::{SCRIPT, read_script, script, script_words};
pub(crate) use story::{STORY, read_story, story};

/// The name by which a line says that it is a phrase.
const PHRASE: &str = "phrase";

/// One question to a model.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) instructions: &'static str,
    /// What it works on: data, whatever it says.
    pub(crate) document: Value,
    /// What it must answer with.
    pub(crate) schema: Value,
}

impl Task {
    /// The same task after an earlier round: what it is to do differently stands in the document under a name of its own, one instruction a
    /// line, and what a person wrote is quoted there as it is.
    pub(crate) fn after(mut self, feedback: Option<&Feedback>) -> Self {
        let Some(feedback) = feedback else {
            return self;
        };
        let instructions: Vec<&str> = feedback
            .suggestions
            .iter()
            .map(|suggestion| suggestion.instruction.as_str())
            .collect();
        let mut told = json!({ "of_round": feedback.of_round, "instructions": instructions });
        if let Some(note) = &feedback.note {
            told = with(told, json!({ "note": note }));
        }
        self.document = with(self.document, json!({ "feedback": told }));
        self
    }
}

/// An object schema as strict output wants it: all properties required, no others.
pub(crate) fn object(properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn one_of(ids: &[String]) -> Value {
    json!({ "type": "string", "enum": ids })
}

fn facts(brief: &Brief) -> Value {
    json!({
        "topic": brief.topic,
        "audience": brief.audience,
        "tone": brief.tone,
        "language": brief.language,
        "voice_words": brief.brand.voice_words,
        "banned_words": brief.brand.banned_words,
    })
}

fn with(mut facts: Value, more: Value) -> Value {
    if let (Some(facts), Value::Object(more)) = (facts.as_object_mut(), more) {
        facts.extend(more);
    }
    facts
}

/// The sources of beats, with what they say.
fn told(story: &Story, ids: &[SourceId]) -> Vec<Value> {
    story
        .sources
        .iter()
        .filter(|source| ids.contains(&source.id))
        .map(|source| json!(source))
        .collect()
}

fn in_order(story: &Story, ids: &[SourceId]) -> Vec<Value> {
    ids.iter()
        .flat_map(|id| told(story, std::slice::from_ref(id)))
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineAnswer {
    source: String,
    text: String,
}

impl LineAnswer {
    fn line(self) -> Line {
        let source = if self.source == PHRASE {
            LineSource::Phrase
        } else {
            LineSource::Source(SourceId(self.source))
        };
        Line {
            text: writer::finished(&self.text),
            source,
        }
    }
}

fn allowed(brief: &Brief, text: &str) -> Result<(), String> {
    if writer::holds_banned_word(brief, text) {
        Err(format!("{text:?} holds a banned word: leave it out"))
    } else {
        Ok(())
    }
}
