//! What is told of an event: read from the run that it is about.

use domain::quality::Decision;
use domain::{Event, EventKind, Run};
use store::Announced;
use webhooks::catalogue::{
    ContentApproved, ContentRejected, ContentReviewExpired, ContentReviewRequired, Decider,
    EventData, Failure, MadeLinks, ReviewLinks, RunFacts, RunLinks, WorkflowCancelled,
    WorkflowCompleted, WorkflowFailed,
};
use webhooks::{Line, Moment, Note, Payload};

use crate::{Dispatch, DispatchError};

/// The payload of an event. Two readings differ only if the run went on between them.
pub(crate) async fn payload(
    state: &Dispatch,
    announced: &Announced,
) -> Result<Payload, DispatchError> {
    let event = match announced {
        Announced::Whole(announcement) => return Ok(announcement.payload.clone()),
        Announced::OfRun(event) => event,
    };
    let run = state.store.run(&event.run).await?;
    Ok(Payload {
        at: event.at,
        data: data(state, event, &run).await?,
    })
}

async fn data(state: &Dispatch, event: &Event, run: &Run) -> Result<EventData, DispatchError> {
    let facts = RunFacts::of(run, event.round);
    let made = || MadeLinks {
        run: state.root.run(&run.id),
        video: state.root.video(&run.id),
    };
    let run_only = || RunLinks {
        run: state.root.run(&run.id),
    };
    let data = match event.kind {
        EventKind::WorkflowCompleted => WorkflowCompleted {
            run: facts,
            degraded: run.degraded.iter().map(String::as_str).collect(),
            cost_usd: run.cost_usd,
            links: made(),
        }
        .into(),
        EventKind::WorkflowFailed => WorkflowFailed {
            run: facts,
            failure: failure(run),
            cost_usd: run.cost_usd,
            links: run_only(),
        }
        .into(),
        EventKind::WorkflowCancelled => WorkflowCancelled {
            run: facts,
            cost_usd: run.cost_usd,
            links: run_only(),
        }
        .into(),
        EventKind::ContentApproved => {
            let decided = run
                .decided
                .as_ref()
                .filter(|decided| decided.decision == Decision::Approve);
            ContentApproved {
                run: facts,
                score: score(event, run)?,
                decided_by: match decided {
                    Some(_) => Decider::Person,
                    None => Decider::Score,
                },
                reviewer: decided.map(|decided| Line::from(decided.by.as_str())),
                note: note(decided.and_then(|decided| decided.note.as_deref())),
                links: made(),
            }
            .into()
        }
        EventKind::ContentReviewRequired => ContentReviewRequired {
            run: facts,
            score: score(event, run)?,
            reasons: reasons(event, run),
            expires_at: state
                .store
                .review(run)
                .await?
                .map(|review| Moment(review.due_at)),
            links: ReviewLinks {
                run: state.root.run(&run.id),
                video: state.root.video(&run.id),
                review: state.root.review(&run.id),
            },
        }
        .into(),
        EventKind::ContentReviewExpired => {
            let review = state.store.review(run).await?;
            let review = review.ok_or_else(|| untold(event, "review"))?;
            ContentReviewExpired {
                run: facts,
                score: score(event, run)?,
                waiting_since: Moment(review.waits_since),
                links: made(),
            }
            .into()
        }
        EventKind::ContentRejected => {
            let decided = run.decided.as_ref();
            let decided = decided.ok_or_else(|| untold(event, "decision"))?;
            ContentRejected {
                run: facts,
                score: score(event, run)?,
                reviewer: Line::from(decided.by.as_str()),
                note: note(decided.note.as_deref()),
                links: made(),
            }
            .into()
        }
    };
    Ok(data)
}

fn untold(event: &Event, lacks: &'static str) -> DispatchError {
    DispatchError::Untold {
        event: event.id.clone(),
        run: event.run.to_string(),
        lacks,
    }
}

/// The score of what is shown: of the best round, which needn't be the event's.
fn score(event: &Event, run: &Run) -> Result<f64, DispatchError> {
    let score = run.shown_score();
    let score = score.ok_or_else(|| untold(event, "score"))?;
    Ok(score.total.value())
}

/// Why a person is asked.
fn reasons(event: &Event, run: &Run) -> webhooks::Reasons {
    let holds = run.shown_score().map(|score| score.holds.as_slice());
    let mut reasons: Vec<Line> = holds
        .unwrap_or_default()
        .iter()
        .map(|hold| Line::from(hold.reason()))
        .collect();
    if reasons.is_empty() {
        reasons.push(Line::from(format!(
            "no round of {} scored enough to be approved without a person",
            event.round
        )));
    }
    reasons.into()
}

fn failure(run: &Run) -> Failure {
    match &run.failure {
        Some((task, error)) => Failure {
            task: Some(Line::from(task.as_str())),
            error: Line::from(error.name.as_str()),
            cause: Note::from(error.cause.as_str()),
        },
        None => Failure {
            task: None,
            error: Line::from("Unknown"),
            cause: Note::from("the run keeps no cause: it went on since, or ended without one"),
        },
    }
}

fn note(text: Option<&str>) -> Option<Note> {
    text.map(Note::from)
}
