//! A plan's tree as states.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::close;
use super::facts::{self, Kept, Then};
use super::names::{self, Names};
use crate::plan::Plan;
use crate::workflow::Workflow;

/// The machine of a plan of a workflow's [`dag`](Workflow::dag). The same workflow and plan give the same machine.
///
/// ```
/// use statemachine::{Strategy, Workflow, asl, plan};
///
/// let workflow = Workflow::parse("name: two\ntasks:\n  a: {}\n  b: {after: [a], retry: 2}\n")?;
/// let machine = asl::generate(&workflow, &plan(workflow.dag(), Strategy::Auto));
/// assert_eq!(machine["QueryLanguage"], "JSONata");
/// assert!(asl::lint::lint(&machine, Some(&workflow)).is_empty());
/// # Ok::<(), statemachine::WorkflowError>(())
/// ```
pub fn generate(workflow: &Workflow, plan: &Plan) -> Value {
    let mut generator = Generator {
        workflow,
        kept: facts::kept(workflow),
        parameters: names::parameters(workflow),
        names: Names::default(),
        joins: Names::default(),
        groups: groups(plan),
    };
    let branch = generator.branch(plan, Vec::new());
    close::machine(workflow, branch)
}

pub(super) struct Generator<'a> {
    pub(super) workflow: &'a Workflow,
    /// What of each task's facts is kept.
    pub(super) kept: BTreeMap<String, Kept>,
    /// The functions' parameters, by task.
    pub(super) parameters: Vec<String>,
    pub(super) names: Names,
    /// Names of the joins' items.
    pub(super) joins: Names,
    /// How many of the plan's Parallels have no name yet. States are made from the last to the first, so that each knows what
    /// follows it; Parallels are numbered downwards, so that they read upwards.
    groups: u32,
}

/// The states of one branch.
#[derive(Default)]
pub(super) struct Scope {
    states: Map<String, Value>,
    fail: Option<String>,
}

impl Scope {
    /// Puts a state there, with its way on.
    pub(super) fn put(&mut self, name: &str, mut state: Value, then: &Then) {
        match &then.next {
            Some(next) => state["Next"] = next.as_str().into(),
            None => state["End"] = true.into(),
        }
        self.states.insert(name.to_owned(), state);
    }

    /// Puts a state there that says itself how it goes on.
    pub(super) fn put_as_is(&mut self, name: &str, state: Value) {
        self.states.insert(name.to_owned(), state);
    }

    /// Puts a Parallel there, some of whose branches may hand on facts.
    pub(super) fn parallel(&mut self, name: &str, branches: Vec<Value>, facts: bool, then: &Then) {
        let output = if facts {
            then.with_branches()
        } else {
            then.unchanged()
        };
        let state = json!({"Type": "Parallel", "Branches": branches, "Output": output});
        self.put(name, state, then);
    }

    pub(super) fn close(self, start: String) -> Value {
        json!({"StartAt": start, "States": self.states})
    }
}

impl Generator<'_> {
    /// A branch that hands on the facts of `own`.
    fn branch(&mut self, plan: &Plan, own: Vec<String>) -> Value {
        let mut scope = Scope::default();
        let start = self.plan(&mut scope, plan, &Then { next: None, own });
        scope.close(start)
    }

    /// Puts the states of a plan; the name of the first.
    pub(super) fn plan(&mut self, scope: &mut Scope, plan: &Plan, then: &Then) -> String {
        match plan {
            Plan::Task { task, .. } => {
                let place = self.workflow.places()[*task];
                self.task(scope, place, then)
            }
            Plan::Sequence { steps } => {
                let mut then = then.clone();
                for step in steps.iter().rev() {
                    let first = self.plan(scope, step, &then);
                    then = then.before(first);
                }
                match (steps.is_empty(), then.next.clone()) {
                    (false, Some(first)) => first,
                    _ => self.landing(scope, "No task", &then),
                }
            }
            Plan::Parallel { branches } => {
                let mut made: Vec<Value> = branches
                    .iter()
                    .rev()
                    .map(|branch| {
                        let own = self.own(branch);
                        self.branch(branch, own)
                    })
                    .collect();
                made.reverse();
                let name = self.group("Together");
                scope.parallel(&name, made, !self.own(plan).is_empty(), then);
                name
            }
            Plan::Joined { chains, joins } => self.joined(scope, chains, joins, then),
        }
    }

    /// The next name of a Parallel, from the last to the first.
    pub(super) fn group(&mut self, stem: &str) -> String {
        let name = self.names.fresh(&format!("{stem} {}", self.groups));
        self.groups -= 1;
        name
    }

    /// A state to go to where there is nothing to do: the next one, or a Pass at the end of a branch.
    pub(super) fn landing(&mut self, scope: &mut Scope, name: &str, then: &Then) -> String {
        if let Some(next) = &then.next {
            return next.clone();
        }
        let name = self.names.fresh(name);
        let state = json!({"Type": "Pass", "Output": then.unchanged()});
        scope.put(&name, state, then);
        name
    }

    /// The branch's Fail state, which tells what failed in its cause.
    pub(super) fn fail(&mut self, scope: &mut Scope) -> String {
        if let Some(name) = &scope.fail {
            return name.clone();
        }
        let name = self.names.numbered("Fail");
        let state = json!({
            "Type": "Fail",
            "Error": super::query("$states.input.error"),
            "Cause": super::query(format!("'{}' & $string($states.input)", close::TOLD)),
        });
        scope.put_as_is(&name, state);
        scope.fail = Some(name.clone());
        name
    }

    /// The tasks in a plan whose facts are kept.
    pub(super) fn own(&self, plan: &Plan) -> Vec<String> {
        match plan {
            Plan::Task { name, .. } => self
                .kept
                .contains_key(name)
                .then(|| name.clone())
                .into_iter()
                .collect(),
            Plan::Sequence { steps: parts } | Plan::Parallel { branches: parts } => {
                parts.iter().flat_map(|part| self.own(part)).collect()
            }
            Plan::Joined { chains, .. } => chains
                .iter()
                .flatten()
                .flat_map(|part| self.own(part))
                .collect(),
        }
    }
}

/// How many Parallels a plan takes.
fn groups(plan: &Plan) -> u32 {
    match plan {
        Plan::Task { .. } => 0,
        Plan::Sequence { steps } => steps.iter().map(groups).sum(),
        Plan::Parallel { branches } => 1 + branches.iter().map(groups).sum::<u32>(),
        Plan::Joined { chains, .. } => 1 + chains.iter().flatten().map(groups).sum::<u32>(),
    }
}
