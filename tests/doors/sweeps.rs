//! Runs that nobody works on any more.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    ArtifactRef, Brief, ContentKey, ErrorInfo, EventKind, MediaType, Run, RunId, RunState,
};
use reelwright::embedded::Embedded;
use runtime::{Begun, Files, Runs, Standing, TableAlone, new_run};
use serde_json::{Value, json};
use store::{FIRST_LOOK_MS, SHARDS, Store, Tables};
use sweep::{Sweep, Swept, sweep_due};
use tokio::time::Instant;

use crate::support::{Doors, NOW, example};

/// Starts a run.
async fn begin(doors: &Doors, number: u128) -> Run {
    let brief = Brief {
        topic: format!("topic {number}"),
        ..Brief::default()
    };
    let id = RunId::new(NOW.0, number);
    match doors.runs.begin(id, brief, Files::Uploaded, None).await {
        Ok(Begun::New(run)) => *run,
        other => panic!("{other:?}"),
    }
}

/// Writes a run whose starter died before it started the execution. Its brief is there only if it is given.
async fn left(doors: &Doors, number: u128, brief: Option<&Brief>) -> Run {
    let stored = match brief {
        Some(brief) => {
            let json = serde_json::to_vec(brief).unwrap();
            let artifacts = &doors.runs.artifacts;
            artifacts.put(json.into(), MediaType::Json).await.unwrap()
        }
        None => ArtifactRef {
            key: ContentKey::of_bytes(b"lost"),
            media_type: MediaType::Json,
            bytes: 4,
        },
    };
    let id = RunId::new(NOW.0, number);
    let run = new_run(id, brief.unwrap_or(&Brief::default()), stored, doors.now());
    doors.runs.store.put_run(&run, None).await.unwrap();
    run
}

/// The function over these runs. Nobody is told of anything here.
pub(crate) fn sweeping(runs: &Runs) -> Sweep {
    Sweep {
        runs: runs.clone(),
        queue: Arc::new(TableAlone),
    }
}

/// A sweep that has all the time it needs.
pub(crate) async fn sweep(doors: &Doors) -> Swept {
    let until = Instant::now() + Duration::from_mins(1);
    sweep_due(&doors.runs, doors.now(), until).await.unwrap()
}

/// The event of an execution that ended.
pub(crate) fn ended(execution: &str) -> Value {
    let mut event = example(include_str!("../../examples/events/sweep-ended.json"));
    event["detail"]["name"] = json!(execution);
    event
}

async fn announced(doors: &Doors) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    for shard in 0..SHARDS {
        let due = doors.runs.store.due_events(shard, doors.now(), 100).await;
        kinds.extend(due.unwrap().into_iter().map(|event| event.kind));
    }
    kinds
}

fn timed_out() -> Standing {
    Standing::Over(Some(ErrorInfo {
        name: "Timeout".to_owned(),
        cause: "the execution took too long".to_owned(),
    }))
}

#[tokio::test]
async fn an_execution_that_ended_unsaid_closes_its_run_and_announces_it_once() {
    let doors = Doors::open().await;
    let run = begin(&doors, 1).await;
    doors.executions.set(&run.execution, timed_out());
    for _ in 0..2 {
        sweep::answer(&sweeping(&doors.runs), ended(&run.execution))
            .await
            .unwrap();
    }
    let closed = doors.run(&run.id).await;
    assert_eq!(closed.state, RunState::Failed);
    assert_eq!(closed.failure.unwrap().1.name, "Timeout");
    assert_eq!(announced(&doors).await, [EventKind::WorkflowFailed]);
    // Nobody looks after it again.
    doors.wait(FIRST_LOOK_MS);
    assert_eq!(sweep(&doors).await, Swept::default());
}

#[tokio::test]
async fn an_execution_that_was_stopped_is_a_run_that_was_cancelled() {
    let doors = Doors::open().await;
    let run = begin(&doors, 1).await;
    let stopped = ErrorInfo {
        name: "Cancelled".to_owned(),
        cause: "stopped by hand".to_owned(),
    };
    doors
        .executions
        .set(&run.execution, Standing::Over(Some(stopped)));
    sweep::answer(&sweeping(&doors.runs), ended(&run.execution))
        .await
        .unwrap();
    assert_eq!(doors.run(&run.id).await.state, RunState::Cancelled);
    assert_eq!(announced(&doors).await, [EventKind::WorkflowCancelled]);
}

#[tokio::test]
async fn a_late_event_of_an_execution_before_leaves_a_redriven_run_going() {
    let doors = Doors::open().await;
    let run = begin(&doors, 1).await;
    doors.executions.set(&run.execution, timed_out());
    sweep::answer(&sweeping(&doors.runs), ended(&run.execution))
        .await
        .unwrap();
    doors.wait(1000);
    let again = doors.runs.redrive(&run.id).await.unwrap();
    assert_ne!(again.execution, run.execution);
    sweep::answer(&sweeping(&doors.runs), ended(&run.execution))
        .await
        .unwrap();
    assert_eq!(doors.run(&run.id).await.state, RunState::Running);
    // And it is still looked after.
    doors.executions.set(&again.execution, timed_out());
    doors.wait(600_000);
    assert_eq!(
        sweep(&doors).await,
        Swept {
            looked: 1,
            failed: 0,
            ..Swept::default()
        }
    );
    assert_eq!(doors.run(&run.id).await.state, RunState::Failed);
}

#[tokio::test]
async fn a_run_that_never_began_is_started_when_it_is_due_and_not_before() {
    let doors = Doors::open().await;
    let run = left(&doors, 1, Some(&Brief::default())).await;
    doors.wait(FIRST_LOOK_MS - 1);
    assert_eq!(sweep(&doors).await, Swept::default());
    assert!(doors.executions.started().is_empty());

    doors.wait(1);
    let minute = example(include_str!("../../examples/events/sweep.json"));
    let swept = sweep::answer(&sweeping(&doors.runs), minute).await.unwrap();
    assert_eq!(
        swept,
        Swept {
            looked: 1,
            failed: 0,
            ..Swept::default()
        }
    );
    let started = doors.executions.started();
    assert_eq!(started.len(), 1);
    assert_eq!(started[0].execution, run.execution);
    // It goes on, so the next look comes later.
    assert_eq!(sweep(&doors).await, Swept::default());
}

#[tokio::test]
async fn a_run_that_can_not_be_seen_to_keeps_no_other_one_waiting() {
    let doors = Doors::open().await;
    for number in 0..40 {
        left(&doors, number, None).await;
    }
    let good = left(&doors, 40, Some(&Brief::default())).await;
    doors.wait(FIRST_LOOK_MS);
    assert_eq!(
        sweep(&doors).await,
        Swept {
            looked: 1,
            failed: 40,
            ..Swept::default()
        }
    );
    assert_eq!(doors.executions.started()[0].run, good.id);
    // Those have their next look later, so that others come before them.
    assert_eq!(sweep(&doors).await, Swept::default());
    doors.wait(300_000);
    assert_eq!(sweep(&doors).await.failed, 40);
}

#[tokio::test]
async fn events_that_nobody_dispatched_keep_no_run_waiting() {
    let doors = Doors::open().await;
    for number in 0..300 {
        let run = begin(&doors, number).await;
        doors.runs.cancel(&run.id).await.unwrap();
    }
    doors.wait(1000);
    let run = begin(&doors, 300).await;
    doors.executions.set(&run.execution, timed_out());
    doors.wait(FIRST_LOOK_MS);
    sweep(&doors).await;
    assert_eq!(doors.run(&run.id).await.state, RunState::Failed);
}

#[tokio::test]
async fn without_time_left_a_sweep_looks_after_nobody() {
    let doors = Doors::open().await;
    begin(&doors, 1).await;
    doors.wait(FIRST_LOOK_MS);
    let swept = sweep_due(&doors.runs, doors.now(), Instant::now()).await;
    assert_eq!(swept.unwrap(), Swept::default());
    assert_eq!(sweep(&doors).await.looked, 1);
}

#[tokio::test]
async fn executions_of_nobodys_run_are_passed_over_and_other_events_refused() {
    let doors = Doors::open().await;
    for execution in ["by-hand", "01m83xj880000000000000001a-r1-1795428000000", ""] {
        let swept = sweep::answer(&sweeping(&doors.runs), ended(execution))
            .await
            .unwrap();
        assert_eq!(swept, Swept::default(), "{execution}");
    }
    let error = sweep::answer(&sweeping(&doors.runs), json!({ "Records": [] })).await;
    assert!(error.unwrap_err().to_string().contains("detail-type"));
}

#[tokio::test]
async fn a_sweep_without_a_table_is_an_error_that_names_it() {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    let doors = Doors::over(store).await;
    let minute = example(include_str!("../../examples/events/sweep.json"));
    let error = sweep::answer(&sweeping(&doors.runs), minute)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
}
