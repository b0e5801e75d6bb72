//! What the closing states write is what the store writes.

use domain::{ErrorInfo, RunState, TaskName, Timestamp};
use serde_json::{Map, Value};
use statemachine::{Strategy, Workflow};
use store::Ending;

use crate::cloud::Cloud;
use crate::deployment::EPOCH;
use crate::dynamo::{self, Item};
use crate::interpreter::{Call, Ended, Interpreter};
use crate::table::Act;

fn succeeds() -> Act {
    Act::Succeeds {
        facts: Value::Null,
        cached: false,
    }
}

fn error(name: &str, cause: &str) -> ErrorInfo {
    ErrorInfo {
        name: name.to_owned(),
        cause: cause.to_owned(),
    }
}

/// Runs the machine of these tasks. With it comes what its closing state asked of the table.
async fn run<'a>(
    interpreter: &mut Interpreter,
    tasks: &str,
    mut act: impl FnMut() -> Act + 'a,
) -> (Cloud<'a>, Ended, Call) {
    let workflow = Workflow::parse(&format!("name: w\ntasks: {tasks}\n")).unwrap();
    let mut cloud = Cloud::new(Box::new(move |_, _, _| (act(), 1))).await;
    let ended = execute(interpreter, &mut cloud, &workflow).await;
    let closing = cloud
        .requests
        .iter()
        .find(|(call, _)| call.state.starts_with("Close "));
    let closing = closing.unwrap_or_else(|| panic!("{ended:#?}")).0.clone();
    (cloud, ended, closing)
}

async fn execute(
    interpreter: &mut Interpreter,
    cloud: &mut Cloud<'_>,
    workflow: &Workflow,
) -> Ended {
    cloud
        .execute(interpreter, workflow, Strategy::Auto, &Map::new())
        .await
}

/// The run's row, and the event that announces its end.
async fn rows(cloud: &Cloud<'_>, event: &str) -> (Item, Item) {
    let run = cloud.item(&format!("RUN#{}", cloud.run.id), "META").await;
    let event = cloud.item(&format!("EVENT#{event}"), "META").await;
    (run.unwrap(), event.unwrap())
}

/// Has the store close a twin of the run, and compares the rows. A machine knows nothing of degraded results.
async fn check_like_the_store(
    cloud: &Cloud<'_>,
    closing: &Call,
    state: RunState,
    failure: Option<(&str, ErrorInfo)>,
) {
    let update = &closing.arguments["TransactItems"][0]["Update"];
    let now = update["ExpressionAttributeValues"][":now"]["N"]
        .as_str()
        .unwrap();
    let ending = Ending {
        state,
        failure: failure.map(|(task, error)| (TaskName::parse(task).unwrap(), error)),
        degraded: Vec::new(),
    };
    let twin = Cloud::new(Box::new(|_, _, _| panic!("the twin runs nothing"))).await;
    let event = twin
        .store
        .close_run(
            &twin.run.id,
            &twin.run.execution,
            &ending,
            Timestamp(now.parse().unwrap()),
        )
        .await
        .unwrap();
    let (mut run, announced) = rows(cloud, &event.id).await;
    let (mut wanted_run, wanted) = rows(&twin, &event.id).await;
    assert_eq!(announced, wanted);
    run.remove("degraded");
    wanted_run.remove("degraded");
    assert_eq!(run, wanted_run);
    // And it is found by who looks for what is due.
    let mut due = Vec::new();
    for shard in 0..8 {
        due.extend(cloud.store.due_events(shard, event.at, 10).await.unwrap());
    }
    assert_eq!(due, [event]);
}

#[tokio::test]
async fn success_is_written_as_the_store_writes_it() {
    let mut interpreter = Interpreter::start();
    let (cloud, ended, closing) = run(&mut interpreter, "{a: {}}", succeeds).await;
    assert_eq!(ended.status, "SUCCEEDED");
    check_like_the_store(&cloud, &closing, RunState::Succeeded, None).await;
}

#[tokio::test]
async fn failure_is_written_as_the_store_writes_it_whatever_the_cause_says() {
    let mut interpreter = Interpreter::start();
    let long = "é".repeat(5_000);
    let escapes = "\u{1}".repeat(5_000);
    for (told, kept) in [
        ("no room", "no room"),
        ("", ""),
        (
            "a \"quoted\" \\ word,\n\ta line: 'ä', \u{1F3AC}, \u{1}",
            "a \"quoted\" \\ word,\n\ta line: 'ä', \u{1F3AC}, \u{1}",
        ),
        (
            r#"it said "errorMessage": "no""#,
            r#"it said "errorMessage": "no""#,
        ),
        (&long, &"é".repeat(1_000)),
        // 4,000 characters of JSON are looked at, in which each of these takes six.
        (&escapes, &"\u{1}".repeat(660)),
        ("failed task: not JSON", "failed task: not JSON"),
    ] {
        let fails = || Act::Fails(error("Refused", told));
        let (cloud, ended, closing) =
            run(&mut interpreter, "{a: {}, b: {after: [a]}}", fails).await;
        assert_eq!(
            (ended.status.as_str(), ended.error.as_str()),
            ("FAILED", "Refused")
        );
        let failure = Some(("a", error("Refused", kept)));
        check_like_the_store(&cloud, &closing, RunState::Failed, failure).await;
    }
}

#[tokio::test]
async fn what_no_function_says_is_laid_to_its_task() {
    let mut interpreter = Interpreter::start();
    let (cloud, _, closing) = run(&mut interpreter, "{a: {timeout: 1}}", || Act::Hangs).await;
    let failure = cloud
        .store
        .run(&cloud.run.id)
        .await
        .unwrap()
        .failure
        .unwrap();
    assert_eq!(
        (failure.0.as_str(), failure.1.name.as_str()),
        ("a", "Timeout")
    );
    check_like_the_store(&cloud, &closing, RunState::Failed, Some(("a", failure.1))).await;

    for (tasks, says) in [
        (
            "{a: {when: \"$states.input.brief.tone\"}}",
            "`when` of task \"a\"",
        ),
        (
            "{a: {}, b: {after: [a], for_each: $states.input.tasks.a.n}}",
            "for_each",
        ),
        (
            "{a: {}, b: {after: [a], when: $states.input.tasks.a.n > 1}}",
            "`when` of task \"b\"",
        ),
    ] {
        let (cloud, _, closing) = run(&mut interpreter, tasks, succeeds).await;
        let (task, error) = cloud
            .store
            .run(&cloud.run.id)
            .await
            .unwrap()
            .failure
            .unwrap();
        assert_eq!(error.name, "InvalidInput", "{tasks}");
        assert_eq!(
            task.as_str(),
            if tasks.contains("b:") { "b" } else { "a" },
            "{tasks}"
        );
        assert!(error.cause.contains(says), "{}", error.cause);
        let failure = Some((task.as_str(), error));
        check_like_the_store(&cloud, &closing, RunState::Failed, failure).await;
    }
}

#[tokio::test]
async fn closing_again_changes_nothing() {
    let mut interpreter = Interpreter::start();
    let (cloud, _, closing) = run(&mut interpreter, "{a: {}}", succeeds).await;
    let token = closing.arguments["ClientRequestToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = rows(&cloud, &token).await;
    dynamo::carry_out(&cloud.client, "transactWriteItems", &closing.arguments).await;
    assert_eq!(rows(&cloud, &token).await, before);
}

#[tokio::test]
async fn an_execution_that_lost_its_run_leaves_it_alone() {
    let mut interpreter = Interpreter::start();
    let workflow = Workflow::parse("name: w\ntasks: {a: {}}\n").unwrap();
    let mut cloud = Cloud::new(Box::new(|_, _, _| (succeeds(), 1))).await;
    cloud
        .store
        .start_execution(&cloud.run.id, "another", "somebody", EPOCH, 30_000)
        .await
        .unwrap();
    let ended = execute(&mut interpreter, &mut cloud, &workflow).await;
    assert_eq!(
        (ended.status.as_str(), ended.error.as_str()),
        ("FAILED", "NotClosed")
    );
    let run = cloud.store.run(&cloud.run.id).await.unwrap();
    assert_eq!(
        (run.state, run.execution.as_str()),
        (RunState::Running, "another")
    );
    for shard in 0..8 {
        let due = cloud
            .store
            .due_events(shard, Timestamp(u64::MAX / 4), 10)
            .await
            .unwrap();
        assert_eq!(due, []);
    }
}
