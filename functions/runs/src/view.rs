//! Runs as callers see them.

use std::collections::BTreeMap;

use domain::quality::{Decided, Decision, RoundScore, Tier};
use domain::{Edited, Run, RunState, TaskRecord, Video};
use runtime::Learnt;
use runtime::http::JudgingView;
use runtime::http::schema::one_of;
use serde::Serialize;
use store::RunSummary;
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use crate::links;
use crate::task_view::TaskView;
use crate::variants::{VariantView, WonView};

/// A run with its tasks and files.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct RunView {
    /// Its id.
    #[schema(example = "01kaqmhk2g0e8v7x2c5d9f3b4n")]
    pub(crate) id: String,
    /// Where it stands.
    #[schema(schema_with = run_state)]
    pub(crate) state: RunState,
    /// The round being worked on, from 1.
    #[schema(minimum = 1)]
    pub(crate) round: u32,
    /// The round whose tasks and files are shown: the best one, once that is decided.
    #[schema(minimum = 1)]
    pub(crate) shown_round: u32,
    /// What its rounds scored, in their order.
    pub(crate) rounds: Vec<RoundView>,
    /// What a person decided last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decided: Option<DecidedView>,
    /// That a person wrote the script of its later rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edited: Option<EditedView>,
    /// The workflow's name.
    #[schema(example = "short-video")]
    pub(crate) workflow: String,
    /// What the video is about, shortened.
    pub(crate) topic: String,
    /// The brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) brand: Option<String>,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-11-23T10:00:00.000Z")]
    pub(crate) created_at: String,
    /// When its state last changed.
    #[schema(format = DateTime)]
    pub(crate) updated_at: String,
    /// What was spent on it so far, in US dollars.
    #[schema(minimum = 0)]
    pub(crate) cost_usd: f64,
    /// The most that it may cost, in US dollars; absent if there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub(crate) max_cost_usd: Option<f64>,
    /// The run of the control, where this one makes another variant of the same brief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    /// Which variant of its brief it makes, where variants are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<VariantView>,
    /// That its variant won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) won: Option<WonView>,
    /// What won in earlier experiments on the brand's content. Told when a brief is sent, and applied to nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) learnt: Vec<Learnt>,
    /// Why the result is less than was asked for; empty if it isn't.
    pub(crate) degraded: Vec<String>,
    /// What made it fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<FailureView>,
    /// Its tasks, and their items, by name.
    pub(crate) tasks: Vec<TaskView>,
    /// Its files, once its video is made.
    pub(crate) files: Vec<FileView>,
    /// Where it can be read, and what can be done with it now.
    pub(crate) links: LinksView,
}

/// What a round scored.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct RoundView {
    /// The round, from 1.
    #[schema(minimum = 1)]
    round: u32,
    /// The weighed mean of its scores, with one decimal.
    #[schema(minimum = 0, maximum = 100, example = 87.4)]
    total: f64,
    /// What follows from it.
    #[schema(schema_with = tier)]
    tier: Tier,
    /// Its score by each criterion that it was judged by.
    #[schema(example = json!({"clarity": 91, "hook": 84}))]
    scores: BTreeMap<String, u8>,
    /// Why it isn't approved without a person, however good its total; empty if nothing holds it back.
    holds: Vec<String>,
    /// What a judge said of it, if one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    judging: Option<JudgingView>,
}

impl From<&RoundScore> for RoundView {
    fn from(score: &RoundScore) -> Self {
        let scores = score.scores.iter();
        Self {
            round: score.round,
            total: score.total.value(),
            tier: score.tier,
            scores: scores
                .map(|(criterion, &value)| (criterion.to_string(), value))
                .collect(),
            holds: score
                .holds
                .iter()
                .map(|hold| hold.reason().to_owned())
                .collect(),
            judging: score.judging.as_ref().map(JudgingView::from),
        }
    }
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct DecidedView {
    /// What.
    #[schema(schema_with = decision)]
    decision: Decision,
    /// About which round.
    #[schema(minimum = 1)]
    round: u32,
    /// Who.
    by: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Decided> for DecidedView {
    fn from(decided: Decided) -> Self {
        Self {
            decision: decided.decision,
            round: decided.round,
            by: decided.by,
            at: decided.at.rfc3339(),
            note: decided.note,
        }
    }
}

/// That a person wrote the script.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct EditedView {
    /// The first round that was made from it.
    #[schema(minimum = 2)]
    round: u32,
    /// Who.
    by: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

impl From<Edited> for EditedView {
    fn from(edited: Edited) -> Self {
        Self {
            round: edited.round,
            by: edited.by,
            at: edited.at.rfc3339(),
        }
    }
}

/// What made a run fail.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FailureView {
    /// The task; `state-machine` if none is to blame.
    #[schema(example = "story")]
    task: String,
    /// The error's name.
    #[schema(example = "OverBudget")]
    error: String,
    /// What failed, on what input, and what to do.
    cause: String,
}

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FileView {
    /// Its name.
    #[schema(example = "final.mp4")]
    name: &'static str,
    /// What it holds.
    #[schema(example = "video/mp4")]
    media_type: &'static str,
    /// How many bytes.
    bytes: u64,
    /// Where it is, relative to the API's root. Stays the same.
    #[schema(example = "/v1/runs/01kaqmhk2g0e8v7x2c5d9f3b4n/files/final.mp4")]
    url: String,
}

/// What can be asked of a run, each relative to the API's root.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LinksView {
    /// The run itself.
    #[serde(rename = "self")]
    this: String,
    /// Where to POST to cancel it; absent unless it is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel: Option<String>,
    /// Where its script is, and where to PUT it changed; absent until there is a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<String>,
    /// Where to POST to go on with it; absent unless it failed or was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    redrive: Option<String>,
}

impl RunView {
    /// A run with its tasks' rows; with its video, once there is one.
    pub(crate) fn new(run: Run, rows: &[TaskRecord], video: Option<&Video>) -> Self {
        let may_redrive = matches!(run.state, RunState::Failed | RunState::Cancelled);
        let files = video
            .into_iter()
            .flat_map(Video::files)
            .map(|(name, file)| FileView {
                name,
                media_type: file.media_type.content_type(),
                bytes: file.bytes,
                url: links::file(&run.id, name),
            });
        Self {
            files: files.collect(),
            links: LinksView {
                this: links::run(&run.id),
                cancel: (run.state == RunState::Running).then(|| links::cancel(&run.id)),
                script: run.state.is_made().then(|| links::script(&run.id)),
                redrive: may_redrive.then(|| links::redrive(&run.id)),
            },
            tasks: rows
                .iter()
                .map(|row| TaskView::new(row, run.state))
                .collect(),
            shown_round: run.shown_round(),
            failure: run.failure.map(|(task, error)| FailureView {
                task: task.to_string(),
                error: error.name,
                cause: error.cause,
            }),
            id: run.id.to_string(),
            state: run.state,
            rounds: run.rounds.iter().map(RoundView::from).collect(),
            decided: run.decided.map(DecidedView::from),
            edited: run.edited.map(EditedView::from),
            round: run.round,
            workflow: run.workflow,
            topic: run.topic,
            brand: run.brand,
            created_at: run.created_at.rfc3339(),
            updated_at: run.updated_at.rfc3339(),
            cost_usd: run.cost_usd,
            max_cost_usd: run.max_cost_usd,
            parent: run.parent.map(String::from),
            variant: run.variant.map(VariantView::from),
            won: run.won.map(WonView::from),
            learnt: Vec::new(),
            degraded: run.degraded,
        }
    }
}

/// A run, as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SummaryView {
    /// Its id.
    #[schema(example = "01kaqmhk2g0e8v7x2c5d9f3b4n")]
    id: String,
    /// Where it stands. Lists may lag a little behind.
    #[schema(schema_with = run_state)]
    state: RunState,
    /// The round being worked on, from 1.
    #[schema(minimum = 1)]
    round: u32,
    /// The workflow's name.
    workflow: String,
    /// What the video is about, shortened.
    topic: String,
    /// The brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When its state last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// What was spent on it so far, in US dollars.
    #[schema(minimum = 0)]
    cost_usd: f64,
    /// The run of the control, where this one makes another variant of the same brief.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// Which variant of its brief it makes, where variants are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<VariantView>,
    /// Why the result is less than was asked for; empty if it isn't.
    degraded: Vec<String>,
    /// Where the whole of it is, relative to the API's root.
    url: String,
}

impl From<RunSummary> for SummaryView {
    fn from(run: RunSummary) -> Self {
        Self {
            url: links::run(&run.id),
            id: run.id.to_string(),
            state: run.state,
            round: run.round,
            workflow: run.workflow,
            topic: run.topic,
            brand: run.brand,
            created_at: run.created_at.rfc3339(),
            updated_at: run.updated_at.rfc3339(),
            cost_usd: run.cost_usd,
            parent: run.parent.map(String::from),
            variant: run.variant.map(VariantView::from),
            degraded: run.degraded,
        }
    }
}

fn run_state() -> Object {
    one_of(RunState::ALL)
}

fn tier() -> Object {
    one_of(Tier::ALL)
}

fn decision() -> Object {
    one_of([Decision::Approve, Decision::Reject, Decision::Regenerate])
}
