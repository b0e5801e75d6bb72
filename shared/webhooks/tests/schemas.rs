//! The catalogue's schemas, read by a validator that isn't ours.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use webhooks::Payload;
use webhooks::catalogue::entries;

/// Whether each value keeps to its schema.
fn valid(cases: &[(&Value, Value)]) -> Vec<bool> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/interpreter");
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/validate.mjs"))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts: install it and the validator by scripts/test-tools.sh");
    let cases: Vec<Value> = cases
        .iter()
        .map(|(schema, value)| json!({ "schema": schema, "value": value }))
        .collect();
    let input = serde_json::to_vec(&cases).unwrap();
    node.stdin.take().unwrap().write_all(&input).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "the validator failed: install it by scripts/test-tools.sh"
    );
    let answers: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), cases.len());
    answers
}

#[test]
fn every_example_keeps_to_its_schema_and_to_no_others() {
    let entries = entries();
    let mut cases = Vec::new();
    let mut expected = Vec::new();
    for one in &entries {
        for other in &entries {
            cases.push((&one.schema, serde_json::to_value(&other.example).unwrap()));
            expected.push((one.kind, other.kind, one.kind == other.kind));
        }
    }
    for (valid, (one, other, right)) in valid(&cases).into_iter().zip(expected) {
        assert_eq!(valid, right, "{other} as {one}");
    }
}

#[test]
fn a_schema_asks_for_exactly_the_fields_that_a_reader_needs() {
    let entries = entries();
    let mut cases = Vec::new();
    let mut expected = Vec::new();
    for entry in &entries {
        let whole = serde_json::to_value(&entry.example).unwrap();
        for field in whole["data"].as_object().unwrap().keys() {
            let mut less = whole.clone();
            less["data"].as_object_mut().unwrap().remove(field);
            let read = Payload::parse(less.to_string().as_bytes()).is_ok();
            expected.push((entry.kind, field.clone(), read));
            cases.push((&entry.schema, less));
        }
    }
    assert!(expected.iter().any(|(_, _, read)| *read) && expected.iter().any(|(_, _, read)| !read));
    for (valid, (kind, field, read)) in valid(&cases).into_iter().zip(expected) {
        assert_eq!(valid, read, "{kind} without {field}");
    }
}

#[test]
fn wrong_values_and_nulls_do_not_keep_to_a_schema_and_new_fields_do() {
    let entries = entries();
    let changes: [(&str, Value, bool); 7] = [
        ("/timestamp", json!("yesterday"), false),
        ("/type", json!("workflow.exploded"), false),
        ("/data/run", json!("01KAQMHK2G0E8V7X2C5D9F3B4N"), false),
        ("/data/round", json!(0), false),
        ("/data/brand", json!(null), false),
        ("/data/topic", json!("x".repeat(201)), false),
        ("/data", json!(null), false),
    ];
    let entry = &entries[0];
    let whole = serde_json::to_value(&entry.example).unwrap();
    let mut cases = Vec::new();
    for (at, value, _) in &changes {
        let mut changed = whole.clone();
        *changed.pointer_mut(at).unwrap() = value.clone();
        cases.push((&entry.schema, changed));
    }
    let mut more = whole.clone();
    more["data"]["added_later"] = json!(1);
    cases.push((&entry.schema, more));
    let answers = valid(&cases);
    for ((at, value, right), valid) in changes.iter().zip(&answers) {
        assert_eq!(valid, right, "{at} as {value}");
    }
    assert_eq!(answers.last(), Some(&true));
}
