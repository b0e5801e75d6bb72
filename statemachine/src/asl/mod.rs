//! A plan as an Amazon States Language machine, in JSONata throughout.
//!
//! **What travels.** An execution starts with [`ExecutionInput`]. Between states travels `{run, round, brief, tasks}`, where `tasks`
//! holds the facts that some expression of the workflow reads, so an expression stands in the machine as it stands in the
//! workflow file. Facts travel by the states' outputs, not by variables: variables that a Parallel's branch or a Map's item
//! assigns die with it. A branch hands on nothing but the facts of its own tasks, so that a wide Parallel stays small.
//!
//! **Failures.** All tasks stand in one Parallel of one branch, whose `Catch` is the one way to the closing state. A task whose
//! failure fails the run goes to a Fail state that writes `{task, error, cause}` into its cause; that passes up through
//! any Parallel by itself. This also catches what no state can catch for itself, such as a condition that can't be evaluated.
//!
//! **Closing.** The run's state and its event are written in one transaction, as the store writes them. Event ids are
//! digests that the states language can't compute, so whoever starts the execution gives them in its input.

mod close;
mod explain;
mod facts;
mod generate;
mod joined;
pub mod lint;
mod names;
mod task;
mod text;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use close::NO_TASK;
pub use explain::{Explanation, MapCost, USD_PER_1000_TRANSITIONS, explain};
pub use generate::generate;
pub use names::function_parameter;
pub use text::text;

/// The name of the table's substitution in the definition.
pub const STATE_TABLE: &str = "StateTable";

/// What an execution starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionInput {
    /// The run.
    pub run: String,
    /// The round, from 1.
    pub round: u32,
    /// What expressions see as `$states.input.brief`: a few facts, not the brief.
    pub brief: Map<String, Value>,
    /// The events that may announce the round's end.
    pub events: Events,
}

/// The events that may announce a round's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// Of kind `workflow.completed`.
    pub completed: Announced,
    /// Of kind `workflow.failed`.
    pub failed: Announced,
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Its id, made of run, round, execution name and kind.
    pub id: String,
    /// Its partition in the index of what is due: `DUE#0` to `DUE#7`.
    pub due: String,
}

/// An expression as the states language writes it.
fn query(expression: impl AsRef<str>) -> Value {
    Value::String(format!("{{% {} %}}", expression.as_ref()))
}

/// A text as JSONata writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
