//! One table of workflows, carried out by the local executor and by the generated machines: the same tasks, attempts and ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ErrorInfo, TaskStatus};
use reelwright::executor::{
    CancelToken, Canceller, Done, Executor, ExecutorEvent, RunnerAnswer, TaskRunner,
};
use serde_json::{Value, json};
use statemachine::{End, Instance, Workflow};

use crate::cloud::Cloud;
use crate::deployment::WAYS;
use crate::interpreter::Interpreter;
use crate::table::{Act, Case, by_task};

/// How long an attempt takes that ends by itself, in milliseconds: less than any time limit of the table.
const ATTEMPT: u64 = 100;

/// Tasks of the local executor that behave as they are told.
struct Behaving {
    case: Arc<Case>,
    canceller: Canceller,
}

impl TaskRunner for Behaving {
    async fn run(&self, instance: &Instance, attempt: u32, mut stop: CancelToken) -> RunnerAnswer {
        match self
            .case
            .act(instance.task.as_str(), instance.item, attempt)
        {
            Act::Hangs => std::future::pending().await,
            Act::Panics => panic!("as it was told"),
            Act::Cancels => {
                self.canceller.cancel();
                stop.cancelled().await;
                Err(ErrorInfo {
                    name: "Cancelled".to_owned(),
                    cause: "as it was told".to_owned(),
                })
            }
            Act::Fails(error) => Err(error),
            Act::Succeeds { facts, cached } => Ok(Done {
                facts,
                cached,
                ..Done::default()
            }),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_case_comes_out_as_expected_in_the_local_executor() {
    for (file, case) in Case::all() {
        let what = format!("{file}: {}", case.about);
        let case = Arc::new(case);
        let workflow = case.workflow();
        let (canceller, token) = Canceller::new();
        let runner = Arc::new(Behaving {
            case: Arc::clone(&case),
            canceller,
        });
        let begun = Mutex::new(Vec::new());
        let observer = |event: &ExecutorEvent<'_>| {
            if let ExecutorEvent::Started { instance, .. } = event {
                begun.lock().unwrap().push(instance.task.to_string());
            }
        };
        let brief = Value::Object(case.brief.clone());
        let executor = Executor::default();
        let execution = executor.execute(&workflow, brief, runner, &observer, token);
        // Nothing in a case waits longer than a few back-offs; the clock of the test jumps over all of it.
        let report = tokio::time::timeout(Duration::from_hours(1), execution)
            .await
            .unwrap();

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
        let begun_ones = report.instances.iter().filter(|record| record.attempts > 0);
        let attempts = by_task(begun_ones.map(|record| {
            let Instance { task, item } = &record.instance;
            (task.as_str(), *item, record.attempts)
        }));
        assert_eq!(attempts, case.expect.attempts, "{what}");
        if let Some(facts) = &case.expect.facts {
            assert_eq!(report.facts, *facts, "{what}");
        }
        case.check_order(begun.into_inner().unwrap().iter(), &what);
    }
}

#[tokio::test]
async fn every_case_comes_out_as_expected_in_the_generated_machines() {
    let mut interpreter = Interpreter::start();
    let cases = Case::all();
    let common = cases.iter().filter(|(_, case)| !case.local);
    for (file, case) in common {
        let workflow = case.workflow();
        for way in WAYS {
            let what = format!("{file} by {way}: {}", case.about);
            let mut cloud = Cloud::new(Box::new(|task, item, attempt| {
                (case.act(task, item, attempt), ATTEMPT)
            }))
            .await;
            let ended = cloud
                .execute(&mut interpreter, &workflow, way, &case.brief)
                .await;
            case.check(&cloud.end().await, &cloud.tried(), &what);
            let well = if case.expect.end == "succeeded" {
                "SUCCEEDED"
            } else {
                "FAILED"
            };
            assert_eq!(ended.status, well, "{what}: {ended:#?}");
        }
    }
}

#[tokio::test]
async fn a_stand_in_is_told_whose_place_it_has() {
    let text = "name: w\ntasks:\n  a: {on_error: run b}\n  b: {on_error: run c}\n  c: {for_each: 2}\n  d: {after: [a]}\n";
    let workflow = Workflow::parse(text).unwrap();
    let mut interpreter = Interpreter::start();
    for way in WAYS {
        let functions = |task: &str, _, _| {
            let act = match task {
                "a" | "b" => Act::Fails(ErrorInfo {
                    name: "Refused".to_owned(),
                    cause: "as it was told".to_owned(),
                }),
                _ => Act::Succeeds {
                    facts: Value::Null,
                    cached: false,
                },
            };
            (act, ATTEMPT)
        };
        let mut cloud = Cloud::new(Box::new(functions)).await;
        let brief = serde_json::Map::new();
        cloud
            .execute(&mut interpreter, &workflow, way, &brief)
            .await;
        assert_eq!(cloud.end().await, "succeeded");
        let told = |attempt: &crate::cloud::Attempt| {
            let primary = attempt.payload.get("stands_in_for").cloned();
            (attempt.task.clone(), attempt.item, primary)
        };
        let told: Vec<_> = cloud.attempts.iter().map(told).collect();
        let a = Some(json!("a"));
        let expected = [
            ("a".to_owned(), None, None),
            ("b".to_owned(), None, a.clone()),
            ("c".to_owned(), Some(0), a.clone()),
            ("c".to_owned(), Some(1), a),
            ("d".to_owned(), None, None),
        ];
        assert_eq!(told, expected, "{way}");
    }
}
