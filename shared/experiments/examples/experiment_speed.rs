//! How long an allocation takes (hash, targeting, choice), and the results of 10 variations by 20 metrics. Prints one JSON object:
//! `{"allocation_ns", "results_ms"}`, medians, on one core. With the argument `payload` it prints what an SDK needs to do the same.

use std::hint::black_box;
use std::time::Instant;

use experiments::condition::{Attributes, SavedGroups};
use experiments::results::{Observations, analyse};
use experiments::stats::srm::Period;
use experiments::tally::{Sums, Tally};
use experiments::{Experiment, Unit, payload};
use serde_json::{Map, json};

const UNITS: usize = 10_000;
const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let targeted = Experiment::new(serde_json::from_value(json!({
        "key": "speed",
        "state": "running",
        "variations": [{"key": "a"}, {"key": "b"}, {"key": "c"}],
        "condition": {"country": {"$in": ["NL", "DE"]}, "age": {"$gte": 18}},
        "hash_version": 2,
        "metrics": [{"key": "m", "kind": "proportion"}]
    }))?)?;
    if std::env::args().nth(1).as_deref() == Some("payload") {
        let payload = payload::features([&targeted], &Map::new(), "2026-11-23T10:00:00.000Z");
        println!("{payload}");
        return Ok(());
    }
    println!(
        "{}",
        json!({"allocation_ns": allocation_ns(&targeted)?, "results_ms": results_ms()?})
    );
    Ok(())
}

fn allocation_ns(experiment: &Experiment) -> Result<f64, Box<dyn std::error::Error>> {
    let rule = experiment.rule().ok_or("it isn't running")?;
    let units: Vec<Attributes> = (0..UNITS)
        .filter_map(|number| {
            let unit = json!({"id": format!("unit-{number}"), "country": if number % 2 == 0 { "NL" } else { "US" }, "age": number % 90});
            unit.as_object().cloned()
        })
        .collect();
    let groups = SavedGroups::default();
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            for attributes in &units {
                let unit = Unit {
                    attributes,
                    groups: &groups,
                    sticky: None,
                };
                let _ = black_box(rule.assign(black_box(unit)));
            }
            begun.elapsed().as_nanos() as f64 / units.len() as f64
        })
        .collect();
    Ok(median(&mut times))
}

fn results_ms() -> Result<f64, Box<dyn std::error::Error>> {
    let variations: Vec<_> = (0..10)
        .map(|arm| json!({"key": format!("v{arm}")}))
        .collect();
    let metrics: Vec<_> = (0..20)
        .map(|metric| json!({"key": format!("m{metric}"), "kind": if metric % 2 == 0 { "proportion" } else { "mean" }}))
        .collect();
    let experiment = Experiment::new(serde_json::from_value(json!({
        "key": "wide", "state": "running", "variations": variations, "metrics": metrics
    }))?)?;
    let tallies: Vec<Tally> = (0..10)
        .map(|arm| {
            let sums = (0..20).map(|metric| {
                let sum = f64::from(1_000 + 13 * arm + metric);
                let sum_squares = if metric % 2 == 0 { sum } else { 3.0 * sum };
                let sums = Sums {
                    sum,
                    sum_squares,
                    ..Sums::default()
                };
                (format!("m{metric}"), sums)
            });
            Tally {
                units: 10_000,
                apart: 0,
                metrics: sums.collect(),
            }
        })
        .collect();
    let periods = [Period {
        units: vec![10_000.0; 10],
        weights: vec![0.1; 10],
    }];
    let seen = Observations {
        tallies: &tallies,
        periods: &periods,
        days: 10.0,
        seed: 1,
    };
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        black_box(analyse(black_box(&experiment), black_box(&seen))?);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(&mut times))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
