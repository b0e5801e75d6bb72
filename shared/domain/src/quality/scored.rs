//! What came of judging a round, and of a person's look at it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, Criterion, Hold, Judging, Target, Tier, Total};
use crate::{ArtifactRef, Timestamp};

/// What the gate's task makes: a round's score, and what may come of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreSheet {
    /// The total.
    pub total: Total,
    /// What follows from it.
    pub tier: Tier,
    /// Why the round isn't approved without a person.
    pub holds: Vec<Hold>,
    /// The criteria that were judged, 0 to 100 each.
    pub scores: BTreeMap<Criterion, u8>,
    /// What came of asking a judge; absent if none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judging: Option<Judging>,
    /// What the next round should do differently, the most points first.
    pub suggestions: Vec<Suggestion>,
    /// What later scripts of the brand are compared with, as JSON text; absent for a text of less than three words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The whole assessment, with the text that was judged: a JSON document.
    pub assessment: ArtifactRef,
}

/// A round's score, as the run keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundScore {
    /// The round, from 1.
    pub round: u32,
    /// Its total.
    pub total: Total,
    /// What follows from it.
    pub tier: Tier,
    /// Why it isn't approved without a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// The criteria that were judged, 0 to 100 each.
    pub scores: BTreeMap<Criterion, u8>,
    /// What came of asking a judge; absent if none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judging: Option<Judging>,
    /// What would bring it the most points, the most first: [`RoundScore::SUGGESTIONS`] at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
    /// The whole assessment, with the text that was judged and all suggestions: a JSON document.
    pub assessment: ArtifactRef,
}

impl RoundScore {
    /// How many suggestions a run keeps with a score.
    pub const SUGGESTIONS: usize = 3;
}

/// What a task is to do differently in the next round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The task that it falls to.
    pub task: Target,
    /// The scene, counted from 0, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<usize>,
    /// What to do, in a form that a program can act on.
    pub action: Action,
    /// The same as one tells a writer.
    pub instruction: String,
    /// How many points of the total it brings at most.
    pub gain: f64,
}

/// What a person decides on a round that waits for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Publish it.
    Approve,
    /// Don't.
    Reject,
    /// Make it again.
    Regenerate,
}

/// A decision with who took it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// The round that it is about, from 1.
    pub round: u32,
    /// Who: the API key's name, `link` for who opened a review link, or the system's user on a laptop.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
