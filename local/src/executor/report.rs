//! What an execution did and how long it took.

use std::time::Duration;

use domain::{ErrorInfo, TaskName, TaskStatus};
use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use statemachine::{End, Instance, Workflow};

/// What became of one instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InstanceRecord {
    /// Which task, and which of its items.
    #[serde(flatten)]
    pub instance: Instance,
    /// How it ended; pending if it never began.
    pub status: TaskStatus,
    /// How many attempts were made.
    pub attempts: u32,
    /// When the first attempt began, from the beginning of the execution.
    #[serde(
        rename = "started_ms",
        serialize_with = "optional_millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub started: Option<Duration>,
    /// When it ended.
    #[serde(
        rename = "ended_ms",
        serialize_with = "optional_millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub ended: Option<Duration>,
    /// The time that its attempts took together, without the waits between them.
    #[serde(rename = "work_ms", serialize_with = "millis")]
    pub work: Duration,
    /// What went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorInfo>,
}

/// The longest chain of tasks that waited for each other, by the work that each took. No number of workers makes it shorter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalPath {
    /// The tasks, from first to last.
    pub tasks: Vec<TaskName>,
    /// Their work together. Of a task with items, its longest item counts; of a task with a stand-in, both.
    #[serde(rename = "length_ms", serialize_with = "millis")]
    pub length: Duration,
}

/// What an execution did and how long it took. All times are as they passed on the clock; see [`ExecutionReport::unscaled`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExecutionReport {
    /// How it ended.
    pub end: End,
    /// Where each task stands as a whole, in the order of the workflow file.
    pub tasks: IndexMap<TaskName, TaskStatus>,
    /// What expressions see as `$states.input.tasks` at the end: the facts of the tasks that succeeded, or of their stand-ins.
    pub facts: Value,
    /// Each instance, in the order in which they came due.
    pub instances: Vec<InstanceRecord>,
    /// The work of all instances together: the time that they would have taken one after the other.
    #[serde(rename = "serial_ms", serialize_with = "millis")]
    pub serial: Duration,
    /// How long it took.
    #[serde(rename = "wall_ms", serialize_with = "millis")]
    pub wall: Duration,
    /// The chain that set how long it must take at least.
    pub critical_path: CriticalPath,
    /// How much shorter than real the tasks were: 1 outside simulations.
    pub time_scale: f64,
}

impl ExecutionReport {
    /// A time of this report in the seconds of the workflow file.
    pub fn unscaled(&self, time: Duration) -> f64 {
        time.as_secs_f64() / self.time_scale
    }

    /// The records of one task.
    pub fn of<'a>(&'a self, task: &'a TaskName) -> impl Iterator<Item = &'a InstanceRecord> {
        self.instances
            .iter()
            .filter(move |record| record.instance.task == *task)
    }
}

/// Finds the critical path among what was measured.
pub(super) fn critical_path(workflow: &Workflow, instances: &[InstanceRecord]) -> CriticalPath {
    let mut longest = vec![Duration::ZERO; workflow.tasks.len()];
    for record in instances {
        if let Some(at) = workflow.tasks.get_index_of(&record.instance.task) {
            longest[at] = longest[at].max(record.work);
        }
    }
    let mut seconds = vec![0.0; workflow.dag().len()];
    for (task, longest) in longest.iter().enumerate() {
        if let Some(at) = workflow.place_in_dag(task) {
            seconds[at] += longest.as_secs_f64();
        }
    }
    let dag = match workflow.dag().with_seconds(seconds) {
        Ok(dag) => dag,
        Err(error) => unreachable!("one time for each task, each finite: {error}"),
    };
    let (length, path) = dag.critical_path();
    let name = |at: usize| {
        workflow
            .tasks
            .get_index(workflow.places()[at])
            .map(|(name, _)| name.clone())
    };
    CriticalPath {
        tasks: path.into_iter().filter_map(name).collect(),
        length: Duration::from_secs_f64(length),
    }
}

fn millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    // Whole microseconds: what a run of a few milliseconds needs, without a tail of digits.
    serializer.serialize_f64(time.as_micros() as f64 / 1_000.0)
}

#[expect(clippy::ref_option, reason = "serde's signature")]
fn optional_millis<S: Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => millis(time, serializer),
        None => serializer.serialize_none(),
    }
}
