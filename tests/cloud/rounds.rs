//! The gate and a person's decision in the deployed system.

use domain::{RunId, RunState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::deployed::cloud;
use crate::doors::brief;
use crate::gateway::Caller;
use crate::support::Sandbox;

#[tokio::test]
async fn a_weak_round_is_made_again_as_by_the_command_and_a_person_decides_once() {
    let caller = Caller::with(cloud(), "read,submit,review");
    let shared = cloud().shared().await;
    let mut weak: Value = serde_json::from_str(&brief("Why bread rises, made twice")).unwrap();
    weak["brand"]["quality"] = json!({"approve": 100, "review": 99.9});
    let weak = weak.to_string();
    let started = caller
        .json(Method::POST, "/v1/runs", Some(&weak), 201)
        .await;
    let run = RunId::parse(started["id"].as_str().unwrap()).unwrap();
    let ended = cloud().ended(&run).await;
    drop(shared);
    assert_eq!(
        ended.state,
        RunState::InReview,
        "{ended:?}\n{}",
        cloud().logs()
    );
    assert_eq!((ended.round, ended.rounds.len()), (2, 2));

    // The same rounds, scores and video as on a laptop.
    let sandbox = Sandbox::new();
    let made = sandbox.make(&sandbox.write("brief.json", &weak)).json();
    let view = caller
        .json(Method::GET, &format!("/v1/runs/{run}"), None, 200)
        .await;
    let totals = |rounds: &Value| -> Vec<Value> {
        let rounds = rounds.as_array().unwrap();
        rounds.iter().map(|round| round["total"].clone()).collect()
    };
    assert_eq!(totals(&view["rounds"]), totals(&made["run"]["rounds"]));
    assert_eq!(view["shown_round"], made["run"]["chosen_round"]);
    let video = caller
        .file(&format!("/v1/runs/{run}/files/final.mp4"))
        .await;
    let file = made["file"].as_str().unwrap();
    assert!(video == std::fs::read(file).unwrap(), "the videos differ");

    let waiting = caller.json(Method::GET, "/v1/reviews", None, 200).await;
    let waits = |waiting: &Value| {
        let reviews = waiting["reviews"].as_array().unwrap();
        reviews.iter().any(|review| review["run"] == run.as_str())
    };
    assert!(waits(&waiting), "{waiting}");
    // A changed line makes the same video here as there, and nobody writes over it.
    let path = format!("/v1/runs/{run}/script");
    let mut script = caller.json(Method::GET, &path, None, 200).await;
    script["scenes"][1]["say"] = json!(["Yeast eats the sugar in flour."]);
    let script = script.to_string();
    let shared = cloud().shared().await;
    caller.json(Method::PUT, &path, Some(&script), 202).await;
    let ended = cloud().ended(&run).await;
    drop(shared);
    assert_eq!((ended.state, ended.round), (RunState::InReview, 3));
    let edited = sandbox
        .run(&[
            "rerender",
            made["run"]["id"].as_str().unwrap(),
            sandbox.write("script.json", &script).to_str().unwrap(),
            "--json",
            "--out",
            sandbox.out().to_str().unwrap(),
        ])
        .json();
    let video = caller
        .file(&format!("/v1/runs/{run}/files/final.mp4"))
        .await;
    let file = edited["file"].as_str().unwrap();
    assert!(
        video == std::fs::read(file).unwrap(),
        "the edited videos differ"
    );

    let path = format!("/v1/reviews/{run}");
    let approve = json!({"decision": "approve", "note": "good bread"}).to_string();
    caller.json(Method::POST, &path, Some(&approve), 200).await;
    let reject = json!({"decision": "reject"}).to_string();
    let second = caller.json(Method::POST, &path, Some(&reject), 409).await;
    let detail = second["detail"].as_str().unwrap();
    assert!(detail.contains("approved it"), "{second}");
    let approved = cloud().store().await.run(&run).await.unwrap();
    assert_eq!(approved.state, RunState::Approved);
    assert_eq!(
        approved.decided.unwrap().note.as_deref(),
        Some("good bread")
    );
}
