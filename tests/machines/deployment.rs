//! What the template would put into a workflow's machine, and what an execution of it begins with.

use domain::{ArtifactRef, ContentKey, Event, EventKind, MediaType, Run, RunId, Timestamp};
use serde_json::{Map, Value, json};
use statemachine::asl::{self, Announced, Events, ExecutionInput};
use statemachine::{Strategy, Workflow};

/// 2026-11-23T10:00:00Z, the zero of the interpreter's clock.
pub(crate) const EPOCH: Timestamp = Timestamp(1_795_428_000_000);

pub(crate) const WAYS: [Strategy; 3] = [Strategy::Levels, Strategy::Nested, Strategy::Joins];

/// A run that an execution has just been started for, one of its own for each number.
pub(crate) fn started_run(number: u128) -> Run {
    let id = RunId::new(EPOCH.0, number);
    let brief = ArtifactRef {
        key: ContentKey::of_bytes(b"brief"),
        media_type: MediaType::Json,
        bytes: 5,
    };
    let execution = format!("{id}-r1-{}", EPOCH.0);
    Run::begun(
        id,
        "under-test",
        execution,
        brief,
        "machines".to_owned(),
        EPOCH,
    )
}

/// What an execution for this run starts with.
pub(crate) fn input(run: &Run, brief: &Map<String, Value>) -> Value {
    let announced = |kind| {
        let event = Event::new(kind, run.id.clone(), run.round, &run.execution, EPOCH);
        Announced {
            due: store::event_partition(&event.id),
            id: event.id,
        }
    };
    json!(ExecutionInput {
        run: run.id.to_string(),
        round: run.round,
        brief: brief.clone(),
        events: Events {
            completed: announced(EventKind::WorkflowCompleted),
            failed: announced(EventKind::WorkflowFailed),
        },
    })
}

/// The parameters of a workflow's machine that name functions, each with its task.
pub(crate) fn parameters(workflow: &Workflow) -> impl Iterator<Item = (String, &str)> {
    let parameter = |task| asl::function_parameter(workflow, task);
    let names = workflow.tasks.keys().enumerate();
    names.map(move |(task, name)| (parameter(task), name.as_str()))
}

/// The machine with everything put in that the template substitutes: the state table, and by its parameter each function's ARN.
pub(crate) fn substituted(
    workflow: &Workflow,
    machine: &Value,
    table: &str,
    arn: impl Fn(&str) -> String,
) -> Value {
    let mut text = machine
        .to_string()
        .replace(&format!("${{{}}}", asl::STATE_TABLE), table);
    for (parameter, _) in parameters(workflow) {
        text = text.replace(&format!("${{{parameter}}}"), &arn(&parameter));
    }
    assert!(!text.contains("${"), "something is not substituted: {text}");
    serde_json::from_str(&text).unwrap()
}
