//! Allocation: even, independent between experiments, and for ever.

use crate::common::{attributes, experiment, variation};
use experiments::condition::SavedGroups;
use experiments::hash::{HashVersion, hash};
use experiments::payload::features;
use experiments::stats::srm::{Period, check};
use experiments::{Excluded, Origin, StickyBuckets, Unit};
use proptest::prelude::*;
use serde_json::{Map, json};

#[test]
fn a_million_units_fill_all_buckets_evenly() {
    let mut units = vec![0.0; 100];
    for unit in 0..1_000_000 {
        units[(hash("thumbnails", &unit.to_string(), HashVersion::V2) * 100.0) as usize] += 1.0;
    }
    let weights = vec![0.01; units.len()];
    let evenness = check(&[Period { units, weights }]).unwrap();
    assert!(!evenness.mismatch(), "p = {}", evenness.p_value);
}

#[test]
fn what_a_unit_gets_in_one_experiment_says_nothing_of_another() {
    let points = (0..1_000_000).map(|unit| {
        let unit = unit.to_string();
        (
            hash("hooks", &unit, HashVersion::V2) - 0.5,
            hash("voices", &unit, HashVersion::V2) - 0.5,
        )
    });
    let (mut squares_a, mut squares_b, mut products) = (0.0, 0.0, 0.0);
    for (a, b) in points {
        squares_a += a * a;
        squares_b += b * b;
        products += a * b;
    }
    let correlation: f64 = products / f64::sqrt(squares_a * squares_b);
    assert!(correlation.abs() < 0.005, "{correlation}");
}

#[test]
fn shares_are_those_of_weights_and_coverage() {
    let experiment = experiment(json!({
        "variations": [{"key": "a"}, {"key": "b"}, {"key": "c"}],
        "weights": [0.2, 0.3, 0.5],
        "coverage": 0.4,
    }));
    let mut units = [0.0; 4];
    for unit in 0..200_000 {
        units[variation(experiment.rule().unwrap(), &unit.to_string(), None).unwrap_or(3)] += 1.0;
    }
    let period = Period {
        units: units.to_vec(),
        weights: vec![0.08, 0.12, 0.2, 0.6],
    };
    let shares = check(&[period]).unwrap();
    assert!(!shares.mismatch(), "{units:?}: p = {}", shares.p_value);
}

/// Weights of so many variations that sum to 1.
fn weights(count: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(1_u32..100, count).prop_map(|parts| {
        let all: u32 = parts.iter().sum();
        parts
            .iter()
            .map(|part| f64::from(*part) / f64::from(all))
            .collect()
    })
}

proptest! {
    #[test]
    fn a_unit_that_was_seen_keeps_its_variation_whatever_weights_and_coverage_become(
        before in weights(3), after in weights(3), coverage in 0.0..=1.0, paused: bool, id in "[a-z0-9]{1,12}",
    ) {
        let variations = json!([{"key": "a"}, {"key": "b"}, {"key": "c"}]);
        let first = experiment(json!({"variations": variations, "weights": before}));
        let state = if paused { "paused" } else { "running" };
        let later = experiment(json!({
            "variations": variations, "weights": after, "coverage": coverage, "state": state,
            "namespace": ["exclusive", 0.0, 0.1], "condition": {"country": "NL"},
        }));
        let (attributes, groups, nothing) = (attributes(&id), SavedGroups::default(), StickyBuckets::default());
        let unit = Unit { attributes: &attributes, groups: &groups, sticky: Some(&nothing) };
        let rule = first.rule().unwrap();
        let given = rule.assign(unit).unwrap();
        let sticky = StickyBuckets::from_iter(rule.sticky_document(&given, &nothing));

        let kept = later.rule().unwrap().assign(Unit { sticky: Some(&sticky), ..unit }).unwrap();
        prop_assert_eq!(kept.variation, given.variation);
        prop_assert_eq!(kept.origin, Origin::Sticky);
    }

    #[test]
    fn raised_coverage_moves_nobody_even_without_sticky_buckets(
        weights in weights(4), low in 0.0..=1.0, high in 0.0..=1.0, id in "[a-z0-9]{1,12}",
    ) {
        let at = |coverage: f64| experiment(json!({
            "variations": [{"key": "a"}, {"key": "b"}, {"key": "c"}, {"key": "d"}], "weights": weights, "coverage": coverage,
        }));
        let (low, high) = (f64::min(low, high), f64::max(low, high));
        let before = variation(at(low).rule().unwrap(), &id, None);
        let after = variation(at(high).rule().unwrap(), &id, None);
        prop_assert!(before.is_none() || before == after);
    }

    #[test]
    fn experiments_with_parts_of_a_namespace_share_no_unit_and_leave_none_out(
        cut in 0.01..0.99_f64, id in "[a-z0-9]{1,12}",
    ) {
        let part = |key: &str, from: f64, to: f64| experiment(json!({"key": key, "namespace": ["home", from, to]}));
        let (first, second) = (part("first", 0.0, cut), part("second", cut, 1.0));
        let in_first = variation(first.rule().unwrap(), &id, None).is_some();
        let in_second = variation(second.rule().unwrap(), &id, None).is_some();
        prop_assert!(in_first != in_second);
    }
}

#[test]
fn why_a_unit_is_left_out_is_told() {
    let excluded = |members: serde_json::Value, attributes: serde_json::Value| {
        let experiment = experiment(members);
        let groups = SavedGroups::default();
        let attributes = attributes.as_object().unwrap();
        let unit = Unit {
            attributes,
            groups: &groups,
            sticky: None,
        };
        experiment.rule().unwrap().assign(unit).unwrap_err()
    };
    assert_eq!(excluded(json!({}), json!({"id": ""})), Excluded::Unknown);
    assert_eq!(
        excluded(json!({"coverage": 0.0}), json!({"id": 1})),
        Excluded::NotCovered
    );
    assert_eq!(
        excluded(
            json!({"condition": {"age": {"$gt": 17}}}),
            json!({"id": 1, "age": 17})
        ),
        Excluded::NotTargeted
    );
    // By the cases of GrowthBook, unit 1 is in the other part.
    assert_eq!(
        excluded(
            json!({"namespace": ["namespace1", 0.0, 0.4]}),
            json!({"id": 1})
        ),
        Excluded::OtherNamespace
    );
    let filter = json!([{"seed": "s", "ranges": [[0.0, 1.0]], "attribute": "company"}]);
    assert_eq!(
        excluded(json!({"filters": filter}), json!({"id": 1})),
        Excluded::Filtered
    );
}

#[test]
fn a_unit_known_by_its_fallback_keeps_what_it_was_given_once_it_is_known_by_more() {
    let experiment = experiment(json!({"hash_attribute": "user", "fallback_attribute": "device"}));
    let rule = experiment.rule().unwrap();
    let groups = SavedGroups::default();
    for device in 0..50 {
        let anonymous = Map::from_iter([("device".into(), format!("d{device}").into())]);
        let mut known = anonymous.clone();
        known.insert("user".into(), format!("u{device}").into());

        let nothing = StickyBuckets::default();
        let before = rule
            .assign(Unit {
                attributes: &anonymous,
                groups: &groups,
                sticky: Some(&nothing),
            })
            .unwrap();
        assert_eq!(before.attribute, "device");
        let sticky = StickyBuckets::from_iter(rule.sticky_document(&before, &nothing));
        let after = rule
            .assign(Unit {
                attributes: &known,
                groups: &groups,
                sticky: Some(&sticky),
            })
            .unwrap();
        assert_eq!(
            (after.variation, after.attribute),
            (before.variation, "user")
        );
    }
}

#[test]
fn a_raised_bucket_version_shares_out_anew_and_can_leave_former_units_out() {
    let nothing = StickyBuckets::default();
    let (attributes, groups) = (attributes("7"), SavedGroups::default());
    let unit = Unit {
        attributes: &attributes,
        groups: &groups,
        sticky: Some(&nothing),
    };
    let first = experiment(json!({}));
    let given = first.rule().unwrap().assign(unit).unwrap();
    let sticky = StickyBuckets::from_iter(first.rule().unwrap().sticky_document(&given, &nothing));
    let unit = Unit {
        sticky: Some(&sticky),
        ..unit
    };

    let anew = experiment(json!({"bucket_version": 1}));
    assert!(matches!(
        anew.rule().unwrap().assign(unit).unwrap().origin,
        Origin::Bucket(_)
    ));
    let without = experiment(json!({"bucket_version": 1, "min_bucket_version": 1}));
    assert_eq!(
        without.rule().unwrap().assign(unit).unwrap_err(),
        Excluded::BlockedVersion
    );
}

#[test]
fn a_forced_unit_gets_its_variation_without_taking_part() {
    let experiment = experiment(json!({"forced": {"42": "question"}, "coverage": 0.0}));
    let groups = SavedGroups::default();
    let attributes = Map::from_iter([("id".into(), 42.into())]);
    let unit = Unit {
        attributes: &attributes,
        groups: &groups,
        sticky: None,
    };
    let assignment = experiment.rule().unwrap().assign(unit).unwrap();
    assert_eq!(
        (assignment.variation, assignment.origin),
        (1, Origin::Forced)
    );
}

#[test]
fn the_payload_says_what_each_state_means_for_an_sdk() {
    let draft = experiment(json!({"key": "draft", "state": "draft"}));
    let running = experiment(json!({
        "key": "running", "name": "Hooks", "weights": [0.4, 0.6], "coverage": 0.5, "condition": {"country": "NL"},
        "variations": [{"key": "control", "value": 1}, {"key": "question", "name": "A question", "value": 2}],
        "forced": {"7": "question"}, "namespace": ["home", 0.0, 0.5], "bucket_version": 2,
    }));
    let paused = experiment(json!({"key": "paused", "state": "paused"}));
    let concluded =
        experiment(json!({"key": "concluded", "state": "concluded", "winner": "question"}));
    let payload = features(
        [&draft, &running, &paused, &concluded],
        &Map::new(),
        "2026-01-01T00:00:00Z",
    );
    assert_eq!(
        payload,
        json!({
            "status": 200,
            "features": {
                "running": {
                    "defaultValue": 1,
                    "rules": [
                        {"condition": {"id": {"$in": ["7", 7]}}, "force": 2},
                        {
                            "key": "running", "seed": "running", "hashVersion": 2, "hashAttribute": "id",
                            "variations": [1, 2],
                            "meta": [{"key": "control"}, {"key": "question", "name": "A question"}],
                            "weights": [0.4, 0.6], "coverage": 0.5, "bucketVersion": 2, "minBucketVersion": 0,
                            "name": "Hooks", "namespace": ["home", 0.0, 0.5], "condition": {"country": "NL"},
                        },
                    ],
                },
                "paused": {
                    "defaultValue": "control",
                    "rules": [{
                        "key": "paused", "seed": "paused", "hashVersion": 2, "hashAttribute": "id",
                        "variations": ["control", "question"],
                        "meta": [{"key": "control"}, {"key": "question"}],
                        "weights": [0.5, 0.5], "coverage": 0.0, "bucketVersion": 0, "minBucketVersion": 0,
                    }],
                },
                "concluded": {"defaultValue": "question"},
            },
            "dateUpdated": "2026-01-01T00:00:00Z",
        })
    );
}
