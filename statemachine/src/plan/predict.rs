//! What a plan will take: time, state transitions, history events.

use serde::Serialize;

use super::Plan;
use super::flow::Flow;
use crate::dag::Dag;

/// The most events that the history of one execution may hold (AWS Step Functions, "Service quotas", Standard workflows).
pub const HISTORY_LIMIT: u64 = 25_000;

/// The most items that one BatchWriteItem puts, which is how joins are made ready.
const BATCH: u64 = 25;

/// What running a plan will take, with as many workers as it can use and each task taking its seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// Seconds from the first start to the last end; infinite if joins block each other.
    pub makespan: f64,
    /// The graph's critical path in seconds: no plan ends sooner.
    pub critical_path: f64,
    /// Seconds that the tasks take one after the other.
    pub serial: f64,
    /// The tasks that decide the makespan, first to last: each starts when the one before it ends.
    pub deciding: Vec<usize>,
    /// When each task starts, in seconds from the beginning, by its index; 0 for a task that isn't in the plan.
    pub starts: Vec<f64>,
    /// State transitions of one execution in which no task is retried or skipped: one for each state entered, and one for
    /// the start. A task is one state and a Parallel is one state. A joined Parallel takes, besides, one state for
    /// each 25 joins to put their items, one for each join to wait, one for each join to wake it, and two for each step
    /// waited for: to take it off the join's list and to see whether it was the last.
    pub transitions: u64,
    /// Events in the history of such an execution: 2 for the execution, 5 for a task (entered, scheduled, started, succeeded,
    /// exited), 4 for a Parallel (entered, started, succeeded, exited), 6 for a join's wait (as a task, and submitted),
    /// 5 for any other state of a join that calls a service, and 2 for one that looks.
    pub history_events: u64,
}

impl Prediction {
    /// Makespan over critical path: 1 is the best there is. 1 as well where neither takes time.
    pub fn ratio(&self) -> f64 {
        if self.critical_path > 0.0 {
            self.makespan / self.critical_path
        } else {
            1.0
        }
    }
}

/// Predicts what a plan of a graph takes.
pub fn predict(plan: &Plan, dag: &Dag) -> Prediction {
    let flow = Flow::of(plan, dag);
    let (makespan, nodes) = flow
        .graph
        .as_ref()
        .map_or((f64::INFINITY, Vec::new()), Dag::critical_path);
    let mut starts = vec![0.0; dag.len()];
    if let Ok(graph) = &flow.graph {
        for (task, start) in flow.task.iter().zip(graph.earliest_starts()) {
            if let Some(slot) = task.and_then(|task| starts.get_mut(task)) {
                *slot = start;
            }
        }
    }
    let mut prediction = Prediction {
        makespan,
        critical_path: dag.critical_path().0,
        serial: dag.serial_seconds(),
        deciding: nodes
            .into_iter()
            .filter_map(|node| flow.task[node].filter(|&task| task < dag.len()))
            .collect(),
        starts,
        transitions: 1,
        history_events: 2,
    };
    count(plan, &mut prediction);
    prediction
}

fn count(plan: &Plan, sum: &mut Prediction) {
    let mut add = |states: u64, events: u64| {
        sum.transitions += states;
        sum.history_events += states * events;
    };
    let parts: Vec<&Plan> = match plan {
        Plan::Task { .. } => {
            add(1, 5);
            Vec::new()
        }
        Plan::Sequence { steps } => steps.iter().collect(),
        Plan::Parallel { branches } => {
            add(1, 4);
            branches.iter().collect()
        }
        Plan::Joined { chains, joins } => {
            let waiting = joins.len() as u64;
            let waited_for: u64 = joins.iter().map(|join| join.waits_for.len() as u64).sum();
            add(1, 4);
            add(waiting.div_ceil(BATCH), 5);
            add(waiting, 6);
            add(waiting, 5);
            add(waited_for, 5);
            add(waited_for, 2);
            chains.iter().flatten().collect()
        }
    };
    for part in parts {
        count(part, sum);
    }
}
