//! Webhooks as a laptop has them: a server process, its API, and the command line beside it.

use std::time::{Duration, Instant};

use domain::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use webhooks::{Received, Secret, verify};

use crate::peer::{Answer as Said, Peer, Request};
use crate::server::{Answer, NOBODY_WRITES, Server};

/// How long something may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(1);

fn server() -> Server {
    let mut settings = vec![("REELWRIGHT_WEBHOOKS_LOCAL", "1")];
    settings.extend(NOBODY_WRITES);
    Server::start_with(&settings)
}

/// What came, once there are so many.
async fn came(peer: &Peer, wanted: usize) -> Vec<Request> {
    let begun = Instant::now();
    while peer.came().len() < wanted {
        assert!(begun.elapsed() < PATIENCE, "{:?}", peer.came());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    peer.came()
}

/// The first that is as wished, once it came.
pub(crate) async fn came_once(peer: &Peer, wish: impl Fn(&Request) -> bool) -> Request {
    let begun = Instant::now();
    loop {
        if let Some(found) = peer.came().into_iter().find(&wish) {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{:?}", peer.came());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An endpoint's deliveries, once none waits.
async fn settled(server: &Server, key: &str, id: &str) -> Vec<Value> {
    deliveries_once(server, key, id, |one| one["state"] != "waiting").await
}

/// An endpoint's deliveries, once all are as wished.
pub(crate) async fn deliveries_once(
    server: &Server,
    key: &str,
    id: &str,
    wish: impl Fn(&Value) -> bool,
) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let path = format!("/v1/webhooks/endpoints/{id}/deliveries");
        let page = server.get(key, &path).await.json();
        let deliveries = page["deliveries"].as_array().unwrap().clone();
        if deliveries.iter().all(&wish) {
            return deliveries;
        }
        assert!(begun.elapsed() < PATIENCE, "{page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn is_genuine(request: &Request, secret: &str) -> bool {
    let sent = request.header("webhook-timestamp");
    let received = Received {
        id: request.header("webhook-id"),
        timestamp: sent,
        signature: request.header("webhook-signature"),
    };
    let at = Timestamp(sent.parse::<u64>().unwrap() * 1000);
    let secret = Secret::parse(secret).unwrap();
    verify(&[secret], &received, &request.body, at).is_ok()
}

pub(crate) async fn create(server: &Server, key: &str, url: &str) -> (String, String) {
    let path = "/v1/webhooks/endpoints";
    let created = server.post(key, path, &json!({ "url": url })).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let created = created.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&created["endpoint"]["id"]), text(&created["secret"]))
}

#[tokio::test]
async fn a_new_endpoint_is_tried_and_then_told_of_what_happens_to_runs() {
    let (server, peer) = (server(), Peer::good().await);
    let key = server.key("read,submit,admin");
    let (id, secret) = create(&server, &key, &peer.url()).await;
    let test = came(&peer, 1).await.remove(0);
    assert!(is_genuine(&test, &secret));
    let body: Value = serde_json::from_slice(&test.body).unwrap();
    assert_eq!(body["type"], "webhook.test");
    assert_eq!(body["data"]["endpoint"], id.as_str());

    let run = server.submit(&key).await;
    let told = came(&peer, 2).await.remove(1);
    assert!(is_genuine(&told, &secret));
    let body: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(body["type"], "workflow.failed");
    assert_eq!(body["data"]["run"], run.as_str());
    let linked = body["data"]["links"]["run"].as_str().unwrap();
    assert!(linked.starts_with(server.base()), "{linked}");
    assert_eq!(server.get(&key, linked).await.status, 200);

    let deliveries = settled(&server, &key, &id).await;
    assert_eq!(deliveries.len(), 2);
    assert_eq!(deliveries[0]["log"][0]["status"], 204);
    let replay = format!(
        "/v1/webhooks/deliveries/{}/replay",
        deliveries[0]["id"].as_str().unwrap()
    );
    let refused = server.post(&key, &replay, &json!({})).await.problem(409);
    assert!(refused["detail"].as_str().unwrap().contains("it arrived"));
    // Nothing of the secret is anywhere to be read.
    let shown = server
        .get(&key, &format!("/v1/webhooks/endpoints/{id}"))
        .await;
    assert!(!shown.text().contains(&secret) && !shown.text().contains("sealed"));
    let file = std::fs::read(server.home().join("state.db")).unwrap();
    let bare = secret.trim_start_matches("whsec_").as_bytes();
    assert!(!file.windows(bare.len()).any(|part| part == bare));
}

#[tokio::test]
async fn an_endpoint_is_changed_disabled_enabled_rotated_and_deleted() {
    let (server, peer) = (server(), Peer::good().await);
    let key = server.key("admin");
    let (id, old) = create(&server, &key, &peer.url()).await;
    came(&peer, 1).await;
    let path = format!("/v1/webhooks/endpoints/{id}");
    let change = async |fields: Value| {
        let request = server.request(Method::PATCH, &path).bearer_auth(&key);
        Answer::of(request.json(&fields)).await
    };
    let changed = change(json!({ "types": ["content.*"], "brand": "Meadow" })).await;
    assert_eq!(changed.json()["types"], json!(["content.*"]));
    let changed = change(json!({ "brand": null, "disabled": true }))
        .await
        .json();
    assert_eq!(changed["disabled"], "asked");
    assert!(changed.get("brand").is_none());
    let tried = server
        .post(&key, &format!("{path}/test"), &json!({}))
        .await
        .problem(409);
    assert!(
        tried["detail"]
            .as_str()
            .unwrap()
            .contains("enable it first")
    );
    for wrong in [
        json!({ "urll": "x" }),
        json!({ "disabled": "no" }),
        json!({ "types": 7 }),
    ] {
        change(wrong).await.problem(400);
    }
    assert_eq!(
        change(json!({ "url": "ftp://x", "types": ["x"] }))
            .await
            .fields(400),
        ["url", "types[0]"]
    );
    let enabled = change(json!({ "disabled": false })).await.json();
    assert!(enabled.get("disabled").is_none());

    let rotated = server
        .post(&key, &format!("{path}/rotate"), &json!({}))
        .await;
    let new = rotated.json()["secret"].as_str().unwrap().to_owned();
    server.post(&key, &format!("{path}/test"), &json!({})).await;
    let test = came(&peer, 2).await.remove(1);
    assert!(is_genuine(&test, &old) && is_genuine(&test, &new) && old != new);
    server
        .post(&key, &format!("{path}/rotate"), &json!({ "at_once": true }))
        .await;
    server.post(&key, &format!("{path}/test"), &json!({})).await;
    let test = came(&peer, 3).await.remove(2);
    assert!(!is_genuine(&test, &old) && !is_genuine(&test, &new));

    for _ in 0..2 {
        let request = server.request(Method::DELETE, &path).bearer_auth(&key);
        assert_eq!(Answer::of(request).await.status, 204);
    }
    server.get(&key, &path).await.problem(404);
}

#[tokio::test]
async fn without_the_switch_nothing_inside_can_be_subscribed() {
    let server = Server::start();
    let key = server.key("admin");
    for url in [
        "http://127.0.0.1:9/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://0x7f000001/",
        "https://example.com:22/",
        "https://user@example.com/",
    ] {
        let body = json!({ "url": url });
        let answer = server.post(&key, "/v1/webhooks/endpoints", &body).await;
        assert_eq!(answer.fields(400), ["url"], "{url}");
    }
    let listed = server.get(&key, "/v1/webhooks/endpoints").await.json();
    assert_eq!(listed["endpoints"], json!([]));
}

#[tokio::test]
async fn the_command_does_what_the_api_does() {
    let server = server();
    let peer = Peer::answering(vec![Said::status(410), Said::status(204)]).await;
    let secret = server.run(&["webhooks", "add", &peer.url(), "--types", "content.*"]);
    let test = came(&peer, 1).await.remove(0);
    assert!(is_genuine(&test, secret.trim()));
    let key = server.key("admin");
    let listed: Value = serde_json::from_str(&server.run(&["webhooks", "list", "--json"])).unwrap();
    let id = listed["endpoints"][0]["id"].as_str().unwrap().to_owned();
    let deliveries = settled(&server, &key, &id).await;
    assert_eq!(deliveries[0]["state"], "stopped");
    assert!(server.run(&["webhooks", "list"]).contains("disabled"));
    let delivery = deliveries[0]["id"].as_str().unwrap();
    let shown = server.run(&["webhooks", "deliveries", &id]);
    assert!(shown.contains(delivery) && shown.contains("410"), "{shown}");

    let refused = server
        .command()
        .args(["webhooks", "replay", delivery])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let path = format!("/v1/webhooks/endpoints/{id}");
    let request = server.request(Method::PATCH, &path).bearer_auth(&key);
    Answer::of(request.json(&json!({ "disabled": false }))).await;
    server.run(&["webhooks", "replay", delivery]);
    let again = came(&peer, 2).await.remove(1);
    assert_eq!(again.header("webhook-id"), test.header("webhook-id"));
    assert_eq!(settled(&server, &key, &id).await[0]["state"], "delivered");
    server.run(&["webhooks", "delete", &id]);
    assert!(server.run(&["webhooks", "list"]).contains("no endpoints"));
}

#[tokio::test]
async fn all_that_failed_is_replayed_by_api_and_command() {
    let server = server();
    let fails = Said::status(410);
    let peer = Peer::answering(vec![fails.clone(), fails, Said::status(204)]).await;
    let key = server.key("admin");
    let (id, _) = create(&server, &key, &peer.url()).await;
    let path = format!("/v1/webhooks/endpoints/{id}");
    let enable = async || {
        settled(&server, &key, &id).await;
        let request = server.request(Method::PATCH, &path).bearer_auth(&key);
        let enabled = Answer::of(request.json(&json!({ "disabled": false }))).await;
        assert_eq!(enabled.status, 200);
    };
    let replay = async |what: Value| server.post(&key, &format!("{path}/replay"), &what).await;
    came(&peer, 1).await;
    settled(&server, &key, &id).await;
    let since = json!({ "since": "2026-01-01T01:00:00+01:00" });
    replay(since.clone()).await.problem(409);
    enable().await;
    let replayed = replay(since.clone()).await;
    assert_eq!(
        (replayed.status, replayed.json()),
        (202, json!({ "replayed": 1 }))
    );
    came(&peer, 2).await;

    enable().await;
    let command = ["webhooks", "replay", "--failed", &id, "--since", "2h"];
    assert_eq!(server.run(&command), "1 delivery is due now\n");
    let all = came(&peer, 3).await;
    assert!(
        all.iter()
            .all(|one| one.header("webhook-id") == all[0].header("webhook-id"))
    );
    assert_eq!(settled(&server, &key, &id).await[0]["state"], "delivered");
    assert!(server.run(&command).starts_with("nothing since "));
    assert_eq!(replay(since).await.json(), json!({ "replayed": 0 }));

    for wrong in [
        json!({}),
        json!({ "since": "yesterday" }),
        json!({ "since": "2026-01-01" }),
        json!({ "since": "1969-12-31T00:00:00Z" }),
        json!({ "since": 1_795_428_000 }),
        json!({ "since": "2026-01-01T00:00:00Z", "cursor": "x" }),
        json!({ "since": "2026-01-01T00:00:00Z", "state": "delivered" }),
    ] {
        replay(wrong).await.problem(400);
    }
    for wrong in [
        vec!["--failed", &id],
        vec!["--since", "2h"],
        vec!["--failed", &id, "--since", "soon"],
        vec!["--failed", "ep_x", "--since", "2h"],
        vec![],
    ] {
        let mut command = server.command();
        let refused = command.args(["webhooks", "replay"]).args(&wrong).output();
        assert_eq!(refused.unwrap().status.code(), Some(2), "{wrong:?}");
    }
    let nobody = "/v1/webhooks/endpoints/ep_00000000000000000000000000/replay";
    let since = json!({ "since": "2026-01-01T00:00:00Z" });
    server.post(&key, nobody, &since).await.problem(404);
}

#[tokio::test]
async fn links_lead_to_where_the_api_is_said_to_be() {
    let peer = Peer::good().await;
    let server = Server::start_with(&[
        ("REELWRIGHT_WEBHOOKS_LOCAL", "1"),
        ("REELWRIGHT_API_URL", "https://video.example.com/api/"),
    ]);
    let key = server.key("admin");
    let (id, _) = create(&server, &key, &peer.url()).await;
    let test = came(&peer, 1).await.remove(0);
    let body: Value = serde_json::from_slice(&test.body).unwrap();
    assert_eq!(
        body["data"]["links"]["endpoint"],
        format!("https://video.example.com/api/v1/webhooks/endpoints/{id}")
    );
}
