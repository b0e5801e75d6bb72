//! An experiment from its draft to its conclusion, as a caller sees it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server};

pub(crate) fn definition(key: &str) -> Value {
    json!({
        "key": key,
        "variations": [{"key": "statement"}, {"key": "question", "value": {"hook": "?"}}],
        "planned_units": 2000,
        "metrics": [{"key": "watched", "kind": "proportion"}]
    })
}

/// A server, and a key that may do all that is asked of experiments.
pub(crate) fn server() -> (Server, String) {
    let server = Server::start();
    let key = server.key("read,submit,admin");
    (server, key)
}

/// Creates an experiment and starts it.
pub(crate) async fn running(server: &Server, key: &str, definition: &Value) {
    let made = server.post(key, "/v1/experiments", definition).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let name = definition["key"].as_str().unwrap();
    steer(server, key, name, "start", &json!({})).await;
}

pub(crate) async fn steer(
    server: &Server,
    key: &str,
    name: &str,
    how: &str,
    body: &Value,
) -> Value {
    let path = format!("/v1/experiments/{name}/{how}");
    let answer = server.post(key, &path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub(crate) async fn change(server: &Server, key: &str, name: &str, fields: &Value) -> Answer {
    let path = format!("/v1/experiments/{name}");
    let request = server.request(Method::PATCH, &path).bearer_auth(key);
    Answer::of(request.json(fields)).await
}

fn event(number: usize, kind: &str, variation: &str) -> Value {
    let mut event =
        json!({"id": format!("{kind}-{number}"), "type": kind, "unit": format!("u{number}")});
    if kind == "exposure" {
        event["variation"] = json!(variation);
    } else {
        event["event"] = json!("watched");
    }
    event
}

#[tokio::test]
async fn an_experiment_goes_from_draft_to_verdict() {
    let (server, key) = server();
    let made = server
        .post(&key, "/v1/experiments", &definition("hooks"))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["state"], "draft");
    let twice = server
        .post(&key, "/v1/experiments", &definition("hooks"))
        .await;
    twice.problem(409);
    let unit = json!({"attributes": {"id": "u1"}});
    let early = server
        .post(&key, "/v1/experiments/hooks/assignments", &unit)
        .await;
    early.problem(409);
    let started = steer(&server, &key, "hooks", "start", &json!({})).await;
    assert_eq!(started["state"], "running");
    assert_eq!(started["weights_history"][0]["weights"], json!([0.5, 0.5]));

    let given = steer(&server, &key, "hooks", "assignments", &unit).await;
    assert_eq!(
        (&given["in_experiment"], &given["because"]),
        (&json!(true), &json!("bucket"))
    );
    let again = steer(&server, &key, "hooks", "assignments", &unit).await;
    assert_eq!(
        (&again["variation"], &again["because"]),
        (&given["variation"], &json!("sticky"))
    );

    // 1,000 units of each, of which 400 and 800 watch.
    for batch in 0..8 {
        let mut events = Vec::new();
        for number in batch * 250..(batch + 1) * 250 {
            let variation = ["statement", "question"][number % 2];
            events.push(event(number, "exposure", variation));
            if number % 10 < [2, 4][number % 2] * 2 {
                events.push(event(number, "conversion", variation));
            }
        }
        let (first, second) = events.split_at(events.len() / 2);
        for events in [first, second, first] {
            let sent = steer(&server, &key, "hooks", "events", &json!({"events": events})).await;
            let count = |name: &str| sent[name].as_u64().unwrap();
            assert_eq!(
                count("taken") + count("known"),
                events.len() as u64,
                "{sent}"
            );
        }
    }
    let results = server
        .get(&key, "/v1/experiments/hooks/results")
        .await
        .json();
    assert_eq!(
        results["units"],
        json!({"statement": 1000, "question": 1000})
    );
    let comparison = &results["results"]["comparisons"][0];
    assert_eq!(comparison["control"]["mean"], 0.4, "{results}");
    assert_eq!(comparison["treatment"]["mean"], 0.8);
    let winner = json!({"verdict": "winner", "variation": "question"});
    assert_eq!(results["results"]["decision"], winner);
    assert_eq!(results["path"][0]["units"], 1000.0);

    let concluded = steer(&server, &key, "hooks", "conclude", &json!({})).await;
    assert_eq!(
        (&concluded["state"], &concluded["winner"]),
        (&json!("concluded"), &json!("question"))
    );
    assert_eq!(concluded["concluded"]["decision"], winner);
    let everybody = steer(&server, &key, "hooks", "assignments", &unit).await;
    assert_eq!(everybody["because"], "concluded");
    assert_eq!(everybody["value"], json!({"hook": "?"}));
    for (how, body) in [
        ("events", event(1, "exposure", "question")),
        ("start", json!({})),
        ("conclude", json!({})),
    ] {
        let path = format!("/v1/experiments/hooks/{how}");
        server.post(&key, &path, &body).await.problem(409);
    }
    change(&server, &key, "hooks", &json!({"weights": [0.5, 0.5]}))
        .await
        .problem(409);
    let list = server.get(&key, "/v1/experiments").await.json();
    assert_eq!(list["experiments"][0]["key"], "hooks");
}

#[tokio::test]
async fn a_change_of_weights_moves_nobody_who_was_seen() {
    let (server, key) = server();
    running(&server, &key, &definition("sticky")).await;
    let unit = |number: usize| json!({"attributes": {"id": format!("u{number}")}});
    let mut given = Vec::new();
    for number in 0..40 {
        given.push(steer(&server, &key, "sticky", "assignments", &unit(number)).await);
    }
    let changed = change(&server, &key, "sticky", &json!({"weights": [0.0, 1.0]})).await;
    assert_eq!(
        changed.json()["weights_history"].as_array().unwrap().len(),
        2
    );
    for (number, before) in given.iter().enumerate() {
        let now = steer(&server, &key, "sticky", "assignments", &unit(number)).await;
        assert_eq!(now["variation"], before["variation"]);
    }
    assert!(given.iter().any(|given| given["variation"] == "statement"));
    for number in 40..80 {
        let now = steer(&server, &key, "sticky", "assignments", &unit(number)).await;
        assert_eq!(now["variation"], "question");
    }
    steer(&server, &key, "sticky", "pause", &json!({})).await;
    let now = steer(&server, &key, "sticky", "assignments", &unit(99)).await;
    assert_eq!(
        (&now["in_experiment"], &now["because"]),
        (&json!(false), &json!("not_covered"))
    );
    let now = steer(&server, &key, "sticky", "assignments", &unit(1)).await;
    assert_eq!(now["because"], "sticky");
    let fixed = change(&server, &key, "sticky", &json!({"metrics": []})).await;
    fixed.problem(409);
    let steered = change(&server, &key, "sticky", &json!({"state": "draft"})).await;
    steered.problem(400);
}

#[tokio::test]
async fn one_bad_event_of_a_batch_fails_alone_and_one_sent_alone_is_refused() {
    let (server, key) = server();
    running(&server, &key, &definition("batch")).await;
    let unknown = json!({"id": "x", "type": "conversion", "unit": "u1", "event": "bought"});
    let events = json!([
        event(1, "exposure", "question"),
        unknown,
        {"id": "y", "type": "exposure", "unit": "u2", "variation": "third"},
        {"id": "z", "type": "exposure", "unit": "u3"},
        {"id": "v", "type": "conversion", "unit": "u1", "event": "watched", "value": -1},
        {"id": "w", "type": "conversion", "unit": "u".repeat(10_240), "event": "watched"},
        {"id": "a", "type": "conversion", "unit": "u1", "event": "watched", "at": "2199-01-01T00:00:00.000Z"},
        {"id": "b", "type": "refund", "unit": "u1"},
        {"id": "", "type": "conversion", "unit": "u1", "event": "watched"},
        7,
        event(1, "conversion", "question"),
        event(1, "exposure", "statement"),
        event(1, "exposure", "question"),
    ]);
    let sent = steer(&server, &key, "batch", "events", &json!({"events": events})).await;
    assert_eq!(
        (&sent["taken"], &sent["known"]),
        (&json!(2), &json!(2)),
        "{sent}"
    );
    let refused: Vec<_> = sent["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| refused["index"].as_u64().unwrap())
        .collect();
    assert_eq!(refused, (1..=9).collect::<Vec<_>>());
    let path = "/v1/experiments/batch/events";
    let alone = server.post(&key, path, &unknown).await;
    assert!(
        alone.problem(400)["detail"]
            .as_str()
            .unwrap()
            .contains("bought")
    );
    for wrong in [
        json!({}),
        json!({"events": []}),
        json!({"events": 7}),
        json!([1]),
    ] {
        server.post(&key, path, &wrong).await.problem(400);
    }
    let many: Vec<_> = (0..501)
        .map(|number| event(number, "exposure", "question"))
        .collect();
    server
        .post(&key, path, &json!({"events": many}))
        .await
        .problem(400);
    let results = server
        .get(&key, "/v1/experiments/batch/results")
        .await
        .json();
    assert_eq!(results["units"]["question"], 1);
}

#[tokio::test]
async fn features_are_public_cached_and_gone_with_the_key() {
    let (server, key) = server();
    running(&server, &key, &definition("shown")).await;
    let hidden = server
        .post(&key, "/v1/experiments", &definition("hidden"))
        .await;
    assert_eq!(hidden.status, 201);
    let keys: Value = serde_json::from_str(&server.run(&["keys", "list", "--json"])).unwrap();
    let id = keys["keys"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/features/{id}");
    let answer = Answer::of(server.request(Method::GET, &path)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("cache-control").unwrap().contains("public"));
    let features = answer.json()["features"].as_object().unwrap().clone();
    assert_eq!(features.keys().collect::<Vec<_>>(), ["shown"]);
    let tag = answer.header("etag").unwrap();
    let request = server
        .request(Method::GET, &path)
        .header("if-none-match", tag);
    let again = Answer::of(request).await;
    assert_eq!(again.status, 304);
    assert_eq!(again.header("access-control-allow-origin"), Some("*"));
    let asked = Answer::of(server.request(Method::OPTIONS, &path)).await;
    assert_eq!(asked.status, 204);
    for unknown in [
        "/api/features/key_000000000000000000000000",
        "/api/features/x",
    ] {
        Answer::of(server.request(Method::GET, unknown))
            .await
            .problem(404);
    }
    server.run(&["keys", "revoke", &id]);
    Answer::of(server.request(Method::GET, &path))
        .await
        .problem(404);
}

#[tokio::test]
async fn a_unit_that_is_erased_counts_nowhere_and_its_name_is_kept_nowhere() {
    let (server, key) = server();
    running(&server, &key, &definition("first")).await;
    running(&server, &key, &definition("second")).await;
    for name in ["first", "second"] {
        let unit = json!({"attributes": {"id": "ann@example.com"}});
        steer(&server, &key, name, "assignments", &unit).await;
        let seen = json!({"id": "e", "type": "exposure", "unit": "ann@example.com"});
        let sent = steer(&server, &key, name, "events", &seen).await;
        assert_eq!(sent["taken"], 1);
    }
    let written: Vec<u8> = std::fs::read_dir(server.home())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect();
    let name = b"ann@example.com";
    assert!(!written.windows(name.len()).any(|window| window == name));
    let request = server
        .request(Method::DELETE, "/v1/units/id/ann@example.com")
        .bearer_auth(&key);
    assert_eq!(Answer::of(request).await.status, 204);
    for name in ["first", "second"] {
        let path = format!("/v1/experiments/{name}/results");
        let results = server.get(&key, &path).await.json();
        assert_eq!(results["units"], json!({"statement": 0, "question": 0}));
    }
}

#[tokio::test]
async fn subscribers_are_told_of_a_conclusion() {
    let server = Server::start_with(&[("REELWRIGHT_WEBHOOKS_LOCAL", "1")]);
    let key = server.key("read,submit,admin");
    // Nobody listens there; that the delivery is made is what is asked.
    let endpoint = json!({"url": "http://127.0.0.1:9/", "types": ["experiment.concluded"]});
    let made = server.post(&key, "/v1/webhooks/endpoints", &endpoint).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["endpoint"]["id"].as_str().unwrap().to_owned();
    running(&server, &key, &definition("told")).await;
    steer(&server, &key, "told", "conclude", &json!({})).await;
    let path = format!("/v1/webhooks/endpoints/{id}/deliveries");
    let begun = std::time::Instant::now();
    loop {
        let deliveries = server.get(&key, &path).await.json();
        let told = |delivery: &Value| delivery["type"] == "experiment.concluded";
        if deliveries["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .any(told)
        {
            return;
        }
        assert!(begun.elapsed().as_secs() < 120, "{deliveries}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
