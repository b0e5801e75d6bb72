//! The partial order of a graph's tasks, and how a set of them falls apart: into independent parts, into parts that follow
//! each other, or, where it does neither, into modules.
//!
//! A module is a set of tasks that every other task stands in the same relation to: before all of them, after all of them,
//! or neither. Gallai (1967) showed that a set which is connected both in "comparable" and in "not comparable" has a unique
//! partition into largest modules; Valdes, Tarjan and Lawler (1982) that a graph is series-parallel if that never happens.

use super::set::Set;
use crate::dag::Dag;

/// The order of a graph's tasks, closed under "before".
pub(super) struct Poset {
    /// The graph without implied precedences.
    pub(super) graph: Dag,
    /// What each task must wait for, directly or not.
    pub(super) above: Vec<Set>,
    /// What must wait for each task, directly or not.
    pub(super) below: Vec<Set>,
    /// Both.
    related: Vec<Set>,
    /// Where each task stands in the graph's order.
    pub(super) place: Vec<usize>,
}

impl Poset {
    pub(super) fn new(dag: &Dag) -> Self {
        let graph = dag.reduced();
        let tasks = graph.len();
        let mut above = vec![Set::none(tasks); tasks];
        let mut below = above.clone();
        let mut place = vec![0; tasks];
        for (at, &task) in graph.order().iter().enumerate() {
            place[task] = at;
            let mut set = Set::none(tasks);
            for &earlier in graph.after(task) {
                set.insert(earlier);
                set.add(&above[earlier]);
            }
            above[task] = set;
        }
        for &task in graph.order().iter().rev() {
            let mut set = Set::none(tasks);
            for &later in graph.before(task) {
                set.insert(later);
                set.add(&below[later]);
            }
            below[task] = set;
        }
        let related = above
            .iter()
            .zip(&below)
            .map(|(above, below)| above.or(below))
            .collect();
        Self {
            graph,
            above,
            below,
            related,
            place,
        }
    }

    /// A set's tasks, each behind all that it waits for.
    pub(super) fn sorted(&self, set: &Set) -> Vec<usize> {
        let mut tasks: Vec<usize> = set.iter().collect();
        tasks.sort_unstable_by_key(|&task| self.place[task]);
        tasks
    }

    /// The parts of a set that have no precedence between them, by first task in order.
    pub(super) fn independent(&self, set: &Set) -> Vec<Set> {
        self.connected(set, |task| set.and(&self.related[task]))
    }

    /// The parts of a set that wholly follow each other, first to last.
    pub(super) fn consecutive(&self, set: &Set) -> Vec<Set> {
        self.connected(set, |task| set.minus(&self.related[task]))
    }

    fn connected(&self, set: &Set, near: impl Fn(usize) -> Set) -> Vec<Set> {
        let mut parts = Vec::new();
        let mut left = set.clone();
        while let Some(seed) = left.first() {
            let mut part = Set::none(self.place.len());
            part.insert(seed);
            let mut open = vec![seed];
            while let Some(task) = open.pop() {
                let fresh = near(task).minus(&part);
                open.extend(fresh.iter());
                part.add(&fresh);
            }
            left = left.minus(&part);
            parts.push(part);
        }
        parts.sort_by_cached_key(|part| part.iter().map(|task| self.place[task]).min());
        parts
    }

    /// The partition of a set into its largest modules other than itself, by first task in order. The set must be neither
    /// independent nor consecutive parts.
    pub(super) fn modules(&self, set: &Set) -> Vec<Set> {
        let Some(pivot) = set.first() else {
            return Vec::new();
        };
        let mut parts = self.modules_without(set, pivot);
        let home = self.module_of(set, pivot, &parts);
        parts.retain(|part| part.shared(&home) == 0);
        parts.push(home);
        parts.sort_by_cached_key(|part| part.iter().map(|task| self.place[task]).min());
        parts
    }

    /// The largest modules that don't hold `pivot`: the set without it, split by every task that tells some of its tasks
    /// from others, until none does. Each piece keeps the tasks that it has yet to be held against.
    fn modules_without(&self, set: &Set, pivot: usize) -> Vec<Set> {
        let mut home = Set::none(self.place.len());
        home.insert(pivot);
        let mut done = Vec::new();
        let mut open = vec![(set.minus(&home), home)];
        while let Some((part, mut against)) = open.pop() {
            let split = if part.len() == 1 {
                None
            } else {
                self.first_split(&part, &mut against)
            };
            let Some(pieces) = split else {
                done.push(part);
                continue;
            };
            for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
                let siblings = part.minus(&piece);
                open.push((piece, against.or(&siblings)));
            }
        }
        done
    }

    /// A part's tasks behind, before and beside the first task of `against` that tells some from others. Tasks that don't are
    /// taken out, and so is the one that does.
    fn first_split(&self, part: &Set, against: &mut Set) -> Option<[Set; 3]> {
        let size = part.len();
        while let Some(task) = against.first() {
            against.remove(task);
            let (above, below) = (
                part.shared(&self.above[task]),
                part.shared(&self.below[task]),
            );
            if above != size && below != size && above + below > 0 {
                let (above, below) = (part.and(&self.above[task]), part.and(&self.below[task]));
                let beside = part.minus(&above).minus(&below);
                return Some([above, below, beside]);
            }
        }
        None
    }

    /// The largest module, other than the whole set, that holds `pivot`. It is a union of `parts`, so it is found by adding
    /// one part after the other, each with all that it forces in.
    fn module_of(&self, set: &Set, pivot: usize, parts: &[Set]) -> Set {
        let whole = set.len();
        let mut part_of = vec![0; self.place.len()];
        for (at, part) in parts.iter().enumerate() {
            part.iter().for_each(|task| part_of[task] = at);
        }
        let mut home = Set::none(self.place.len());
        home.insert(pivot);
        // What forces everything in: whatever forces that in does so too.
        let mut fatal = Set::none(self.place.len());
        for part in parts {
            if part.shared(&home) > 0 {
                continue;
            }
            let mut module = home.or(part);
            let mut open: Vec<usize> = part.iter().collect();
            while let Some(task) = open.pop() {
                let told_apart = self.above[pivot]
                    .xor(&self.above[task])
                    .or(&self.below[pivot].xor(&self.below[task]));
                let mut fresh = told_apart.and(set).minus(&module);
                if fresh.shared(&fatal) > 0 {
                    module = set.clone();
                    break;
                }
                while let Some(next) = fresh.first() {
                    let part = &parts[part_of[next]];
                    open.extend(part.iter());
                    module.add(part);
                    fresh = fresh.minus(part);
                }
            }
            if module.len() < whole {
                home = module;
            } else {
                fatal.add(part);
            }
        }
        home
    }
}
