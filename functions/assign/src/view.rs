//! What the routes show.

use std::collections::BTreeMap;

use domain::Timestamp;
use experiments::Definition;
use experiments::definition::State;
use serde::Serialize;
use serde_json::{Value, json};
use store::{Concluded, ExperimentRecord, Stretch};
use utoipa::ToSchema;

/// An experiment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Experiment)]
pub struct ExperimentView {
    /// Its definition, with its state.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    definition: Definition,
    /// The weights since it was started, the oldest first.
    #[schema(value_type = Vec<Object>)]
    weights_history: Vec<Value>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    concluded: Option<Value>,
    /// The run of each variation, by its key, where it compares variants of a brief.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<BTreeMap<String, String>>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was started first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<ExperimentRecord> for ExperimentView {
    fn from(record: ExperimentRecord) -> Self {
        let started_at = record.started_at().map(Timestamp::rfc3339);
        let stretch =
            |stretch: &Stretch| json!({"from": stretch.from.rfc3339(), "weights": stretch.weights});
        let ended = |end: &Concluded| json!({"at": end.at.rfc3339(), "decision": end.decision});
        Self {
            weights_history: record.stretches.iter().map(stretch).collect(),
            concluded: record.concluded.as_ref().map(ended),
            runs: record.content.map(|test| {
                let runs = test.runs.into_iter();
                runs.map(|(key, run)| (key, run.into())).collect()
            }),
            definition: record.definition,
            created_at: record.created_at.rfc3339(),
            started_at,
            updated_at: record.updated_at.rfc3339(),
        }
    }
}

/// A state, in a word.
pub(crate) const fn state(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Running => "running",
        State::Paused => "paused",
        State::Concluded => "concluded",
    }
}
