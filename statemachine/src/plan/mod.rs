//! From a graph of tasks to a plan: a tree of sequences and parallels that a state machine can run.
//!
//! A state machine knows one way to let tasks run at the same time, the Parallel state, and that one ends when all of its
//! branches have ended. A plan is what a graph becomes under that rule. It may make a task wait for more than the graph asks
//! for, never for less: [`precedences_kept`] checks that, and [`predict`] says what the waiting costs.

mod check;
mod cuts;
mod flow;
mod joins;
mod levels;
mod nested;
mod poset;
mod predict;
mod set;
mod times;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use check::{Violation, precedences_kept};
pub use predict::{HISTORY_LIMIT, Prediction, predict};

use crate::dag::Dag;

/// What runs when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plan {
    /// One task.
    Task {
        /// Its index in the graph.
        task: usize,
        /// Its name.
        name: String,
    },
    /// One step after the other.
    Sequence {
        /// The steps, first to last.
        steps: Vec<Plan>,
    },
    /// Branches that start at once; it ends when all have ended. A Parallel state.
    Parallel {
        /// The branches.
        branches: Vec<Plan>,
    },
    /// Chains that start at once, where some steps wait for steps of other chains; it ends when all have ended. A Parallel
    /// state with a branch for each chain, the joins kept in the store.
    Joined {
        /// The chains, each a list of steps that run one after the other.
        chains: Vec<Vec<Plan>>,
        /// Which steps wait, by ascending step.
        joins: Vec<Join>,
    },
}

/// A step of a [`Plan::Joined`] that starts when the step before it in its chain and some steps of other chains have ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The step that waits.
    pub step: Step,
    /// The steps it waits for, ascending; never one of its own chain.
    pub waits_for: Vec<Step>,
}

/// A place in the chains of a [`Plan::Joined`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Step {
    /// Which chain, from 0.
    pub chain: usize,
    /// Which step of it, from 0.
    pub at: usize,
}

/// A way to make a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// One Parallel a level of the graph.
    Levels,
    /// The series-parallel decomposition as nested Parallels. Where a part of the graph is neither, the cut that costs the
    /// least time splits it in two that follow each other.
    Nested,
    /// Like nested, but such a part becomes chains that wait for each other: no time is lost.
    Joins,
    /// Of levels and nested, the one of fewer state transitions among those within 2% of the better predicted makespan.
    #[default]
    Auto,
}

/// A word that names no strategy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no strategy; choose levels, nested, joins or auto")]
pub struct StrategyError(String);

impl FromStr for Strategy {
    type Err = StrategyError;

    fn from_str(word: &str) -> Result<Self, StrategyError> {
        match word {
            "levels" => Ok(Self::Levels),
            "nested" => Ok(Self::Nested),
            "joins" => Ok(Self::Joins),
            "auto" => Ok(Self::Auto),
            _ => Err(StrategyError(word.into())),
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Levels => "levels",
            Self::Nested => "nested",
            Self::Joins => "joins",
            Self::Auto => "auto",
        })
    }
}

/// How much longer than the better one `auto` lets the cheaper plan take.
const AUTO_TOLERANCE: f64 = 1.02;

/// Plans a graph. The same graph and strategy give the same plan. A graph without tasks gives a sequence without steps.
///
/// ```
/// use statemachine::{Dag, Strategy, plan, predict};
///
/// // c waits for a and b, d for b: neither series nor parallel.
/// let nodes = vec![("a".into(), 2.0), ("b".into(), 1.0), ("c".into(), 1.0), ("d".into(), 2.0)];
/// let dag = Dag::new(nodes, vec![vec![], vec![], vec![0, 1], vec![1]])?;
/// assert_eq!(predict(&plan(&dag, Strategy::Levels), &dag).makespan, 4.0);
/// assert_eq!(predict(&plan(&dag, Strategy::Joins), &dag).makespan, 3.0);
/// # Ok::<(), statemachine::DagError>(())
/// ```
pub fn plan(dag: &Dag, strategy: Strategy) -> Plan {
    match strategy {
        Strategy::Levels => levels::levels(dag),
        Strategy::Nested => nested::nested(dag),
        Strategy::Joins => joins::joins(dag),
        Strategy::Auto => cheaper(dag, nested::nested(dag), levels::levels(dag)),
    }
}

fn cheaper(dag: &Dag, nested: Plan, levels: Plan) -> Plan {
    let (a, b) = (predict(&nested, dag), predict(&levels, dag));
    let limit = a.makespan.min(b.makespan) * AUTO_TOLERANCE;
    let levels_wins = b.makespan <= limit
        && (a.makespan > limit
            || b.transitions < a.transitions
            || (b.transitions == a.transitions && b.makespan <= a.makespan));
    if levels_wins { levels } else { nested }
}

impl Plan {
    /// A task of a graph.
    pub(crate) fn task(dag: &Dag, task: usize) -> Self {
        Self::Task {
            task,
            name: dag.name(task).into(),
        }
    }

    /// Steps one after the other; sequences among them are opened up, and a single step stands for itself.
    pub(crate) fn sequence(steps: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(steps.len());
        for step in steps {
            match step {
                Self::Sequence { steps } => flat.extend(steps),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 {
            flat.swap_remove(0)
        } else {
            Self::Sequence { steps: flat }
        }
    }

    /// Branches at once; parallels among them are opened up, and a single branch stands for itself.
    pub(crate) fn parallel(branches: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(branches.len());
        for branch in branches {
            match branch {
                Self::Parallel { branches } => flat.extend(branches),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 {
            flat.swap_remove(0)
        } else {
            Self::Parallel { branches: flat }
        }
    }
}
