//! What is told of experiments.

use domain::RunId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run_id_schema;
use crate::{Line, Link};

/// How an experiment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Conclusion {
    /// A variant is better than the control.
    Winner,
    /// Every variant is worse than the control.
    Loser,
    /// The difference, if there is one, is within the margin.
    NoDifference,
    /// The data can't be relied on.
    Invalid,
    /// It was ended before it was decided, or it is a bandit, which has no verdict.
    Undecided,
}

/// Where an experiment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ExperimentLinks {
    /// The experiment, with its results.
    pub experiment: Link,
}

/// An experiment has its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ExperimentConcluded {
    /// The experiment's key.
    pub experiment: Line,
    /// How it ended.
    pub verdict: Conclusion,
    /// The metric that decided.
    pub metric: Line,
    /// The variant that won; absent if none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Line")]
    pub variant: Option<Line>,
    /// The run of the video that everybody gets from now on, where variants of a brief were compared; absent if none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "run_id_schema")]
    pub run: Option<RunId>,
    /// Where to look.
    pub links: ExperimentLinks,
}
