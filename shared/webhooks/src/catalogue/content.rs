//! What is told of a video's way through the gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{MadeLinks, ReviewLinks, RunFacts};
use crate::{Line, Moment, Note, Reasons};

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Decider {
    /// The score alone.
    Score,
    /// A person.
    Person,
}

/// A video was approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ContentApproved {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// The total, 0 to 100, to a tenth.
    #[schemars(range(min = 0, max = 100))]
    pub score: f64,
    /// Who approved it.
    pub decided_by: Decider,
    /// The person's name, if a person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Line")]
    pub reviewer: Option<Line>,
    /// What the person said to it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Note")]
    pub note: Option<Note>,
    /// Where to look.
    pub links: MadeLinks,
}

/// A video waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ContentReviewRequired {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// The total, 0 to 100, to a tenth.
    #[schemars(range(min = 0, max = 100))]
    pub score: f64,
    /// Why it wasn't approved by its score.
    pub reasons: Reasons,
    /// Until when a decision is awaited; absent if there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Moment")]
    pub expires_at: Option<Moment>,
    /// Where to look, and to decide.
    pub links: ReviewLinks,
}

/// A video waited too long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ContentReviewExpired {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// The total, 0 to 100, to a tenth.
    #[schemars(range(min = 0, max = 100))]
    pub score: f64,
    /// Since when it waited.
    pub waiting_since: Moment,
    /// Where to look.
    pub links: MadeLinks,
}

/// A person decided against a video.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ContentRejected {
    /// Which run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// The total, 0 to 100, to a tenth.
    #[schemars(range(min = 0, max = 100))]
    pub score: f64,
    /// The person's name.
    pub reviewer: Line,
    /// Why, if the person said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Note")]
    pub note: Option<Note>,
    /// Where to look.
    pub links: MadeLinks,
}
