//! What is announced to others.

use serde::{Deserialize, Serialize};

use crate::{ContentKey, RunId, Timestamp};

/// The kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// A round was composed.
    #[serde(rename = "workflow.completed")]
    WorkflowCompleted,
    /// A round failed.
    #[serde(rename = "workflow.failed")]
    WorkflowFailed,
    /// A run was cancelled.
    #[serde(rename = "workflow.cancelled")]
    WorkflowCancelled,
    /// A video was approved, by its score or by a person.
    #[serde(rename = "content.approved")]
    ContentApproved,
    /// A video waits for a person.
    #[serde(rename = "content.review_required")]
    ContentReviewRequired,
    /// A person decided against a video.
    #[serde(rename = "content.rejected")]
    ContentRejected,
    /// A video waited for a person longer than it should.
    #[serde(rename = "content.review_expired")]
    ContentReviewExpired,
}

impl EventKind {
    /// The name as subscribers see it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WorkflowCompleted => "workflow.completed",
            Self::WorkflowFailed => "workflow.failed",
            Self::WorkflowCancelled => "workflow.cancelled",
            Self::ContentApproved => "content.approved",
            Self::ContentReviewRequired => "content.review_required",
            Self::ContentRejected => "content.rejected",
            Self::ContentReviewExpired => "content.review_expired",
        }
    }
}

/// One event, as the outbox holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Made of run, round, execution and kind, so that a repeated transaction writes it once.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// To which run.
    pub run: RunId,
    /// In which round, from 1.
    pub round: u32,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// An event whose id is the same however often it is made.
    pub fn new(kind: EventKind, run: RunId, round: u32, execution: &str, at: Timestamp) -> Self {
        let key = ContentKey::of(&[
            run.as_str().as_bytes(),
            &round.to_le_bytes(),
            execution.as_bytes(),
            kind.name().as_bytes(),
        ]);
        Self {
            id: format!("evt_{}", &key.as_str()[..32]),
            kind,
            run,
            round,
            at,
        }
    }
}
