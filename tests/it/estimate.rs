//! What a brief would cost and how long it would take, told before anything is made.

use std::path::Path;

use serde_json::{Value, json};

use crate::model::Model;
use crate::support::{SMALL, Sandbox};

fn estimate(sandbox: &Sandbox, brief: &Path) -> Value {
    let brief = brief.to_str().unwrap();
    sandbox.run(&["make", brief, "--estimate", "--json"]).json()
}

fn most(estimate: &Value, task: &str) -> f64 {
    let tasks = estimate["tasks"].as_array().unwrap().iter();
    let of = tasks.filter(|found| found["task"] == task);
    of.map(|found| found["most_usd"].as_f64().unwrap()).sum()
}

#[test]
fn an_estimate_makes_nothing_and_costs_nothing_where_nobody_is_paid() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let brief = sandbox.write("brief.json", SMALL);
    let told = estimate(&sandbox, &brief);
    assert_eq!(told["most_usd"], 0.0);
    assert!(told["seconds"].as_f64() <= told["work_seconds"].as_f64());
    assert!(sandbox.journal().is_empty(), "a task was done");
    assert_eq!(sandbox.run(&["list", "--json"]).json()["runs"], json!([]));
    assert!(!sandbox.out().exists());

    let made = sandbox.make(&brief).json();
    let items = |task: &str| {
        let tasks = told["tasks"].as_array().unwrap().iter();
        let mut of = tasks.filter(|found| found["task"] == task);
        of.next().unwrap()["items"].as_u64().unwrap()
    };
    let scenes = made["video"]["scene_starts_ms"].as_array().unwrap().len();
    assert_eq!(items("audio"), scenes as u64, "it is what is made");
    assert_eq!(items("compose"), 1);
}

#[test]
fn a_paid_model_is_not_asked_and_what_it_then_costs_is_no_more_than_was_told() {
    let model = Model::start();
    let sandbox = model.sandbox();
    let brief = sandbox.write("brief.json", SMALL);
    let told = estimate(&sandbox, &brief);
    assert_eq!(model.asked(), [""; 0]);
    for task in ["story", "script", "hook"] {
        assert!(
            most(&told, task) >= 1.0,
            "a thousand tokens are a dollar: {told}"
        );
    }
    let made = sandbox.make(&brief).json();
    assert_eq!(model.asked().len(), 3);
    assert!(made["cost_usd"].as_f64() <= told["most_usd"].as_f64());
    // What was paid for is not paid for again.
    assert_eq!(estimate(&sandbox, &brief)["most_usd"], 0.0);
}

#[test]
fn a_limit_that_is_too_low_is_told_before_it_is_met() {
    let model = Model::start();
    let sandbox = model.sandbox();
    let brief = SMALL.replacen('{', "{\"max_cost_usd\": 0.5,", 1);
    let brief = sandbox.write("brief.json", brief);
    let told = sandbox.run(&["make", brief.to_str().unwrap(), "--estimate"]);
    assert_eq!(told.code(), 0, "{}", told.stderr());
    assert!(
        told.stdout().contains("max_cost_usd is 0.5"),
        "{}",
        told.stdout()
    );
    assert_eq!(model.asked(), [""; 0]);
}
