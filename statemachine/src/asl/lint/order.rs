//! Is every precedence kept on every path? A walk through all paths at once: for each place in the machine, what has surely
//! happened whenever an execution comes there.
//!
//! A place is the entering of a state, the leaving of it, or the end of a branch. What surely happened at a place is what happened on
//! all ways to it; a Parallel is left with what happened in any of its branches, and a join passed with what had happened
//! before each of those that it waits for told it. The places have an order, because machines have no loops; one that
//! has is reported.

use std::collections::{BTreeMap, VecDeque};

use super::joins::{Role, role, wakes};
use super::map::Machine;
use super::promises::Bodies;
use super::{Finding, Problem};
use crate::asl::task::{is_skipped, runs};
use crate::workflow::{OnError, Workflow};

/// What may have happened: a task has ended (in the DAG's numbering), a join's item was written, a join was told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts(Vec<u64>);

impl Facts {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn add(&mut self, fact: usize) {
        self.0[fact / 64] |= 1 << (fact % 64);
    }

    fn has(&self, fact: usize) -> bool {
        self.0[fact / 64] >> (fact % 64) & 1 == 1
    }

    fn add_all(&mut self, other: &Self) {
        for (mine, others) in self.0.iter_mut().zip(&other.0) {
            *mine |= others;
        }
    }

    fn keep(&mut self, other: &Self) {
        for (mine, others) in self.0.iter_mut().zip(&other.0) {
            *mine &= others;
        }
    }
}

/// How a place knows what happened: on all of some ways, and all that is in each group of ways.
#[derive(Default)]
struct Place {
    /// The ways to it, each with what happens on it. What happened on all of them has happened.
    ways: Vec<(usize, Option<usize>)>,
    /// Groups of other places; what happened at all places of any one group has happened too.
    also: Vec<Vec<usize>>,
    /// What happens here.
    effect: Vec<usize>,
}

struct Walk<'m, 'a> {
    map: &'m Machine<'a>,
    workflow: &'m Workflow,
    bodies: &'m Bodies,
    roles: Vec<Option<Role<'a>>>,
    /// Numbers of joins written and told, after those of the tasks.
    numbers: BTreeMap<(&'a str, Option<&'a str>), usize>,
    places: Vec<Place>,
}

pub(super) fn check(
    map: &Machine<'_>,
    workflow: &Workflow,
    bodies: &Bodies,
    findings: &mut Vec<Finding>,
) {
    let mut walk = Walk {
        map,
        workflow,
        bodies,
        roles: map.states.iter().map(role).collect(),
        numbers: BTreeMap::new(),
        places: Vec::new(),
    };
    walk.number();
    walk.lay_out();
    match walk.solve() {
        Ok(known) => {
            walk.tasks(&known, findings);
            walk.joins(&known, findings);
            walk.ends(&known, findings);
        }
        Err(ring) => {
            let state = ring.first().cloned().unwrap_or_default();
            findings.push(Finding::new(&state, Problem::Ring { ring }));
        }
    }
}

impl<'a> Walk<'_, 'a> {
    fn entering(state: usize) -> usize {
        2 * state
    }

    fn leaving(state: usize) -> usize {
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
        self.places = (0..count).map(|_| Place::default()).collect();
        for (at, state) in map.states.iter().enumerate() {
            let find = |name: Option<&str>| name.and_then(|name| map.find(state.scope, name));
            let (enter, leave) = (Self::entering(at), Self::leaving(at));
            self.places[leave].ways.push((enter, None));
            for &scope in &state.inner {
                let start = map.scopes[scope].start;
                if let Some(start) = start.and_then(|start| map.find(scope, start)) {
                    self.places[Self::entering(start)].ways.push((enter, None));
                }
                let end = self.end_of(scope);
                self.places[leave].also.push(vec![end]);
            }
            if let Some(task) = self.ended_by(at) {
                self.places[leave].effect.push(task);
            }
            self.join_effects(at);
            if let Some(next) = find(state.text("Next")) {
                self.places[Self::entering(next)].ways.push((leave, None));
            }
            if let Some(next) = find(state.text("Default")) {
                self.places[Self::entering(next)].ways.push((leave, None));
            }
            if state.is_end() {
                let end = self.end_of(state.scope);
                self.places[end].ways.push((leave, None));
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
                self.places[Self::entering(next)].ways.push((from, effect));
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
            self.places[Self::entering(next)]
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
                self.places[leave].effect.extend(written);
            }
            Some(Role::Tells(join, me)) => {
                let told = number(join, Some(me));
                self.places[leave].effect.push(told);
            }
            Some(Role::Waits(join)) => {
                for me in self.pending(join) {
                    let tellers = self.tellers(join, me);
                    if !tellers.is_empty() {
                        self.places[leave].also.push(tellers);
                    }
                }
            }
        }
    }

    fn pending(&self, join: &str) -> Vec<&'a str> {
        let written = self.roles.iter().flatten().find_map(|role| match role {
            Role::Writes(joins) => joins.iter().find(|(written, _)| *written == join),
            _ => None,
        });
        written.map_or_else(Vec::new, |(_, pending)| pending.clone())
    }

    fn tellers(&self, join: &str, me: &str) -> Vec<usize> {
        let tells = |role: &Option<Role<'_>>| matches!(role, Some(Role::Tells(to, who)) if *to == join && *who == me);
        (0..self.roles.len())
            .filter(|&at| tells(&self.roles[at]))
            .map(Self::leaving)
            .collect()
    }

    /// What surely happened at each place; none where nothing leads. The names along a ring, if there is one.
    fn solve(&self) -> Result<Vec<Option<Facts>>, Vec<String>> {
        let count = self.workflow.dag().len() + self.numbers.len();
        let mut missing = vec![0_usize; self.places.len()];
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); self.places.len()];
        for (at, place) in self.places.iter().enumerate() {
            let from = place.ways.iter().map(|(from, _)| from);
            for &from in from.chain(place.also.iter().flatten()) {
                waiting[from].push(at);
                missing[at] += 1;
            }
        }
        let start = self.map.scopes[0]
            .start
            .and_then(|start| self.map.find(0, start));
        let mut known: Vec<Option<Facts>> = vec![None; self.places.len()];
        let mut open: VecDeque<usize> = (0..missing.len()).filter(|&at| missing[at] == 0).collect();
        let mut seen = 0;
        while let Some(at) = open.pop_front() {
            seen += 1;
            let begins = start.map(Self::entering) == Some(at);
            known[at] = self.facts_at(at, &known, begins.then(|| Facts::none(count)));
            for &next in &waiting[at] {
                missing[next] -= 1;
                if missing[next] == 0 {
                    open.push_back(next);
                }
            }
        }
        if seen == self.places.len() {
            Ok(known)
        } else {
            Err(self.ring(&missing))
        }
    }

    fn facts_at(&self, at: usize, known: &[Option<Facts>], begin: Option<Facts>) -> Option<Facts> {
        let place = &self.places[at];
        let mut sum = begin;
        for &(from, effect) in &place.ways {
            let Some(mut facts) = known[from].clone() else {
                continue;
            };
            facts_with(&mut facts, effect);
            match &mut sum {
                Some(sum) => sum.keep(&facts),
                None => sum = Some(facts),
            }
        }
        let mut sum = sum?;
        for group in &place.also {
            let mut all: Option<Facts> = None;
            for facts in group.iter().filter_map(|&from| known[from].as_ref()) {
                match &mut all {
                    Some(all) => all.keep(facts),
                    None => all = Some(facts.clone()),
                }
            }
            if let Some(all) = all {
                sum.add_all(&all);
            }
        }
        for &effect in &place.effect {
            sum.add(effect);
        }
        Some(sum)
    }

    /// From any place that is never reached, backwards along what it waits for, until a place comes again.
    fn ring(&self, missing: &[usize]) -> Vec<String> {
        let mut path: Vec<usize> = Vec::new();
        let mut at = missing.iter().position(|&count| count > 0);
        while let Some(place) = at {
            if let Some(begin) = path.iter().position(|&seen| seen == place) {
                path.drain(..begin);
                break;
            }
            path.push(place);
            let from = self.places[place].ways.iter().map(|&(from, _)| from);
            at = from
                .chain(self.places[place].also.iter().flatten().copied())
                .find(|&from| missing[from] > 0);
        }
        let states = path
            .into_iter()
            .rev()
            .filter(|place| *place < 2 * self.map.states.len());
        let mut names: Vec<String> = states
            .map(|place| self.map.states[place / 2].name.to_owned())
            .collect();
        names.dedup();
        names
    }

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

fn facts_with(facts: &mut Facts, effect: Option<usize>) {
    if let Some(effect) = effect {
        facts.add(effect);
    }
}
