//! The rules of the language itself.

use std::collections::HashMap;

use serde_json::Value;

use super::map::{Machine, State};
use super::{Finding, Problem};
use crate::asl::names::LONGEST;

const JSON_PATH: [&str; 6] = [
    "InputPath",
    "OutputPath",
    "ResultPath",
    "Parameters",
    "ResultSelector",
    "ItemsPath",
];

pub(super) fn check(map: &Machine<'_>, findings: &mut Vec<Finding>) {
    let mut named: HashMap<&str, u32> = HashMap::new();
    for state in &map.states {
        *named.entry(state.name).or_default() += 1;
    }
    for scope in &map.scopes {
        let around = scope.around.map_or("", |state| map.states[state].name);
        match scope.start {
            None => findings.push(Finding::new(around, Problem::NoStart)),
            Some(start) if !scope.states.contains_key(start) => {
                findings.push(Finding::new(around, elsewhere(start, &named)));
            }
            Some(_) => {}
        }
    }
    let reached = reached(map);
    for (at, state) in map.states.iter().enumerate() {
        let mut note = |problem| findings.push(Finding::new(state.name, problem));
        let length = state.name.chars().count();
        if length > LONGEST {
            note(Problem::LongName { length });
        }
        if named[state.name] > 1 {
            note(Problem::Repeated);
        }
        if !reached[at] {
            note(Problem::Unreachable);
        }
        for target in state.targets() {
            if map.find(state.scope, target).is_none() {
                note(elsewhere(target, &named));
            }
        }
        for field in JSON_PATH {
            if !state.value[field].is_null() {
                let field = field.to_owned();
                note(Problem::JsonPath { field });
            }
        }
        one(state, &mut note);
        for field in ["Catch", "Retry"] {
            errors(state.rules(field), field, &mut note);
        }
    }
}

fn elsewhere(target: &str, named: &HashMap<&str, u32>) -> Problem {
    let target = target.to_owned();
    if named.contains_key(target.as_str()) {
        Problem::Across { target }
    } else {
        Problem::Unknown { target }
    }
}

/// What is wrong with a state by itself.
fn one(state: &State<'_>, note: &mut impl FnMut(Problem)) {
    let next = state.value.get("Next").is_some();
    let end = state.value.get("End").is_some();
    match state.kind() {
        "Task" | "Pass" | "Wait" | "Parallel" | "Map" => match (next, end) {
            (false, false) => note(Problem::NoWayOn),
            (true, true) => note(Problem::WaysOn {
                fields: "both End and Next",
                allowed: "one",
            }),
            _ => {}
        },
        "Choice" => {
            if next || end {
                note(Problem::WaysOn {
                    fields: "End or Next",
                    allowed: "only Choices and Default",
                });
            }
            if state.rules("Choices").is_empty() {
                note(Problem::NoChoices);
            }
            if state.text("Default").is_none() {
                note(Problem::NoDefault);
            }
            if state
                .rules("Choices")
                .iter()
                .any(|rule| !rule["Next"].is_string())
            {
                note(Problem::NoWayOn);
            }
        }
        "Succeed" | "Fail" => {
            if next || end {
                note(Problem::WaysOn {
                    fields: "End or Next",
                    allowed: "neither",
                });
            }
        }
        found => note(Problem::Type {
            found: found.to_owned(),
        }),
    }
    if state.kind() == "Parallel" && state.inner.is_empty() {
        note(Problem::NoBranches);
    }
    if state.kind() == "Task" && state.text("Resource").is_none() {
        note(Problem::NoObject { field: "Resource" });
    }
}

fn errors(rules: &[Value], field: &'static str, note: &mut impl FnMut(Problem)) {
    for (at, rule) in rules.iter().enumerate() {
        let errors = rule["ErrorEquals"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        if errors.is_empty() {
            note(Problem::NoErrors { field });
        }
        let all = errors.iter().any(|error| error == "States.ALL");
        if all && (errors.len() > 1 || at + 1 < rules.len()) {
            note(Problem::CatchAll { field });
        }
        if field == "Catch" && !rule["Next"].is_string() {
            note(Problem::NoWayOn);
        }
    }
}

/// Which states some path from the machine's start leads to.
fn reached(map: &Machine<'_>) -> Vec<bool> {
    let mut reached = vec![false; map.states.len()];
    let start = |scope: usize| {
        map.scopes[scope]
            .start
            .and_then(|start| map.find(scope, start))
    };
    let mut open: Vec<usize> = start(0).into_iter().collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        let state = &map.states[at];
        open.extend(
            state
                .targets()
                .filter_map(|target| map.find(state.scope, target)),
        );
        open.extend(state.inner.iter().filter_map(|&scope| start(scope)));
    }
    reached
}
