//! What a plan says about the order of its tasks, read off as a graph: the ground that prediction and checking stand on.

use super::{Plan, Step};
use crate::dag::{Dag, DagError};

/// A plan as a graph: a node for each task as it stands in the plan, and nodes that take no time where it forks and joins.
pub(super) struct Flow {
    /// The graph, or the names of a ring of tasks that wait for each other.
    pub(super) graph: Result<Dag, Vec<String>>,
    /// Which task each node is, if it is one.
    pub(super) task: Vec<Option<usize>>,
    /// Steps that joins name and that are not in their chains.
    pub(super) dangling: Vec<Step>,
}

impl Flow {
    /// Reads a plan. Tasks that the graph doesn't know take no time.
    pub(super) fn of(plan: &Plan, dag: &Dag) -> Self {
        let mut reader = Reader {
            dag,
            seconds: Vec::new(),
            task: Vec::new(),
            names: Vec::new(),
            after: Vec::new(),
            dangling: Vec::new(),
        };
        let root = reader.node(None, Vec::new());
        reader.read(plan, root);
        let Reader {
            seconds,
            task,
            names,
            after,
            dangling,
            ..
        } = reader;
        // The nodes' own names must differ, so they are their numbers.
        let nodes = seconds
            .iter()
            .enumerate()
            .map(|(at, &s)| (at.to_string(), s))
            .collect();
        let graph = Dag::new(nodes, after).map_err(|error| match error {
            DagError::Cycle { path } => {
                let ring = path.iter().filter_map(|name| name.parse::<usize>().ok());
                let mut tasks: Vec<String> = ring.filter_map(|at| names[at].clone()).collect();
                if tasks.first() != tasks.last() || tasks.len() == 1 {
                    tasks.extend(tasks.first().cloned());
                }
                tasks
            }
            _ => Vec::new(),
        });
        Self {
            graph,
            task,
            dangling,
        }
    }
}

struct Reader<'a> {
    dag: &'a Dag,
    seconds: Vec<f64>,
    task: Vec<Option<usize>>,
    names: Vec<Option<String>>,
    after: Vec<Vec<usize>>,
    dangling: Vec<Step>,
}

impl Reader<'_> {
    fn node(&mut self, task: Option<(usize, &str)>, after: Vec<usize>) -> usize {
        let known = task.filter(|&(index, _)| index < self.dag.len());
        self.seconds
            .push(known.map_or(0.0, |(index, _)| self.dag.seconds(index)));
        self.task.push(task.map(|(index, _)| index));
        self.names.push(task.map(|(_, name)| name.to_owned()));
        self.after.push(after);
        self.after.len() - 1
    }

    /// Adds what `plan` does once node `from` has ended; the node that ends with it.
    fn read(&mut self, plan: &Plan, from: usize) -> usize {
        match plan {
            Plan::Task { task, name } => self.node(Some((*task, name)), vec![from]),
            Plan::Sequence { steps } => steps.iter().fold(from, |from, step| self.read(step, from)),
            Plan::Parallel { branches } => {
                let ends = branches
                    .iter()
                    .map(|branch| self.read(branch, from))
                    .collect();
                self.node(None, ends)
            }
            Plan::Joined { chains, joins } => {
                let mut gates = Vec::with_capacity(chains.len());
                let mut ends = Vec::with_capacity(chains.len());
                for chain in chains {
                    let mut end = from;
                    let (mut gate_row, mut end_row) = (Vec::new(), Vec::new());
                    for step in chain {
                        let gate = self.node(None, vec![end]);
                        end = self.read(step, gate);
                        gate_row.push(gate);
                        end_row.push(end);
                    }
                    gates.push(gate_row);
                    ends.push(end_row);
                }
                for join in joins {
                    for step in &join.waits_for {
                        match (place(&gates, join.step), place(&ends, *step)) {
                            (Some(gate), Some(end)) => self.after[gate].push(end),
                            (None, _) => self.dangling.push(join.step),
                            (_, None) => self.dangling.push(*step),
                        }
                    }
                }
                let last = ends
                    .iter()
                    .map(|row| row.last().copied().unwrap_or(from))
                    .collect();
                self.node(None, last)
            }
        }
    }
}

fn place(rows: &[Vec<usize>], step: Step) -> Option<usize> {
    rows.get(step.chain)?.get(step.at).copied()
}
