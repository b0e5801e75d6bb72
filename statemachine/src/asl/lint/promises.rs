//! Does each task's state do what the workflow says of the task?

use domain::TaskName;
use serde_json::Value;

use super::map::{Machine, State};
use super::{Finding, Problem};
use crate::asl::close::after_success;
use crate::asl::task::{INVOKE, runs};
use crate::workflow::{OnError, TaskSpec, Workflow};

/// For each task of the workflow, the state that stands for it: its Map, or the Task that invokes its function.
pub(super) type Bodies = Vec<Option<usize>>;

pub(super) fn check(map: &Machine<'_>, workflow: &Workflow, findings: &mut Vec<Finding>) -> Bodies {
    let mut bodies: Bodies = vec![None; workflow.tasks.len()];
    for (at, state) in map.states.iter().enumerate() {
        let Some(name) = invoked(state) else { continue };
        let task = name.to_owned();
        let Some((index, _, spec)) =
            workflow
                .tasks
                .iter()
                .enumerate()
                .find_map(|(index, (known, spec))| {
                    (known.as_str() == name).then_some((index, known, spec))
                })
        else {
            findings.push(Finding::new(state.name, Problem::UnknownTask { task }));
            continue;
        };
        let around = map.scopes[state.scope].around;
        let in_map = around.filter(|&around| map.states[around].kind() == "Map");
        let body = in_map.unwrap_or(at);
        if bodies[index].replace(body).is_some() {
            findings.push(Finding::new(state.name, Problem::Twice { task }));
            continue;
        }
        attempts(state, spec, findings);
        told_whose_place(state, workflow.fills_in_for(index), findings);
        items(map, state, in_map, spec, &task, findings);
        failure(map, &map.states[body], spec, findings);
    }
    for (index, body) in bodies.iter().enumerate() {
        if let (None, Some((name, _))) = (body, workflow.tasks.get_index(index)) {
            findings.push(Finding::new(name.as_str(), Problem::Missing));
        }
    }
    for (index, &body) in bodies.iter().enumerate() {
        if let Some(body) = body {
            entries(map, workflow, &bodies, index, body, findings);
        }
    }
    frame(map, findings);
    success(map, workflow, findings);
    bodies
}

/// The task that a state invokes.
fn invoked<'a>(state: &State<'a>) -> Option<&'a str> {
    let value = state.value;
    (value["Resource"] == INVOKE)
        .then(|| value["Arguments"]["Payload"]["task"].as_str())
        .flatten()
}

/// What a stand-in makes is filed under the task whose place it has, so its function must know.
fn told_whose_place(state: &State<'_>, wanted: Option<&TaskName>, findings: &mut Vec<Finding>) {
    let found = &state.value["Arguments"]["Payload"]["stands_in_for"];
    let same = match wanted {
        Some(wanted) => found == wanted.as_str(),
        None => found.is_null(),
    };
    if !same {
        let problem = Problem::StandsInFor {
            found: found.as_str().map(str::to_owned),
            wanted: wanted.map(ToString::to_string),
        };
        findings.push(Finding::new(state.name, problem));
    }
}

fn attempts(state: &State<'_>, spec: &TaskSpec, findings: &mut Vec<Finding>) {
    let found = state.value["TimeoutSeconds"].as_u64();
    let wanted = spec.timeout.map(u64::from);
    if found != wanted {
        findings.push(Finding::new(state.name, Problem::Timeout { found, wanted }));
    }
    for error in ["Transient", "Timeout", "States.Timeout"] {
        let names = |rule: &&Value| {
            let errors = rule["ErrorEquals"].as_array();
            errors.is_some_and(|errors| errors.iter().any(|e| e == error || e == "States.ALL"))
        };
        let rule = state.rules("Retry").iter().find(names);
        // Three is what the language takes where a rule has no number.
        let found = rule.map_or(0, |rule| rule["MaxAttempts"].as_u64().unwrap_or(3));
        let wanted = u64::from(spec.retry);
        if found != wanted {
            let problem = Problem::Retry {
                error,
                found,
                wanted,
            };
            findings.push(Finding::new(state.name, problem));
        }
    }
}

fn items(
    map: &Machine<'_>,
    state: &State<'_>,
    in_map: Option<usize>,
    spec: &TaskSpec,
    task: &str,
    findings: &mut Vec<Finding>,
) {
    let how = match (&spec.for_each, in_map) {
        (None, None) => return,
        (None, Some(_)) => "once",
        (Some(_), None) => "once an item",
        (Some(items), Some(around)) => {
            let around = map.states[around].value;
            let counted = around["Items"].as_str().unwrap_or_default();
            let same = around["MaxConcurrency"].as_u64() == spec.max_concurrency.map(u64::from);
            if !counted.contains(&format!(":= ({items});")) {
                "for as many items"
            } else if same {
                return;
            } else {
                "with as many items at once"
            }
        }
    };
    let task = task.to_owned();
    findings.push(Finding::new(state.name, Problem::Items { task, how }));
}

/// What follows the last failed attempt.
fn failure(map: &Machine<'_>, body: &State<'_>, spec: &TaskSpec, findings: &mut Vec<Finding>) {
    let mut note = |problem| findings.push(Finding::new(body.name, problem));
    let Some(catch) = catch_all(body) else {
        note(Problem::NoCatch);
        return;
    };
    let target = catch["Next"].as_str().unwrap_or_default();
    let fails = |target: &str| {
        map.find(body.scope, target)
            .is_some_and(|target| map.states[target].kind() == "Fail")
    };
    let (right, wanted) = match &spec.on_error {
        OnError::Fail => (fails(target), "fail".to_owned()),
        OnError::Skip => (!fails(target), "skip".to_owned()),
        OnError::Run(other) => {
            let found = map.find(body.scope, target).map(|at| &map.states[at]);
            let is_other = found.is_some_and(|state| {
                let inner = state.inner.first().and_then(|&scope| {
                    let start = map.scopes[scope].start?;
                    map.find(scope, start)
                });
                let state = inner.map_or(state, |inner| &map.states[inner]);
                invoked(state) == Some(other.as_str())
            });
            (is_other, format!("run {other}"))
        }
    };
    if !right {
        let target = target.to_owned();
        note(Problem::OnError { target, wanted });
    }
    let first = body.rules("Catch").first();
    let expressions = first.is_some_and(|rule| {
        rule["ErrorEquals"][0] == "States.QueryEvaluationError"
            && rule["Next"].as_str().is_some_and(fails)
    });
    if spec.on_error != OnError::Fail && !expressions {
        note(Problem::PassesOverExpressions);
    }
}

fn catch_all<'a>(state: &State<'a>) -> Option<&'a Value> {
    let rules = state.value["Catch"].as_array()?;
    rules
        .iter()
        .find(|rule| rule["ErrorEquals"][0] == "States.ALL")
}

/// Whether a task begins only where it may: behind its condition, or as a stand-in behind the failure it stands in for.
fn entries(
    map: &Machine<'_>,
    workflow: &Workflow,
    bodies: &Bodies,
    task: usize,
    body: usize,
    findings: &mut Vec<Finding>,
) {
    let Some((_, spec)) = workflow.tasks.get_index(task) else {
        return;
    };
    let state = &map.states[body];
    let starts = map.scopes[state.scope].start == Some(state.name);
    let leads = |rule: &Value| rule["Next"] == state.name;
    if let Some(when) = &spec.when {
        let condition = runs(when);
        let unasked = map.scopes[state.scope].states.values().any(|&other| {
            let other = &map.states[other];
            let asked = |rule: &&Value| leads(rule) && rule["Condition"] != condition;
            other.text("Next") == Some(state.name)
                || other.text("Default") == Some(state.name)
                || other.rules("Catch").iter().any(leads)
                || other.rules("Choices").iter().any(|rule| asked(&rule))
        });
        if starts || unasked {
            findings.push(Finding::new(state.name, Problem::Unasked));
        }
    }
    if let Some(primary) = workflow.stands_in_for(task) {
        let from = bodies[primary];
        let otherwise = map.scopes[state.scope].states.values().any(|&other| {
            let rules = map.states[other].rules("Catch").iter();
            let caught = rules.clone().any(leads) && Some(other) != from;
            let went = map.states[other].text("Next") == Some(state.name)
                || map.states[other].text("Default") == Some(state.name)
                || map.states[other].rules("Choices").iter().any(leads);
            caught || went
        });
        if starts || otherwise {
            let primary = workflow
                .tasks
                .get_index(primary)
                .map_or_else(String::new, |(name, _)| name.to_string());
            findings.push(Finding::new(state.name, Problem::NotStandingIn { primary }));
        }
    }
}

/// At the machine's own level nothing is around a state to catch its failure.
/// A round that its gate has closed must not be closed again, and one without a gate must be.
fn success(map: &Machine<'_>, workflow: &Workflow, findings: &mut Vec<Finding>) {
    let wanted = after_success(workflow);
    if map.find(0, wanted).is_none() {
        let problem = Problem::NotClosed {
            wanted,
            gate: workflow.gate.as_ref().map(ToString::to_string),
        };
        findings.push(Finding::new("", problem));
    }
}

fn frame(map: &Machine<'_>, findings: &mut Vec<Finding>) {
    for state in map.states.iter().filter(|state| state.scope == 0) {
        let can_fail = matches!(state.kind(), "Task" | "Parallel" | "Map");
        let known = findings
            .iter()
            .any(|finding| finding.state == state.name && finding.problem == Problem::NoCatch);
        if can_fail && catch_all(state).is_none() && !known {
            findings.push(Finding::new(state.name, Problem::NoCatch));
        }
    }
}
