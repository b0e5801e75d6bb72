//! The table of cases in tests/data/workflow-cases, run through the executor.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ErrorInfo, TaskStatus};
use serde::Deserialize;
use serde_json::{Value, json};
use statemachine::{End, Instance, Workflow};

use super::*;

/// One case; its README says what the fields mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    workflow: Value,
    #[serde(default)]
    brief: Option<Value>,
    #[serde(default)]
    behave: BTreeMap<String, Behaviour>,
    /// Others carry the cases out, too, and pass over these.
    #[serde(default, rename = "local")]
    _local: bool,
    expect: Expected,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Behaviour {
    pub(super) facts: Value,
    pub(super) fails: u32,
    pub(super) error: Option<String>,
    pub(super) hangs: bool,
    pub(super) panics: bool,
    pub(super) cached: bool,
    pub(super) cancels: bool,
    pub(super) items: BTreeMap<u32, Behaviour>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    end: String,
    tasks: BTreeMap<String, TaskStatus>,
    attempts: BTreeMap<String, Value>,
    facts: Option<Value>,
    #[serde(default)]
    order: Vec<String>,
}

/// Tasks that behave as they are told.
pub(super) struct Behaving {
    pub(super) behave: BTreeMap<String, Behaviour>,
    pub(super) canceller: Canceller,
}

impl TaskRunner for Behaving {
    async fn run(&self, instance: &Instance, attempt: u32, mut stop: CancelToken) -> RunnerAnswer {
        let Some(task) = self.behave.get(instance.task.as_str()) else {
            return Ok(Done::default());
        };
        let behaviour = instance
            .item
            .and_then(|item| task.items.get(&item))
            .unwrap_or(task);
        if behaviour.hangs {
            std::future::pending::<()>().await;
        }
        assert!(!behaviour.panics, "as it was told");
        if behaviour.cancels {
            self.canceller.cancel();
            stop.cancelled().await;
            return Err(ErrorInfo {
                name: "Cancelled".to_owned(),
                cause: "as it was told".to_owned(),
            });
        }
        if attempt <= behaviour.fails {
            let name = behaviour
                .error
                .clone()
                .unwrap_or_else(|| "Permanent".to_owned());
            return Err(ErrorInfo {
                name,
                cause: format!("attempt {attempt} fails as it was told"),
            });
        }
        Ok(Done {
            facts: behaviour.facts.clone(),
            cached: behaviour.cached,
            ..Done::default()
        })
    }
}

async fn run(case: &Case) -> (ExecutionReport, Vec<String>) {
    let workflow = Workflow::parse(&case.workflow.to_string())
        .unwrap_or_else(|error| panic!("{}: {error}", case.about));
    let (canceller, token) = Canceller::new();
    let runner = Arc::new(Behaving {
        behave: case.behave.clone(),
        canceller,
    });
    let begun = Mutex::new(Vec::new());
    let observer = |event: &ExecutorEvent<'_>| {
        if let ExecutorEvent::Started {
            instance,
            attempt: 1,
            ..
        } = event
        {
            begun.lock().unwrap().push(instance.task.to_string());
        }
    };
    let brief = case.brief.clone().unwrap_or_else(|| json!({}));
    let execution = Executor::default();
    let execution = execution.execute(&workflow, brief, runner, &observer, token);
    // Nothing in a case waits longer than a few back-offs; the clock of the test jumps over all of it.
    let report = tokio::time::timeout(Duration::from_hours(1), execution)
        .await
        .unwrap();
    (report, begun.into_inner().unwrap())
}

#[tokio::test(start_paused = true)]
async fn every_case_comes_out_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/workflow-cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    assert!(files.len() >= 25, "only {} cases found", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let case: Case = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (report, begun) = run(&case).await;
        let what = format!("{}: {}", file.display(), case.about);

        let end = match &report.end {
            End::Succeeded => "succeeded".to_owned(),
            End::Cancelled => "cancelled".to_owned(),
            End::Failed { task, error } => format!("failed: {task} {}", error.name),
        };
        assert_eq!(end, case.expect.end, "{what}: {report:#?}");
        let statuses: BTreeMap<String, TaskStatus> = report
            .tasks
            .iter()
            .map(|(name, status)| (name.to_string(), *status))
            .collect();
        assert_eq!(statuses, case.expect.tasks, "{what}");
        let mut attempts: BTreeMap<String, Value> = BTreeMap::new();
        for record in report.instances.iter().filter(|record| record.attempts > 0) {
            let name = record.instance.task.to_string();
            match record.instance.item {
                None => drop(attempts.insert(name, json!(record.attempts))),
                Some(_) => attempts
                    .entry(name)
                    .or_insert_with(|| json!([]))
                    .as_array_mut()
                    .unwrap()
                    .push(json!(record.attempts)),
            }
        }
        assert_eq!(attempts, case.expect.attempts, "{what}");
        if let Some(facts) = case.expect.facts {
            assert_eq!(report.facts, facts, "{what}");
        }
        let order: Vec<&String> = begun
            .iter()
            .filter(|task| case.expect.order.contains(task))
            .collect();
        if !case.expect.order.is_empty() {
            assert_eq!(
                order,
                case.expect.order.iter().collect::<Vec<_>>(),
                "{what}"
            );
        }
    }
}
