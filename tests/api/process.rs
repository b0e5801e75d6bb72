//! The server as a process: stopped, killed, started again.

use serde_json::Value;

use crate::server::{Server, long, small};

fn done(run: &Value) -> usize {
    let tasks = run["tasks"].as_array().unwrap();
    tasks
        .iter()
        .filter(|task| task["status"] == "succeeded")
        .count()
}

/// A run that some tasks are done of, and others not.
async fn half_done(server: &Server, key: &str) -> String {
    let answer = server.post(key, "/v1/runs", &long()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let run = server.until(key, &id, |run| done(run) >= 4).await;
    assert_eq!(run["state"], "running", "{run}");
    id
}

async fn done_so_far(server: &Server, key: &str, id: &str) -> usize {
    done(&server.get(key, &format!("/v1/runs/{id}")).await.json())
}

/// Waits until more is done of a run.
async fn goes_on(server: &Server, key: &str, id: &str, before: usize) {
    let run = server
        .until(key, id, |run| {
            done(run) > before + 2 || run["state"] != "running"
        })
        .await;
    assert_ne!(run["state"], "failed", "{run}");
}

#[tokio::test]
async fn a_server_that_is_stopped_leaves_its_runs_and_the_next_one_goes_on_with_them() {
    let mut server = Server::start();
    let key = server.key("read,submit");
    let id = half_done(&server, &key).await;
    let (code, said) = server.end("-TERM");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("runs left as they are: 1"), "{said}");

    server.start_again_with(&[]);
    let before = done_so_far(&server, &key, &id).await;
    assert!(before >= 4);
    goes_on(&server, &key, &id, before).await;
}

#[tokio::test]
async fn a_server_that_is_killed_leaves_its_runs_and_the_next_one_goes_on_with_them() {
    let mut server = Server::start();
    let key = server.key("read,submit");
    let id = half_done(&server, &key).await;
    let (code, said) = server.end("-KILL");
    assert_eq!(code, None, "{said}");

    server.start_again_with(&[]);
    let before = done_so_far(&server, &key, &id).await;
    goes_on(&server, &key, &id, before).await;
}

#[tokio::test]
async fn a_server_that_is_interrupted_without_work_ends_well() {
    let mut server = Server::start();
    let key = server.key("read,submit");
    let id = server.post(&key, "/v1/runs", &small()).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    server.run_once(&key, &id, &["approved", "in_review"]).await;
    let (code, said) = server.end("-INT");
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains(&format!("run {id} approved")) && !said.contains("left"),
        "{said}"
    );
}
