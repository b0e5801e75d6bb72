//! What is told of a run's course.

use domain::{Run, RunId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run_id_schema;
use crate::{Line, Link, Note, Reasons};

/// Which run an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunFacts {
    /// The run.
    #[schemars(schema_with = "run_id_schema")]
    pub run: RunId,
    /// The round, from 1.
    #[schemars(range(min = 1))]
    pub round: u32,
    /// The workflow's name.
    pub workflow: Line,
    /// What the video is about.
    pub topic: Line,
    /// The brand's name; absent if the brief names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Line")]
    pub brand: Option<Line>,
}

impl RunFacts {
    /// What is told of a run in every event about one of its rounds.
    pub fn of(run: &Run, round: u32) -> Self {
        Self {
            run: run.id.clone(),
            round,
            workflow: Line::from(run.workflow.as_str()),
            topic: Line::from(run.topic.as_str()),
            brand: run.brand.as_deref().map(Line::from),
        }
    }
}

/// Where a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct RunLinks {
    /// The run, with its tasks.
    pub run: Link,
}

/// Where a run and its video are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct MadeLinks {
    /// The run, with its tasks and files.
    pub run: Link,
    /// The video: an address that redirects to the file.
    pub video: Link,
}

/// Where a run, its video and its review are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ReviewLinks {
    /// The run, with its tasks and files.
    pub run: Link,
    /// The video: an address that redirects to the file.
    pub video: Link,
    /// Where the decision is taken.
    pub review: Link,
}

/// A round was composed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct WorkflowCompleted {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// Why the result is less than was asked for; empty if it isn't.
    pub degraded: Reasons,
    /// What was spent on the run so far, in US dollars.
    #[schemars(range(min = 0))]
    pub cost_usd: f64,
    /// Where to look.
    pub links: MadeLinks,
}

/// What made a run fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Failure {
    /// The task that failed; absent if the run failed outside its tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Line")]
    pub task: Option<Line>,
    /// The error's name, such as `Refused` or `OverBudget`.
    pub error: Line,
    /// What failed, on what input, and what to do.
    pub cause: Note,
}

/// A run failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct WorkflowFailed {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// What made it fail.
    pub failure: Failure,
    /// What was spent on the run so far, in US dollars.
    #[schemars(range(min = 0))]
    pub cost_usd: f64,
    /// Where to look.
    pub links: RunLinks,
}

/// A run was cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct WorkflowCancelled {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// What was spent on the run so far, in US dollars.
    #[schemars(range(min = 0))]
    pub cost_usd: f64,
    /// Where to look.
    pub links: RunLinks,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_runs_facts_are_its_own_and_of_the_round_that_the_event_is_about() {
        let run: Run = serde_json::from_value(json!({
            "id": "01kareby68000h6nxkvw14d2pe",
            "workflow": "short-video",
            "brief": { "key": "0".repeat(64), "media_type": "json", "bytes": 2 },
            "topic": "Why bees dance",
            "brand": "Meadow",
            "state": "running",
            "round": 2,
            "execution": "x",
            "created_at": 1,
            "updated_at": 1,
        }))
        .unwrap();
        let facts = serde_json::to_value(RunFacts::of(&run, 1)).unwrap();
        assert_eq!(
            facts,
            json!({
                "run": "01kareby68000h6nxkvw14d2pe",
                "round": 1,
                "workflow": "short-video",
                "topic": "Why bees dance",
                "brand": "Meadow",
            })
        );
    }
}
