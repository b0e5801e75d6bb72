//! How rounds end, and what people decide: through the port that starts executions, whoever dies in between.

use std::collections::BTreeMap;

use domain::quality::{
    Action, Decision, Feedback, ScoreSheet, Suggestion, Target, Thresholds, Total,
};
use domain::{
    Brief, ContentKey, EventKind, MediaType, Run, RunId, RunState, TaskEnd, TaskName, TaskStatus,
};
use runtime::{Begun, Files, RunError};
use serde_json::{Value, json};
use store::{Claim, Claimant, FIRST_LOOK_MS, SHARDS, StoreError, TaskId};
use sweep::sweep_due;
use tokio::time::Instant;

use crate::support::{Doors, NOW};

async fn begin(doors: &Doors) -> Run {
    let brief = Brief {
        topic: "Why bread rises".to_owned(),
        ..Brief::default()
    };
    let id = RunId::new(NOW.0, 1);
    match doors.runs.begin(id, brief, Files::Uploaded, None).await {
        Ok(Begun::New(run)) => *run,
        other => panic!("{other:?}"),
    }
}

fn suggestion(task: Target, action: Action) -> Suggestion {
    Suggestion {
        task,
        scene: None,
        instruction: action.instruction(),
        action,
        gain: 2.0,
    }
}

/// Leaves the row that the gate's task leaves in the run's present round.
async fn score(doors: &Doors, run: &Run, tenths: u16, suggestions: Vec<Suggestion>) {
    let (store, artifacts) = (&doors.runs.store, &doors.runs.artifacts);
    let put = async |document: Value| {
        let bytes = document.to_string().into_bytes();
        artifacts.put(bytes.into(), MediaType::Json).await.unwrap()
    };
    let assessment =
        put(json!({"text": "", "assessment": {"advice": {"suggestions": suggestions}}}));
    let total = Total::of_tenths(tenths);
    let sheet = ScoreSheet {
        judging: None,
        total,
        tier: Thresholds::default().tier(total, &[]),
        holds: Vec::new(),
        scores: BTreeMap::new(),
        assessment: assessment.await,
        suggestions,
        signature: None,
    };
    let id = TaskId::new(&run.id, run.round, &TaskName::parse("score").unwrap(), None);
    let claimant = Claimant::new("worker", doors.now(), 30_000);
    let Claim::Taken { attempt, .. } = store.claim_task(&id, &claimant).await.unwrap() else {
        panic!("the row is done")
    };
    let end = TaskEnd {
        content_key: ContentKey::of(&[]),
        output: put(serde_json::to_value(&sheet).unwrap()).await,
        facts: json!({}),
        degraded: Vec::new(),
        cost_usd: 0.0,
        work_ms: 1,
    };
    store
        .complete_task(
            &id,
            "worker",
            attempt,
            TaskStatus::Succeeded,
            &end,
            doors.now(),
        )
        .await
        .unwrap();
}

async fn announced(doors: &Doors) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    for shard in 0..SHARDS {
        let due = doors.runs.store.due_events(shard, doors.now(), 100).await;
        kinds.extend(due.unwrap().into_iter().map(|event| event.kind));
    }
    kinds.sort_by_key(|kind| kind.name());
    kinds
}

/// Whether the execution of a run's present round was started.
fn started(doors: &Doors, run: &Run) -> bool {
    let started = doors.executions.started();
    started.iter().any(|start| start.execution == run.execution)
}

async fn sweep(doors: &Doors) {
    let until = Instant::now() + std::time::Duration::from_mins(1);
    sweep_due(&doors.runs, doors.now(), until).await.unwrap();
}

async fn feedback(doors: &Doors, run: &Run) -> Feedback {
    let stored = run.feedback.as_ref().unwrap();
    serde_json::from_slice(&doors.runs.artifacts.get(stored).await.unwrap()).unwrap()
}

fn other_hook() -> Vec<Suggestion> {
    vec![suggestion(
        Target::Hook,
        Action::OtherHook {
            avoid: vec!["bread".to_owned()],
        },
    )]
}

#[tokio::test]
async fn a_poor_round_is_followed_by_another_with_its_feedback_started_once() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    score(&doors, &run, 512, other_hook()).await;
    for _ in 0..2 {
        let next = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
        assert_eq!((next.state, next.round), (RunState::Running, 2));
        assert!(started(&doors, &next));
    }
    let next = doors.run(&run.id).await;
    let heard = feedback(&doors, &next).await;
    assert_eq!((heard.of_round, heard.suggestions), (1, other_hook()));
    assert_eq!(announced(&doors).await, [EventKind::WorkflowCompleted]);
}

#[tokio::test]
async fn what_a_round_was_told_holds_on_in_the_rounds_after_it() {
    let doors = Doors::open().await;
    let mut run = begin(&doors).await;
    let script = vec![suggestion(Target::Script, Action::BeConcrete)];
    score(&doors, &run, 512, other_hook()).await;
    run = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    let second = feedback(&doors, &run).await;
    score(&doors, &run, 712, script.clone()).await;
    run = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    assert_eq!(run.state, RunState::InReview);
    let decided = doors
        .runs
        .decide(&run.id, Decision::Regenerate, "a person", None)
        .await;
    let third = feedback(&doors, &decided.unwrap()).await;
    assert_eq!((third.of_round, &third.earlier), (2, &vec![second.clone()]));
    // The hook hears what it heard and that another one is wanted; the script what is new.
    let hook = third.of(Target::Hook).unwrap().suggestions;
    assert!(
        hook.contains(&other_hook()[0]) && hook.len() == 2,
        "{hook:?}"
    );
    assert_eq!(third.of(Target::Script).unwrap().suggestions, script);
}

#[tokio::test]
async fn a_person_who_sees_the_first_round_hears_nothing_of_what_made_the_second() {
    let doors = Doors::open().await;
    let mut run = begin(&doors).await;
    for tenths in [612, 512] {
        score(&doors, &run, tenths, other_hook()).await;
        run = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    }
    assert_eq!((run.state, run.chosen_round), (RunState::InReview, Some(1)));
    let decided = doors
        .runs
        .decide(&run.id, Decision::Regenerate, "a person", None)
        .await;
    let third = feedback(&doors, &decided.unwrap()).await;
    assert_eq!(third.earlier, []);
}

#[tokio::test]
async fn a_round_whose_starter_died_is_started_by_the_sweep() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    score(&doors, &run, 512, other_hook()).await;
    doors.executions.set_down(true);
    let died = doors.runs.end_round(&run.id, &run.execution).await;
    assert!(matches!(died, Err(RunError::Execution(_))), "{died:?}");
    doors.executions.set_down(false);
    let next = doors.run(&run.id).await;
    assert_eq!(next.round, 2);
    assert!(!started(&doors, &next));
    doors.wait(FIRST_LOOK_MS);
    sweep(&doors).await;
    assert!(started(&doors, &next));
}

#[tokio::test]
async fn after_the_last_round_a_person_is_asked_about_the_best_one() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    score(&doors, &run, 612, other_hook()).await;
    let second = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    score(&doors, &second, 588, other_hook()).await;
    let ended = doors
        .runs
        .end_round(&second.id, &second.execution)
        .await
        .unwrap();
    assert_eq!(
        (ended.state, ended.chosen_round),
        (RunState::InReview, Some(1))
    );

    // A person who asks for another round isn't shown the first two again, nor are more made by themselves.
    doors.wait(1_000);
    let note = Some("open with a question".to_owned());
    let third = doors
        .runs
        .decide(&run.id, Decision::Regenerate, "ann", note.clone())
        .await;
    let third = third.unwrap();
    assert_eq!((third.state, third.round), (RunState::Running, 3));
    assert!(started(&doors, &third));
    assert_eq!(feedback(&doors, &third).await.note, note);
    score(&doors, &third, 401, other_hook()).await;
    let ended = doors
        .runs
        .end_round(&third.id, &third.execution)
        .await
        .unwrap();
    assert_eq!(
        (ended.state, ended.chosen_round),
        (RunState::InReview, Some(3))
    );
}

#[tokio::test]
async fn a_round_without_anything_to_do_differently_goes_to_a_person() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    score(&doors, &run, 512, Vec::new()).await;
    let ended = doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    assert_eq!((ended.state, ended.round), (RunState::InReview, 1));
    // Who asks for another round gets a different one all the same.
    let next = doors
        .runs
        .decide(&run.id, Decision::Regenerate, "ann", None)
        .await
        .unwrap();
    let heard = feedback(&doors, &next).await;
    assert!(heard.of(Target::Hook).is_some() && heard.of(Target::Story).is_some());
}

#[tokio::test]
async fn a_decision_is_taken_once_and_a_run_that_waits_for_nobody_takes_none() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    let early = doors
        .runs
        .decide(&run.id, Decision::Approve, "ann", None)
        .await;
    assert!(
        matches!(early, Err(RunError::Store(StoreError::NotWaiting { .. }))),
        "{early:?}"
    );
    score(&doors, &run, 750, Vec::new()).await;
    doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    let approved = doors
        .runs
        .decide(&run.id, Decision::Approve, "ann", None)
        .await
        .unwrap();
    assert_eq!(approved.state, RunState::Approved);
    for decision in [Decision::Reject, Decision::Regenerate] {
        let second = doors.runs.decide(&run.id, decision, "bob", None).await;
        let message = second.unwrap_err().to_string();
        assert!(message.contains("ann approved it"), "{message}");
    }
    let told = [
        EventKind::ContentApproved,
        EventKind::ContentReviewRequired,
        EventKind::WorkflowCompleted,
    ];
    assert_eq!(announced(&doors).await, told);
}

#[tokio::test]
async fn a_review_expires_when_its_time_is_up_and_not_before() {
    let doors = Doors::open().await;
    let run = begin(&doors).await;
    score(&doors, &run, 750, Vec::new()).await;
    doors.runs.end_round(&run.id, &run.execution).await.unwrap();
    let hour = 3_600_000;
    doors.wait(71 * hour);
    sweep(&doors).await;
    doors.runs.look_after(&run.id).await.unwrap();
    assert_eq!(doors.run(&run.id).await.state, RunState::InReview);
    doors.wait(hour);
    for _ in 0..2 {
        sweep(&doors).await;
    }
    assert_eq!(doors.run(&run.id).await.state, RunState::Expired);
    let told = [
        EventKind::ContentReviewExpired,
        EventKind::ContentReviewRequired,
        EventKind::WorkflowCompleted,
    ];
    assert_eq!(announced(&doors).await, told);
}
