//! Experiments on content: from a brief that asks for variants to the winner that its brand remembers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::lifecycle::{change, steer};
use crate::server::{Answer, Server, small};

/// A server that speaks nothing, so that videos are made soon, and a key for all that is asked of it.
fn server() -> (Server, String) {
    let server = Server::start();
    let key = server.key("read,submit,admin,review");
    (server, key)
}

/// The small brief of a brand, with so many hooks.
fn compared(count: u32) -> Value {
    let mut brief = small();
    brief["brand"]["name"] = json!("Crumb");
    brief["variants"] = json!({"of": "hook", "count": count});
    brief
}

/// A brief of whose videos none is good enough without a person.
fn for_a_person(mut brief: Value) -> Value {
    brief["brand"]["quality"] = json!({"approve": 100, "review": 0});
    brief
}

/// The key of the experiment that compares a control with the others.
fn experiment_of(control: &Value) -> String {
    let key = control["variant"]["experiment"].as_str();
    key.unwrap().to_owned()
}

/// Decides on a run that waits for a person.
async fn decide(server: &Server, key: &str, run: &Value, decision: &str) {
    let path = format!("/v1/reviews/{}", run["id"].as_str().unwrap());
    let decision = json!({ "decision": decision });
    let decided = server.post(key, &path, &decision).await;
    assert_eq!(decided.status, 200, "{}", decided.text());
}

async fn send(server: &Server, key: &str, name: &str, brief: &Value) -> Answer {
    let request = server
        .request(Method::POST, "/v1/runs")
        .bearer_auth(key)
        .header("idempotency-key", name)
        .json(brief);
    Answer::of(request).await
}

/// The runs of a family, once none of them is running any more.
async fn ended(server: &Server, key: &str, control: &Value) -> Vec<Value> {
    let mut runs = Vec::new();
    for run in control["variant"]["runs"].as_array().unwrap() {
        let id = run.as_str().unwrap();
        runs.push(server.until(key, id, |run| run["state"] != "running").await);
    }
    runs
}

/// Units of both variations, of whom those of the second watch far more.
async fn watch(server: &Server, key: &str, experiment: &str, variations: [&str; 2]) {
    let mut events = Vec::new();
    for number in 0..250 {
        let unit = format!("u{number}");
        let at = number % 2;
        events.push(json!({"id": format!("e{unit}"), "type": "exposure", "unit": unit, "variation": variations[at]}));
        if at == 1 || number % 10 == 0 {
            events.push(json!({"id": format!("c{unit}"), "type": "conversion", "unit": unit, "event": "watched"}));
        }
    }
    steer(
        server,
        key,
        experiment,
        "events",
        &json!({ "events": events }),
    )
    .await;
}

#[tokio::test]
async fn variants_are_made_compared_and_the_winner_is_remembered() {
    let (server, key) = server();
    let first = send(&server, &key, "bread", &compared(3)).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let control = first.json();
    let experiment = experiment_of(&control);
    assert_eq!(control["variant"]["variation"], "hook-1");
    assert_eq!(control.get("learnt"), None);

    // The same request is the same family.
    let again = send(&server, &key, "bread", &compared(3)).await;
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json()["variant"], control["variant"]);
    send(&server, &key, "bread", &compared(2))
        .await
        .problem(409);

    let runs = ended(&server, &key, &control).await;
    for (run, number) in runs.iter().zip(1..) {
        assert_eq!(run["state"], "approved", "{run}");
        assert_eq!(run["variant"]["number"], number);
        assert_eq!(run.get("parent"), (number > 1).then_some(&control["id"]));
    }
    let list = server.get(&key, "/v1/runs").await.json();
    assert_eq!(list["runs"].as_array().unwrap().len(), 3, "{list}");
    for listed in list["runs"].as_array().unwrap() {
        let run = runs.iter().find(|run| run["id"] == listed["id"]).unwrap();
        assert_eq!(listed.get("parent"), run.get("parent"));
        assert_eq!(listed["variant"], run["variant"]);
    }
    let [first, second] = [&runs[0], &runs[1]].map(|run| run["id"].as_str().unwrap());
    let told = server.run(&["list"]);
    assert!(told.contains(&format!("(hook-2 of {first})")), "{told}");
    assert!(told.contains("(hook-1, the control)"), "{told}");
    let told = server.run(&["show", second]);
    assert!(told.contains(first) && told.contains("hook-2"), "{told}");
    // What the others have in common with the control was answered by what it made.
    let status = |run: &Value, task: &str, item: Option<u32>| {
        let tasks = run["tasks"].as_array().unwrap().iter();
        let mut found = tasks
            .filter(|row| row["task"] == task && row.get("item") == item.map(Value::from).as_ref());
        found.next().unwrap()["status"].clone()
    };
    for run in &runs[1..] {
        for (task, item, told) in [
            ("story", None, "cached"),
            ("script", None, "cached"),
            ("images", Some(0), "cached"),
            ("audio", Some(1), "cached"),
            ("hook", None, "succeeded"),
            ("audio", Some(0), "succeeded"),
            ("compose", None, "succeeded"),
        ] {
            assert_eq!(status(run, task, item), told, "{task} of {run}");
        }
    }

    let path = format!("/v1/experiments/{experiment}");
    let draft = server.get(&key, &path).await.json();
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["runs"]["hook-2"], runs[1]["id"]);
    assert_eq!(
        draft["variations"][1]["value"],
        json!({"run": runs[1]["id"]})
    );
    steer(&server, &key, &experiment, "start", &json!({})).await;
    watch(&server, &key, &experiment, ["hook-1", "hook-3"]).await;
    let concluded = steer(
        &server,
        &key,
        &experiment,
        "conclude",
        &json!({"winner": "hook-3"}),
    )
    .await;
    assert_eq!(concluded["winner"], "hook-3");

    let winner = runs[2]["id"].as_str().unwrap();
    let marked = server.get(&key, &format!("/v1/runs/{winner}")).await.json();
    assert_eq!(marked["won"]["experiment"], json!(experiment));
    assert_eq!(marked["won"]["variation"], "hook-3");
    assert_eq!(marked["state"], "approved");
    let other = runs[1]["id"].as_str().unwrap();
    let other = server.get(&key, &format!("/v1/runs/{other}")).await.json();
    assert_eq!(other.get("won"), None);
    assert!(server.run(&["show", winner]).contains(&experiment));

    // The brand's next brief is told, and another brand's isn't.
    let mut next = small();
    next["topic"] = json!("Why cake rises");
    next["brand"]["name"] = json!("Crumb");
    let told = server.post(&key, "/v1/runs", &next).await.json();
    assert_eq!(told["learnt"][0]["run"], json!(winner), "{told}");
    assert_eq!(told["learnt"][0]["of"], "hook");
    assert!(told["learnt"][0]["form"].is_string(), "{told}");
    let asked = server.get(&key, "/v1/insights/content?brand=Crumb").await;
    assert_eq!(asked.json()["learnt"], told["learnt"], "{}", asked.text());
    next["brand"]["name"] = json!("Crust");
    let told = server.post(&key, "/v1/runs", &next).await.json();
    assert_eq!(told.get("learnt"), None);
}

#[tokio::test]
async fn what_was_not_approved_is_shown_to_nobody() {
    let (server, key) = server();
    let brief = for_a_person(compared(3));
    let control = server.post(&key, "/v1/runs", &brief).await.json();
    let experiment = experiment_of(&control);
    let start = format!("/v1/experiments/{experiment}/start");
    let early = server.post(&key, &start, &json!({})).await.problem(409);
    assert!(
        early["detail"].as_str().unwrap().contains("hook-1"),
        "{early}"
    );
    let runs = ended(&server, &key, &control).await;
    for (run, decision) in runs.iter().zip(["approve", "reject", "approve"]) {
        assert_eq!(run["state"], "in_review", "{run}");
        server.post(&key, &start, &json!({})).await.problem(409);
        decide(&server, &key, run, decision).await;
    }
    let weights = json!({"weights": [0.5, 0.3, 0.2]});
    assert_eq!(
        change(&server, &key, &experiment, &weights).await.status,
        200
    );
    let started = steer(&server, &key, &experiment, "start", &json!({})).await;
    let keys: Vec<&Value> = started["variations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variation| &variation["key"])
        .collect();
    assert_eq!(keys, ["hook-1", "hook-3"]);
    let weights: Vec<f64> = serde_json::from_value(started["weights"].clone()).unwrap();
    assert!((weights[0] - 5.0 / 7.0).abs() < 1e-9, "{weights:?}");
}

#[tokio::test]
async fn an_experiment_with_one_video_left_does_not_start() {
    let (server, key) = server();
    let brief = for_a_person(compared(2));
    let control = server.post(&key, "/v1/runs", &brief).await.json();
    let experiment = experiment_of(&control);
    let runs = ended(&server, &key, &control).await;
    for (run, decision) in runs.iter().zip(["reject", "approve"]) {
        decide(&server, &key, run, decision).await;
    }
    let start = format!("/v1/experiments/{experiment}/start");
    let refused = server.post(&key, &start, &json!({})).await.problem(409);
    assert!(
        refused["detail"].as_str().unwrap().contains("hook-1"),
        "{refused}"
    );
}

#[tokio::test]
async fn cancelling_the_control_leaves_no_variant_waiting() {
    let (server, key) = server();
    let mut brief = crate::server::long();
    brief["variants"] = json!({"of": "hook", "count": 2});
    let control = server.post(&key, "/v1/runs", &brief).await.json();
    let path = format!("/v1/runs/{}/cancel", control["id"].as_str().unwrap());
    assert_eq!(server.post(&key, &path, &json!({})).await.status, 202);
    for run in ended(&server, &key, &control).await {
        assert_eq!(run["state"], "cancelled", "{run}");
    }
}

#[tokio::test]
async fn variants_that_cannot_be_compared_are_refused_by_their_field() {
    let (server, key) = server();
    for (variants, fields) in [
        (json!({"of": "hook", "count": 1}), ["variants.count"]),
        (json!({"of": "hook", "count": 9}), ["variants.count"]),
        (json!({"of": "colour"}), ["variants.of"]),
        (json!({"count": 2}), ["variants.of"]),
        (
            json!({"of": "voice", "voices": ["joe"]}),
            ["variants.voices"],
        ),
    ] {
        let mut brief = small();
        brief["variants"] = variants;
        let refused = server.post(&key, "/v1/runs", &brief).await;
        assert_eq!(refused.fields(400), fields, "{}", refused.text());
    }
    let list = server.get(&key, "/v1/runs").await.json();
    assert_eq!(list["runs"].as_array().unwrap().len(), 0);
}
