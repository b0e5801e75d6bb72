//! The end of a round: what the gate's score means for the run.

use artifacts::Artifacts;
use domain::quality::{
    Course, Decision, Feedback, Hold, RoundScore, ScoreSheet, ThresholdsError, course,
};
use domain::{ArtifactRef, Hook, MediaType, Opener, Run, RunId, RunState, TaskRecord, Timestamp};
use serde::de::DeserializeOwned;
use store::{Again, Next, RoundEnd, Store, StoreError};

use crate::backoff::BackOff;
use crate::documents::read_document;
use crate::inputs::HOOK;
use crate::runs::brief_of;
use crate::{RunError, Runs, execution_name, verdict, workflow};

/// Why a round can't be ended by its gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// The gate's task left no score.
    #[error(
        "round {round} of run {run} has no score: its gate must succeed before the round is ended"
    )]
    NoScore {
        /// The run.
        run: RunId,
        /// The round.
        round: u32,
    },
    /// A document can't be read or written.
    #[error("{what} of run {run}: {cause}")]
    Document {
        /// Which.
        what: &'static str,
        /// The run.
        run: RunId,
        /// Why not.
        cause: String,
    },
    /// The brand's thresholds contradict each other. They are checked with the brief.
    #[error(transparent)]
    Thresholds(#[from] ThresholdsError),
}

/// Ends the round that an execution worked on, by its gate's score: the run is approved, waits for a person, or has another round, whose
/// execution is not started yet. What was ended before stays so. The run comes back as it is then.
pub async fn end_round(
    store: &Store,
    artifacts: &Artifacts,
    run: &RunId,
    execution: &str,
    now: Timestamp,
) -> Result<Run, RunError> {
    // Others may write the same counts at that moment.
    let mut backoff = BackOff::default();
    loop {
        let run = store.run(run).await?;
        if run.state != RunState::Running || run.execution != execution {
            return Ok(run);
        }
        let end = decide(store, artifacts, &run, now).await?;
        match store.end_round(&run, &end, now).await {
            // Somebody else ended it, between our look and now.
            Ok(()) | Err(StoreError::Fenced { .. }) => return Ok(store.run(&run.id).await?),
            Err(error) if error.retryable() && backoff.goes_on() => backoff.wait().await,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn decide(
    store: &Store,
    artifacts: &Artifacts,
    run: &Run,
    now: Timestamp,
) -> Result<RoundEnd, RunError> {
    let rows = store.tasks(&run.id, run.round).await?;
    let sheet = sheet(artifacts, run, &rows).await?;
    let rules = brief_of(run, artifacts).await?.brand.quality;
    let score = RoundScore {
        round: run.round,
        total: sheet.total,
        tier: sheet.tier,
        holds: sheet.holds,
        scores: sheet.scores,
        judging: sheet.judging,
        suggestions: sheet
            .suggestions
            .iter()
            .take(RoundScore::SUGGESTIONS)
            .cloned()
            .collect(),
        assessment: sheet.assessment,
    };
    // Who asked for another round, or wrote its script, doesn't want to see the one before it again.
    let asked_for = match &run.decided {
        Some(decided) if decided.decision == Decision::Regenerate => decided.round,
        _ => 0,
    };
    let edited = run.edited.as_ref();
    let seen = asked_for.max(edited.map_or(0, |edited| edited.round - 1));
    let mut rounds: Vec<RoundScore> = run
        .rounds
        .iter()
        .filter(|score| score.round > seen && score.round != run.round)
        .cloned()
        .collect();
    rounds.push(score.clone());
    // Nobody writes over a person's script: it is approved, or looked at.
    let can_differ = !sheet.suggestions.is_empty() && edited.is_none();
    let (next, shown) = match course(&rounds, rules.max_rounds(), can_differ) {
        Course::Approve(chosen) => (Next::Approve { chosen }, chosen),
        Course::Review(chosen) => {
            let due_at = Timestamp(now.0 + rules.review_ms());
            (Next::Review { chosen, due_at }, chosen)
        }
        Course::Again => {
            let feedback = Feedback {
                of_round: run.round,
                suggestions: sheet.suggestions,
                note: None,
                earlier: Vec::new(),
            };
            let feedback = feedback.after(feedback_of(artifacts, run).await?);
            let again = again(artifacts, run, &feedback, now).await?;
            (Next::Again(again), run.round)
        }
    };
    let degraded = if shown == run.round {
        let mut degraded = verdict(&rows).degraded;
        let known = run.degraded.iter();
        let more: Vec<_> = known.filter(|reason| !degraded.contains(reason)).collect();
        degraded.extend(more.into_iter().cloned());
        degraded
    } else {
        let holds = rounds.iter().find(|score| score.round == shown);
        let holds = holds.map(|score| score.holds.as_slice());
        let reasons = holds
            .unwrap_or_default()
            .iter()
            .filter_map(|hold| match hold {
                Hold::Degraded { reason } => Some(reason.clone()),
                _ => None,
            });
        reasons.collect()
    };
    Ok(RoundEnd {
        opener: opener(artifacts, run, &rows).await?,
        score,
        next,
        degraded,
        signature: sheet.signature,
    })
}

/// How the round's video opens, for a brand's later ones; nothing where there is no brand to remember it for.
async fn opener(
    artifacts: &Artifacts,
    run: &Run,
    rows: &[TaskRecord],
) -> Result<Option<Opener>, RunError> {
    let row = rows
        .iter()
        .find(|row| row.task.as_str() == HOOK && row.status.has_output());
    let end = row.and_then(|row| row.end.as_ref());
    match end.filter(|_| run.brand.is_some()) {
        Some(end) => {
            let hook: Hook = document(artifacts, run, "the hook", &end.output).await?;
            Ok(Opener::of(&hook))
        }
        None => Ok(None),
    }
}

/// What the gate's task made.
async fn sheet(
    artifacts: &Artifacts,
    run: &Run,
    rows: &[TaskRecord],
) -> Result<ScoreSheet, RunError> {
    let gate = workflow(&run.workflow)?.gate;
    let none = || GateError::NoScore {
        run: run.id.clone(),
        round: run.round,
    };
    let row = rows
        .iter()
        .find(|row| Some(&row.task) == gate.as_ref() && row.status.has_output());
    let output = &row
        .and_then(|row| row.end.as_ref())
        .ok_or_else(none)?
        .output;
    document(artifacts, run, "the score", output).await
}

/// A document of a run, named by what it is.
pub(crate) async fn document<T: DeserializeOwned>(
    artifacts: &Artifacts,
    run: &Run,
    what: &'static str,
    stored: &ArtifactRef,
) -> Result<T, RunError> {
    let read = read_document(artifacts, stored).await;
    Ok(read.map_err(|cause| GateError::Document {
        what,
        run: run.id.clone(),
        cause,
    })?)
}

/// What the round that a run works on was told to do differently; nothing in the first one.
pub(crate) async fn feedback_of(
    artifacts: &Artifacts,
    run: &Run,
) -> Result<Option<Feedback>, RunError> {
    match &run.feedback {
        None => Ok(None),
        Some(kept) => document(artifacts, run, "the feedback", kept)
            .await
            .map(Some),
    }
}

/// Keeps what the next round is to do differently, and names its execution.
pub(crate) async fn again(
    artifacts: &Artifacts,
    run: &Run,
    feedback: &Feedback,
    now: Timestamp,
) -> Result<Again, RunError> {
    let unkept = |cause: String| GateError::Document {
        what: "the feedback",
        run: run.id.clone(),
        cause,
    };
    let bytes = serde_json::to_vec(feedback).map_err(|error| unkept(error.to_string()))?;
    let feedback = artifacts
        .put(bytes.into(), MediaType::Json)
        .await
        .map_err(|error| unkept(error.to_string()))?;
    Ok(Again {
        execution: execution_name(&run.id, run.round + 1, now),
        feedback,
    })
}

impl Runs {
    /// Ends the round that an execution worked on, by its gate's score, and starts the next one if there is to be one. Doing it again
    /// changes nothing.
    pub async fn end_round(&self, run: &RunId, execution: &str) -> Result<Run, RunError> {
        let ended = end_round(&self.store, &self.artifacts, run, execution, (self.clock)()).await?;
        if ended.state == RunState::Running && ended.execution != execution {
            // To start the same execution twice is to start it once.
            let facts = self.facts_of(&ended).await?;
            self.set_going(&ended, facts).await?;
        }
        Ok(ended)
    }
}
