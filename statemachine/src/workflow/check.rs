//! What tasks say about each other: names that exist, no cycle, expressions that read only what is waited for.

use std::collections::HashSet;

use domain::TaskName;
use indexmap::IndexMap;

use super::fields::{Entry, File};
use super::problem::{Place, Problem, ProblemKind};
use super::{Layout, OnError, TaskSpec, Workflow};
use crate::dag::{Dag, DagError};
use crate::nearest::nearest;

/// Checks the tasks against each other and gives the workflow; `None` if something was noted, now or before.
pub(super) fn check(file: File, problems: &mut Vec<Problem>) -> Option<Workflow> {
    let mut checker = Checker {
        tasks: &file.tasks,
        all_named: file.all_named,
        problems,
    };
    let stand_ins = checker.stand_ins();
    let after = checker.after(&stand_ins);
    if checker.acyclic(&after, file.place) {
        checker.expressions(&stand_ins, &after);
    }
    checker.gate(file.gate.as_ref(), &stand_ins, &after);
    if !problems.is_empty() {
        return None;
    }
    let tasks = file
        .tasks
        .into_iter()
        .map(|(name, entry)| (name, entry.spec))
        .collect();
    let layout = layout(&tasks, &after, stand_ins);
    Some(Workflow {
        name: file.name,
        gate: file.gate.map(|(task, _)| task),
        tasks,
        layout,
    })
}

pub(super) fn layout(
    tasks: &IndexMap<TaskName, TaskSpec>,
    after: &[Vec<usize>],
    stands_in_for: Vec<Option<usize>>,
) -> Layout {
    let places: Vec<usize> = (0..tasks.len())
        .filter(|&at| stands_in_for[at].is_none())
        .collect();
    let mut planned = vec![None; tasks.len()];
    for (at, &place) in places.iter().enumerate() {
        planned[place] = Some(at);
    }
    let node = |&place: &usize| {
        tasks
            .get_index(place)
            .map(|(name, spec)| (name.to_string(), spec.expect))
    };
    let nodes = places.iter().filter_map(node).collect();
    let earlier = |&place: &usize| after[place].iter().filter_map(|&at| planned[at]).collect();
    let dag = match Dag::new(nodes, places.iter().map(earlier).collect()) {
        Ok(dag) => dag,
        Err(error) => unreachable!("checked before: {error}"),
    };
    Layout {
        dag,
        places,
        planned,
        stands_in_for,
    }
}

struct Checker<'a> {
    tasks: &'a IndexMap<TaskName, Entry>,
    all_named: bool,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn note(&mut self, place: Place, kind: ProblemKind) {
        self.problems.push(Problem { place, kind });
    }

    /// The index of a named task; notes it if there is none.
    fn find(
        &mut self,
        task: &TaskName,
        field: &'static str,
        name: &TaskName,
        place: Place,
    ) -> Option<usize> {
        let found = self.tasks.get_index_of(name);
        if found.is_none() && self.all_named {
            let suggestion = nearest(name.as_str(), self.tasks.keys().map(TaskName::as_str));
            let (task, name) = (task.to_string(), name.to_string());
            self.note(
                place,
                ProblemKind::UnknownTask {
                    task,
                    field,
                    name,
                    suggestion,
                },
            );
        }
        found
    }

    /// The gate judges a whole round, so it comes last; and whether a round is judged can't hang on anything.
    fn gate(
        &mut self,
        gate: Option<&(TaskName, Place)>,
        stand_ins: &[Option<usize>],
        after: &[Vec<usize>],
    ) {
        let Some((name, place)) = gate else { return };
        let Some((at, _, entry)) = self.tasks.get_full(name) else {
            if self.all_named {
                let suggestion = nearest(name.as_str(), self.tasks.keys().map(TaskName::as_str));
                let name = name.to_string();
                self.note(*place, ProblemKind::NoSuchGate { name, suggestion });
            }
            return;
        };
        let spec = &entry.spec;
        let why = if spec.when.is_some() {
            Some("it has a `when`".to_owned())
        } else if spec.for_each.is_some() {
            Some("it runs once an item".to_owned())
        } else if spec.on_error != OnError::Fail {
            Some("its failure is passed over".to_owned())
        } else if stand_ins[at].is_some() {
            Some("it is a stand-in".to_owned())
        } else {
            // Everything else must lead to it: no other task may be the end of a way.
            let is_waited_for = |task: usize| after.iter().any(|earlier| earlier.contains(&task));
            (0..self.tasks.len())
                .find(|&task| task != at && stand_ins[task].is_none() && !is_waited_for(task))
                .or_else(|| is_waited_for(at).then_some(at))
                .map(|task| {
                    if task == at {
                        "other tasks wait for it".to_owned()
                    } else {
                        format!("it doesn't wait for {}", self.name(task))
                    }
                })
        };
        if let Some(why) = why {
            let task = name.to_string();
            self.note(*place, ProblemKind::NoGate { task, why });
        }
    }

    /// For each task, the task it stands in for, if it is a stand-in.
    fn stand_ins(&mut self) -> Vec<Option<usize>> {
        let tasks = self.tasks;
        let mut primary: Vec<Option<usize>> = vec![None; tasks.len()];
        for (at, (task, entry)) in tasks.iter().enumerate() {
            let OnError::Run(name) = &entry.spec.on_error else {
                continue;
            };
            let place = entry.places.on_error;
            let Some(other) = self.find(task, "on_error", name, place) else {
                continue;
            };
            match primary[other] {
                Some(first) => {
                    let (task, name, first) =
                        (task.to_string(), name.to_string(), self.name(first));
                    self.note(place, ProblemKind::SharedStandIn { task, name, first });
                }
                None => primary[other] = Some(at),
            }
        }
        self.rings_of_stand_ins(&primary);
        for (at, (task, entry)) in tasks.iter().enumerate() {
            if entry.spec.max_concurrency.is_some() && entry.spec.for_each.is_none() {
                self.note(
                    entry.places.max_concurrency,
                    ProblemKind::NoItems {
                        task: task.to_string(),
                    },
                );
            }
            let Some(of) = primary[at] else { continue };
            let of = self.name(of);
            let mut refuse = |field, place| {
                let (task, primary) = (task.to_string(), of.clone());
                self.problems.push(Problem {
                    place,
                    kind: ProblemKind::StandInField {
                        task,
                        primary,
                        field,
                    },
                });
            };
            if let Some(&place) = entry.places.after.first() {
                refuse("after", place);
            }
            if entry.spec.when.is_some() {
                refuse("when", entry.places.when);
            }
        }
        primary
    }

    /// A chain of stand-ins begins at a task that is none; one that comes round to itself is never entered.
    fn rings_of_stand_ins(&mut self, primary: &[Option<usize>]) {
        for start in 0..primary.len() {
            let mut ring = vec![start];
            let mut at = start;
            while let Some(of) = primary[at].filter(|_| ring.len() <= primary.len()) {
                if of == start {
                    let ring = ring.iter().rev().map(|&at| self.name(at)).collect();
                    let kind = ProblemKind::Unreachable {
                        task: self.name(start),
                        ring,
                    };
                    self.note(self.tasks[start].places.task, kind);
                    break;
                }
                ring.push(of);
                at = of;
            }
        }
    }

    /// For each task, the indices of the tasks it waits for, without those that were noted.
    fn after(&mut self, stand_ins: &[Option<usize>]) -> Vec<Vec<usize>> {
        let tasks = self.tasks;
        let mut after = Vec::with_capacity(tasks.len());
        for (at, (task, entry)) in tasks.iter().enumerate() {
            let mut list: Vec<usize> = Vec::with_capacity(entry.spec.after.len());
            let mut seen = HashSet::with_capacity(entry.spec.after.len());
            for (name, &place) in entry.spec.after.iter().zip(&entry.places.after) {
                let Some(earlier) = self.find(task, "after", name, place) else {
                    continue;
                };
                let (task, name) = (task.to_string(), name.to_string());
                if !seen.insert(earlier) {
                    self.note(place, ProblemKind::NamedTwice { task, name });
                } else if let Some(of) = stand_ins[earlier] {
                    let primary = self.name(of);
                    self.note(
                        place,
                        ProblemKind::NamesStandIn {
                            task,
                            field: "after",
                            name,
                            primary,
                        },
                    );
                } else if earlier == at {
                    self.note(
                        place,
                        ProblemKind::Cycle {
                            path: vec![name.clone(), name],
                        },
                    );
                } else {
                    list.push(earlier);
                }
            }
            after.push(list);
        }
        after
    }

    fn acyclic(&mut self, after: &[Vec<usize>], tasks_place: Place) -> bool {
        let nodes = self
            .tasks
            .keys()
            .map(|name| (name.to_string(), 0.0))
            .collect();
        match Dag::new(nodes, after.to_vec()) {
            Ok(_) => true,
            Err(DagError::Cycle { path }) => {
                let place = self.edge_place(&path).unwrap_or(tasks_place);
                self.note(place, ProblemKind::Cycle { path });
                false
            }
            // Names are unique, indices in range and rings of one noted already.
            Err(error) => unreachable!("{error}"),
        }
    }

    /// Where the second task of the ring names the first.
    fn edge_place(&self, path: &[String]) -> Option<Place> {
        let [earlier, later, ..] = path else {
            return None;
        };
        let entry = self.tasks.get(&TaskName::parse(later).ok()?)?;
        let at = entry
            .spec
            .after
            .iter()
            .position(|name| name.as_str() == earlier)?;
        entry.places.after.get(at).copied()
    }

    /// Expressions read only tasks that are sure to have ended.
    fn expressions(&mut self, stand_ins: &[Option<usize>], after: &[Vec<usize>]) {
        let tasks = self.tasks;
        for (at, (task, entry)) in tasks.iter().enumerate() {
            let fields = [
                ("when", &entry.spec.when, entry.places.when),
                ("for_each", &entry.spec.for_each, entry.places.for_each),
            ];
            let mut above: Option<HashSet<usize>> = None;
            for (field, expr, place) in fields {
                for name in expr.iter().flat_map(crate::expr::Expr::tasks_read) {
                    let Some(read) = self.find(task, field, &name, place) else {
                        continue;
                    };
                    let (task, name) = (task.to_string(), name.to_string());
                    if let Some(of) = stand_ins[read] {
                        let primary = self.name(of);
                        self.note(
                            place,
                            ProblemKind::NamesStandIn {
                                task,
                                field,
                                name,
                                primary,
                            },
                        );
                    } else if !above
                        .get_or_insert_with(|| ancestors(at, stand_ins, after))
                        .contains(&read)
                    {
                        self.note(
                            place,
                            ProblemKind::NotAnAncestor {
                                task,
                                field,
                                read: name,
                            },
                        );
                    }
                }
            }
        }
    }

    fn name(&self, at: usize) -> String {
        self.tasks
            .get_index(at)
            .map(|(name, _)| name.to_string())
            .unwrap_or_default()
    }
}

/// Everything that a task waits for, directly or through others. A stand-in waits for what its task waited for.
fn ancestors(task: usize, stand_ins: &[Option<usize>], after: &[Vec<usize>]) -> HashSet<usize> {
    let mut place = task;
    for _ in 0..stand_ins.len() {
        let Some(of) = stand_ins[place] else { break };
        place = of;
    }
    let mut found = HashSet::new();
    let mut open = after[place].clone();
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(&after[at]);
        }
    }
    found
}
