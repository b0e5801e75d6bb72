//! Workflows whose tasks only sleep: how long would a run take?

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use statemachine::{Expr, Fact, Instance, Workflow};

use super::{CancelToken, Done, ExecutionReport, Executor, RunnerAnswer, TaskRunner};

/// The value of every fact in a simulation: a number of scenes such as a short video has, and true as a condition compared with it.
const FACT: u32 = 3;

/// Tasks that sleep as long as the workflow expects them to take, times a scale.
#[derive(Debug, Clone)]
pub struct SleepingTasks {
    sleeps: indexmap::IndexMap<domain::TaskName, (Duration, Value)>,
}

impl SleepingTasks {
    /// The tasks of a workflow. Each gives as facts what the workflow's expressions read of it, every one of them 3.
    pub fn new(workflow: &Workflow, scale: f64) -> Self {
        let mut facts: indexmap::IndexMap<&domain::TaskName, Map<String, Value>> =
            indexmap::IndexMap::new();
        for fact in facts_read(workflow) {
            if let Fact::Task(task, Some(name)) = fact {
                facts
                    .entry(task)
                    .or_default()
                    .insert(name.clone(), FACT.into());
            }
        }
        let sleep = |(name, spec): (&domain::TaskName, &statemachine::TaskSpec)| {
            let facts = facts.get(name).cloned().unwrap_or_default();
            (
                name.clone(),
                (
                    Duration::from_secs_f64(spec.expect).mul_f64(scale),
                    Value::Object(facts),
                ),
            )
        };
        Self {
            sleeps: workflow.tasks.iter().map(sleep).collect(),
        }
    }
}

impl TaskRunner for SleepingTasks {
    async fn run(&self, instance: &Instance, _: u32, mut stop: CancelToken) -> RunnerAnswer {
        let Some((time, facts)) = self.sleeps.get(&instance.task) else {
            return Ok(Done::default());
        };
        tokio::select! {
            () = tokio::time::sleep(*time) => Ok(Done { facts: facts.clone(), ..Done::default() }),
            () = stop.cancelled() => Err(super::work::cancelled("the simulation was stopped")),
        }
    }
}

/// Runs a workflow whose tasks sleep their `expect` times `scale`. Facts that its expressions read, the brief's among them, are 3.
/// [`ExecutionReport::unscaled`] gives the times of the report in the workflow's own seconds.
pub async fn simulate(workflow: &Workflow, scale: f64, workers: usize) -> ExecutionReport {
    let executor = Executor {
        workers,
        time_scale: scale,
        ..Executor::default()
    };
    let mut brief = Map::new();
    for fact in facts_read(workflow) {
        if let Fact::Brief(Some(name)) = fact {
            brief.insert(name.clone(), json!(FACT));
        }
    }
    let runner = Arc::new(SleepingTasks::new(workflow, scale));
    executor
        .execute(
            workflow,
            Value::Object(brief),
            runner,
            &(),
            CancelToken::never(),
        )
        .await
}

fn facts_read(workflow: &Workflow) -> impl Iterator<Item = &Fact> {
    let expressions = workflow
        .tasks
        .values()
        .flat_map(|spec| spec.when.iter().chain(&spec.for_each));
    expressions.flat_map(Expr::facts_read)
}
