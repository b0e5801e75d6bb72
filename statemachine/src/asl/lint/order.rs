//! Is every precedence kept on every path? A walk through all paths at once: for each place in the machine, what has surely
//! happened whenever an execution comes there.
//!
//! A place is the entering of a state, the leaving of it, or the end of a branch. What surely happened at a place is what happened on
//! all ways to it; a Parallel is left with what happened in any of its branches, and a join passed with what had happened
//! before each of those that it waits for told it. The places have an order, because machines have no loops; one that
//! has is reported.

use super::joins::{Role, wakes};
use super::map::Machine;
use super::places::Places;
use super::promises::Bodies;
use super::walk::{Facts, solve};
use super::{Finding, Problem};
use crate::asl::task::runs;
use crate::workflow::Workflow;

pub(super) fn check(
    map: &Machine<'_>,
    workflow: &Workflow,
    bodies: &Bodies,
    findings: &mut Vec<Finding>,
) {
    let places = Places::of(map, workflow, bodies);
    let start = map.scopes[0].start.and_then(|start| map.find(0, start));
    let count = workflow.dag().len() + places.numbers.len();
    match solve(&places.all, start.map(Places::entering), count) {
        Ok(known) => {
            places.tasks(&known, findings);
            places.joins(&known, findings);
            places.ends(&known, findings);
        }
        Err(ring) => {
            let states = ring
                .into_iter()
                .filter(|place| *place < 2 * map.states.len());
            let mut ring: Vec<String> = states
                .map(|place| map.states[place / 2].name.to_owned())
                .collect();
            ring.dedup();
            let state = ring.first().cloned().unwrap_or_default();
            findings.push(Finding::new(&state, Problem::Ring { ring }));
        }
    }
}

impl Places<'_, '_> {
    /// Whatever a task waits for has ended where the task, or the question whether it runs, is entered.
    fn tasks(&self, known: &[Option<Facts>], findings: &mut Vec<Finding>) {
        let dag = self.workflow.dag();
        for (index, &body) in self.bodies.iter().enumerate() {
            let (Some(body), Some(task)) = (body, self.workflow.place_in_dag(index)) else {
                continue;
            };
            let mut places = vec![body];
            places.extend(self.question_before(index, body));
            for state in places {
                let Some(facts) = &known[Self::entering(state)] else {
                    continue;
                };
                for &earlier in dag.after(task) {
                    if !facts.has(earlier) {
                        let problem = Problem::Broken {
                            earlier: dag.name(earlier).to_owned(),
                            later: dag.name(task).to_owned(),
                        };
                        findings.push(Finding::new(self.map.states[state].name, problem));
                    }
                }
            }
        }
    }

    /// The Choice that asks whether a task runs.
    fn question_before(&self, task: usize, body: usize) -> Option<usize> {
        let (_, spec) = self.workflow.tasks.get_index(task)?;
        let condition = runs(spec.when.as_ref()?);
        let state = &self.map.states[body];
        let asks = |other: &usize| {
            let mut rules = self.map.states[*other].rules("Choices").iter();
            rules.any(|rule| rule["Next"] == state.name && rule["Condition"] == condition)
        };
        let states = self.map.scopes[state.scope].states.values().copied();
        states.filter(asks).min()
    }

    fn joins(&self, known: &[Option<Facts>], findings: &mut Vec<Finding>) {
        for (at, role) in self.roles.iter().enumerate() {
            let state = &self.map.states[at];
            let mut note = |problem| findings.push(Finding::new(state.name, problem));
            let written = |join: &str| {
                let number = self.numbers.get(&(join, None));
                let facts = known[Self::entering(at)].as_ref();
                facts.is_none_or(|facts| number.is_some_and(|&number| facts.has(number)))
            };
            match role {
                None => {}
                Some(Role::Writes(joins)) => {
                    for (join, _) in joins {
                        let waits = |role: &Option<Role<'_>>| *role == Some(Role::Waits(join));
                        if !self.roles.iter().any(waits) {
                            let join = (*join).to_owned();
                            note(Problem::JoinUnused { join });
                        }
                    }
                }
                Some(Role::Waits(join)) => {
                    if !written(join) {
                        let join = (*join).to_owned();
                        note(Problem::JoinUnwritten { join });
                    }
                    for me in self.pending(join) {
                        if self.tellers(join, me).is_empty() {
                            let pending = me.to_owned();
                            note(Problem::NeverTold { pending });
                        }
                    }
                }
                Some(Role::Tells(join, me)) => {
                    if !written(join) {
                        let join = (*join).to_owned();
                        note(Problem::JoinUnwritten { join });
                    } else if !self.pending(join).contains(me) {
                        let join = (*join).to_owned();
                        note(Problem::NotPending { join });
                    }
                    if !wakes(self.map, state) {
                        note(Problem::NoWaking);
                    }
                }
            }
        }
    }

    /// Where the machine ends well, every task has ended and every join was told.
    fn ends(&self, known: &[Option<Facts>], findings: &mut Vec<Finding>) {
        for (at, state) in self.map.states.iter().enumerate() {
            if state.scope != 0 || !state.is_end() {
                continue;
            }
            let Some(facts) = &known[Self::leaving(at)] else {
                continue;
            };
            let dag = self.workflow.dag();
            for task in (0..dag.len()).filter(|&task| !facts.has(task)) {
                let task = dag.name(task).to_owned();
                findings.push(Finding::new(state.name, Problem::EndsEarly { task }));
            }
            for ((join, me), &number) in &self.numbers {
                if let (Some(me), false) = (me, facts.has(number)) {
                    let waiting =
                        (0..self.roles.len()).find(|&at| self.roles[at] == Some(Role::Waits(join)));
                    let name = waiting.map_or(state.name, |at| self.map.states[at].name);
                    let pending = (*me).to_owned();
                    let finding = Finding::new(name, Problem::NeverTold { pending });
                    if !findings.contains(&finding) {
                        findings.push(finding);
                    }
                }
            }
        }
    }
}
