//! Where a set of tasks that is neither independent nor consecutive parts may be cut in two that follow each other.
//!
//! Whatever nesting of sequences and parallels such a set is given, its outermost layer is a sequence: the tasks are connected,
//! so no two branches could hold them. A sequence starts with a set of tasks that wait for nothing outside of it. So choosing
//! such a set, over and over, reaches every nested plan there is; the art is to look at few of them.

use std::collections::HashSet;

use super::poset::Poset;
use super::set::Set;

/// Sets of up to this many tasks are cut in every way possible.
const EXHAUSTIVE: usize = 9;

/// A way to cut a set: `early` wholly before the rest.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    /// The tasks of the first part: with each, all it waits for.
    pub(super) early: Set,
    /// The critical paths of both parts together, in seconds: no plan with this cut ends sooner.
    pub(super) bound: f64,
    /// How much room to move the cut takes away, in seconds over all tasks; the less, the easier the parts are to plan.
    lost: f64,
    /// The share of the pairs across the cut that the graph doesn't order.
    added: f64,
}

/// A set's tasks with their times within the set, each list in the order of `tasks`.
pub(super) struct Times {
    tasks: Vec<usize>,
    seconds: Vec<f64>,
    start: Vec<f64>,
    rank: Vec<f64>,
    level: Vec<usize>,
    height: Vec<usize>,
    /// The critical path in seconds.
    pub(super) bound: f64,
}

impl Times {
    pub(super) fn new(poset: &Poset, set: &Set) -> Self {
        let tasks = poset.sorted(set);
        let mut at = vec![usize::MAX; poset.place.len()];
        for (local, &task) in tasks.iter().enumerate() {
            at[task] = local;
        }
        let seconds: Vec<f64> = tasks
            .iter()
            .map(|&task| poset.graph.seconds(task))
            .collect();
        let (mut start, mut level) = (vec![0.0_f64; tasks.len()], vec![0; tasks.len()]);
        let (mut rank, mut height) = (seconds.clone(), vec![0; tasks.len()]);
        for local in 0..tasks.len() {
            for &earlier in poset.graph.after(tasks[local]) {
                let from = at[earlier];
                if from != usize::MAX {
                    start[local] = start[local].max(start[from] + seconds[from]);
                    level[local] = level[local].max(level[from] + 1);
                }
            }
        }
        for local in (0..tasks.len()).rev() {
            for &later in poset.graph.before(tasks[local]) {
                let to = at[later];
                if to != usize::MAX {
                    rank[local] = rank[local].max(seconds[local] + rank[to]);
                    height[local] = height[local].max(height[to] + 1);
                }
            }
        }
        let bound = (0..tasks.len())
            .map(|local| start[local] + rank[local])
            .fold(0.0, f64::max);
        Self {
            tasks,
            seconds,
            start,
            rank,
            level,
            height,
            bound,
        }
    }

    /// The set's tasks by level within the set.
    pub(super) fn levels(&self) -> Vec<Vec<usize>> {
        let mut levels = vec![Vec::new(); self.level.iter().max().map_or(0, |top| top + 1)];
        for (local, &task) in self.tasks.iter().enumerate() {
            levels[self.level[local]].push(task);
        }
        levels
    }

    fn end(&self, local: usize) -> f64 {
        self.start[local] + self.seconds[local]
    }

    fn latest_start(&self, local: usize) -> f64 {
        self.bound - self.rank[local]
    }

    fn latest_end(&self, local: usize) -> f64 {
        self.latest_start(local) + self.seconds[local]
    }

    /// Cuts worth trying, best first, at most `limit`.
    pub(super) fn cuts(&self, poset: &Poset, set: &Set, limit: usize) -> Vec<Cut> {
        let mut sketches = Sketches {
            times: self,
            pairs: self.pairs(poset, set),
            seen: HashSet::new(),
            found: Vec::new(),
        };
        if self.tasks.len() <= EXHAUSTIVE {
            self.every_one(poset, set, &mut sketches);
        } else {
            self.sweeps(&mut sketches);
            self.closures(poset, set, &mut sketches);
        }
        let mut found = sketches.found;
        let cheap = |cut: &Sketch| (cut.bound, cut.added);
        found.sort_by(|a, b| compare(cheap(a), cheap(b)));
        // How much room is lost takes a look at every task, so only the most promising are asked.
        found.truncate(limit.max(4) * 8);
        let mut cuts: Vec<Cut> = found
            .into_iter()
            .map(|sketch| self.cut(poset, sketch))
            .collect();
        cuts.sort_by(|a, b| {
            compare((a.bound, a.lost), (b.bound, b.lost)).then(a.added.total_cmp(&b.added))
        });
        cuts.truncate(limit);
        cuts
    }

    /// For each task, the pairs that it takes over a cut when it moves before it: those it precedes less those it follows.
    fn pairs(&self, poset: &Poset, set: &Set) -> Vec<i64> {
        let count = |task: usize| {
            poset.below[task].shared(set) as i64 - poset.above[task].shared(set) as i64
        };
        self.tasks.iter().map(|&task| count(task)).collect()
    }

    /// Prefixes of orders in which each task stands behind all it waits for: by when it can start or end at the soonest, must at
    /// the latest, half-way between, and by levels from either side.
    fn sweeps(&self, sketches: &mut Sketches) {
        let keys: [&dyn Fn(usize) -> f64; 8] = [
            &|at| self.start[at],
            &|at| self.end(at),
            &|at| self.latest_start(at),
            &|at| self.latest_end(at),
            &|at| self.start[at] + self.latest_start(at),
            &|at| self.start[at] + self.latest_end(at),
            &|at| self.level[at] as f64,
            &|at| -(self.height[at] as f64),
        ];
        for key in keys {
            let mut order: Vec<(f64, usize)> =
                (0..self.tasks.len()).map(|at| (key(at), at)).collect();
            order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let order: Vec<usize> = order.into_iter().map(|(_, at)| at).collect();
            // The longest rank from each place on.
            let mut after = vec![0.0_f64; order.len() + 1];
            for place in (0..order.len()).rev() {
                after[place] = after[place + 1].max(self.rank[order[place]]);
            }
            let mut sketch = Sketch::default();
            for (place, &at) in order[..order.len() - 1].iter().enumerate() {
                sketch.take(self, &sketches.pairs, at);
                sketches.offer(&sketch, after[place + 1], &order[..=place]);
            }
        }
    }

    /// A task with all it waits for, all it waits for without it, and the same seen from the other side.
    fn closures(&self, poset: &Poset, set: &Set, sketches: &mut Sketches) {
        for &task in &self.tasks {
            let above = &poset.above[task];
            let below = &poset.below[task];
            for with in [false, true] {
                let early: Vec<usize> =
                    self.pick(|other| above.has(other) || (with && other == task));
                sketches.offer_set(&early);
                let early: Vec<usize> =
                    self.pick(|other| !(below.has(other) || (with && other == task)));
                sketches.offer_set(&early);
            }
        }
        let _ = set;
    }

    fn pick(&self, chosen: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.tasks.len())
            .filter(|&at| chosen(self.tasks[at]))
            .collect()
    }

    /// Every set that holds with each task all it waits for.
    fn every_one(&self, poset: &Poset, set: &Set, sketches: &mut Sketches) {
        let needs: Vec<usize> = (0..self.tasks.len())
            .map(|at| {
                let above = poset.above[self.tasks[at]].and(set);
                (0..at)
                    .filter(|&other| above.has(self.tasks[other]))
                    .map(|other| 1 << other)
                    .sum()
            })
            .collect();
        for chosen in 1..(1_usize << self.tasks.len()) - 1 {
            let has = |at: usize| chosen >> at & 1 == 1;
            if (0..needs.len()).all(|at| !has(at) || needs[at] & !chosen == 0) {
                let early: Vec<usize> = (0..needs.len()).filter(|&at| has(at)).collect();
                sketches.offer_set(&early);
            }
        }
    }

    fn cut(&self, poset: &Poset, sketch: Sketch) -> Cut {
        let mut early = Set::none(poset.place.len());
        for &at in &sketch.early {
            early.insert(self.tasks[at]);
        }
        let slack = sketch.bound - self.bound;
        let lost = (0..self.tasks.len())
            .map(|at| {
                if early.has(self.tasks[at]) {
                    self.latest_end(at) + slack - sketch.end
                } else {
                    sketch.end - self.start[at]
                }
            })
            .map(|lost| lost.max(0.0))
            .sum();
        Cut {
            early,
            bound: sketch.bound,
            lost,
            added: sketch.added,
        }
    }
}

fn compare(a: (f64, f64), b: (f64, f64)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// A cut as far as a sweep knows it.
#[derive(Debug, Clone, Default)]
struct Sketch {
    early: Vec<usize>,
    size: usize,
    end: f64,
    crossing: i64,
    digest: u64,
    bound: f64,
    added: f64,
}

impl Sketch {
    fn take(&mut self, times: &Times, pairs: &[i64], at: usize) {
        self.size += 1;
        self.end = self.end.max(times.end(at));
        self.crossing += pairs[at];
        self.digest ^= mixed(at as u64 + 1);
    }
}

struct Sketches<'a> {
    times: &'a Times,
    pairs: Vec<i64>,
    seen: HashSet<u64>,
    found: Vec<Sketch>,
}

impl Sketches<'_> {
    fn offer(&mut self, sketch: &Sketch, rest: f64, early: &[usize]) {
        if !self.seen.insert(sketch.digest) {
            return;
        }
        let across = (sketch.size * (self.times.tasks.len() - sketch.size)) as f64;
        let added = 1.0 - sketch.crossing as f64 / across;
        // Sums of the same seconds in another order differ in their last digits, and such cuts are equally good.
        let bound = sketch.end + rest;
        let bound = if bound <= self.times.bound * (1.0 + 1e-9) {
            self.times.bound
        } else {
            bound
        };
        self.found.push(Sketch {
            early: early.to_vec(),
            bound,
            added,
            ..sketch.clone()
        });
    }

    fn offer_set(&mut self, early: &[usize]) {
        if early.is_empty() || early.len() == self.times.tasks.len() {
            return;
        }
        let mut sketch = Sketch::default();
        for &at in early {
            sketch.take(self.times, &self.pairs, at);
        }
        let mut inside = early.iter().copied().peekable();
        let mut rest = 0.0_f64;
        for at in 0..self.times.tasks.len() {
            if inside.next_if_eq(&at).is_none() {
                rest = rest.max(self.times.rank[at]);
            }
        }
        self.offer(&sketch, rest, early);
    }
}

/// A well-spread number for each number (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
