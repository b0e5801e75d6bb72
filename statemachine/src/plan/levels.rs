//! The plain reading: level after level, each task of a level at once.

use super::Plan;
use crate::dag::Dag;

/// One Parallel for each level of the graph.
pub(super) fn levels(dag: &Dag) -> Plan {
    let level = dag.levels();
    let mut steps: Vec<Vec<Plan>> = Vec::new();
    for task in 0..dag.len() {
        if steps.len() <= level[task] {
            steps.resize_with(level[task] + 1, Vec::new);
        }
        steps[level[task]].push(Plan::task(dag, task));
    }
    Plan::sequence(steps.into_iter().map(Plan::parallel).collect())
}
