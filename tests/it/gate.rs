//! The gate: a round that isn't good enough is made again, only where that helps, and then the best one goes to a person.

use std::collections::BTreeMap;

use runtime::{JournalEntry, JournalEvent};
use serde_json::{Value, json};

use crate::support::{SMALL, Sandbox};

/// The small brief with other rules.
fn judged_by(rules: Value) -> String {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["brand"]["quality"] = rules;
    brief.to_string()
}

/// How often each task really worked, its items counted.
fn made(journal: &[JournalEntry]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in journal {
        if entry.event == JournalEvent::Made {
            *counts.entry(entry.task.clone()).or_default() += 1;
        }
    }
    counts
}

#[test]
fn a_good_round_is_approved_and_a_fair_one_waits_for_a_person() {
    let sandbox = Sandbox::new();
    let good = sandbox.make(&sandbox.write("good.json", SMALL)).json();
    assert_eq!(good["run"]["state"], "approved");
    assert_eq!(good["run"]["rounds"][0]["tier"], "approve");
    assert_eq!(good["run"]["chosen_round"], 1);

    let fair = judged_by(json!({"approve": 100, "review": 0}));
    let fair = sandbox.make(&sandbox.write("fair.json", fair)).json();
    assert_eq!(fair["run"]["state"], "in_review");
    assert_eq!(
        fair["run"]["rounds"][0]["total"],
        good["run"]["rounds"][0]["total"]
    );
    // How it is judged changes nothing of what is made: all of it was there.
    let counts = made(&sandbox.journal());
    assert_eq!(
        (counts["compose"], counts["story"], counts["score"]),
        (1, 1, 2)
    );
}

#[test]
fn a_weak_round_is_made_again_where_it_was_weak_and_the_best_goes_to_a_person() {
    let sandbox = Sandbox::new();
    let weak = judged_by(json!({"approve": 100, "review": 99.9}));
    let made_of = sandbox.make(&sandbox.write("weak.json", weak)).json();
    let run = &made_of["run"];
    assert_eq!(run["state"], "in_review");
    assert_eq!(run["round"], 2);
    let rounds = run["rounds"].as_array().unwrap();
    assert_eq!(rounds.len(), 2);
    let total = |at: usize| rounds[at]["total"].as_f64().unwrap();
    let best = if total(1) >= total(0) { 2 } else { 1 };
    assert_eq!(run["chosen_round"], best);

    let journal = sandbox.journal();
    let counts = made(&journal);
    assert_eq!(counts["score"], 2, "{counts:?}");
    // The tasks that the feedback doesn't name, and whose inputs it didn't change, answered at once.
    let answered: Vec<&str> = journal
        .iter()
        .filter(|entry| entry.event == JournalEvent::Cached)
        .map(|entry| entry.task.as_str())
        .collect();
    assert!(!answered.is_empty(), "{counts:?}");

    // The video that was delivered is the best round's.
    let id = run["id"].as_str().unwrap();
    let shown = sandbox.run(&["show", id, "--json"]).json();
    let compose = |document: &Value| {
        let rows = document["tasks"].as_array().unwrap();
        let row = rows.iter().find(|row| row["task"] == "compose").unwrap();
        row["round"].as_u64().unwrap()
    };
    assert_eq!(compose(&shown), best);
    assert_eq!(compose(&made_of), best);

    // A resume of a run whose video is made writes it again, and works on nothing.
    let again = sandbox.run(&[
        "resume",
        id,
        "--json",
        "--out",
        sandbox.out().to_str().unwrap(),
    ]);
    assert_eq!(again.json()["run"]["state"], "in_review");
    assert_eq!(sandbox.journal().len(), journal.len());
}

#[test]
fn one_round_is_enough_where_the_brand_says_so() {
    let sandbox = Sandbox::new();
    let once = judged_by(json!({"approve": 100, "review": 99.9, "max_rounds": 1}));
    let run = &sandbox.make(&sandbox.write("once.json", once)).json()["run"];
    assert_eq!(
        (&run["state"], &run["round"]),
        (&json!("in_review"), &json!(1))
    );
}

#[test]
fn wrong_rules_are_refused_by_name_before_anything_is_made() {
    let sandbox = Sandbox::new();
    let cases = [
        (
            json!({"approve": 60}),
            "brand.quality.review",
            "is not below that for approval",
        ),
        (
            json!({"weights": {"clarity": 100}}),
            "brand.quality.weights",
            "is missing",
        ),
        (
            json!({"max_rounds": 9}),
            "brand.quality.max_rounds",
            "give 1 to 5",
        ),
        (
            json!({"max_runs": 2}),
            "brand.quality",
            "did you mean `max_rounds`?",
        ),
        (
            json!({"approve": "high"}),
            "brand.quality.approve",
            "a total such as 85",
        ),
    ];
    for (rules, field, expected) in cases {
        let brief = sandbox.write("wrong.json", judged_by(rules.clone()));
        let message = sandbox.make(&brief).refusal();
        assert!(
            message.contains(field) && message.contains(expected),
            "{rules}: {message}"
        );
    }
    assert!(sandbox.journal().is_empty());
}
