//! Reviews as callers see them.

use std::collections::BTreeMap;

use domain::quality::{Decided, Decision, Suggestion, Target};
use domain::{Run, RunState};
use runtime::http::JudgingView;
use runtime::http::schema::one_of;
use serde::Serialize;
use store::Review;
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use crate::links;

/// A round that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ReviewView {
    /// The run.
    #[schema(example = "01kaqmhk2g0e8v7x2c5d9f3b4n")]
    run: String,
    /// The round whose video is shown, from 1.
    #[schema(minimum = 1)]
    round: u32,
    /// What the video is about, shortened.
    topic: String,
    /// The brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// The weighed mean of its scores, with one decimal.
    #[schema(minimum = 0, maximum = 100, example = 78.3)]
    total: f64,
    /// Its score by each criterion that it was judged by.
    #[schema(example = json!({"clarity": 91, "hook": 64}))]
    scores: BTreeMap<String, u8>,
    /// Why it isn't approved without a person, however good its total; empty if nothing holds it back.
    holds: Vec<String>,
    /// What a judge said of it, if one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    judging: Option<JudgingView>,
    /// What would bring the most points, the most first: three at most.
    suggestions: Vec<SuggestionView>,
    /// Since when it waits.
    #[schema(format = DateTime, example = "2026-11-23T10:00:00.000Z")]
    waits_since: String,
    /// Until when it waits. Then the run expires.
    #[schema(format = DateTime)]
    due_at: String,
    /// What can be asked of it.
    links: ReviewLinks,
}

impl From<Review> for ReviewView {
    fn from(review: Review) -> Self {
        let score = review.score;
        Self {
            links: ReviewLinks::of(&review.run),
            run: review.run.to_string(),
            round: score.round,
            topic: review.topic,
            brand: review.brand,
            total: score.total.value(),
            scores: score
                .scores
                .iter()
                .map(|(criterion, &value)| (criterion.to_string(), value))
                .collect(),
            holds: score
                .holds
                .iter()
                .map(|hold| hold.reason().to_owned())
                .collect(),
            judging: score.judging.as_ref().map(JudgingView::from),
            suggestions: score
                .suggestions
                .into_iter()
                .map(SuggestionView::from)
                .collect(),
            waits_since: review.waits_since.rfc3339(),
            due_at: review.due_at.rfc3339(),
        }
    }
}

/// What a task could do differently.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SuggestionView {
    /// The task.
    #[schema(schema_with = target)]
    task: Target,
    /// The scene, from 0, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    scene: Option<usize>,
    /// What to do.
    instruction: String,
    /// How many points of the total it brings at most.
    gain: f64,
}

impl From<Suggestion> for SuggestionView {
    fn from(suggestion: Suggestion) -> Self {
        Self {
            task: suggestion.task,
            scene: suggestion.scene,
            instruction: suggestion.instruction,
            gain: suggestion.gain,
        }
    }
}

/// What can be asked of a review, each relative to the API's root.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ReviewLinks {
    /// The run, for keys with the scope `read`.
    run: String,
    /// Where to POST the decision.
    decide: String,
    /// Where to POST for a link that opens the page.
    link: String,
    /// The page itself: it opens by such a link only.
    page: String,
    /// The files, for keys with the scope `read`.
    files: Vec<String>,
}

impl ReviewLinks {
    fn of(run: &domain::RunId) -> Self {
        Self {
            run: links::run(run),
            decide: links::decide(run),
            link: links::invite(run),
            page: links::page(run),
            files: links::FILES
                .iter()
                .map(|name| links::file(run, name))
                .collect(),
        }
    }
}

/// A run after a decision.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct OutcomeView {
    /// The run.
    #[schema(example = "01kaqmhk2g0e8v7x2c5d9f3b4n")]
    run: String,
    /// Where it stands now: `running` if another round is being made.
    #[schema(schema_with = run_state)]
    state: RunState,
    /// The round being worked on, from 1.
    #[schema(minimum = 1)]
    round: u32,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<OutcomeDecided>,
    /// Where the run is, relative to the API's root.
    url: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct OutcomeDecided {
    /// What.
    #[schema(schema_with = decision)]
    decision: Decision,
    /// About which round.
    #[schema(minimum = 1)]
    round: u32,
    /// Who: the id of the key.
    by: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Run> for OutcomeView {
    fn from(run: Run) -> Self {
        Self {
            url: links::run(&run.id),
            run: run.id.to_string(),
            state: run.state,
            round: run.round,
            decided: run.decided.map(|decided: Decided| OutcomeDecided {
                decision: decided.decision,
                round: decided.round,
                by: decided.by,
                at: decided.at.rfc3339(),
                note: decided.note,
            }),
        }
    }
}

pub(crate) fn decision() -> Object {
    one_of([Decision::Approve, Decision::Reject, Decision::Regenerate])
}

fn run_state() -> Object {
    one_of(RunState::ALL)
}

fn target() -> Object {
    one_of([
        Target::Story,
        Target::Script,
        Target::Hook,
        Target::Audio,
        Target::Images,
        Target::Compose,
    ])
}
