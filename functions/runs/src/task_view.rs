//! A run's tasks as callers see them.

use domain::{ErrorInfo, RunState, TaskRecord, TaskStatus};
use runtime::http::schema::one_of;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

/// A task, or one of its items.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct TaskView {
    /// Its name.
    #[schema(example = "images")]
    task: String,
    /// Which of its items, from 0, for tasks that run once an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u32>,
    /// Where it stands. What is pending in a run whose video is made was skipped.
    #[schema(schema_with = task_status)]
    status: TaskStatus,
    /// How often it was begun.
    attempt: u32,
    /// When the last attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// How long making its output took, the first time, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    work_ms: Option<u64>,
    /// What its output cost this run, in US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    cost_usd: Option<f64>,
    /// What went wrong last, if the task isn't done.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorView>,
    /// Why its output is less than was asked for; empty if it isn't.
    degraded: Vec<String>,
}

/// What went wrong with a task.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ErrorView {
    /// The error's name.
    #[schema(example = "Transient")]
    name: String,
    /// What failed, on what input, and what to do.
    cause: String,
}

impl TaskView {
    /// A task's row in a run that is in a state.
    pub(crate) fn new(row: &TaskRecord, run: RunState) -> Self {
        let end = row.end.as_ref();
        let error = row.error.as_ref().filter(|_| !row.status.has_output());
        Self {
            task: row.task.to_string(),
            item: row.item,
            status: row.status.within(run),
            attempt: row.attempt,
            started_at: row.started_at.map(domain::Timestamp::rfc3339),
            ended_at: row.ended_at.map(domain::Timestamp::rfc3339),
            work_ms: end.map(|end| end.work_ms),
            cost_usd: end.map(|end| end.cost_usd),
            error: error.map(|ErrorInfo { name, cause }| ErrorView {
                name: name.clone(),
                cause: cause.clone(),
            }),
            degraded: end.map(|end| end.degraded.clone()).unwrap_or_default(),
        }
    }
}

fn task_status() -> Object {
    one_of([
        TaskStatus::Pending,
        TaskStatus::Running,
        TaskStatus::Succeeded,
        TaskStatus::Cached,
        TaskStatus::Skipped,
        TaskStatus::Failed,
        TaskStatus::Cancelled,
    ])
}
