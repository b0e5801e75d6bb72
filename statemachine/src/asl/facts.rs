//! Which facts travel, and the expressions that hand them on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{query, quoted};
use crate::expr::{Expr, Fact};
use crate::workflow::Workflow;

/// What of a task's facts is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// Everything: some expression reads the task as a whole.
    All,
    /// These facts.
    Named(BTreeSet<String>),
}

/// For each task that some expression reads, what of it is kept, by name.
pub(super) fn kept(workflow: &Workflow) -> BTreeMap<String, Kept> {
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    let expressions = workflow
        .tasks
        .values()
        .flat_map(|spec| spec.when.iter().chain(&spec.for_each));
    for fact in expressions.flat_map(Expr::facts_read) {
        let Fact::Task(task, name) = fact else {
            continue;
        };
        let entry = kept
            .entry(task.to_string())
            .or_insert_with(|| Kept::Named(BTreeSet::new()));
        match (name, entry) {
            (Some(name), Kept::Named(names)) => {
                names.insert(name.clone());
            }
            (None, entry) => *entry = Kept::All,
            (Some(_), Kept::All) => {}
        }
    }
    kept
}

impl Kept {
    /// The kept part of the facts in a function's answer.
    pub(super) fn of_answer(&self) -> String {
        let facts = "$states.result.Payload.facts";
        match self {
            Self::All => format!("$type({facts}) = 'object' ? {facts} : {{}}"),
            Self::Named(names) => {
                // A fact that is not there leaves no entry, which is what reading it must find.
                let entries: Vec<String> = names
                    .iter()
                    .map(|name| format!("{}: {facts}.`{name}`", quoted(name)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// The kept part of the facts of a task that ran once an item, from what its items left.
    pub(super) fn of_items(&self) -> String {
        let count = "{'items': $count($states.result)}";
        match self {
            Self::Named(names) if names.iter().all(|name| name == "items") => count.to_owned(),
            _ => format!("$merge([$merge($states.result), {count}])"),
        }
    }
}

/// What comes after a state: the next one, or the end of its branch.
#[derive(Debug, Clone)]
pub(super) struct Then {
    /// The next state; none at the end of the branch.
    pub(super) next: Option<String>,
    /// The tasks of the branch whose facts it hands on at its end.
    pub(super) own: Vec<String>,
}

impl Then {
    /// The same branch, another next state.
    pub(super) fn before(&self, next: String) -> Self {
        Self {
            next: Some(next),
            own: self.own.clone(),
        }
    }

    /// The output of a state that adds nothing.
    pub(super) fn unchanged(&self) -> Value {
        match (&self.next, self.own.is_empty()) {
            (Some(_), _) => query("$states.input"),
            (None, true) => json!({}),
            (None, false) => query(format!("{{'tasks': $merge([{{}}, {}])}}", self.handed_on())),
        }
    }

    /// The output of a state that enters facts (an expression that gives an object) under a task's name.
    pub(super) fn with_facts(&self, task: &str, facts: &str) -> Value {
        let entry = format!("{{{}: {facts}}}", quoted(task));
        match self.next {
            Some(_) => query(format!(
                "$merge([$states.input, {{'tasks': $merge([$states.input.tasks, {entry}])}}])"
            )),
            None if self.own.len() == 1 => query(format!("{{'tasks': {entry}}}")),
            None => query(format!(
                "{{'tasks': $merge([{}, {entry}])}}",
                self.handed_on()
            )),
        }
    }

    /// The output of a Parallel whose branches hand on facts.
    pub(super) fn with_branches(&self) -> Value {
        match self.next {
            Some(_) => query(
                "$merge([$states.input, {'tasks': $merge($append([$states.input.tasks], $states.result.tasks))}])",
            ),
            None => query(format!(
                "{{'tasks': $merge($append([{{}}, {}], $states.result.tasks))}}",
                self.handed_on()
            )),
        }
    }

    /// Those facts in the input that the branch hands on.
    fn handed_on(&self) -> String {
        let names: Vec<String> = self.own.iter().map(|name| quoted(name)).collect();
        format!(
            "$sift($states.input.tasks, function($facts, $task) {{$task in [{}]}})",
            names.join(", ")
        )
    }
}
