//! Headline tests that were really run, replayed as events: the tallies are exact.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use experiments::results::{Decision, Observations, Results, analyse};
use experiments::stats::srm::Period;
use experiments::tally::{Sums, Tally};
use experiments::{Definition, Experiment};
use serde_json::{Value, json};

use crate::lifecycle::{running, server, steer};

/// One test: impressions and clicks of each headline, the first as it was listed the control.
type Headlines = Vec<(u64, u64)>;

/// The tests of the archive, those of fewest impressions first.
fn tests() -> Vec<Headlines> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/quality/upworthy-headlines-to-2014w46.csv.gz");
    let text = Command::new("gzip").arg("-dc").arg(file).output().unwrap();
    assert!(
        text.status.success(),
        "gzip is needed to read the headlines"
    );
    let text = String::from_utf8(text.stdout).unwrap();
    let mut tests: BTreeMap<&str, Headlines> = BTreeMap::new();
    // A headline in quotes may go over several lines.
    let mut record = String::new();
    let mut records = Vec::new();
    for line in text.lines().skip(1) {
        record.push_str(line);
        if record.matches('"').count().is_multiple_of(2) {
            records.push(std::mem::take(&mut record));
        }
    }
    for line in &records {
        let mut ends = line.rsplitn(4, ',').skip(1);
        let clicks = ends.next().unwrap().parse().unwrap();
        let impressions = ends.next().unwrap().parse().unwrap();
        let test = line.split(',').next().unwrap();
        tests.entry(test).or_default().push((impressions, clicks));
    }
    let mut tests: Vec<_> = tests
        .into_values()
        .filter(|test| (2..=50).contains(&test.len()))
        .collect();
    tests.sort_by_key(|test| test.iter().map(|(impressions, _)| impressions).sum::<u64>());
    tests
}

fn definition(key: &str, test: &Headlines, correction: &str) -> Value {
    let variations: Vec<_> = (0..test.len())
        .map(|arm| json!({"key": format!("h{arm}")}))
        .collect();
    let units: u64 = test.iter().map(|(impressions, _)| impressions).sum();
    json!({
        "key": key,
        "variations": variations,
        "planned_units": units,
        "test": "fixed",
        "correction": correction,
        "metrics": [{"key": "clicked", "kind": "proportion", "lift": "absolute"}]
    })
}

/// Replays a test through the API and holds what it counts to the archive.
async fn replay(tests: &[Headlines]) {
    let (server, key) = server();
    for (number, test) in tests.iter().enumerate() {
        let name = format!("t{number}");
        running(&server, &key, &definition(&name, test, "holm")).await;
        let mut events = Vec::new();
        for (arm, (impressions, clicks)) in test.iter().enumerate() {
            for unit in 0..*impressions {
                let unit_name = format!("{arm}-{unit}");
                events.push(json!({"id": format!("e{unit_name}"), "type": "exposure", "unit": unit_name, "variation": format!("h{arm}")}));
                if unit < *clicks {
                    events.push(json!({"id": format!("c{unit_name}"), "type": "conversion", "unit": unit_name, "event": "clicked"}));
                }
            }
        }
        // Conversions before their exposures, and arms mixed.
        events.reverse();
        let sent = events.len();
        let mut taken = 0;
        for batch in events.chunks(500) {
            let outcome = steer(&server, &key, &name, "events", &json!({"events": batch})).await;
            taken += outcome["taken"].as_u64().unwrap();
        }
        assert_eq!(taken, sent as u64);
        let path = format!("/v1/experiments/{name}/results");
        let results = server.get(&key, &path).await.json();
        for (arm, (impressions, clicks)) in test.iter().enumerate() {
            assert_eq!(results["units"][format!("h{arm}")], *impressions, "{name}");
            if arm > 0 {
                let treatment = &results["results"]["comparisons"][arm - 1]["treatment"];
                assert_eq!(
                    treatment["mean"],
                    *clicks as f64 / *impressions as f64,
                    "{name}"
                );
            }
        }
        assert_eq!(results["apart"], 0);
    }
}

/// What the archive's totals say of a test.
fn decision(test: &Headlines, correction: &str) -> Decision {
    let mut definition: Definition =
        serde_json::from_value(definition("t", test, correction)).unwrap();
    definition.state = experiments::definition::State::Running;
    let experiment = Experiment::new(definition).unwrap();
    let tally = |(impressions, clicks): &(u64, u64)| {
        let clicks = *clicks as f64;
        let sums = Sums {
            sum: clicks,
            sum_squares: clicks,
            ..Sums::default()
        };
        Tally {
            units: i64::try_from(*impressions).unwrap(),
            apart: 0,
            metrics: [("clicked".to_owned(), sums)].into(),
        }
    };
    let tallies: Vec<_> = test.iter().map(tally).collect();
    let period = Period {
        units: test
            .iter()
            .map(|(impressions, _)| *impressions as f64)
            .collect(),
        weights: experiment.weights(),
    };
    let seen = Observations {
        tallies: &tallies,
        periods: &[period],
        days: 1.0,
        seed: 1,
    };
    match analyse(&experiment, &seen).unwrap() {
        Results::Fixed(results) => results.decision,
        Results::Bandit(_) => unreachable!("it is none"),
    }
}

#[tokio::test]
async fn a_headline_test_replayed_as_events_is_counted_exactly() {
    let tests = tests();
    assert!(tests.len() > 3_000, "{}", tests.len());
    let smallest: Vec<_> = tests
        .into_iter()
        .filter(|test| test.len() > 2)
        .take(1)
        .collect();
    replay(&smallest).await;
}

#[test]
fn correction_takes_winners_away_and_adds_none() {
    let tests = tests();
    let mut winners: BTreeMap<&str, usize> = BTreeMap::new();
    let mut invalid = 0;
    for test in &tests {
        let mut before = true;
        for correction in ["none", "benjamini_hochberg", "holm", "bonferroni"] {
            let decision = decision(test, correction);
            let wins = matches!(decision, Decision::Winner { .. });
            assert!(before || !wins, "{correction}: {test:?}");
            before = wins;
            *winners.entry(correction).or_default() += usize::from(wins);
            invalid +=
                usize::from(correction == "none" && matches!(decision, Decision::Invalid { .. }));
        }
    }
    println!(
        "of {} headline tests {invalid} aren't shared out evenly; winners left by each correction: {winners:?}",
        tests.len()
    );
    assert!(
        winners["holm"] > 0 && winners["holm"] < winners["none"],
        "{winners:?}"
    );
}

#[tokio::test]
#[ignore = "takes minutes: make soak runs it"]
async fn twenty_headline_tests_replayed_as_events_are_counted_exactly() {
    let tests: Vec<_> = tests().into_iter().take(20).collect();
    replay(&tests).await;
}
