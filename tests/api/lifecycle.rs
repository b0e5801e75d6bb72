//! A run's way: submitted, worked on, cancelled, redriven, fetched.

use reqwest::Method;
use serde_json::Value;

use crate::server::{Answer, NOBODY_WRITES, Server, long, small};

fn statuses(run: &Value) -> Vec<&str> {
    let tasks = run["tasks"].as_array().unwrap();
    tasks
        .iter()
        .map(|task| task["status"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_brief_becomes_the_video_that_make_makes() {
    let server = Server::start();
    let key = server.key("read,submit");
    let answer = server.post(&key, "/v1/runs", &small()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let new = answer.json();
    let id = new["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), new["links"]["self"].as_str());
    assert_eq!(
        (&new["state"], &new["round"]),
        (&"running".into(), &1.into())
    );

    let run = server
        .run_once(&key, id, &["approved", "in_review", "failed"])
        .await;
    assert_eq!(run["state"], "approved", "{run}");
    assert!(
        statuses(&run).iter().all(|status| *status == "succeeded"),
        "{run}"
    );
    assert!(run["links"].get("cancel").is_none() && run["links"].get("redrive").is_none());

    let brief = server.home().join("brief.json");
    std::fs::write(&brief, small().to_string()).unwrap();
    let made = server.home().join("made");
    let output = server
        .command()
        // Nothing of the server's is to be found there.
        .env("REELWRIGHT_HOME", server.home().join("other"))
        .args([
            "make",
            brief.to_str().unwrap(),
            "--json",
            "--out",
            made.to_str().unwrap(),
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    let output: Value = serde_json::from_slice(&output.stdout).unwrap();
    let folder = std::path::Path::new(output["folder"].as_str().unwrap());

    let files = run["files"].as_array().unwrap();
    assert_eq!(files.len(), 5);
    for file in files {
        let answer = server.get(&key, file["url"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), file["media_type"].as_str());
        assert_eq!(
            answer.header("content-length"),
            Some(file["bytes"].to_string().as_str())
        );
        let name = file["name"].as_str().unwrap();
        assert_eq!(
            answer.header("content-disposition"),
            Some(format!("inline; filename=\"{name}\"").as_str())
        );
        assert!(
            answer.body == std::fs::read(folder.join(name)).unwrap(),
            "{name}"
        );
    }
    let again = server
        .request(Method::GET, &format!("/v1/runs/{id}"))
        .bearer_auth(&key)
        .header(
            "if-none-match",
            server
                .get(&key, &format!("/v1/runs/{id}"))
                .await
                .header("etag")
                .unwrap(),
        );
    let again = Answer::of(again).await;
    assert_eq!((again.status, again.body.len()), (304, 0));

    let missing = server
        .get(&key, &format!("/v1/runs/{id}/files/final.avi"))
        .await;
    assert!(
        missing.problem(404)["detail"]
            .as_str()
            .unwrap()
            .contains("final.mp4")
    );
}

#[tokio::test]
async fn a_cancelled_run_stays_cancelled_until_it_is_redriven() {
    let server = Server::start();
    let key = server.key("read,submit");
    let id = server.post(&key, "/v1/runs", &long()).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = |what: &str| format!("/v1/runs/{id}/{what}");
    // It can't be redriven while it goes on.
    server
        .post(&key, &path("redrive"), &Value::Null)
        .await
        .problem(409);

    let answer = server.post(&key, &path("cancel"), &Value::Null).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.json()["state"], "cancelled");
    server
        .post(&key, &path("cancel"), &Value::Null)
        .await
        .problem(409);
    server
        .get(&key, &path("files/final.mp4"))
        .await
        .problem(404);

    // Its tasks end too, and nothing begins any more.
    let run = server
        .until(&key, &id, |run| !statuses(run).contains(&"running"))
        .await;
    assert_eq!(run["state"], "cancelled");
    let done = |run: &Value| {
        statuses(run)
            .iter()
            .filter(|status| **status == "succeeded")
            .count()
    };
    let kept = done(&run);
    assert!(kept < statuses(&run).len(), "{run}");

    let answer = server.post(&key, &path("redrive"), &Value::Null).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.json()["state"], "running");
    let run = server.until(&key, &id, |run| done(run) > kept).await;
    assert_ne!(run["state"], "cancelled", "{run}");
    server.post(&key, &path("cancel"), &Value::Null).await;
}

#[tokio::test]
async fn a_run_that_failed_is_finished_by_redrive_once_the_cause_is_mended() {
    let mut server = Server::start_with(&NOBODY_WRITES);
    let key = server.key("read,submit");
    let id = server.submit(&key).await;
    let run = server
        .run_once(&key, &id, &["approved", "in_review", "failed"])
        .await;
    assert_eq!(run["state"], "failed", "{run}");
    assert_eq!(run["failure"]["task"], "story");
    assert_eq!(run["failure"]["error"], "Transient");
    assert!(!run["failure"]["cause"].as_str().unwrap().is_empty());
    let redrive = run["links"]["redrive"].as_str().unwrap().to_owned();
    assert!(
        run["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|task| task["error"]["name"] == "Transient")
    );

    server.end("-TERM");
    server.start_again_with(&[]);
    assert_eq!(server.post(&key, &redrive, &Value::Null).await.status, 202);
    let run = server
        .run_once(&key, &id, &["approved", "in_review", "failed"])
        .await;
    assert_eq!(run["state"], "approved", "{run}");
    assert!(run.get("failure").is_none());
    server.post(&key, &redrive, &Value::Null).await.problem(409);
}

#[tokio::test]
async fn what_isnt_there_is_not_found() {
    let server = Server::start();
    let key = server.key("read,submit");
    let id = "01kaqmhk2g0e8v7x2c5d9f3b4n";
    server
        .get(&key, &format!("/v1/runs/{id}"))
        .await
        .problem(404);
    server
        .get(&key, &format!("/v1/runs/{id}/files/final.mp4"))
        .await
        .problem(404);
    server
        .post(&key, &format!("/v1/runs/{id}/cancel"), &Value::Null)
        .await
        .problem(404);
    server
        .post(&key, &format!("/v1/runs/{id}/redrive"), &Value::Null)
        .await
        .problem(404);
    server.get(&key, "/v1/nothing").await.problem(404);
    let answer = Answer::of(server.request(Method::DELETE, "/v1/runs").bearer_auth(&key)).await;
    answer.problem(405);
    assert_eq!(answer.header("allow"), Some("GET,HEAD,POST"));
}
