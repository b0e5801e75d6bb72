//! Does a plan do what its graph asks for? Judged from the plan as it stands, whatever made it.

use super::Plan;
use super::flow::Flow;
use super::set::Set;
use crate::dag::Dag;

/// What a plan does wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A task that never runs.
    #[error("task {task:?} is missing from the plan")]
    Missing {
        /// The task.
        task: String,
    },
    /// A task that runs more than once.
    #[error("task {task:?} stands in the plan more than once")]
    Twice {
        /// The task.
        task: String,
    },
    /// A task that the graph doesn't have at that index.
    #[error("the plan's task number {index}, {name:?}, is not in the graph")]
    Unknown {
        /// Its index in the plan.
        index: usize,
        /// Its name in the plan.
        name: String,
    },
    /// A join that names a step which is not there.
    #[error("a join names step {at} of chain {chain}, which is not there")]
    NoSuchStep {
        /// The chain.
        chain: usize,
        /// The step.
        at: usize,
    },
    /// Joins that wait for each other for ever.
    #[error("joins wait for each other for ever: {}", .path.join(" -> "))]
    Deadlock {
        /// Tasks along the ring; the first is repeated at the end.
        path: Vec<String>,
    },
    /// A task that may start before one it comes after has ended.
    #[error("task {later:?} may start before {earlier:?} has ended")]
    Broken {
        /// The task that must end first.
        earlier: String,
        /// The task that doesn't wait for it.
        later: String,
    },
}

/// Checks that each task of the graph stands in the plan exactly once, that no joins block each other, and that every
/// precedence of the graph holds, however long the tasks take. Gives the first violation found.
pub fn precedences_kept(plan: &Plan, dag: &Dag) -> Result<(), Violation> {
    let mut seen = vec![false; dag.len()];
    each_once(plan, dag, &mut seen)?;
    if let Some(task) = seen.iter().position(|&seen| !seen) {
        return Err(Violation::Missing {
            task: dag.name(task).into(),
        });
    }
    let flow = Flow::of(plan, dag);
    if let Some(step) = flow.dangling.first() {
        return Err(Violation::NoSuchStep {
            chain: step.chain,
            at: step.at,
        });
    }
    let graph = flow.graph.map_err(|path| Violation::Deadlock { path })?;
    let mut ended = vec![Set::none(dag.len()); graph.len()];
    for &node in graph.order() {
        let mut set = Set::none(dag.len());
        for &earlier in graph.after(node) {
            set.add(&ended[earlier]);
        }
        if let Some(task) = flow.task[node] {
            if let Some(&earlier) = dag.after(task).iter().find(|&&earlier| !set.has(earlier)) {
                return Err(Violation::Broken {
                    earlier: dag.name(earlier).into(),
                    later: dag.name(task).into(),
                });
            }
            set.insert(task);
        }
        ended[node] = set;
    }
    Ok(())
}

fn each_once(plan: &Plan, dag: &Dag, seen: &mut [bool]) -> Result<(), Violation> {
    match plan {
        Plan::Task { task, name } => {
            if *task >= dag.len() || dag.name(*task) != name {
                return Err(Violation::Unknown {
                    index: *task,
                    name: name.clone(),
                });
            }
            if std::mem::replace(&mut seen[*task], true) {
                return Err(Violation::Twice { task: name.clone() });
            }
            Ok(())
        }
        Plan::Sequence { steps: parts } | Plan::Parallel { branches: parts } => {
            parts.iter().try_for_each(|part| each_once(part, dag, seen))
        }
        Plan::Joined { chains, .. } => chains
            .iter()
            .flatten()
            .try_for_each(|step| each_once(step, dag, seen)),
    }
}
