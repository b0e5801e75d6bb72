//! One brief by each door becomes the video that the `reelwright` command makes of it; what is no brief ends where people find it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::{RunId, RunState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::deployed::{Cloud, cloud};
use crate::gateway::Caller;
use crate::support::{SMALL, Sandbox};

/// How long an event may take to arrive.
const PATIENCE: Duration = Duration::from_mins(1);

/// The files of a run.
const FILES: [&str; 5] = [
    "final.mp4",
    "captions.vtt",
    "captions.srt",
    "thumbnail.png",
    "posts.json",
];

/// The small brief about a topic of its own, so that no test finds what another made.
pub(crate) fn brief(topic: &str) -> String {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["topic"] = json!(topic);
    brief.to_string()
}

/// Checks that a run of the cloud made byte for byte what the command makes of the brief.
pub(crate) async fn made_as_by_the_command(caller: &Caller, run: &RunId, brief: &str) {
    let ended = cloud().ended(run).await;
    assert_eq!(
        ended.state,
        RunState::Approved,
        "{ended:?}\n{}",
        cloud().logs()
    );
    let view = caller
        .json(Method::GET, &format!("/v1/runs/{run}"), None, 200)
        .await;
    let sandbox = Sandbox::new();
    let made = sandbox.make(&sandbox.write("brief.json", brief)).json();
    assert_eq!(view["degraded"], made["degraded"]);
    let folder = PathBuf::from(made["folder"].as_str().unwrap());
    let listed: Vec<&str> = view["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    assert!(FILES.iter().all(|name| listed.contains(name)), "{listed:?}");
    for file in view["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap();
        let by_cloud = caller.file(file["url"].as_str().unwrap()).await;
        let by_command = std::fs::read(folder.join(name)).unwrap();
        assert!(by_cloud == by_command, "{name} differs from the command's");
    }
}

/// The run about a topic, once there is one.
async fn run_about(caller: &Caller, topic: &str) -> RunId {
    let since = Instant::now();
    loop {
        let page = caller
            .json(Method::GET, "/v1/runs?limit=100", None, 200)
            .await;
        let found = page["runs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|run| run["topic"] == topic);
        if let Some(run) = found {
            return RunId::parse(run["id"].as_str().unwrap()).unwrap();
        }
        assert!(
            since.elapsed() < PATIENCE,
            "no run about {topic}:\n{}",
            cloud().logs()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn send_message(cloud: &Cloud, body: &str) {
    aws_sdk_sqs::Client::new(&cloud.sdk().await)
        .send_message()
        .queue_url(cloud.output("IntakeQueueUrl"))
        .message_body(body)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_brief_by_the_api_becomes_the_command_s_video() {
    let caller = Caller::with(cloud(), "read,submit");
    let _shared = cloud().shared().await;
    let brief = brief("Why bread rises, by the API");
    let run = caller
        .json(Method::POST, "/v1/runs", Some(&brief), 201)
        .await;
    let id = RunId::parse(run["id"].as_str().unwrap()).unwrap();
    made_as_by_the_command(&caller, &id, &brief).await;
    // What was read to show the run is there for other functions to read.
    assert!(cloud().redis.holds("reelwright:*api_response*"));
}

#[tokio::test]
async fn a_brief_by_the_bucket_becomes_the_command_s_video() {
    let caller = Caller::with(cloud(), "read");
    let _shared = cloud().shared().await;
    let topic = "Why bread rises, by the bucket";
    let brief = brief(topic);
    cloud()
        .artifacts()
        .write_raw("briefs/two words.json", brief.clone().into())
        .await
        .unwrap();
    let run = run_about(&caller, topic).await;
    made_as_by_the_command(&caller, &run, &brief).await;
}

#[tokio::test]
async fn a_brief_by_the_queue_becomes_the_command_s_video() {
    let caller = Caller::with(cloud(), "read");
    let _shared = cloud().shared().await;
    let topic = "Why bread rises, by the queue";
    let brief = brief(topic);
    send_message(cloud(), &brief).await;
    let run = run_about(&caller, topic).await;
    made_as_by_the_command(&caller, &run, &brief).await;
}

#[tokio::test]
async fn an_object_that_is_no_brief_ends_under_failed_with_the_reason() {
    let artifacts = cloud().artifacts();
    let broken = "topic: [unfinished";
    artifacts
        .write_raw("briefs/broken.yaml", broken.into())
        .await
        .unwrap();
    let since = Instant::now();
    let kept = loop {
        if let Some(kept) = artifacts
            .read_raw("failed/broken.yaml", 1000)
            .await
            .unwrap()
        {
            break kept;
        }
        assert!(
            since.elapsed() < PATIENCE,
            "nothing comes to failed/broken.yaml:\n{}",
            cloud().logs()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(kept, broken.as_bytes());
    let reason = artifacts
        .read_raw("failed/broken.yaml.reason.json", 10_000)
        .await
        .unwrap()
        .unwrap();
    let reason = String::from_utf8(reason.to_vec()).unwrap();
    assert!(reason.contains("briefs/broken.yaml"), "{reason}");
    while artifacts
        .read_raw("briefs/broken.yaml", 1000)
        .await
        .unwrap()
        .is_some()
    {
        assert!(
            since.elapsed() < PATIENCE,
            "it is still under briefs/:\n{}",
            cloud().logs()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_message_that_is_no_brief_ends_in_the_queue_of_failures_with_the_reason() {
    let mark = "no brief, and nothing else either";
    send_message(cloud(), mark).await;
    let queue = aws_sdk_sqs::Client::new(&cloud().sdk().await);
    let since = Instant::now();
    loop {
        let received = queue
            .receive_message()
            .queue_url(cloud().output("IntakeFailuresUrl"))
            .message_attribute_names("All")
            .wait_time_seconds(1)
            .send()
            .await
            .unwrap();
        if let Some(message) = received
            .messages()
            .iter()
            .find(|message| message.body().is_some_and(|body| body.contains(mark)))
        {
            let text = format!("{message:?}");
            assert!(text.contains("brief"), "{text}");
            return;
        }
        assert!(since.elapsed() < PATIENCE, "{}", cloud().logs());
    }
}
