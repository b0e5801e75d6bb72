//! What a machine takes: time, transitions, history, payload and money.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::facts;
use super::joined::WAKE;
use crate::plan::{HISTORY_LIMIT, Plan, predict};
use crate::progress::MAX_FACTS;
use crate::workflow::Workflow;

/// What 1,000 state transitions of a Standard workflow cost in us-east-1, in US dollars, beyond the free ones of each month
/// (AWS Step Functions pricing, Standard Workflows, `https://aws.amazon.com/step-functions/pricing/`).
pub const USD_PER_1000_TRANSITIONS: f64 = 0.025;

/// The largest payload that passes between states, in bytes.
const PAYLOAD_LIMIT: usize = 262_144;

/// What the run's id, the round, the brief's facts, the events and their names take at most, in bytes.
const FIXED: usize = 2_048;

/// What a machine takes for one round in which nothing is retried or skipped, and every join is waited for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Predicted seconds from the first task's start to the last one's end.
    pub makespan: f64,
    /// Seconds that no plan can go below.
    pub critical_path: f64,
    /// The tasks of the critical path, first to last.
    pub critical_tasks: Vec<String>,
    /// How many items each `for_each` is reckoned with.
    pub items: u32,
    /// State transitions: one for the start and one for each state entered.
    pub transitions: u64,
    /// Events in the history, of at most 25,000.
    pub history_events: u64,
    /// The most bytes that pass between two states, whatever the facts.
    pub payload_bytes: usize,
    /// US dollars that 1,000 such rounds cost in state transitions.
    pub dollars_per_1000: f64,
    /// What each Map adds.
    pub maps: Vec<MapCost>,
}

/// What a Map adds, by formula: `n` items take `n` times as much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapCost {
    /// The Map's state.
    pub state: String,
    /// Transitions an item.
    pub transitions_an_item: u64,
    /// History events an item: two for the iteration, and those of its states.
    pub events_an_item: u64,
}

/// Explains a machine that [`generate`](super::generate()) made of this plan, with so many items for each `for_each`.
pub fn explain(workflow: &Workflow, plan: &Plan, machine: &Value, items: u32) -> Explanation {
    let dag = workflow.dag();
    let prediction = predict(plan, dag);
    let mut maps = Vec::new();
    let (states, events) = scope(machine, items, &mut maps);
    let transitions = states + 1;
    Explanation {
        makespan: prediction.makespan,
        critical_path: prediction.critical_path,
        critical_tasks: dag
            .critical_path()
            .1
            .into_iter()
            .map(|task| dag.name(task).to_owned())
            .collect(),
        items,
        transitions,
        history_events: events + 2,
        payload_bytes: payload(workflow, plan),
        dollars_per_1000: transitions as f64 * USD_PER_1000_TRANSITIONS,
        maps,
    }
}

/// States entered and their events along the way that succeeds: from a Choice by its first rule, and past the waking of a join,
/// which is counted with the wait.
fn scope(scope: &Value, items: u32, maps: &mut Vec<MapCost>) -> (u64, u64) {
    let (mut states, mut events) = (0, 0);
    let mut name = scope["StartAt"].as_str();
    while let Some(here) = name {
        let state = &scope["States"][here];
        states += 1;
        let mut next = state["Next"].as_str();
        events += match state["Type"].as_str() {
            Some("Task") => {
                let waits = state["Resource"]
                    .as_str()
                    .is_some_and(|resource| resource.ends_with(".waitForTaskToken"));
                // Whoever comes last wakes it: one state more, in one of the branches that tell.
                states += u64::from(waits);
                if waits { 6 + 5 } else { 5 }
            }
            Some("Parallel") => {
                for branch in state["Branches"].as_array().into_iter().flatten() {
                    let (inner, inner_events) = self::scope(branch, items, maps);
                    states += inner;
                    events += inner_events;
                }
                4
            }
            Some("Map") => {
                let (inner, inner_events) = self::scope(&state["ItemProcessor"], items, maps);
                let cost = MapCost {
                    state: here.to_owned(),
                    transitions_an_item: inner,
                    events_an_item: inner_events + 2,
                };
                states += u64::from(items) * cost.transitions_an_item;
                events += u64::from(items) * cost.events_an_item;
                maps.push(cost);
                4
            }
            Some("Choice") => {
                let first = state["Choices"][0]["Next"].as_str();
                let wakes = first.is_some_and(|first| scope["States"][first]["Resource"] == WAKE);
                next = if wakes {
                    state["Default"].as_str()
                } else {
                    first
                };
                2
            }
            _ => 2,
        };
        name = next;
    }
    (states, events)
}

/// The largest of: a state's input with all facts, and the answers of a Parallel's branches.
fn payload(workflow: &Workflow, plan: &Plan) -> usize {
    let kept = facts::kept(workflow);
    let entry = |name: &str| MAX_FACTS + name.len() + 8;
    let all: usize = kept.keys().map(|name| entry(name)).sum();
    let own = |plan: &Plan| -> usize {
        let mut names = Vec::new();
        tasks(plan, &mut names);
        names
            .into_iter()
            .filter(|name| kept.contains_key(*name))
            .map(entry)
            .sum()
    };
    // Each branch answers with the facts of its own tasks.
    let mut widest = 0;
    let mut open = vec![plan];
    while let Some(plan) = open.pop() {
        let (answers, parts): (usize, Vec<&Plan>) = match plan {
            Plan::Task { .. } => (0, Vec::new()),
            Plan::Sequence { steps } => (0, steps.iter().collect()),
            Plan::Parallel { branches } => (
                branches.iter().map(|branch| own(branch) + 16).sum(),
                branches.iter().collect(),
            ),
            Plan::Joined { chains, .. } => (
                chains
                    .iter()
                    .map(|chain| chain.iter().map(own).sum::<usize>() + 16)
                    .sum(),
                chains.iter().flatten().collect(),
            ),
        };
        widest = widest.max(answers);
        open.extend(parts);
    }
    FIXED + all + widest
}

fn tasks<'a>(plan: &'a Plan, names: &mut Vec<&'a str>) {
    match plan {
        Plan::Task { name, .. } => names.push(name),
        Plan::Sequence { steps: parts } | Plan::Parallel { branches: parts } => {
            for part in parts {
                tasks(part, names);
            }
        }
        Plan::Joined { chains, .. } => {
            for part in chains.iter().flatten() {
                tasks(part, names);
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            makespan,
            critical_path,
            items,
            ..
        } = self;
        writeln!(
            f,
            "makespan        {makespan:.1} s (critical path {critical_path:.1} s)"
        )?;
        writeln!(f, "critical path   {}", self.critical_tasks.join(" -> "))?;
        writeln!(
            f,
            "transitions     {} with {items} items a for_each",
            self.transitions
        )?;
        for map in &self.maps {
            let MapCost {
                state,
                transitions_an_item,
                events_an_item,
            } = map;
            writeln!(
                f,
                "                of them {transitions_an_item} an item of {state}, with {events_an_item} events"
            )?;
        }
        writeln!(
            f,
            "history events  {} of {HISTORY_LIMIT}",
            self.history_events
        )?;
        writeln!(
            f,
            "payload         at most {} of {PAYLOAD_LIMIT} bytes",
            self.payload_bytes
        )?;
        writeln!(
            f,
            "cost            ${:.2} for 1,000 rounds (Standard, us-east-1)",
            self.dollars_per_1000
        )
    }
}
