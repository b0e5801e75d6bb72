//! The end of an experiment on content reaches subscribers, with the run that won.

use reqwest::Method;
use serde_json::{Value, json};

use crate::peer::Peer;
use crate::served::{came_once, create, is_genuine};
use crate::server::{Answer, Server, small};

/// What a request that has to succeed is answered with.
async fn done(server: &Server, key: &str, path: &str, body: &Value) -> Value {
    let request = server.request(Method::POST, path).bearer_auth(key);
    let answer = Answer::of(request.json(body)).await;
    assert!((200..300).contains(&answer.status), "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn subscribers_are_told_which_run_won() {
    let server = Server::start_with(&[("REELWRIGHT_WEBHOOKS_LOCAL", "1")]);
    let peer = Peer::good().await;
    let key = server.key("read,submit,admin");
    let (_, secret) = create(&server, &key, &peer.url()).await;

    let mut brief = small();
    brief["variants"] = json!({"of": "hook", "count": 2});
    let control = done(&server, &key, "/v1/runs", &brief).await;
    let variant = &control["variant"];
    for run in variant["runs"].as_array().unwrap() {
        let id = run.as_str().unwrap();
        let run = server
            .until(&key, id, |run| run["state"] != "running")
            .await;
        assert_eq!(run["state"], "approved", "{run}");
    }
    let name = variant["experiment"].as_str().unwrap();
    let path = |step: &str| format!("/v1/experiments/{name}/{step}");
    done(&server, &key, &path("start"), &json!({})).await;
    // Half of the units see each; of the first's two in five watch, of the second's four.
    let mut events = Vec::new();
    for number in 0..2_000 {
        let (unit, seen) = (format!("u{number}"), 1 + number % 2);
        events.push(json!({"id": format!("e{number}"), "type": "exposure", "unit": unit, "variation": format!("hook-{seen}")}));
        if number / 2 % 5 < 2 * seen {
            events.push(json!({"id": format!("c{number}"), "type": "conversion", "unit": unit, "event": "watched"}));
        }
    }
    for batch in events.chunks(500) {
        done(&server, &key, &path("events"), &json!({ "events": batch })).await;
    }
    let concluded = done(&server, &key, &path("conclude"), &json!({})).await;
    assert_eq!(concluded["winner"], "hook-2", "{concluded}");

    let read = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap();
    let told = came_once(&peer, |request| {
        read(&request.body)["type"] == "experiment.concluded"
    })
    .await;
    assert!(is_genuine(&told, &secret));
    let mut forged = told.clone();
    forged.body.push(b' ');
    assert!(!is_genuine(&forged, &secret));
    let data = &read(&told.body)["data"];
    assert_eq!(data["experiment"], name);
    assert_eq!(
        (&data["verdict"], &data["variant"]),
        (&json!("winner"), &json!("hook-2"))
    );
    assert_eq!(data["run"], variant["runs"][1]);
    let linked = data["links"]["experiment"].as_str().unwrap();
    assert_eq!(server.get(&key, linked).await.status, 200);
}

#[tokio::test]
async fn of_a_bandit_subscribers_are_told_no_winner_though_everybody_gets_the_likeliest() {
    let server = Server::start_with(&[("REELWRIGHT_WEBHOOKS_LOCAL", "1")]);
    let peer = Peer::good().await;
    let key = server.key("read,submit,admin");
    create(&server, &key, &peer.url()).await;
    let bandit = json!({
        "key": "arms",
        "variations": [{"key": "one"}, {"key": "other"}],
        "metrics": [{"key": "watched", "kind": "proportion"}],
        "bandit": {},
    });
    done(&server, &key, "/v1/experiments", &bandit).await;
    let path = |step: &str| format!("/v1/experiments/arms/{step}");
    done(&server, &key, &path("start"), &json!({})).await;
    // Two hundred units see each; of the first's one in ten watches, of the other's all.
    let mut events = Vec::new();
    for number in 0..400 {
        let (unit, seen) = (format!("u{number}"), ["one", "other"][number % 2]);
        events.push(json!({"id": format!("e{number}"), "type": "exposure", "unit": unit, "variation": seen}));
        if seen == "other" || number % 20 == 0 {
            events.push(json!({"id": format!("c{number}"), "type": "conversion", "unit": unit, "event": "watched"}));
        }
    }
    for batch in events.chunks(500) {
        done(&server, &key, &path("events"), &json!({ "events": batch })).await;
    }
    let concluded = done(&server, &key, &path("conclude"), &json!({})).await;
    assert_eq!(concluded["winner"], "other", "{concluded}");
    let read = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap();
    let told = came_once(&peer, |request| {
        read(&request.body)["type"] == "experiment.concluded"
    })
    .await;
    let told = read(&told.body);
    let data = &told["data"];
    assert_eq!(
        (&data["verdict"], &data["metric"]),
        (&json!("undecided"), &json!("watched"))
    );
    assert_eq!(
        (data.get("variant"), data.get("run")),
        (None, None),
        "{data}"
    );
    assert_eq!(told["timestamp"], concluded["concluded"]["at"], "{told}");
}
