//! Lists and their pages.

use serde_json::Value;

use crate::server::Server;

fn ids(page: &Value) -> Vec<String> {
    let runs = page["runs"].as_array().unwrap();
    runs.iter()
        .map(|run| run["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_hold_every_run_once_newest_first() {
    let server = Server::start();
    let key = server.key("read,submit");
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(server.submit(&key).await);
    }
    made.reverse();
    assert_eq!(ids(&server.get(&key, "/v1/runs").await.json()), made);

    let mut found = Vec::new();
    let mut path = "/v1/runs?limit=2".to_owned();
    loop {
        let page = server.get(&key, &path).await.json();
        found.extend(ids(&page));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/v1/runs?limit=2&cursor={next}");
    }
    assert_eq!(found, made);

    let created =
        server.get(&key, "/v1/runs?limit=1").await.json()["runs"][0]["created_at"].clone();
    let month = &created.as_str().unwrap()[..7];
    assert_eq!(
        ids(&server
            .get(&key, &format!("/v1/runs?month={month}"))
            .await
            .json()),
        made
    );
    assert_eq!(
        ids(&server.get(&key, "/v1/runs?month=2020-01").await.json()).len(),
        0
    );

    let cursor = server.get(&key, "/v1/runs?limit=2").await.json()["next"]
        .as_str()
        .unwrap()
        .to_owned();
    let tampered = [
        String::new(),
        "x".to_owned(),
        cursor[1..].to_owned(),
        cursor[..cursor.len() - 2].to_owned(),
        format!("{cursor}00"),
        cursor.chars().rev().collect(),
        format!("7b7d{cursor}"),
        "%00".to_owned(),
        "9".repeat(10_000),
    ];
    for cursor in tampered {
        server
            .get(&key, &format!("/v1/runs?cursor={cursor}"))
            .await
            .problem(400);
    }
    // A cursor of this month says nothing about another.
    server
        .get(&key, &format!("/v1/runs?month=2020-01&cursor={cursor}"))
        .await
        .problem(400);
}

#[tokio::test]
async fn what_a_list_doesnt_know_is_refused() {
    let server = Server::start();
    let key = server.key("read");
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "month=2026-13",
        "month=november",
        "month=",
        "page=2",
        "Limit=5",
    ] {
        server
            .get(&key, &format!("/v1/runs?{query}"))
            .await
            .problem(400);
    }
    for path in ["/v1/runs/01kaqmhk2g0e8v7x2c5d9f3b4n?full=1", "/healthz?x=1"] {
        server.get(&key, path).await.problem(400);
    }
}
