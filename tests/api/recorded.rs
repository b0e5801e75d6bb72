//! What the server records of itself: told by the API and by the command, kept over its end.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::server::Server;

/// How often each operation of a family was done.
fn counts(performance: &Value, family: &str) -> BTreeMap<String, u64> {
    let operations = performance["operations"].as_array().unwrap();
    operations
        .iter()
        .filter(|one| one["family"] == family)
        .map(|one| {
            let by_step = one["counts"].as_array().unwrap();
            let sum: u64 = by_step.iter().map(|count| count.as_u64().unwrap()).sum();
            assert_eq!(one["count"], sum, "{one}");
            let quantiles = ["p50_ms", "p95_ms", "p99_ms"].map(|name| one[name].as_f64().unwrap());
            assert!(quantiles[0] > 0.0 && quantiles.is_sorted(), "{one}");
            (one["name"].as_str().unwrap().to_owned(), sum)
        })
        .collect()
}

/// How often each task of a run was begun.
fn attempts(run: &Value) -> BTreeMap<String, u64> {
    let mut attempts = BTreeMap::new();
    for task in run["tasks"].as_array().unwrap() {
        let name = task["task"].as_str().unwrap().to_owned();
        *attempts.entry(name).or_default() += task["attempt"].as_u64().unwrap();
    }
    attempts
}

#[tokio::test]
async fn what_a_video_took_is_told_adds_up_and_outlives_the_server() {
    let mut server = Server::start();
    let key = server.key("read,submit");
    let id = server.submit(&key).await;
    let asked = Cell::new(0);
    let run = server
        .until(&key, &id, |run| {
            asked.set(asked.get() + 1);
            run["state"] == "approved"
        })
        .await;
    server.get(&key, "/v1/no/such/path").await.problem(404);
    // What was recorded in the last seconds is not lost.
    assert_eq!(server.end("-TERM").0, Some(0));
    server.start_again_with(&[]);

    let told = server.get(&key, "/v1/insights/performance").await.json();
    assert_eq!(told["step_seconds"], 60);
    assert_eq!(counts(&told, "task"), attempts(&run));
    let routes = counts(&told, "route");
    let expected = [
        ("(no route)", 1),
        ("GET /v1/runs/{id}", asked.get()),
        ("POST /v1/runs", 1),
    ];
    let expected = expected.map(|(name, count)| (name.to_owned(), count));
    assert_eq!(routes, BTreeMap::from(expected));
    let providers = counts(&told, "provider");
    for (call, task) in [
        ("text.story", "story"),
        ("text.script", "script"),
        ("text.hook", "hook"),
        ("pictures.draw", "images"),
    ] {
        assert_eq!(providers[call], attempts(&run)[task], "{providers:?}");
    }
    let store = counts(&told, "store");
    assert!(
        store["TransactWriteItems"] >= 2 && store["GetItem"] > 0,
        "{store:?}"
    );
    let errors = told["operations"].as_array().unwrap().iter();
    let errors: Vec<_> = errors.filter(|one| one["errors"] != 0).collect();
    assert!(errors.is_empty(), "{errors:?}");

    // The same by day, by the command at home, and by the command over the API.
    let today = server.get(&key, "/v1/insights/performance?days=1").await;
    assert_eq!(counts(&today.json(), "task"), attempts(&run));
    let at_home: Value = serde_json::from_str(&server.run(&["stats", "--json"])).unwrap();
    assert_eq!(counts(&at_home["performance"], "task"), attempts(&run));
    let over_api = server
        .command()
        .args(["stats", "--url", server.base()])
        .env("REELWRIGHT_API_KEY", &key)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&over_api.stderr);
    assert!(over_api.status.success(), "{said}");
    let table = String::from_utf8(over_api.stdout).unwrap();
    for part in ["task ", "story", "GET /v1/runs/{id}", "p95"] {
        assert!(table.contains(part), "{part}: {table}");
    }
}

#[tokio::test]
async fn a_command_and_the_server_keep_figures_in_one_home_at_once() {
    let mut server = Server::start();
    let key = server.key("read,submit");
    let brief = server.home().with_file_name("brief.json");
    std::fs::write(&brief, crate::server::small().to_string()).unwrap();
    let id = server.submit(&key).await;
    server.run(&["make", "brief.json", "--json"]);
    server.run_once(&key, &id, &["approved"]).await;
    assert_eq!(server.end("-TERM").0, Some(0));
    let told: Value = serde_json::from_str(&server.run(&["stats", "--json"])).unwrap();
    let tasks = counts(&told["performance"], "task");
    // Whoever comes second may find what the first has made.
    let of = |name: &str| tasks.get(name).copied().unwrap_or_default();
    assert_eq!(of("story") + of("story.kept"), 2, "{tasks:?}");
    assert_eq!(of("compose") + of("compose.kept"), 2, "{tasks:?}");
}

#[tokio::test]
async fn what_the_cache_did_is_told_by_kind() {
    let server = Server::start();
    let key = server.key("read");
    let told = server.get(&key, "/v1/insights/cache?hours=24").await.json();
    assert_eq!(told["step_seconds"], 24 * 60);
    let kinds = told["kinds"].as_object().unwrap();
    let names: Vec<_> = kinds.keys().map(String::as_str).collect();
    let expected = [
        "api_response",
        "llm_response",
        "media",
        "metadata",
        "session",
    ];
    assert_eq!(names, expected);
    let requests: u64 = kinds
        .values()
        .map(|kind| kind["requests"].as_u64().unwrap())
        .sum();
    assert_eq!(told["all"]["requests"], requests);
    assert_eq!(told["requests"].as_array().unwrap().len(), 60);
}

#[tokio::test]
async fn times_that_are_none_are_refused_and_figures_need_a_key() {
    let server = Server::start();
    let (key, other) = (server.key("read"), server.key("submit"));
    for path in ["/v1/insights/performance", "/v1/insights/cache"] {
        for query in [
            "hours=0",
            "hours=25",
            "hours=-1",
            "hours=x",
            "hours=",
            "hours=1&hours=1",
            "days=0",
            "days=91",
            "hours=1&days=1",
            "brand=Acme",
        ] {
            let answer = server.get(&key, &format!("{path}?{query}")).await;
            answer.problem(400);
        }
        let both = server.get(&key, &format!("{path}?hours=1&days=1")).await;
        assert_eq!(both.fields(400), ["days"]);
        server.get(&other, path).await.problem(403);
        let nobody = server.request(reqwest::Method::GET, path).send().await;
        assert_eq!(nobody.unwrap().status(), 401);
        let nothing = server.get(&key, &format!("{path}?days=90")).await.json();
        assert_eq!(nothing["step_seconds"], 86_400);
    }
}

#[test]
fn the_command_names_what_it_cannot_use() {
    let server = Server::start();
    for (arguments, told) in [
        (vec!["stats", "--hours", "25"], "25 hours: expected 1 to 24"),
        (vec!["stats", "--days", "0"], "0 days: expected 1 to 90"),
        (
            vec!["stats", "--hours", "1", "--days", "1"],
            "cannot be used with",
        ),
        (vec!["stats", "--url", "nowhere"], "--url is \"nowhere\""),
        (
            vec!["stats", "--url", server.base()],
            "REELWRIGHT_API_KEY is not set",
        ),
    ] {
        let output = server.command().args(&arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
    let wrong_key = server
        .command()
        .args(["stats", "--url", server.base()])
        .env("REELWRIGHT_API_KEY", "rw_nobody")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&wrong_key.stderr);
    assert!(said.contains("answers 401"), "{said}");
}
