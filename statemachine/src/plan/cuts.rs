//! Where a set of tasks that is neither independent nor consecutive parts may be cut in two that follow each other.
//!
//! Whatever nesting of sequences and parallels such a set is given, its outermost layer is a sequence: the tasks are
//! connected, so no two branches could hold them. And a sequence starts with some tasks that wait for nothing outside of
//! them. So choosing such a start, over and over, reaches every nested plan there is; the art is to look at few of them.

use std::collections::HashSet;

use super::poset::Poset;
use super::set::Set;
use super::times::Times;

/// Sets of up to this many tasks are cut in every way there is.
pub(super) const EXHAUSTIVE: usize = 8;

/// How many cuts are looked at more closely, besides two for each one that will be tried.
pub(super) const CLOSER: usize = 32;

/// A way to cut a set: `early` wholly before the rest.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    /// The tasks of the first part: with each, all it waits for.
    pub(super) early: Set,
    /// The critical path of the first part in seconds.
    pub(super) first: f64,
    /// The critical path of the second part.
    pub(super) second: f64,
}

/// Cuts worth trying, best first, at most `limit`, of those whose parts' critical paths add up to less than `below` seconds.
///
/// The best cut adds nothing to the set's critical path; among those, it takes the least room to move from the tasks that
/// are not on it, because that room is what the next cuts can spend.
pub(super) fn cuts(poset: &Poset, set: &Set, times: &Times, limit: usize, below: f64) -> Vec<Cut> {
    let search = Search::new(poset, set, times);
    let mut found = if times.len() <= EXHAUSTIVE {
        search.every_one()
    } else {
        search.sweeps_and_closures()
    };
    // Sums of the same seconds in another order differ in their last digits, and such cuts are equally good.
    let same = times.bound * (1.0 + 1e-9);
    for sketch in &mut found {
        sketch.bound = sketch.first + sketch.second;
        if sketch.bound <= same {
            sketch.bound = times.bound;
        }
    }
    found.retain(|sketch| sketch.bound < below);
    let closer = limit.saturating_mul(2).saturating_add(CLOSER);
    if found.len() > closer {
        let (_, worst, _) =
            found.select_nth_unstable_by(closer, |a, b| a.bound.total_cmp(&b.bound));
        let worst = worst.bound;
        found.retain(|sketch| sketch.bound <= worst);
    }
    let mut seen = HashSet::new();
    let mut weighed: Vec<Weighed> = found.iter().map(|sketch| search.weigh(sketch)).collect();
    weighed.retain(|weighed| seen.insert(weighed.digest));
    weighed.sort_by(|a, b| {
        a.bound
            .total_cmp(&b.bound)
            .then(a.added.total_cmp(&b.added))
            .then(a.digest.cmp(&b.digest))
    });
    weighed.truncate(closer);
    interleaved(
        weighed
            .iter()
            .map(|weighed| search.judge(weighed))
            .collect(),
        limit,
    )
}

/// By turns the next best of two orders: by bound, then by the room to move that a cut takes; and by how long the parts would
/// take between their critical paths and their levels. The first is right where nothing need be lost, the second where
/// something must.
fn interleaved(judged: Vec<Judged>, limit: usize) -> Vec<Cut> {
    let order = |seconds: &dyn Fn(&Judged) -> f64| {
        let mut order: Vec<usize> = (0..judged.len()).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (&judged[a], &judged[b]);
            seconds(a)
                .total_cmp(&seconds(b))
                .then(a.lost.total_cmp(&b.lost))
        });
        order
    };
    let by_room = order(&|cut| cut.bound);
    let by_levels = order(&|cut| cut.bound + cut.levels);
    let mut used = vec![false; judged.len()];
    let turns = by_room.into_iter().zip(by_levels).flat_map(|(a, b)| [a, b]);
    let fresh = turns.filter(|&at| !std::mem::replace(&mut used[at], true));
    fresh.take(limit).map(|at| judged[at].cut.clone()).collect()
}

/// A cut with what it is judged by, in seconds.
struct Judged {
    cut: Cut,
    /// The critical paths of both parts together.
    bound: f64,
    /// The room to move that it takes from all tasks together.
    lost: f64,
    /// Both parts planned by levels, the second's counted from its end.
    levels: f64,
}

/// A cut as far as its bound is known.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    source: Source,
    first: f64,
    second: f64,
    bound: f64,
}

/// Which tasks are early.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The first so many of one of the orders.
    Prefix { order: usize, size: usize },
    /// All that a task waits for, with or without it.
    Above { at: usize, with: bool },
    /// All but what waits for a task, and but the task itself if it is `with` those.
    NotBelow { at: usize, with: bool },
    /// The tasks whose bits are set.
    Chosen(usize),
}

struct Weighed {
    sketch: Sketch,
    bound: f64,
    /// The share of the pairs across the cut that the graph doesn't order.
    added: f64,
    digest: u64,
}

struct Search<'a> {
    poset: &'a Poset,
    set: &'a Set,
    times: &'a Times,
    /// For each task the pairs that it takes over a cut when it moves before it: those it precedes less those it follows.
    pairs: Vec<i64>,
    /// Orders in which each task stands behind all it waits for.
    orders: Vec<Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(poset: &'a Poset, set: &'a Set, times: &'a Times) -> Self {
        let pairs = times.tasks.iter().map(|&task| {
            poset.below[task].shared(set) as i64 - poset.above[task].shared(set) as i64
        });
        Self {
            poset,
            set,
            times,
            pairs: pairs.collect(),
            orders: orders(times),
        }
    }

    fn sweeps_and_closures(&self) -> Vec<Sketch> {
        let times = self.times;
        let mut found = Vec::new();
        let mut offer = |source, first, second| {
            found.push(Sketch {
                source,
                first,
                second,
                bound: 0.0,
            });
        };
        for (order, list) in self.orders.iter().enumerate() {
            let mut rest = vec![0.0_f64; list.len() + 1];
            for (place, &at) in list.iter().enumerate().rev() {
                rest[place] = rest[place + 1].max(times.rank[at]);
            }
            let mut end = 0.0_f64;
            for (place, &at) in list.iter().enumerate().take(list.len() - 1) {
                end = end.max(times.end(at));
                offer(
                    Source::Prefix {
                        order,
                        size: place + 1,
                    },
                    end,
                    rest[place + 1],
                );
            }
        }
        let mut by_rank: Vec<usize> = (0..times.len()).collect();
        by_rank.sort_by(|&a, &b| times.rank[b].total_cmp(&times.rank[a]));
        let mut by_end: Vec<usize> = (0..times.len()).collect();
        by_end.sort_by(|&a, &b| times.end(b).total_cmp(&times.end(a)));
        for (at, &task) in times.tasks.iter().enumerate() {
            let (above, below) = (&self.poset.above[task], &self.poset.below[task]);
            for with in [false, true] {
                let kept = |other: &&usize| !(with && **other == at);
                let outside = |near: &'a Set| move |other: &&usize| !near.has(times.tasks[**other]);
                if with || above.shared(self.set) > 0 {
                    let first = if with { times.end(at) } else { times.start[at] };
                    let second = by_rank.iter().filter(kept).find(outside(above));
                    if let Some(&second) = second {
                        offer(Source::Above { at, with }, first, times.rank[second]);
                    }
                }
                if with || below.shared(self.set) > 0 {
                    let second = if with {
                        times.rank[at]
                    } else {
                        times.rank[at] - times.seconds[at]
                    };
                    let first = by_end.iter().filter(kept).find(outside(below));
                    if let Some(&first) = first {
                        offer(Source::NotBelow { at, with }, times.end(first), second);
                    }
                }
            }
        }
        found
    }

    /// Every set that holds with each task all it waits for.
    fn every_one(&self) -> Vec<Sketch> {
        let times = self.times;
        let size = times.len();
        let bits = |above: &Set| -> usize {
            (0..size)
                .filter(|&other| above.has(times.tasks[other]))
                .map(|other| 1 << other)
                .sum()
        };
        let needs: Vec<usize> = times
            .tasks
            .iter()
            .map(|&task| bits(&self.poset.above[task]))
            .collect();
        let mut found = Vec::new();
        for chosen in 1..(1_usize << size) - 1 {
            let has = |at: &usize| chosen >> at & 1 == 1;
            if (0..size).filter(has).all(|at| needs[at] & !chosen == 0) {
                let first = (0..size)
                    .filter(has)
                    .map(|at| times.end(at))
                    .fold(0.0, f64::max);
                let second = (0..size)
                    .filter(|at| !has(at))
                    .map(|at| times.rank[at])
                    .fold(0.0, f64::max);
                found.push(Sketch {
                    source: Source::Chosen(chosen),
                    first,
                    second,
                    bound: 0.0,
                });
            }
        }
        found
    }

    /// Which tasks are early, by place.
    fn early(&self, source: Source) -> Vec<usize> {
        let pick = |chosen: &dyn Fn(usize, usize) -> bool| {
            let places = self.times.tasks.iter().enumerate();
            places
                .filter(|&(at, &task)| chosen(at, task))
                .map(|(at, _)| at)
                .collect()
        };
        match source {
            Source::Prefix { order, size } => self.orders[order][..size].to_vec(),
            Source::Above { at, with } => {
                let above = &self.poset.above[self.times.tasks[at]];
                pick(&|other, task| above.has(task) || with && other == at)
            }
            Source::NotBelow { at, with } => {
                let below = &self.poset.below[self.times.tasks[at]];
                pick(&|other, task| !(below.has(task) || with && other == at))
            }
            Source::Chosen(bits) => pick(&|other, _| bits >> other & 1 == 1),
        }
    }

    fn weigh(&self, sketch: &Sketch) -> Weighed {
        let early = self.early(sketch.source);
        let across = (early.len() * (self.times.len() - early.len())) as f64;
        let crossing: i64 = early.iter().map(|&at| self.pairs[at]).sum();
        let digest = early
            .iter()
            .map(|&at| mixed(at as u64 + 1))
            .fold(0, |all, one| all ^ one);
        Weighed {
            sketch: *sketch,
            bound: sketch.bound,
            added: 1.0 - crossing as f64 / across,
            digest,
        }
    }

    fn judge(&self, weighed: &Weighed) -> Judged {
        let times = self.times;
        let Sketch {
            source,
            first,
            second,
            bound,
        } = weighed.sketch;
        let mut early = Set::none(self.poset.place.len());
        self.early(source)
            .into_iter()
            .for_each(|at| early.insert(times.tasks[at]));
        let mut lost = 0.0;
        let mut longest = vec![0.0_f64; 2 * times.len()];
        for at in 0..times.len() {
            let is_early = early.has(times.tasks[at]);
            let room = if is_early {
                times.latest_end(at) + (bound - times.bound) - first
            } else {
                first - times.start[at]
            };
            lost += room.max(0.0);
            let level = if is_early {
                times.level[at]
            } else {
                times.len() + times.height[at]
            };
            longest[level] = longest[level].max(times.seconds[at]);
        }
        Judged {
            cut: Cut {
                early,
                first,
                second,
            },
            bound,
            lost,
            levels: longest.iter().sum(),
        }
    }
}

/// By when tasks can start or end at the soonest, must at the latest, half-way between, and by levels from either side.
fn orders(times: &Times) -> Vec<Vec<usize>> {
    let keys: [&dyn Fn(usize) -> f64; 8] = [
        &|at| times.start[at],
        &|at| times.end(at),
        &|at| times.latest_start(at),
        &|at| times.latest_end(at),
        &|at| times.start[at] + times.latest_start(at),
        &|at| times.start[at] + times.latest_end(at),
        &|at| times.level[at] as f64,
        &|at| -(times.height[at] as f64),
    ];
    let order = |key: &&dyn Fn(usize) -> f64| {
        let mut keyed: Vec<(f64, usize)> = (0..times.len()).map(|at| (key(at), at)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        keyed.into_iter().map(|(_, at)| at).collect()
    };
    keys.iter().map(order).collect()
}

/// A well-spread number for each number (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
