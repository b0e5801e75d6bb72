//! What was paid for is not paid for again: by the command, with a model that counts what it is asked.

use serde_json::Value;

use crate::model::{Model, USD};
use crate::redis::Redis;
use crate::support::{SMALL, Sandbox};

/// Makes a brief, and gives the run.
fn make(sandbox: &Sandbox, brief: &str) -> Value {
    let brief = sandbox.write("brief.json", brief);
    sandbox.make(&brief).json()
}

fn cost(run: &Value) -> f64 {
    run["cost_usd"].as_f64().unwrap()
}

const ALL: [&str; 3] = ["hook", "script", "story"];

#[test]
fn a_second_run_of_a_brief_asks_nobody_and_costs_nothing() {
    let model = Model::start();
    let sandbox = model.sandbox();
    let first = make(&sandbox, SMALL);
    assert_eq!(model.asked(), ALL);
    assert!((cost(&first) - 3.0 * USD).abs() < 1e-9, "{first}");

    // By what tasks made.
    let second = make(&sandbox, SMALL);
    assert!(model.asked().is_empty());
    assert!(cost(&second).abs() < 1e-9, "{second}");

    let stats = sandbox.run(&["stats", "--json"]).json();
    let saved = |stats: &Value, what: &str| stats["cache"][what]["saved_usd"].as_f64().unwrap();
    assert!(
        (saved(&stats, "results") - 3.0 * USD).abs() < 1e-9,
        "{stats}"
    );
    assert!(saved(&stats, "all").abs() < 1e-9, "{stats}");

    // By what models answered, where what tasks made is gone.
    std::fs::remove_dir_all(sandbox.home().join("artifacts/results")).unwrap();
    let third = make(&sandbox, SMALL);
    assert!(model.asked().is_empty());
    assert!(cost(&third).abs() < 1e-9, "{third}");
    let stats = sandbox.run(&["stats", "--json"]).json();
    for what in ["results", "all"] {
        assert!((saved(&stats, what) - 3.0 * USD).abs() < 1e-9, "{stats}");
    }

    // What a model isn't told changes nothing that it said.
    let blue = SMALL.replacen(
        "\"brand\": {",
        "\"brand\": {\"palette\": {\"background\": \"#001133\"},",
        1,
    );
    assert_ne!(blue, SMALL);
    make(&sandbox, &blue);
    assert!(model.asked().is_empty());
    let other = SMALL.replacen("Why bread rises", "How bread rises", 1);
    make(&sandbox, &other);
    assert_eq!(model.asked(), ALL);
}

#[test]
fn a_cache_that_is_off_keeps_nothing() {
    let model = Model::start();
    let sandbox = model.sandbox().with("REELWRIGHT_CACHE", "off");
    for _ in 0..2 {
        make(&sandbox, SMALL);
        assert_eq!(model.asked(), ALL);
        // Tasks' results are no cache.
        std::fs::remove_dir_all(sandbox.home().join("artifacts/results")).unwrap();
    }
}

#[test]
fn another_round_asks_only_for_what_feedback_changed() {
    let model = Model::start();
    let sandbox = model.sandbox();
    // Judged by its hook alone, so that nothing else is found wanting.
    let strict = SMALL.replacen(
        "\"approve\": 0.1, \"review\": 0",
        "\"approve\": 100, \"review\": 99.9, \"max_rounds\": 2, \"weights\": {\"hook\": 100, \"clarity\": 0, \"engagement\": 0, \
         \"tone\": 0, \"pacing\": 0, \"grammar\": 0, \"originality\": 0, \"emotion\": 0, \"brand\": 0, \"technical\": 0}",
        1,
    );
    let made = make(&sandbox, &strict);
    assert_eq!(made["run"]["round"], 2, "{made}");
    assert_eq!(model.asked(), ["hook", "hook", "script", "story"]);
    assert!((cost(&made) - 4.0 * USD).abs() < 1e-9, "{made}");
}

#[test]
fn machines_share_what_they_paid_for_through_redis() {
    let (model, redis) = (Model::start(), Redis::start());
    let url = redis.url();
    let here = || model.sandbox().with("REELWRIGHT_CACHE_URL", &url);
    make(&here(), SMALL);
    assert_eq!(model.asked(), ALL);
    assert!(redis.holds("reelwright:*llm_response*"));
    let elsewhere = here();
    let run = make(&elsewhere, SMALL);
    assert!(model.asked().is_empty());
    assert!(cost(&run).abs() < 1e-9, "{run}");

    // Without it, each pays for itself.
    drop(redis);
    let alone = here();
    let brief = alone.write("brief.json", SMALL);
    let made = alone.make(&brief);
    assert!(made.stderr().contains("going on without the cache"));
    assert!((cost(&made.json()) - 3.0 * USD).abs() < 1e-9);
    assert_eq!(model.asked(), ALL);
}

#[test]
fn a_cache_that_cannot_be_used_is_told_at_once() {
    let redis = Redis::start();
    let port = redis.url().rsplit_once(':').unwrap().1.to_owned();
    for (url, told) in [
        (
            format!("redis://app:hush@127.0.0.1:{port}"),
            "REELWRIGHT_CACHE_URL",
        ),
        ("http://cache.example".to_owned(), "expected redis://"),
    ] {
        let sandbox = Sandbox::new().with("REELWRIGHT_CACHE_URL", &url);
        let brief = sandbox.write("brief.json", SMALL);
        let brief = brief.to_str().unwrap();
        let refusal = sandbox.run(&["make", brief]).refusal();
        assert!(
            refusal.contains(told) && !refusal.contains("hush"),
            "{refusal}"
        );
    }
}
