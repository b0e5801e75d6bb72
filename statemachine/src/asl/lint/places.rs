//! The places of a machine, and the ways between them.

use std::collections::BTreeMap;

use super::joins::{Role, role};
use super::map::Machine;
use super::promises::Bodies;
use super::walk::Place;
use crate::asl::task::{is_skipped, runs};
use crate::workflow::{OnError, Workflow};

/// A machine's places and what happens there: tasks end (in the DAG's numbering), joins are written and told.
pub(super) struct Places<'m, 'a> {
    pub(super) map: &'m Machine<'a>,
    pub(super) workflow: &'m Workflow,
    pub(super) bodies: &'m Bodies,
    /// What each state does with joins.
    pub(super) roles: Vec<Option<Role<'a>>>,
    /// Numbers of joins written and told, after those of the tasks.
    pub(super) numbers: BTreeMap<(&'a str, Option<&'a str>), usize>,
    pub(super) all: Vec<Place>,
}

impl<'m, 'a> Places<'m, 'a> {
    pub(super) fn of(map: &'m Machine<'a>, workflow: &'m Workflow, bodies: &'m Bodies) -> Self {
        let mut places = Self {
            map,
            workflow,
            bodies,
            roles: map.states.iter().map(role).collect(),
            numbers: BTreeMap::new(),
            all: Vec::new(),
        };
        places.number();
        places.lay_out();
        places
    }

    pub(super) fn entering(state: usize) -> usize {
        2 * state
    }

    pub(super) fn leaving(state: usize) -> usize {
        2 * state + 1
    }

    fn end_of(&self, scope: usize) -> usize {
        2 * self.map.states.len() + scope
    }

    fn number(&mut self) {
        let mut next = self.workflow.dag().len();
        let mut number = |key| {
            self.numbers.entry(key).or_insert_with(|| {
                next += 1;
                next - 1
            });
        };
        for role in self.roles.iter().flatten() {
            match role {
                Role::Writes(joins) => {
                    for (join, pending) in joins {
                        number((*join, None));
                        for me in pending {
                            number((*join, Some(*me)));
                        }
                    }
                }
                Role::Waits(join) => number((*join, None)),
                Role::Tells(join, me) => number((*join, Some(*me))),
            }
        }
    }

    /// The tasks of the workflow whose own state this is, by their place in the DAG.
    fn ended_by(&self, state: usize) -> Option<usize> {
        let task = self.bodies.iter().position(|body| *body == Some(state))?;
        self.workflow.place_in_dag(task)
    }

    fn lay_out(&mut self) {
        let map = self.map;
        let count = 2 * map.states.len() + map.scopes.len();
        self.all = (0..count).map(|_| Place::default()).collect();
        for (at, state) in map.states.iter().enumerate() {
            let find = |name: Option<&str>| name.and_then(|name| map.find(state.scope, name));
            let (enter, leave) = (Self::entering(at), Self::leaving(at));
            self.all[leave].ways.push((enter, None));
            for &scope in &state.inner {
                let start = map.scopes[scope].start;
                if let Some(start) = start.and_then(|start| map.find(scope, start)) {
                    self.all[Self::entering(start)].ways.push((enter, None));
                }
                let end = self.end_of(scope);
                self.all[leave].also.push(vec![end]);
            }
            if let Some(task) = self.ended_by(at) {
                self.all[leave].effect.push(task);
            }
            self.join_effects(at);
            if let Some(next) = find(state.text("Next")) {
                self.all[Self::entering(next)].ways.push((leave, None));
            }
            if let Some(next) = find(state.text("Default")) {
                self.all[Self::entering(next)].ways.push((leave, None));
            }
            if state.is_end() {
                let end = self.end_of(state.scope);
                self.all[end].ways.push((leave, None));
            }
            self.caught(at);
            self.chosen(at);
        }
    }

    fn caught(&mut self, at: usize) {
        let state = &self.map.states[at];
        let task = self.bodies.iter().position(|body| *body == Some(at));
        let spec = task.and_then(|task| self.workflow.tasks.get_index(task));
        let skipped = spec
            .filter(|(_, spec)| spec.on_error == OnError::Skip)
            .and_then(|_| self.ended_by(at));
        // Whoever finds nothing pending goes on by the way of the refused condition, and knows as much as if it had been woken.
        let waits = matches!(self.roles[at], Some(Role::Waits(_)));
        let from = if waits {
            Self::leaving(at)
        } else {
            Self::entering(at)
        };
        for rule in state.rules("Catch") {
            let next = rule["Next"]
                .as_str()
                .and_then(|next| self.map.find(state.scope, next));
            let all = rule["ErrorEquals"][0] == "States.ALL";
            if let Some(next) = next {
                let effect = skipped.filter(|_| all);
                self.all[Self::entering(next)].ways.push((from, effect));
            }
        }
    }

    /// A Choice goes round a task where it asks for the task's `when`, and the answer is no.
    fn chosen(&mut self, at: usize) {
        let state = &self.map.states[at];
        let rules = state.rules("Choices");
        let asked = rules.iter().find_map(|rule| {
            let body = self.map.find(state.scope, rule["Next"].as_str()?)?;
            let task = self.bodies.iter().position(|known| *known == Some(body))?;
            let (_, spec) = self.workflow.tasks.get_index(task)?;
            let when = spec.when.as_ref()?;
            (rule["Condition"] == runs(when)).then_some((task, when))
        });
        for rule in rules {
            let next = rule["Next"]
                .as_str()
                .and_then(|next| self.map.find(state.scope, next));
            let Some(next) = next else { continue };
            let skipped = asked
                .filter(|(_, when)| rule["Condition"] == is_skipped(when))
                .and_then(|(task, _)| self.workflow.place_in_dag(task));
            self.all[Self::entering(next)]
                .ways
                .push((Self::leaving(at), skipped));
        }
    }

    fn join_effects(&mut self, at: usize) {
        let leave = Self::leaving(at);
        let number = |join, me| self.numbers[&(join, me)];
        match &self.roles[at] {
            None => {}
            Some(Role::Writes(joins)) => {
                let written = joins.iter().map(|(join, _)| number(join, None));
                self.all[leave].effect.extend(written);
            }
            Some(Role::Tells(join, me)) => {
                let told = number(join, Some(me));
                self.all[leave].effect.push(told);
            }
            Some(Role::Waits(join)) => {
                for me in self.pending(join) {
                    let tellers = self.tellers(join, me);
                    if !tellers.is_empty() {
                        self.all[leave].also.push(tellers);
                    }
                }
            }
        }
    }

    pub(super) fn pending(&self, join: &str) -> Vec<&'a str> {
        let written = self.roles.iter().flatten().find_map(|role| match role {
            Role::Writes(joins) => joins.iter().find(|(written, _)| *written == join),
            _ => None,
        });
        written.map_or_else(Vec::new, |(_, pending)| pending.clone())
    }

    pub(super) fn tellers(&self, join: &str, me: &str) -> Vec<usize> {
        let tells = |role: &Option<Role<'_>>| matches!(role, Some(Role::Tells(to, who)) if *to == join && *who == me);
        (0..self.roles.len())
            .filter(|&at| tells(&self.roles[at]))
            .map(Self::leaving)
            .collect()
    }
}
