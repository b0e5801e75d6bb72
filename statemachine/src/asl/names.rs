//! Names of states and of substitutions.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use crate::workflow::Workflow;

/// The longest name of a state, in characters.
pub(super) const LONGEST: usize = 80;

/// Names given so far. Tasks' states have the tasks' names, which are short and hold no space; every other name holds one, so
/// the two never meet.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: HashSet<String>,
    counts: BTreeMap<&'static str, u32>,
}

impl Names {
    /// The next of the names that are numbered: `Fail 1`, `Fail 2`.
    pub(super) fn numbered(&mut self, stem: &'static str) -> String {
        let count = self.counts.entry(stem).or_default();
        *count += 1;
        let wanted = format!("{stem} {count}");
        self.fresh(&wanted)
    }

    /// The wanted name, or one like it where that is too long or given already.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while name.chars().count() > LONGEST || !self.given.insert(name.clone()) {
            number += 1;
            let ending = format!(" {number}");
            let kept = LONGEST - ending.len();
            name = wanted.chars().take(kept).chain(ending.chars()).collect();
        }
        name
    }
}

/// The name of the template parameter that holds a task's function: `plain-images` has `PlainImagesFunctionArn`. Tasks whose
/// names differ only in what a parameter can't hold are told apart by a number.
///
/// ```
/// use statemachine::{Workflow, asl::function_parameter};
///
/// let workflow = Workflow::parse("name: w\ntasks: {plain-images: {}, plain_images: {}}\n")?;
/// assert_eq!(function_parameter(&workflow, 0), "PlainImagesFunctionArn");
/// assert_eq!(function_parameter(&workflow, 1), "PlainImages2FunctionArn");
/// # Ok::<(), statemachine::WorkflowError>(())
/// ```
pub fn function_parameter(workflow: &Workflow, task: usize) -> String {
    parameters(workflow).swap_remove(task)
}

/// Of every task, by its place in the workflow.
pub(super) fn parameters(workflow: &Workflow) -> Vec<String> {
    let mut given: IndexMap<String, ()> = IndexMap::new();
    for task in workflow.tasks.keys() {
        let stem: String = task
            .as_str()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .flat_map(|word| {
                let mut letters = word.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters)
            })
            .collect();
        let mut name = format!("{stem}FunctionArn");
        let mut number = 1;
        while given.contains_key(&name) {
            number += 1;
            name = format!("{stem}{number}FunctionArn");
        }
        given.insert(name, ());
    }
    given.into_keys().collect()
}
