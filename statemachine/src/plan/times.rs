//! When the tasks of a set can run and when they must, as if there were no others.

use super::poset::Poset;
use super::set::Set;

/// A set's tasks in topological order with their times in seconds. The lists go by the place in `tasks`.
pub(super) struct Times {
    pub(super) tasks: Vec<usize>,
    pub(super) seconds: Vec<f64>,
    /// The earliest start.
    pub(super) start: Vec<f64>,
    /// From the task's start to the end of everything, at the soonest.
    pub(super) rank: Vec<f64>,
    /// How many tasks of the set must come before, one after the other.
    pub(super) level: Vec<usize>,
    /// How many must come behind.
    pub(super) height: Vec<usize>,
    /// The critical path.
    pub(super) bound: f64,
}

impl Times {
    /// The set must hold, with two tasks, all that stand between them.
    pub(super) fn new(poset: &Poset, set: &Set) -> Self {
        let tasks = poset.sorted(set);
        let local = |task: usize| {
            let found = set.has(task).then(|| {
                tasks.binary_search_by_key(&poset.place[task], |&other| poset.place[other])
            });
            found.and_then(Result::ok)
        };
        let seconds: Vec<f64> = tasks
            .iter()
            .map(|&task| poset.graph.seconds(task))
            .collect();
        let (mut start, mut level) = (vec![0.0_f64; tasks.len()], vec![0; tasks.len()]);
        let (mut rank, mut height) = (seconds.clone(), vec![0; tasks.len()]);
        for at in 0..tasks.len() {
            for from in poset
                .graph
                .after(tasks[at])
                .iter()
                .filter_map(|&earlier| local(earlier))
            {
                start[at] = start[at].max(start[from] + seconds[from]);
                level[at] = level[at].max(level[from] + 1);
            }
        }
        for at in (0..tasks.len()).rev() {
            for to in poset
                .graph
                .before(tasks[at])
                .iter()
                .filter_map(|&later| local(later))
            {
                rank[at] = rank[at].max(seconds[at] + rank[to]);
                height[at] = height[at].max(height[to] + 1);
            }
        }
        let bound = (0..tasks.len())
            .map(|at| start[at] + rank[at])
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

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn end(&self, at: usize) -> f64 {
        self.start[at] + self.seconds[at]
    }

    pub(super) fn latest_start(&self, at: usize) -> f64 {
        self.bound - self.rank[at]
    }

    pub(super) fn latest_end(&self, at: usize) -> f64 {
        self.latest_start(at) + self.seconds[at]
    }

    /// The set's tasks level by level.
    pub(super) fn levels(&self) -> Vec<Vec<usize>> {
        let mut levels = vec![Vec::new(); self.level.iter().max().map_or(0, |top| top + 1)];
        for (at, &task) in self.tasks.iter().enumerate() {
            levels[self.level[at]].push(task);
        }
        levels
    }
}
