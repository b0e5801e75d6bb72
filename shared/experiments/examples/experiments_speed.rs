//! How long an allocation and an experiment's results take: `cargo run -p experiments --example experiments_speed`.

#![allow(clippy::unwrap_used, reason = "an example fails by panicking")]

use std::hint::black_box;
use std::time::Instant;

use experiments::condition::{Attributes, SavedGroups};
use experiments::results::{Observations, analyse};
use experiments::stats::srm::Period;
use experiments::tally::{Sums, Tally};
use experiments::{Definition, Experiment, Unit};
use serde_json::{Value, json};

fn main() {
    allocation();
    results();
}

fn experiment(definition: Value) -> Experiment {
    let definition: Definition = serde_json::from_value(definition).unwrap();
    Experiment::new(definition).unwrap()
}

/// Hash, targeting and choice, by an id as long as a UUID.
fn allocation() {
    let experiment = experiment(json!({
        "key": "hooks-2026", "state": "running",
        "variations": [{"key": "control"}, {"key": "question"}, {"key": "number"}],
        "condition": {"country": {"$in": ["NL", "BE", "DE"]}, "age": {"$gte": 18}, "app": {"$vgte": "2.10.0"}},
        "metrics": [{"key": "clicked", "kind": "proportion"}],
    }));
    let rule = experiment.rule().unwrap();
    let groups = SavedGroups::default();
    let units: Vec<Attributes> = (0..1_000)
        .map(|unit| {
            let attributes = json!({
                "id": format!("6f1c1a52-9f0e-4c3e-8f61-{unit:012}"), "country": "NL", "age": 18 + unit % 50, "app": "2.11.3",
            });
            attributes.as_object().unwrap().clone()
        })
        .collect();
    let rounds = 1_000;
    let start = Instant::now();
    for _ in 0..rounds {
        for attributes in &units {
            let unit = Unit {
                attributes,
                groups: &groups,
                sticky: None,
            };
            black_box(rule.assign(black_box(unit)).unwrap());
        }
    }
    let each = start.elapsed().as_nanos() / (rounds * units.len() as u128);
    println!("allocation with three targeting clauses: {each} ns");
}

/// Ten variations by twenty metrics.
fn results() {
    let variations: Vec<_> = (0..10).map(|i| json!({"key": format!("v{i}")})).collect();
    let metrics: Vec<_> = (0..20)
        .map(|i| json!({"key": format!("m{i}"), "kind": "mean"}))
        .collect();
    let experiment = experiment(json!({
        "key": "large", "state": "running", "variations": variations, "metrics": metrics,
    }));
    let tallies: Vec<Tally> = (0..10)
        .map(|variation| {
            let metrics = (0..20).map(|metric| {
                let sum = 10_000.0 + f64::from(variation * 20 + metric);
                (
                    format!("m{metric}"),
                    Sums {
                        sum,
                        sum_squares: 4.0 * sum,
                        ..Sums::default()
                    },
                )
            });
            Tally {
                units: 50_000,
                apart: 0,
                metrics: metrics.collect(),
            }
        })
        .collect();
    let periods = [Period {
        units: vec![50_000.0; 10],
        weights: experiment.weights(),
    }];
    let observations = Observations {
        tallies: &tallies,
        periods: &periods,
        days: 14.0,
        seed: 1,
    };
    let rounds = 100;
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(analyse(&experiment, black_box(&observations)).unwrap());
    }
    println!(
        "results of ten variations by twenty metrics: {} us",
        start.elapsed().as_micros() / rounds
    );
}
