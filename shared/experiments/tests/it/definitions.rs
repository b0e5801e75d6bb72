//! Definitions: what is wrong with one is told at once, and so that it can be mended.

use crate::common::definition;
use experiments::{Definition, Experiment};
use serde_json::{Value, json};

/// What is told of a definition that can't be used.
#[track_caller]
fn told(members: Value) -> String {
    let error = Experiment::new(definition(members))
        .unwrap_err()
        .to_string();
    error.split_once("can't be used:\n  ").unwrap().1.to_owned()
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let clicked = json!({"key": "clicked", "kind": "proportion"});
    for (members, expected) in [
        (
            json!({"key": "a b"}),
            "the experiment's key \"a b\" must be 1 to 100 letters, digits, `-`, `_` or `.`",
        ),
        (
            json!({"variations": [{"key": "a"}]}),
            "it has 1 variations; give 2 to 50",
        ),
        (
            json!({"variations": [{"key": "a"}, {"key": "a"}]}),
            "two variations have the key \"a\"; give each its own",
        ),
        (
            json!({"weights": [0.5, 0.4]}),
            "the weights sum to 0.9; they must sum to 1",
        ),
        (
            json!({"weights": [1.5, -0.5]}),
            "the weight 1.5 must be a number from 0 to 1\n  the weight -0.5 must be a number from 0 to 1",
        ),
        (
            json!({"weights": [1.0]}),
            "it has 1 weights for 2 variations; give each its own, or none",
        ),
        (
            json!({"coverage": 1.1}),
            "coverage is 1.1; it must be from 0 to 1",
        ),
        (
            json!({"namespace": ["home", 0.6, 0.4]}),
            "the part of home from 0.6 to 0.4 must lie between 0 and 1, its start before its end",
        ),
        (
            json!({"filters": [{"seed": "s", "ranges": []}]}),
            "the filter with seed \"s\" has no ranges, so it takes nobody in; give it some",
        ),
        (
            json!({"hash_attribute": ""}),
            "hash_attribute must not be empty",
        ),
        (json!({"metrics": []}), "it has 0 metrics; give 1 to 50"),
        (
            json!({"metrics": [clicked, clicked]}),
            "two metrics have the key \"clicked\"; give each its own",
        ),
        (
            json!({"metrics": [{"key": "e", "kind": "mean", "role": "guardrail"}]}),
            "no metric is a goal; make one the goal",
        ),
        (
            json!({"metrics": [{"key": "r", "kind": "ratio"}]}),
            "metric \"r\": a ratio needs a denominator, and only a ratio has one",
        ),
        (
            json!({"metrics": [{"key": "m", "kind": "mean", "margin": 0}]}),
            "metric \"m\": the margin 0 must be above 0",
        ),
        (
            json!({"forced": {"7": "best"}}),
            "forced unit \"7\" names the variation \"best\", which there isn't; use one of the variations' keys",
        ),
        (
            json!({"winner": "question"}),
            "it names a winner but isn't concluded; conclude it, or leave the winner out",
        ),
        (
            json!({"min_bucket_version": 1}),
            "min_bucket_version 1 is above bucket_version 0; raise bucket_version too",
        ),
        (
            json!({"alpha": 0.0}),
            "alpha is 0; it must be above 0 and below 1",
        ),
        (
            json!({"planned_units": 0}),
            "planned_units is 0; it must be above 0",
        ),
        (
            json!({"test": "fixed"}),
            "a fixed test is looked at once, when the planned units are in; give planned_units",
        ),
        (
            json!({"bandit": {"floor": 0.6}}),
            "the bandit's floor is 0.6; it must be from 0 to an equal share",
        ),
        (
            json!({"bandit": {"metric": "money"}}),
            "the bandit's metric \"money\" isn't one of the metrics; use one of their keys",
        ),
        (
            json!({"condition": {"age": {"$over": 3}}}),
            "condition: operator $over is unknown",
        ),
        (
            json!({"condition": {"tags": {"$in": "a"}}}),
            "condition: $in takes a list of values",
        ),
        (
            json!({"condition": {"name": {"$regex": "(a"}}}),
            "condition: pattern \"(a\": not a regular expression: a group isn't closed",
        ),
        (
            json!({"condition": {"name": {"$regex": "(?=a)"}}}),
            "condition: pattern \"(?=a)\": looking ahead or behind is not supported in patterns, which must run in linear time; write the pattern without it",
        ),
        (
            json!({"condition": [1]}),
            "condition: a condition takes an object of paths and operators",
        ),
    ] {
        assert_eq!(told(members.clone()), expected, "{members}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let told = told(json!({"coverage": 2, "weights": [0.1, 0.1], "metrics": []}));
    assert_eq!(told.lines().count(), 3, "{told}");
}

#[test]
fn numbers_that_are_none_are_refused() {
    for broken in [f64::NAN, f64::INFINITY, -1.0] {
        let mut coverage = definition(json!({}));
        coverage.coverage = broken;
        let mut weights = definition(json!({}));
        weights.weights = Some(vec![broken, 1.0]);
        let mut margin = definition(json!({}));
        margin.metrics[0].margin = Some(broken);
        let mut alpha = definition(json!({}));
        alpha.alpha = broken;
        for definition in [coverage, weights, margin, alpha] {
            assert!(Experiment::new(definition).is_err(), "{broken}");
        }
    }
}

#[test]
fn a_condition_a_hundred_levels_deep_is_refused_not_fallen_over() {
    let mut condition = json!({"a": 1});
    for _ in 0..100 {
        condition = json!({"$not": condition});
    }
    assert_eq!(
        told(json!({"condition": condition})),
        "condition: nested deeper than 64 levels"
    );
}

#[test]
fn an_unknown_field_is_told_by_its_name() {
    let read = |members: Value| {
        let mut definition = json!({"key": "k", "variations": [], "metrics": []});
        definition
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        serde_json::from_value::<Definition>(definition)
            .unwrap_err()
            .to_string()
    };
    assert!(read(json!({"wieghts": [1]})).starts_with("unknown field `wieghts`"));
    assert!(read(json!({"hash_version": 3})).contains("hash version 3 is unknown; use 1 or 2"));
    assert!(read(json!({"state": "stopped"})).contains(
        "unknown variant `stopped`, expected one of `draft`, `running`, `paused`, `concluded`"
    ));
}

#[test]
fn a_definition_is_written_as_it_was_read() {
    let written = json!({
        "key": "hooks", "state": "running", "variations": [{"key": "a"}, {"key": "b", "value": {"text": "Why?"}}],
        "coverage": 1.0, "hash_attribute": "id", "hash_version": 2, "bucket_version": 0, "min_bucket_version": 0,
        "metrics": [{"key": "clicked", "kind": "proportion", "role": "goal", "better": "higher", "lift": "relative"}],
        "alpha": 0.05, "test": "sequential", "correction": "holm",
    });
    let definition: Definition = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), written);
}

#[test]
fn a_started_experiment_changes_who_takes_part_and_not_what_is_compared() {
    let running = Experiment::new(definition(json!({}))).unwrap();
    let changed = |members: Value| running.change(definition(members));
    for members in [
        json!({"weights": [0.9, 0.1], "coverage": 0.2, "condition": {"country": "NL"}}),
        json!({"state": "paused", "bucket_version": 1, "min_bucket_version": 1}),
        json!({"state": "concluded", "winner": "question"}),
        json!({"variations": [{"key": "control"}, {"key": "question", "name": "A question", "value": 1}]}),
    ] {
        assert!(changed(members.clone()).is_ok(), "{members}");
    }
    let told = |members| changed(members).unwrap_err().to_string();
    assert_eq!(
        told(
            json!({"seed": "other", "alpha": 0.1, "variations": [{"key": "question"}, {"key": "control"}]})
        ),
        "experiment \"hooks\" was started, so these can't be changed: variations, seed, alpha; create another one"
    );
    assert_eq!(
        told(json!({"state": "draft"})),
        "experiment \"hooks\" is Running and can't become Draft"
    );
    assert!(told(json!({"weights": [0.9, 0.2]})).contains("the weights sum to 1.1"));

    let concluded = changed(json!({"state": "concluded"})).unwrap();
    let again = concluded
        .change(definition(json!({"state": "running"})))
        .unwrap_err();
    assert_eq!(
        again.to_string(),
        "experiment \"hooks\" is concluded and can't be changed; create another one"
    );
}

#[test]
fn a_draft_may_change_altogether_but_for_its_key() {
    let draft = Experiment::new(definition(json!({"state": "draft"}))).unwrap();
    let started =
        json!({"state": "running", "seed": "s", "metrics": [{"key": "watched", "kind": "mean"}]});
    assert!(draft.change(definition(started)).is_ok());
    assert!(draft.change(definition(json!({"key": "other"}))).is_err());
}

#[test]
fn the_events_that_count_are_those_of_the_metrics() {
    let metrics = json!([
        {"key": "clicked", "kind": "proportion"},
        {"key": "revenue", "kind": "mean", "event": "order"},
        {"key": "per_visit", "kind": "ratio", "event": "order", "denominator": "visit"},
    ]);
    let experiment = Experiment::new(definition(json!({"metrics": metrics}))).unwrap();
    assert!(
        experiment
            .events()
            .into_iter()
            .eq(["clicked", "order", "visit"])
    );
}
