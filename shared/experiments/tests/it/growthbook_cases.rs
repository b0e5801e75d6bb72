//! Allocation, held to the cases that GrowthBook holds its SDKs to.

use std::path::Path;

use experiments::Namespace;
use experiments::buckets::{BucketRange, bucket_ranges, choose, equal_weights};
use experiments::condition::{Condition, SavedGroups};
use experiments::hash::{HashVersion, hash};
use serde_json::{Map, Value};

fn cases(section: &str) -> Vec<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/experiments/growthbook-cases.json");
    let cases: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    cases[section].as_array().unwrap().clone()
}

fn ranges(ranges: &Value) -> Vec<BucketRange> {
    serde_json::from_value(ranges.clone()).unwrap()
}

/// The file's figures are rounded to eight places.
#[track_caller]
fn assert_near(actual: f64, expected: f64, case: &Value) {
    assert!(
        (actual - expected).abs() < 1e-8,
        "{actual} isn't {expected}: {case}"
    );
}

#[test]
fn units_hash_as_they_do_in_growthbook() {
    for case in cases("hash") {
        let version = u8::try_from(case[2].as_u64().unwrap()).unwrap();
        match HashVersion::try_from(version) {
            Ok(version) => {
                let point = hash(
                    case[0].as_str().unwrap(),
                    case[1].as_str().unwrap(),
                    version,
                );
                assert_near(point, case[3].as_f64().unwrap(), &case);
            }
            Err(_) => assert!(case[3].is_null(), "{case}"),
        }
    }
}

#[test]
fn bucket_ranges_are_those_of_growthbook() {
    for case in cases("getBucketRange") {
        let count = usize::try_from(case[1][0].as_u64().unwrap()).unwrap();
        let weights: Option<Vec<f64>> = serde_json::from_value(case[1][2].clone()).unwrap();
        let actual = bucket_ranges(count, case[1][1].as_f64().unwrap(), weights.as_deref());
        let expected = ranges(&case[2]);
        assert_eq!(actual.len(), expected.len(), "{case}");
        for (actual, expected) in actual.iter().zip(&expected) {
            assert_near(actual.0, expected.0, &case);
            assert_near(actual.1, expected.1, &case);
        }
    }
}

#[test]
fn variations_are_chosen_as_in_growthbook() {
    for case in cases("chooseVariation") {
        let chosen = choose(case[1].as_f64().unwrap(), &ranges(&case[2]));
        let expected = usize::try_from(case[3].as_i64().unwrap()).ok();
        assert_eq!(chosen, expected, "{case}");
    }
}

#[test]
fn equal_weights_are_those_of_growthbook() {
    for case in cases("getEqualWeights") {
        let count = usize::try_from(case[0].as_i64().unwrap()).unwrap_or(0);
        let expected: Vec<f64> = serde_json::from_value(case[1].clone()).unwrap();
        let actual = equal_weights(count);
        assert_eq!(actual.len(), expected.len(), "{case}");
        for (actual, expected) in actual.iter().zip(&expected) {
            assert_near(*actual, *expected, &case);
        }
    }
}

#[test]
fn units_are_in_the_namespaces_that_growthbook_puts_them_in() {
    for case in cases("inNamespace") {
        let namespace: Namespace = serde_json::from_value(case[2].clone()).unwrap();
        assert_eq!(
            namespace.contains(case[1].as_str().unwrap()),
            case[3].as_bool().unwrap(),
            "{case}"
        );
    }
}

#[test]
fn conditions_mean_what_they_mean_in_growthbook() {
    for case in cases("evalCondition") {
        let (condition, _problems) = Condition::read(&case[1]);
        let none = Map::new();
        let (groups, _problems) = SavedGroups::read(case[4].as_object().unwrap_or(&none));
        let holds = condition.holds(case[2].as_object().unwrap(), &groups);
        assert_eq!(holds, case[3].as_bool().unwrap(), "{case}");
    }
}
