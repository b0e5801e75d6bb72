//! The committed machines, and the command that writes them.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::process::{Command, Output};

use serde_json::Value;
use statemachine::{Strategy, Workflow, asl, plan};

fn command(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_statemachine"))
        .args(words)
        .output()
        .unwrap()
}

#[test]
fn the_committed_machines_are_those_that_generate_writes() {
    let output = command(&["check"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_wrong_word_is_answered_with_the_usage() {
    for words in [
        &[][..],
        &["generat"],
        &["explain", "--items", "41"],
        &["check", "now"],
    ] {
        let output = command(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(!output.stderr.is_empty(), "{words:?}");
    }
    let output = command(&["explain", "--items", "0"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("cost"));
}

#[test]
fn a_map_is_reckoned_by_formula() {
    let workflow =
        Workflow::parse("name: w\ntasks:\n  a: {for_each: 3}\n  b: {after: [a]}\n").unwrap();
    let plan = plan(workflow.dag(), Strategy::Auto);
    let machine = asl::generate(&workflow, &plan);
    let explain = |items| asl::explain(&workflow, &plan, &machine, items);
    // The start, the frame, the Map, b and the closing.
    assert_eq!(explain(0).transitions, 5);
    assert_eq!(explain(3).transitions, 8);
    // 2 for the execution, 4 for the frame, 4 for the Map, 5 for b, 5 for the closing; 7 an item.
    assert_eq!(explain(0).history_events, 20);
    assert_eq!(explain(40).history_events, 20 + 40 * 7);
    assert!((explain(3).dollars_per_1000 - 0.2).abs() < 1e-12);
}

#[test]
fn what_starts_an_execution_is_read_as_it_is_written() {
    let text = r#"{"run":"r","round":1,"brief":{"aspect":"9:16"},"events":{"completed":{"id":"evt_1","due":"DUE#1"},"failed":{"id":"evt_2","due":"DUE#2"}}}"#;
    let input: asl::ExecutionInput = serde_json::from_str(text).unwrap();
    let written: Value = serde_json::to_value(&input).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(text).unwrap());
}
