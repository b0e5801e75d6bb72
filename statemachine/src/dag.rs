//! Tasks, how long each takes, and which come after which: a directed acyclic graph, checked once when it is made.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Why tasks and their `after` lists make no graph that can be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DagError {
    /// Tasks that wait for each other in a ring.
    #[error("tasks wait for each other in a cycle: {}; take one of these tasks out of another's `after`", .path.join(" -> "))]
    Cycle {
        /// The names along the ring, each before the one that waits for it; the first is repeated at the end.
        path: Vec<String>,
    },
    /// A task that names itself.
    #[error("task {task:?} comes after itself; take its name out of its own `after`")]
    SelfLoop {
        /// The task.
        task: String,
    },
    /// Two tasks of one name.
    #[error("two tasks are called {task:?}; rename one of them")]
    Duplicate {
        /// The name.
        task: String,
    },
    /// An `after` that points at no task.
    #[error(
        "task {task:?} comes after task number {index}, but tasks are numbered from 0 to below {tasks}"
    )]
    OutOfRange {
        /// The task that waits.
        task: String,
        /// What it waits for.
        index: usize,
        /// How many tasks there are.
        tasks: usize,
    },
    /// A list that is not as long as the list of tasks.
    #[error("{what} has {found} entries for {tasks} tasks; give one for each task")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        found: usize,
        /// How many tasks there are.
        tasks: usize,
    },
    /// A time that is negative, infinite or not a number.
    #[error("task {task:?} takes {seconds} seconds; give a finite number that is not negative")]
    Seconds {
        /// The task.
        task: String,
        /// What was given.
        seconds: f64,
    },
}

/// A directed acyclic graph of tasks. A task is known by its index, from 0, in the order the tasks were given in.
#[derive(Debug, Clone, PartialEq)]
pub struct Dag {
    names: Vec<String>,
    seconds: Vec<f64>,
    after: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
    order: Vec<usize>,
}

impl Dag {
    /// Makes a graph of `nodes`, each a name and the seconds it takes, where `after[i]` lists the tasks that must have
    /// ended before task `i` starts. An index named twice in one list counts once.
    ///
    /// ```
    /// use statemachine::dag::Dag;
    ///
    /// let nodes = vec![("story".into(), 10.0), ("script".into(), 15.0), ("hook".into(), 10.0)];
    /// let dag = Dag::new(nodes, vec![vec![], vec![0], vec![0]])?;
    /// assert_eq!(dag.critical_path(), (25.0, vec![0, 1]));
    /// # Ok::<(), statemachine::dag::DagError>(())
    /// ```
    pub fn new(nodes: Vec<(String, f64)>, mut after: Vec<Vec<usize>>) -> Result<Self, DagError> {
        let tasks = nodes.len();
        if after.len() != tasks {
            return Err(DagError::Length {
                what: "the list of `after`s",
                found: after.len(),
                tasks,
            });
        }
        let (names, seconds): (Vec<String>, Vec<f64>) = nodes.into_iter().unzip();
        let mut seen = HashMap::with_capacity(tasks);
        for (at, name) in names.iter().enumerate() {
            if seen.insert(name.as_str(), at).is_some() {
                return Err(DagError::Duplicate { task: name.clone() });
            }
        }
        check_seconds(&names, &seconds)?;
        let mut before = vec![Vec::new(); tasks];
        for (at, list) in after.iter_mut().enumerate() {
            list.sort_unstable();
            list.dedup();
            for &earlier in &*list {
                if earlier >= tasks {
                    return Err(DagError::OutOfRange {
                        task: names[at].clone(),
                        index: earlier,
                        tasks,
                    });
                }
                if earlier == at {
                    return Err(DagError::SelfLoop {
                        task: names[at].clone(),
                    });
                }
                before[earlier].push(at);
            }
        }
        let order = topological(&after, &before).map_err(|ring| DagError::Cycle {
            path: ring.into_iter().map(|at| names[at].clone()).collect(),
        })?;
        Ok(Self {
            names,
            seconds,
            after,
            before,
            order,
        })
    }

    /// The same tasks and precedences with other times, one a task, in seconds.
    pub fn with_seconds(&self, seconds: Vec<f64>) -> Result<Self, DagError> {
        if seconds.len() != self.len() {
            return Err(DagError::Length {
                what: "the list of times",
                found: seconds.len(),
                tasks: self.len(),
            });
        }
        check_seconds(&self.names, &seconds)?;
        Ok(Self {
            seconds,
            ..self.clone()
        })
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A task's name.
    pub fn name(&self, task: usize) -> &str {
        &self.names[task]
    }

    /// All names, by index.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The index of the task of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// How many seconds a task takes.
    pub fn seconds(&self, task: usize) -> f64 {
        self.seconds[task]
    }

    /// What a task waits for, by ascending index.
    pub fn after(&self, task: usize) -> &[usize] {
        &self.after[task]
    }

    /// What waits for a task, by ascending index.
    pub fn before(&self, task: usize) -> &[usize] {
        &self.before[task]
    }

    /// Every task behind all that it waits for; among those that could come next, the one given first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The seconds that all tasks take one after the other.
    pub fn serial_seconds(&self) -> f64 {
        self.seconds.iter().sum()
    }

    /// The level of each task: 0 for a task that waits for nothing, else one more than the highest it waits for.
    pub fn levels(&self) -> Vec<usize> {
        let mut level = vec![0; self.len()];
        for &task in &self.order {
            level[task] = self.after[task]
                .iter()
                .map(|&earlier| level[earlier] + 1)
                .max()
                .unwrap_or(0);
        }
        level
    }

    /// When each task starts, in seconds from the beginning, if it starts as soon as all it waits for has ended.
    pub fn earliest_starts(&self) -> Vec<f64> {
        let mut start = vec![0.0_f64; self.len()];
        for &task in &self.order {
            let ends = self.after[task]
                .iter()
                .map(|&earlier| start[earlier] + self.seconds[earlier]);
            start[task] = ends.fold(0.0, f64::max);
        }
        start
    }

    /// The longest time from each task's start to the end of everything, in seconds, its own time included
    /// (Topcuoglu, Hariri and Wu 2002, equation 8, without communication costs).
    pub fn upward_ranks(&self) -> Vec<f64> {
        let mut rank = vec![0.0_f64; self.len()];
        for &task in self.order.iter().rev() {
            let longest = self.before[task]
                .iter()
                .map(|&later| rank[later])
                .fold(0.0, f64::max);
            rank[task] = self.seconds[task] + longest;
        }
        rank
    }

    /// The longest chain of tasks that wait for each other: its length in seconds, and its tasks from first to last.
    /// No plan ends sooner, however many workers it has. Of equally long chains, the one of the lowest indices is taken,
    /// decided from its end.
    pub fn critical_path(&self) -> (f64, Vec<usize>) {
        let start = self.earliest_starts();
        let end = |task: usize| start[task] + self.seconds[task];
        let latest = |tasks: &mut dyn Iterator<Item = usize>| {
            tasks.fold(None, |best: Option<usize>, task| match best {
                Some(known) if end(known) >= end(task) => Some(known),
                _ => Some(task),
            })
        };
        let Some(last) = latest(&mut (0..self.len())) else {
            return (0.0, Vec::new());
        };
        let mut path = vec![last];
        let mut task = last;
        while let Some(earlier) = latest(&mut self.after[task].iter().copied()) {
            path.push(earlier);
            task = earlier;
        }
        path.reverse();
        (end(last), path)
    }

    /// The transitive reduction: the same order of tasks with no `after` that others imply
    /// (Aho, Garey and Ullman 1972). Takes a bit for each pair of tasks.
    #[must_use]
    pub fn reduced(&self) -> Self {
        let words = self.len().div_ceil(64);
        let mut above = vec![vec![0_u64; words]; self.len()];
        let mut after = vec![Vec::new(); self.len()];
        let mut place = vec![0; self.len()];
        for (at, &task) in self.order.iter().enumerate() {
            place[task] = at;
        }
        for &task in &self.order {
            // The last in topological order can't be implied by the others, so going backwards decides each at once.
            let mut list = self.after[task].clone();
            list.sort_unstable_by_key(|&earlier| Reverse(place[earlier]));
            let mut reach = vec![0_u64; words];
            for earlier in list {
                if reach[earlier / 64] >> (earlier % 64) & 1 == 1 {
                    continue;
                }
                after[task].push(earlier);
                reach[earlier / 64] |= 1 << (earlier % 64);
                for (word, more) in reach.iter_mut().zip(&above[earlier]) {
                    *word |= more;
                }
            }
            after[task].sort_unstable();
            above[task] = reach;
        }
        let mut before = vec![Vec::new(); self.len()];
        for (task, list) in after.iter().enumerate() {
            for &earlier in list {
                before[earlier].push(task);
            }
        }
        Self {
            after,
            before,
            ..self.clone()
        }
    }
}

fn check_seconds(names: &[String], seconds: &[f64]) -> Result<(), DagError> {
    match names
        .iter()
        .zip(seconds)
        .find(|(_, s)| !s.is_finite() || **s < 0.0)
    {
        Some((name, &seconds)) => Err(DagError::Seconds {
            task: name.clone(),
            seconds,
        }),
        None => Ok(()),
    }
}

/// Kahn's algorithm, lowest index first; if some tasks are left over, a ring among them.
fn topological(after: &[Vec<usize>], before: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting: Vec<usize> = after.iter().map(Vec::len).collect();
    let mut ready: BinaryHeap<Reverse<usize>> = (0..after.len())
        .filter(|&at| waiting[at] == 0)
        .map(Reverse)
        .collect();
    let mut order = Vec::with_capacity(after.len());
    while let Some(Reverse(task)) = ready.pop() {
        order.push(task);
        for &later in &before[task] {
            waiting[later] -= 1;
            if waiting[later] == 0 {
                ready.push(Reverse(later));
            }
        }
    }
    let Some(first) = waiting.iter().position(|&count| count > 0) else {
        return Ok(order);
    };
    // Each task left over waits for another one left over, so going back must come round.
    let mut walk = vec![first];
    let mut task = first;
    let start = loop {
        let Some(&earlier) = after[task].iter().find(|&&earlier| waiting[earlier] > 0) else {
            break 0;
        };
        if let Some(at) = walk.iter().position(|&known| known == earlier) {
            break at;
        }
        walk.push(earlier);
        task = earlier;
    };
    let mut ring: Vec<usize> = walk.split_off(start);
    ring.reverse();
    let lowest = (0..ring.len()).min_by_key(|&at| ring[at]).unwrap_or(0);
    ring.rotate_left(lowest);
    ring.push(ring[0]);
    Err(ring)
}
