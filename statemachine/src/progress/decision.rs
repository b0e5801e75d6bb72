//! The words between a run's core and whoever carries it out.

use std::fmt;

use domain::{ErrorInfo, TaskName};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One run of one task, or of one item of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instance {
    /// Which task.
    pub task: TaskName,
    /// Which of its items, from 0, for tasks with `for_each`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some(item) => write!(f, "{} {}", self.task, item),
            None => self.task.as_str().fmt(f),
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// This instance is due. Begin it when there is room, or [`withdraw`](super::Progress::withdraw) it.
    Start(Instance),
    /// The task succeeded without running: it has no items.
    Empty {
        /// Which task.
        task: TaskName,
    },
    /// The task does not run, or counts as if it had not.
    Skipped {
        /// Which task.
        task: TaskName,
        /// Why.
        why: Skip,
    },
    /// The task failed before it could start: one of its expressions has no answer.
    Failed {
        /// Which task.
        task: TaskName,
        /// What is wrong.
        error: ErrorInfo,
    },
}

/// Why a task is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// Its `when` is false.
    Condition,
    /// It failed with this error, and `on_error: skip` passes over that.
    Error(ErrorInfo),
    /// It stands in for a task that did not need it.
    NotNeeded,
}

/// How an instance ended, after its last attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Well.
    Succeeded {
        /// What later expressions may read: see [`check_facts`](super::check_facts).
        facts: Value,
    },
    /// With an error, after the last attempt that it may have.
    Failed(ErrorInfo),
    /// It was stopped; that cancels the run.
    Cancelled,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum End {
    /// Every task succeeded or was skipped.
    Succeeded,
    /// A task failed, and that failed the run.
    Failed {
        /// The first task that did.
        task: TaskName,
        /// Its error.
        error: ErrorInfo,
    },
    /// It was cancelled before all was done.
    Cancelled,
}
