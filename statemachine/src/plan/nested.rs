//! Sequences and parallels nested into each other, as exact as the graph allows.

use std::collections::HashMap;
use std::rc::Rc;

use super::Plan;
use super::cuts::Times;
use super::poset::Poset;
use super::set::Set;
use crate::dag::Dag;

/// How many cuts of a set are tried, in the first and in the last round. Parts are tried with half as many.
const EFFORTS: [usize; 5] = [1, 2, 4, 8, 16];

/// When no further round is started: tasks looked at in all sets that were cut.
const WORK: usize = 60_000;

/// Lengths this close, relative to each other, are the same: sums of the same seconds differ in their last digits.
const SAME: f64 = 1e-9;

/// The series-parallel decomposition, cut where there is none. It never takes longer than levels: a set that is cut has its levels
/// as the first plan to beat, and what is put together of parts takes no longer than the levels of the whole.
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
    let mut found = planner.solve(&whole, best, EFFORTS[0]);
    for effort in &EFFORTS[1..] {
        if within(found.seconds, best) || planner.work >= WORK {
            break;
        }
        found = planner.solve(&whole, best, *effort);
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

struct Planner<'a> {
    poset: &'a Poset,
    known: HashMap<Set, Known>,
    work: usize,
}

impl Planner<'_> {
    /// Plans a set with so much effort, or until it takes no longer than `target` seconds.
    fn solve(&mut self, set: &Set, target: f64, effort: usize) -> Rc<Solved> {
        if let (1, Some(task)) = (set.len(), set.first()) {
            return Solved::task(&self.poset.graph, task);
        }
        if let Some(known) = self.known.get(set)
            && (known.effort >= effort || within(known.best.seconds, target))
        {
            return Rc::clone(&known.best);
        }
        let parts = self.poset.independent(set);
        let (solved, exhausted) = if parts.len() > 1 {
            (self.independent(&parts, target, effort), true)
        } else {
            let parts = self.poset.consecutive(set);
            if parts.len() > 1 {
                (self.consecutive(&parts, target, effort), true)
            } else {
                self.cut(set, target, effort)
            }
        };
        let met = within(solved.seconds, target);
        let known = self.known.entry(set.clone()).or_insert_with(|| Known {
            best: Rc::clone(&solved),
            effort: 0,
        });
        if solved.seconds < known.best.seconds {
            known.best = solved;
        }
        if exhausted && !met {
            known.effort = known.effort.max(effort);
        }
        Rc::clone(&known.best)
    }

    /// The longest branch decides, so the others need be no better than it turns out.
    fn independent(&mut self, parts: &[Set], target: f64, effort: usize) -> Rc<Solved> {
        let mut order: Vec<(f64, usize)> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| (Times::new(self.poset, part).bound, at))
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut branches: Vec<Option<Rc<Solved>>> = vec![None; parts.len()];
        let mut target = target;
        for (_, at) in order {
            let branch = self.solve(&parts[at], target, effort);
            target = target.max(branch.seconds);
            branches[at] = Some(branch);
        }
        Solved::parallel(branches.into_iter().flatten().collect())
    }

    /// What one part leaves of the room between target and critical path, the next may use.
    fn consecutive(&mut self, parts: &[Set], target: f64, effort: usize) -> Rc<Solved> {
        let bounds: Vec<f64> = parts
            .iter()
            .map(|part| Times::new(self.poset, part).bound)
            .collect();
        let mut room = target - bounds.iter().sum::<f64>();
        let mut steps = Vec::with_capacity(parts.len());
        for (part, bound) in parts.iter().zip(bounds) {
            let step = self.solve(part, bound + room.max(0.0), effort);
            room -= step.seconds - bound;
            steps.push(step);
        }
        Solved::sequence(steps)
    }

    /// The best of the set's levels and the cuts that the effort allows; and whether it was used up.
    fn cut(&mut self, set: &Set, target: f64, effort: usize) -> (Rc<Solved>, bool) {
        let times = Times::new(self.poset, set);
        self.work += set.len();
        let mut best = match self.known.get(set) {
            Some(known) => Rc::clone(&known.best),
            None => self.levels(&times),
        };
        if within(best.seconds, target) {
            return (best, false);
        }
        for cut in times.cuts(self.poset, set, effort) {
            if cut.bound >= best.seconds * (1.0 - SAME) {
                break;
            }
            let late = set.minus(&cut.early);
            let rest = Times::new(self.poset, &late).bound;
            let first = self.solve(&cut.early, target - rest, effort.div_ceil(2));
            if first.seconds + rest >= best.seconds * (1.0 - SAME) {
                continue;
            }
            let second = self.solve(&late, target - first.seconds, effort.div_ceil(2));
            if first.seconds + second.seconds < best.seconds * (1.0 - SAME) {
                best = Solved::sequence(vec![first, second]);
                if within(best.seconds, target) {
                    return (best, false);
                }
            }
        }
        (best, true)
    }

    fn levels(&self, times: &Times) -> Rc<Solved> {
        let level = |tasks: &Vec<usize>| {
            Solved::parallel(
                tasks
                    .iter()
                    .map(|&task| Solved::task(&self.poset.graph, task))
                    .collect(),
            )
        };
        Solved::sequence(times.levels().iter().map(level).collect())
    }
}
