//! Statistics, held to the figures of gbstats, scipy and statsmodels.

use std::path::Path;

use experiments::analysis::{Settings, analyse};
use serde_json::{Map, Value};

fn reference() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/experiments/statistics-reference.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The same file without its results: only what is asked.
fn questions(reference: &Value) -> Value {
    let asked = [
        "name",
        "kind",
        "input",
        "users",
        "weights",
        "p",
        "baseline",
        "relative_mde",
        "alpha",
        "power",
        "cohen_d",
    ];
    let lists = ["datasets", "srm", "multiple_comparisons", "sample_size"].map(|list| {
        let entries = reference[list].as_array().unwrap().iter().map(|entry| {
            let entry = entry
                .as_object()
                .unwrap()
                .iter()
                .filter(|(key, _)| asked.contains(&key.as_str()));
            Value::Object(
                entry
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
            )
        });
        (list.to_owned(), Value::Array(entries.collect()))
    });
    Value::Object(Map::from_iter(lists))
}

/// p-values agree absolutely, all else relatively, and absolutely near 0. The reference's own tails are worth 1e-10 or so.
fn assert_same(expected: &Value, actual: &Value, place: &str, checked: &mut usize) {
    match (expected, actual) {
        (Value::Object(expected), _) => {
            for (key, expected) in expected {
                // It counts the variation without weight into the degrees of freedom.
                if key != "gbstats_p" {
                    assert_same(expected, &actual[key], &format!("{place}.{key}"), checked);
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            assert_eq!(expected.len(), actual.len(), "{place}");
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                assert_same(expected, actual, &format!("{place}[{index}]"), checked);
            }
        }
        (Value::Number(_), Value::Number(_)) => {
            let (expected, actual) = (expected.as_f64().unwrap(), actual.as_f64().unwrap());
            let digits = if place.contains("n_per_arm") {
                // As far as the reference's search for a root went.
                1e-8
            } else {
                1e-9
            };
            let scale = if place.contains("p_value") {
                1.0
            } else {
                expected.abs().max(1e-3)
            };
            let tolerance = digits * scale;
            assert!(
                (actual - expected).abs() <= tolerance,
                "{place}: {actual} isn't {expected}"
            );
            *checked += 1;
        }
        _ => assert_eq!(expected, actual, "{place}"),
    }
}

#[test]
fn every_figure_of_the_reference_comes_out() {
    let mut reference = reference();
    let actual = analyse(&questions(&reference), &Settings::default()).unwrap();
    let reference = reference.as_object_mut().unwrap();
    reference.retain(|list, _| actual.get(list).is_some());
    let mut checked = 0;
    assert_same(&Value::Object(reference.clone()), &actual, "", &mut checked);
    println!("{checked} figures");
    assert!(checked > 400, "only {checked} figures were compared");
}

#[test]
fn what_cannot_be_analysed_is_told_by_its_place() {
    let told = |input: &str| {
        analyse(&serde_json::from_str(input).unwrap(), &Settings::default())
            .unwrap_err()
            .to_string()
    };
    assert!(told("[]").starts_with("the input must be an object"));
    assert_eq!(
        told(
            r#"{"datasets": [{"kind": "proportion", "input": {"n_a": 10, "x_a": 11, "n_b": 10, "x_b": 1}}]}"#
        ),
        "datasets[0]: x_a and x_b must lie from 0 to n_a and n_b"
    );
    assert!(
        told(r#"{"datasets": [{"kind": "median", "input": {}}]}"#)
            .contains("unknown variant `median`")
    );
    assert_eq!(
        told(r#"{"srm": [{"users": [1, 2], "weights": [1]}]}"#),
        "srm[0]: 2 variations have units and 1 have weights; give both for each"
    );
    assert_eq!(
        told(r#"{"multiple_comparisons": [{"p": [0.1]}, {"p": [1.5]}]}"#),
        "multiple_comparisons[1]: p-values must lie from 0 to 1"
    );
    assert_eq!(
        told(
            r#"{"sample_size": [{"kind": "two_proportions", "baseline": 0.9, "relative_mde": 0.2, "alpha": 0.05, "power": 0.8}]}"#
        ),
        "sample_size[0]: both shares must lie between 0 and 1, and differ"
    );
}

#[test]
fn samples_that_say_nothing_are_answered_with_the_reason() {
    let answer = |input: &str| {
        analyse(&serde_json::from_str(input).unwrap(), &Settings::default()).unwrap()["datasets"][0]
            .clone()
    };
    let all = answer(
        r#"{"datasets": [{"kind": "proportion", "input": {"n_a": 10, "x_a": 10, "n_b": 10, "x_b": 5}}]}"#,
    );
    assert_eq!(
        all["gbstats"]["sequential_relative"]["error"],
        "ZERO_NEGATIVE_VARIANCE"
    );
    let none = answer(
        r#"{"datasets": [{"kind": "mean", "input": {"n_a": 0, "sum_a": 0, "sum_sq_a": 0, "n_b": 0, "sum_b": 0, "sum_sq_b": 0}}]}"#,
    );
    assert_eq!(
        none["gbstats"]["bayes_flat_absolute"]["error"],
        "NO_UNITS_IN_VARIATION"
    );
    assert_eq!(none["gbstats"]["fixed_two_sided_absolute"]["p_value"], 1.0);
    assert_eq!(none["scipy_statsmodels"]["welch"], Value::Null);
}
