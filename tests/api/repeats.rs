//! Requests that are sent again.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server, small};

async fn send(server: &Server, key: &str, name: &str, brief: &Value) -> Answer {
    let request = server
        .request(Method::POST, "/v1/runs")
        .bearer_auth(key)
        .header("idempotency-key", name)
        .json(brief);
    Answer::of(request).await
}

#[tokio::test]
async fn the_same_request_is_one_run_however_often_it_is_sent() {
    let server = Server::start();
    let key = server.key("read,submit");
    let first = send(&server, &key, "order-66", &small()).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = send(&server, &key, "order-66", &small()).await;
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.json()["id"], first.json()["id"]);

    let mut other = small();
    other["seed"] = json!(1);
    let refused = send(&server, &key, "order-66", &other).await.problem(409);
    assert!(
        refused["detail"].as_str().unwrap().contains("order-66"),
        "{refused}"
    );

    // Another caller's names are its own.
    let stranger = server.key("submit");
    assert_eq!(
        send(&server, &stranger, "order-66", &other).await.status,
        201
    );
    assert_eq!(
        server.get(&key, "/v1/runs").await.json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn twins_that_come_at_once_are_one_run() {
    let server = Server::start();
    let key = server.key("read,submit");
    let brief = small();
    let sends = || send(&server, &key, "at-once", &brief);
    let answers: [Answer; 6] =
        tokio::join!(sends(), sends(), sends(), sends(), sends(), sends()).into();
    let ids: BTreeSet<_> = answers
        .iter()
        .map(|answer| answer.json()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 201).count(),
        1
    );
    assert_eq!(
        server.get(&key, "/v1/runs").await.json()["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_name_that_is_none_is_refused() {
    let server = Server::start();
    let key = server.key("read,submit");
    for name in ["", "two words", "tab\there", &"x".repeat(256)] {
        assert_eq!(
            send(&server, &key, name, &small()).await.fields(400),
            ["Idempotency-Key"]
        );
    }
    let twice = server
        .request(Method::POST, "/v1/runs")
        .bearer_auth(&key)
        .header("idempotency-key", "a")
        .header("idempotency-key", "b")
        .json(&small());
    assert_eq!(Answer::of(twice).await.fields(400), ["Idempotency-Key"]);
    assert_eq!(server.get(&key, "/v1/runs").await.json()["runs"], json!([]));
    assert_eq!(
        send(&server, &key, &"~".repeat(255), &small()).await.status,
        201
    );
}
