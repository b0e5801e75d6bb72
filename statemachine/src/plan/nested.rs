//! Sequences and parallels nested into each other, as exact as the graph allows.

use std::collections::HashMap;
use std::rc::Rc;

use super::Plan;
use super::cuts::{CLOSER, EXHAUSTIVE, cuts};
use super::poset::Poset;
use super::set::Set;
use super::times::Times;
use crate::dag::Dag;

/// How many cuts of a set are tried in the last round. In the first it is one, and each round doubles it; the parts that a cut
/// makes are tried with half as many.
const MOST_EFFORT: usize = 256;

/// When no further round is worth its while: a plan this much longer than the critical path.
const GOOD_ENOUGH: f64 = 1.002;

/// Tasks looked at, summed over all sets that were cut, after which one cut of a set is all that is tried.
const WORK: usize = 300_000;

/// The same, after which a set is planned by levels, unless it is series-parallel.
const MOST_WORK: usize = 2 * WORK;

/// How deep sets are taken apart; what is left below is planned by levels. A thread's stack holds several times as much.
pub(super) const DEEPEST: usize = 400;

/// Lengths this close, relative to each other, are the same: sums of the same seconds differ in their last digits.
const SAME: f64 = 1e-9;

/// The series-parallel decomposition, cut where there is none. It never takes longer than levels: a set that is cut has its
/// levels as the first plan to beat, and what is put together of parts takes no longer than the levels of the whole.
pub(super) fn nested(dag: &Dag) -> Plan {
    let poset = Poset::new(dag);
    let whole = Set::all(dag.len());
    if whole.is_empty() {
        return Plan::sequence(Vec::new());
    }
    let mut planner = Planner {
        poset: &poset,
        known: HashMap::new(),
        work: 0,
    };
    let best = dag.critical_path().0;
    let mut effort = 1;
    let mut found = planner.solve(&whole, best, Way { effort, depth: 0 });
    while found.seconds > best * GOOD_ENOUGH && planner.work < WORK && effort < MOST_EFFORT {
        effort *= 2;
        found = planner.solve(&whole, best, Way { effort, depth: 0 });
    }
    found.plan(dag)
}

fn within(seconds: f64, limit: f64) -> bool {
    seconds <= limit * (1.0 + SAME)
}

/// A plan of a set of tasks. Parts are shared between the plans that are tried.
struct Solved {
    shape: Shape,
    seconds: f64,
}

enum Shape {
    Task(usize),
    Sequence(Vec<Rc<Solved>>),
    Parallel(Vec<Rc<Solved>>),
}

impl Solved {
    fn task(dag: &Dag, task: usize) -> Rc<Self> {
        Rc::new(Self {
            shape: Shape::Task(task),
            seconds: dag.seconds(task),
        })
    }

    fn sequence(steps: Vec<Rc<Self>>) -> Rc<Self> {
        let seconds = steps.iter().map(|step| step.seconds).sum();
        Rc::new(Self {
            shape: Shape::Sequence(steps),
            seconds,
        })
    }

    fn parallel(branches: Vec<Rc<Self>>) -> Rc<Self> {
        let seconds = branches
            .iter()
            .map(|branch| branch.seconds)
            .fold(0.0, f64::max);
        Rc::new(Self {
            shape: Shape::Parallel(branches),
            seconds,
        })
    }

    fn plan(&self, dag: &Dag) -> Plan {
        match &self.shape {
            Shape::Task(task) => Plan::task(dag, *task),
            Shape::Sequence(steps) => {
                Plan::sequence(steps.iter().map(|step| step.plan(dag)).collect())
            }
            Shape::Parallel(branches) => {
                Plan::parallel(branches.iter().map(|branch| branch.plan(dag)).collect())
            }
        }
    }
}

/// What is known of a set: its best plan so far, and the effort that found no better one.
struct Known {
    best: Rc<Solved>,
    effort: usize,
}

/// How a set is planned: how many cuts are tried, and how many sets it is a part of.
#[derive(Clone, Copy)]
struct Way {
    effort: usize,
    depth: usize,
}

struct Planner<'a> {
    poset: &'a Poset,
    known: HashMap<Set, Known>,
    work: usize,
}

impl Planner<'_> {
    /// Plans a set with so much effort, or until it takes no longer than `target` seconds.
    fn solve(&mut self, set: &Set, target: f64, way: Way) -> Rc<Solved> {
        if let (1, Some(task)) = (set.len(), set.first()) {
            return Solved::task(&self.poset.graph, task);
        }
        if let Some(known) = self.known.get(set)
            && (known.effort >= way.effort || within(known.best.seconds, target))
        {
            return Rc::clone(&known.best);
        }
        let (solved, exhausted) = self.take_apart(
            set,
            target,
            Way {
                depth: way.depth + 1,
                ..way
            },
        );
        let met = within(solved.seconds, target);
        let known = self.known.entry(set.clone()).or_insert_with(|| Known {
            best: Rc::clone(&solved),
            effort: 0,
        });
        if solved.seconds < known.best.seconds {
            known.best = solved;
        }
        if exhausted && !met {
            known.effort = known.effort.max(way.effort);
        }
        Rc::clone(&known.best)
    }

    /// A plan, and whether all was tried that the effort allows.
    fn take_apart(&mut self, set: &Set, target: f64, way: Way) -> (Rc<Solved>, bool) {
        if way.depth > DEEPEST {
            return (self.levels(&Times::new(self.poset, set)), true);
        }
        let parts = self.poset.independent(set);
        if parts.len() > 1 {
            return (self.at_once(&parts, target, way), true);
        }
        let parts = self.poset.consecutive(set);
        if parts.len() > 1 {
            let bounds: Vec<f64> = parts
                .iter()
                .map(|part| Times::new(self.poset, part).bound)
                .collect();
            if let Some(solved) = self.in_turn(&parts, &bounds, target, f64::INFINITY, way) {
                return (solved, true);
            }
        }
        self.cut(set, target, way)
    }

    /// The longest branch decides, so the others need be no better than it turns out.
    fn at_once(&mut self, parts: &[Set], target: f64, way: Way) -> Rc<Solved> {
        let bounds = parts.iter().map(|part| Times::new(self.poset, part).bound);
        let mut order: Vec<(f64, usize)> = bounds.zip(0..).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut branches: Vec<Option<Rc<Solved>>> = vec![None; parts.len()];
        let mut target = target;
        for (_, at) in order {
            let branch = self.solve(&parts[at], target, way);
            target = target.max(branch.seconds);
            branches[at] = Some(branch);
        }
        Solved::parallel(branches.into_iter().flatten().collect())
    }

    /// Parts that follow each other, their critical paths given as `bounds`. What one part leaves of the room between the
    /// target and the bounds, the next may use; if that was too much, all try again for their bounds. None if that takes
    /// `limit` seconds or more.
    fn in_turn(
        &mut self,
        parts: &[Set],
        bounds: &[f64],
        target: f64,
        limit: f64,
        way: Way,
    ) -> Option<Rc<Solved>> {
        let shortest: f64 = bounds.iter().sum();
        let mut steps: Vec<Rc<Solved>> = Vec::with_capacity(parts.len());
        let mut seconds = shortest;
        for (part, bound) in parts.iter().zip(bounds) {
            let step = self.solve(part, bound + (target - seconds).max(0.0), way);
            seconds += step.seconds - bound;
            steps.push(step);
        }
        if !within(seconds, target) {
            for ((part, bound), step) in parts.iter().zip(bounds).zip(&mut steps) {
                *step = self.solve(part, *bound, way);
            }
        }
        let solved = Solved::sequence(steps);
        (solved.seconds < limit).then_some(solved)
    }

    /// The best of the set's levels and the cuts that the effort allows.
    fn cut(&mut self, set: &Set, target: f64, way: Way) -> (Rc<Solved>, bool) {
        let times = Times::new(self.poset, set);
        let mut best = match self.known.get(set) {
            Some(known) => Rc::clone(&known.best),
            None => self.levels(&times),
        };
        if within(best.seconds, target) || self.work >= MOST_WORK {
            return (best, false);
        }
        let effort = if self.work < WORK { way.effort } else { 1 };
        let small = set.len() <= EXHAUSTIVE;
        let limit = if small { usize::MAX } else { effort };
        let way = Way {
            effort: if small { effort } else { effort.div_ceil(2) },
            ..way
        };
        self.work += set.len() * (CLOSER + 2 * effort) / CLOSER;
        for cut in cuts(self.poset, set, &times, limit, best.seconds * (1.0 - SAME)) {
            let to_beat = best.seconds * (1.0 - SAME);
            if cut.first + cut.second >= to_beat {
                continue;
            }
            let late = set.minus(&cut.early);
            if let Some(solved) = self.in_turn(
                &[cut.early, late],
                &[cut.first, cut.second],
                target,
                to_beat,
                way,
            ) {
                best = solved;
                if within(best.seconds, target) {
                    return (best, false);
                }
            }
        }
        (best, true)
    }

    fn levels(&self, times: &Times) -> Rc<Solved> {
        let task = |&task: &usize| Solved::task(&self.poset.graph, task);
        let level = |tasks: &Vec<usize>| Solved::parallel(tasks.iter().map(task).collect());
        Solved::sequence(times.levels().iter().map(level).collect())
    }
}
