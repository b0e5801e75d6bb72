//! What is known of a run and its tasks while they go on.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::quality::{Decided, RoundScore};
use crate::{ArtifactRef, ContentKey, Opener, RunId, TaskName, Variant, Varied, Won};

/// Milliseconds since 1970-01-01T00:00Z. Written as RFC 3339 for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-11-23T10:00:00.000Z`.
    pub fn rfc3339(self) -> String {
        let format = time::macros::format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
        );
        time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|at| at.format(&format).ok())
            .unwrap_or_else(|| format!("{} ms", self.0))
    }

    /// Reads a time as [`Self::rfc3339`] writes it, and in no other form.
    ///
    /// ```
    /// use domain::Timestamp;
    /// assert_eq!(Timestamp::parse("2026-11-23T10:00:00.000Z"), Some(Timestamp(1_795_428_000_000)));
    /// assert_eq!(Timestamp::parse("2026-11-23T10:00:00Z"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let format = &time::format_description::well_known::Rfc3339;
        let at = time::OffsetDateTime::parse(text, format).ok()?;
        let at = Self(u64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()?);
        (at.rfc3339() == text).then_some(at)
    }

    /// Whole seconds since 1970: what tables count their items' expiry in.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Milliseconds from `earlier` to this; zero if it is not earlier.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// What went wrong with a task: the name is what `Retry` and `Catch` match on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorInfo {
    /// `Transient`, `InvalidInput`, `Refused`, `OverBudget`, `Permanent`, `Timeout`, `Cancelled` or `Superseded`.
    pub name: String,
    /// What failed, on what input, and what to do.
    pub cause: String,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Its tasks are being worked on, or it was interrupted and can be resumed.
    Running,
    /// Its video is made, by a workflow that judges nothing.
    Succeeded,
    /// Its video is made, and good enough to publish: by its score, or by a person's word.
    Approved,
    /// Its video is made, and waits for a person.
    InReview,
    /// A person decided against its video.
    Rejected,
    /// Its video waited for a person longer than it should.
    Expired,
    /// A task failed; what succeeded is kept.
    Failed,
    /// Somebody stopped it; what succeeded is kept.
    Cancelled,
}

impl RunState {
    /// Every state, in the order of a run's life.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Succeeded,
        Self::Approved,
        Self::InReview,
        Self::Rejected,
        Self::Expired,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Approved => "approved",
            Self::InReview => "in_review",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether its video is made, whatever was decided about it.
    pub const fn is_made(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Approved | Self::InReview | Self::Rejected | Self::Expired
        )
    }
}

/// A script that a person wrote in place of the writers'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// It, with its hook: a [`crate::EditedScript`].
    pub script: ArtifactRef,
    /// The first round that is made from it.
    pub round: u32,
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One run of a brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The workflow's name.
    pub workflow: String,
    /// What was asked for: the brief as JSON, its files already stored. (A brief may be larger than a table's item.)
    pub brief: ArtifactRef,
    /// The brief's topic, for lists.
    pub topic: String,
    /// The brand's name, for lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Where it stands.
    pub state: RunState,
    /// The round being worked on, from 1.
    pub round: u32,
    /// The execution that works on it: a new one for each start, resume or redrive.
    pub execution: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
    /// What made it fail: the task's name and error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<(TaskName, ErrorInfo)>,
    /// Why the result is less than was asked for; empty if it isn't.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
    /// The scores of its rounds so far, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<RoundScore>,
    /// The round whose video is the run's: the best of those made, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_round: Option<u32>,
    /// What the present round is to do differently: a [`crate::quality::Feedback`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<ArtifactRef>,
    /// What a person decided last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// The script that a person wrote, from the round on that it was written for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Edited>,
    /// What was spent on it so far.
    #[serde(default)]
    pub cost_usd: f64,
    /// The most that may be spent on it, as the brief says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost_usd: Option<f64>,
    /// The run of the control, where this one makes another variant of the same brief.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RunId>,
    /// Which variant of its brief it makes, where variants are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// That its variant won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub won: Option<Won>,
    /// How the brand's last runs about other things had opened when it was begun, the newest first. It stays so, so that making it again makes the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Opener>,
}

impl Run {
    /// A run whose first round begins: nothing is made, spent or decided yet, no brand is named, and it may cost what it will.
    pub fn begun(
        id: RunId,
        workflow: &str,
        execution: String,
        brief: ArtifactRef,
        topic: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            workflow: workflow.to_owned(),
            brief,
            topic,
            brand: None,
            state: RunState::Running,
            round: 1,
            execution,
            created_at: now,
            updated_at: now,
            failure: None,
            degraded: Vec::new(),
            rounds: Vec::new(),
            chosen_round: None,
            feedback: None,
            decided: None,
            edited: None,
            cost_usd: 0.0,
            max_cost_usd: None,
            parent: None,
            variant: None,
            won: None,
            seen: Vec::new(),
        }
    }

    /// The round whose outputs are shown: the chosen one, else the one being worked on.
    pub fn shown_round(&self) -> u32 {
        self.chosen_round.unwrap_or(self.round)
    }

    /// Its variant, if that is one of this thing and not the control.
    pub fn varies(&self, of: Varied) -> Option<&Variant> {
        self.variant
            .as_ref()
            .filter(|variant| variant.of == of && self.parent.is_some())
    }

    /// The runs of the other variants, where this is the control; none elsewhere.
    pub fn others(&self) -> &[RunId] {
        match &self.variant {
            Some(variant) if self.parent.is_none() => variant.runs.get(1..).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The score of the round that is shown, if it was judged.
    pub fn shown_score(&self) -> Option<&RoundScore> {
        let shown = self.shown_round();
        self.rounds.iter().find(|score| score.round == shown)
    }
}

/// Where a task (or one item of it) stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Not begun.
    Pending,
    /// A worker has its lease.
    Running,
    /// Done.
    Succeeded,
    /// Answered from what was made before, without running.
    Cached,
    /// Its condition was false, or its failure was to be passed over.
    Skipped,
    /// Gave up after its last attempt.
    Failed,
    /// Stopped before its end.
    Cancelled,
}

impl TaskStatus {
    /// Whether a usable output stands behind it.
    pub fn has_output(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cached)
    }

    /// The status as it is shown of a task of a run in this state. What is pending in a run whose video is made was skipped: a state
    /// machine writes no row for a task that it passes over.
    ///
    /// ```
    /// use domain::{RunState, TaskStatus};
    /// assert_eq!(TaskStatus::Pending.within(RunState::Succeeded), TaskStatus::Skipped);
    /// assert_eq!(TaskStatus::Pending.within(RunState::Failed), TaskStatus::Pending);
    /// ```
    #[must_use]
    pub fn within(self, run: RunState) -> Self {
        if self == Self::Pending && run.is_made() {
            Self::Skipped
        } else {
            self
        }
    }
}

/// One task's row: `item` is set for tasks that run once an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Which task.
    pub task: TaskName,
    /// Which of its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// In which round, from 1.
    pub round: u32,
    /// Where it stands.
    pub status: TaskStatus,
    /// How often it was begun.
    pub attempt: u32,
    /// Who works on it, and until when if it isn't renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<(String, Timestamp)>,
    /// When the last attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What it made, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<TaskEnd>,
    /// What went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorInfo>,
}

/// What a finished task leaves in its row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskEnd {
    /// Digest of everything that went in.
    pub content_key: ContentKey,
    /// The output document.
    pub output: ArtifactRef,
    /// The few facts that `when` and `for_each` of later tasks read: a JSON object of at most 256 bytes.
    pub facts: Value,
    /// Why it is less than was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
    /// What it cost.
    #[serde(default)]
    pub cost_usd: f64,
    /// How long making it took, the first time, in milliseconds.
    pub work_ms: u64,
}
