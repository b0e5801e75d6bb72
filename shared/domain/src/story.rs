//! What the story task finds: the sources worth telling, laid on an arc.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Arc;

/// Where a claim comes from: `k0`, `k1` … for key points, `s0`, `s1` … for sentences of the source text, `t` for the topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

/// One sentence that a script may draw on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSentence {
    /// Its id.
    pub id: SourceId,
    /// As it stands in the brief.
    pub text: String,
}

/// A place on the arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Catches the viewer.
    Hook,
    /// Says what it is about.
    Context,
    /// What changes, surprises or explains.
    Turn,
    /// What the viewer takes home.
    Payoff,
    /// What the viewer should do.
    CallToAction,
}

/// One place of the arc with what it is told from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Where on the arc.
    pub role: Role,
    /// The sentences it is told from, in the order in which they are told; empty only for hook and call to action.
    pub sources: Vec<SourceId>,
}

/// The story: output of the story task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The arc that it is laid on.
    #[serde(default)]
    pub arc: Arc,
    /// A short title.
    pub title: String,
    /// The keywords found, best first.
    pub keywords: Vec<String>,
    /// Every sentence that later tasks may draw on.
    pub sources: Vec<SourceSentence>,
    /// What is told, in order. The first beat is the hook, the last the call to action.
    pub beats: Vec<Beat>,
}
