//! What goes wrong, and that it is mended: failing and killed functions, events that come twice, runs that are cancelled.

use std::process::Command;
use std::time::{Duration, Instant, UNIX_EPOCH};

use domain::{Event, EventKind, RunId, RunState, TaskName, TaskRecord, TaskStatus, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use store::{Claim, Claimant, TaskId};

use crate::deployed::cloud;
use crate::doors::brief;
use crate::gateway::Caller;
use crate::tools::root;

/// How long something may take to begin.
const PATIENCE: Duration = Duration::from_mins(1);

fn now() -> Timestamp {
    let now = UNIX_EPOCH.elapsed().unwrap();
    Timestamp(u64::try_from(now.as_millis()).unwrap())
}

async fn begin(caller: &Caller, topic: &str) -> RunId {
    let run = caller
        .json(Method::POST, "/v1/runs", Some(&brief(topic)), 201)
        .await;
    RunId::parse(run["id"].as_str().unwrap()).unwrap()
}

async fn tasks(run: &RunId) -> Vec<TaskRecord> {
    cloud().store().await.tasks(run, 1).await.unwrap()
}

/// Waits until a task of a run has begun.
async fn begun(run: &RunId, task: &str) {
    let since = Instant::now();
    loop {
        let rows = tasks(run).await;
        if rows
            .iter()
            .any(|row| row.task.as_str() == task && row.status == TaskStatus::Running)
        {
            return;
        }
        assert!(
            since.elapsed() < PATIENCE,
            "{task} does not begin: {rows:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The processes of a function.
fn processes(function: &str) -> Vec<String> {
    let marks = [
        format!("AWS_LAMBDA_FUNCTION_NAME={function}"),
        format!("AWS_ENDPOINT_URL={}", cloud().endpoint()),
    ];
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let environment = String::from_utf8_lossy(&environment).into_owned();
            let all = marks
                .iter()
                .all(|mark| environment.split('\0').any(|variable| variable == mark));
            all.then(|| entry.file_name().into_string().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn a_task_that_always_fails_fails_the_run_and_a_redrive_repeats_nothing_that_is_done() {
    let caller = Caller::with(cloud(), "read,submit");
    let _alone = cloud().alone().await;
    cloud().set_variable("AudioFunction", "REELWRIGHT_LEASE_SECONDS", "none at all");
    let run = begin(&caller, "Why bread rises, in the end").await;
    let failed = cloud().ended(&run).await;
    cloud().set_variable("AudioFunction", "REELWRIGHT_LEASE_SECONDS", "");
    assert_eq!(failed.state, RunState::Failed);
    assert_eq!(failed.failure.unwrap().0.as_str(), "audio");
    let before = tasks(&run).await;
    let done: Vec<&TaskRecord> = before
        .iter()
        .filter(|row| row.status == TaskStatus::Succeeded)
        .collect();
    assert!(
        done.iter().any(|row| row.task.as_str() == "hook"),
        "{before:?}"
    );

    let path = format!("/v1/runs/{run}/redrive");
    let answer = caller.send(Method::POST, &path, None).await;
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
    let ended = cloud().ended(&run).await;
    assert_eq!(
        ended.state,
        RunState::Approved,
        "{ended:?}\n{}",
        cloud().logs()
    );
    let after = tasks(&run).await;
    for row in done {
        assert!(after.contains(row), "{row:?} was made again: {after:?}");
    }
}

#[tokio::test]
async fn a_function_that_is_killed_at_work_is_tried_again() {
    let caller = Caller::with(cloud(), "read,submit");
    let _alone = cloud().alone().await;
    let run = begin(&caller, "Why bread rises, after a kill").await;
    begun(&run, "compose").await;
    let killed = processes(cloud().resource("ComposeFunction"));
    assert!(!killed.is_empty(), "compose has no process");
    // Whoever is idle has ended, or not: it makes no difference.
    let _ = Command::new("kill")
        .arg("-KILL")
        .args(&killed)
        .status()
        .unwrap();
    let ended = cloud().ended(&run).await;
    assert_eq!(
        ended.state,
        RunState::Approved,
        "{ended:?}\n{}",
        cloud().logs()
    );
    let rows = tasks(&run).await;
    let compose = rows
        .iter()
        .find(|row| row.task.as_str() == "compose")
        .unwrap();
    assert_eq!(compose.attempt, 2, "{compose:?}");
}

#[tokio::test]
async fn an_error_that_passes_is_tried_three_times_before_the_run_fails() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let run = begin(&caller, "Why bread rises, in other hands").await;
    // Somebody has the last task for longer than its function may wait.
    let compose = TaskName::parse("compose").unwrap();
    let id = TaskId::new(&run, 1, &compose, None);
    let somebody = Claimant::new("somebody", now(), 3_600_000);
    let taken = cloud().store().await.claim_task(&id, &somebody).await;
    assert!(matches!(taken, Ok(Claim::Taken { .. })), "{taken:?}");
    let failed = cloud().ended(&run).await;
    assert_eq!(failed.state, RunState::Failed, "{failed:?}");
    let (task, error) = failed.failure.unwrap();
    assert_eq!((task, error.name.as_str()), (compose, "Transient"));
    // The log is written by and by.
    let told = format!("\"the attempt failed\",\"run\":\"{run}\",\"task\":\"compose\"");
    let since = Instant::now();
    loop {
        let logs = cloud().logs();
        let attempts: Vec<&str> = logs.lines().filter(|line| line.contains(&told)).collect();
        assert!(attempts.len() <= 3, "{attempts:#?}");
        if attempts.len() == 3 {
            return;
        }
        assert!(since.elapsed() < PATIENCE, "{attempts:#?}\n{logs}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_run_that_is_cancelled_begins_nothing_more() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let run = begin(&caller, "Why bread rises, or not").await;
    begun(&run, "audio").await;
    let path = format!("/v1/runs/{run}/cancel");
    let answer = caller.send(Method::POST, &path, None).await;
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
    let ended = cloud().ended(&run).await;
    assert_eq!(ended.state, RunState::Cancelled);
    // What was at work when the run was cancelled ends by itself.
    let since = Instant::now();
    let rows = loop {
        let rows = tasks(&run).await;
        if rows.iter().all(|row| row.status != TaskStatus::Running) {
            break rows;
        }
        assert!(since.elapsed() < PATIENCE, "{rows:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let compose = rows
        .iter()
        .find(|row| row.task.as_str() == "compose")
        .unwrap();
    assert_eq!(compose.attempt, 0, "{compose:?}");
    let execution = aws_sdk_sfn::Client::new(&cloud().sdk().await)
        .describe_execution()
        .execution_arn(arn(&ended.execution))
        .send()
        .await
        .unwrap();
    assert_eq!(execution.status().as_str(), "ABORTED");
}

#[tokio::test]
async fn a_run_whose_execution_was_stopped_by_hand_is_cancelled_as_soon_as_the_rule_tells_of_it() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let run = begin(&caller, "Why bread rises, unless stopped").await;
    begun(&run, "audio").await;
    let store = cloud().store().await;
    // Not by the sweep of each minute, then.
    let tomorrow = Timestamp(now().0 + 86_400_000);
    store.watch_again(&run, tomorrow).await.unwrap();
    let execution = store.run(&run).await.unwrap().execution;
    aws_sdk_sfn::Client::new(&cloud().sdk().await)
        .stop_execution()
        .execution_arn(arn(&execution))
        .send()
        .await
        .unwrap();
    let ended = cloud().ended(&run).await;
    assert_eq!(ended.state, RunState::Cancelled, "{ended:?}");
    let kind = EventKind::WorkflowCancelled;
    let event = Event::new(kind, run, 1, &execution, ended.updated_at);
    assert_eq!(store.event(&event.id).await.unwrap(), Some(event));
}

#[tokio::test]
async fn events_that_come_twice_start_one_run() {
    let caller = Caller::with(cloud(), "read");
    let _shared = cloud().shared().await;
    let by_queue = brief("Why bread rises, by a message that comes twice");
    let by_bucket = brief("Why bread rises, by an object told of twice");
    let key = "briefs/twice.json";
    let artifacts = cloud().artifacts();
    artifacts
        .write_raw(key, by_bucket.clone().into())
        .await
        .unwrap();
    let mut message = event("intake-sqs.json");
    message["Records"][0]["body"] = json!(by_queue);
    // The example's own message may have come in already.
    message["Records"][0]["messageId"] = json!("b6f1d1ad-8a3f-4b53-9b0e-2f1d3c5a7e90");
    let written = artifacts.find_raw(key).await.unwrap().unwrap();
    let mut object = event("intake.json");
    let told = &mut object["Records"][0]["s3"];
    told["bucket"]["name"] = json!(cloud().output("BucketName"));
    told["object"]["key"] = json!(key);
    told["object"]["eTag"] = json!(written.tag);
    for event in [&message, &object, &message, &object] {
        cloud().invoke("IntakeFunction", event);
    }
    let page = caller
        .json(Method::GET, "/v1/runs?limit=100", None, 200)
        .await;
    let about = |topic: &str| {
        let runs = page["runs"].as_array().unwrap();
        runs.iter().filter(|run| run["topic"] == topic).count()
    };
    assert_eq!(
        about("Why bread rises, by a message that comes twice"),
        1,
        "{page}"
    );
    // The bucket tells of it, too, and of another moment than the two events made up here.
    assert_eq!(
        about("Why bread rises, by an object told of twice"),
        2,
        "{page}"
    );
}

/// The ARN of an execution of the deployed machine.
fn arn(execution: &str) -> String {
    let machine = cloud().output("StateMachineArn");
    let executions = machine.replacen(":stateMachine:", ":execution:", 1);
    format!("{executions}:{execution}")
}

fn event(name: &str) -> Value {
    let file = root().join("examples/events").join(name);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}
