//! Machines of graphs: measured workflows, and the graph that tells levels from joins.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};
use statemachine::{Imported, Strategy, Workflow, asl, import, plan, predict};

use crate::cloud::Cloud;
use crate::deployment::WAYS;
use crate::dynamo::Item;
use crate::interpreter::{Answer, Ended, Interpreter};
use crate::table::Act;

/// The most tasks of a workflow that is run; all are validated.
const RUN: usize = 60;

fn measured() -> Vec<Workflow> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/workflows");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 15);
    let read = |path| {
        let Imported { name, dag } = import(&std::fs::read_to_string(path).unwrap()).unwrap();
        Workflow::plain(&name, &dag)
    };
    files.iter().map(read).collect()
}

/// How long a task of a graph takes, in whole milliseconds.
fn milliseconds(workflow: &Workflow, task: &str) -> u64 {
    let (_, spec) = workflow
        .tasks
        .iter()
        .find(|(name, _)| name.as_str() == task)
        .unwrap();
    Duration::from_secs_f64(spec.expect).as_millis() as u64
}

/// Runs a graph's machine with tasks that sleep.
async fn sleep_through<'a>(
    interpreter: &mut Interpreter,
    workflow: &'a Workflow,
    way: Strategy,
    twice: bool,
) -> (Cloud<'a>, Ended) {
    let sleep = |task: &str, _, _| {
        let act = Act::Succeeds {
            facts: Value::Null,
            cached: false,
        };
        (act, milliseconds(workflow, task))
    };
    let mut cloud = Cloud::new(Box::new(sleep)).await;
    cloud.twice = twice;
    let ended = cloud.execute(interpreter, workflow, way, &Map::new()).await;
    (cloud, ended)
}

/// Each task ran exactly once, and began when everything it waits for had ended.
fn check_trace(cloud: &Cloud<'_>, workflow: &Workflow, what: &str) {
    let trace: HashMap<&str, (u64, u64)> = cloud
        .attempts
        .iter()
        .map(|attempt| (attempt.task.as_str(), (attempt.started, attempt.ended)))
        .collect();
    assert_eq!(cloud.attempts.len(), workflow.tasks.len(), "{what}");
    assert_eq!(trace.len(), workflow.tasks.len(), "{what}");
    for (name, spec) in &workflow.tasks {
        for earlier in &spec.after {
            let (started, ended) = (trace[name.as_str()].0, trace[earlier.as_str()].1);
            assert!(
                started >= ended,
                "{what}: {name} began at {started}, {earlier} ended at {ended}"
            );
        }
    }
}

/// When the last task ended, in milliseconds.
fn makespan(cloud: &Cloud<'_>) -> u64 {
    cloud
        .attempts
        .iter()
        .map(|attempt| attempt.ended)
        .max()
        .unwrap()
}

#[tokio::test]
async fn every_machine_passes_the_validator() {
    let mut interpreter = Interpreter::start();
    let mut workflows = measured();
    workflows.extend(
        crate::table::Case::all()
            .iter()
            .map(|(_, case)| case.workflow()),
    );
    let short = include_str!("../../statemachine/workflows/short-video.yaml");
    workflows.push(Workflow::parse(short).unwrap());
    for workflow in workflows {
        for way in WAYS {
            let machine = asl::generate(&workflow, &plan(workflow.dag(), way));
            let finding = interpreter
                .validate(&crate::cloud::deployed(&workflow, &machine))
                .await;
            assert_eq!(finding, None, "{} by {way}", workflow.name);
        }
    }
    let broken =
        serde_json::json!({"StartAt": "a", "States": {"a": {"Type": "Pass", "Next": "b"}}});
    assert!(interpreter.validate(&broken).await.is_some());
}

#[tokio::test]
async fn measured_workflows_run_each_task_once_and_keep_every_precedence() {
    let mut interpreter = Interpreter::start();
    let mut run = 0;
    for workflow in measured()
        .iter()
        .filter(|workflow| workflow.tasks.len() <= RUN)
    {
        for way in WAYS {
            let what = format!("{} by {way}", workflow.name);
            let (cloud, ended) = sleep_through(&mut interpreter, workflow, way, false).await;
            assert_eq!(
                ended.status, "SUCCEEDED",
                "{what}: {} {}",
                ended.error, ended.cause
            );
            assert_eq!(cloud.end().await, "succeeded", "{what}");
            check_trace(&cloud, workflow, &what);

            let plan = plan(workflow.dag(), way);
            let machine = asl::generate(workflow, &plan);
            let explained = asl::explain(workflow, &plan, &machine, 0);
            // A join at which nobody has to wait takes a state less than reckoned: nobody is woken.
            let unwoken = cloud.requests.iter().filter(|(call, answer)| {
                call.state.ends_with(" waits") && matches!(answer, Answer::Error(..))
            });
            let transitions = ended.transitions() + unwoken.count() as u64;
            assert_eq!(transitions, explained.transitions, "{what}");
            let predicted = predict(&plan, workflow.dag()).makespan * 1000.0;
            let rounding = workflow.tasks.len() as f64;
            assert!(
                (makespan(&cloud) as f64 - predicted).abs() <= rounding,
                "{what}: predicted {predicted} ms, took {} ms",
                makespan(&cloud)
            );
            run += 1;
        }
    }
    assert!(run >= 3 * 5, "only {run} machines were run");
}

#[tokio::test]
async fn a_join_takes_three_units_where_levels_take_four() {
    let text = "name: n\ntasks:\n  A: {expect: 2}\n  B: {}\n  C: {after: [A, B]}\n  D: {after: [B], expect: 2}\n";
    let workflow = Workflow::parse(text).unwrap();
    let mut interpreter = Interpreter::start();
    for (way, units) in [(Strategy::Joins, 3), (Strategy::Levels, 4)] {
        let (cloud, ended) = sleep_through(&mut interpreter, &workflow, way, false).await;
        assert_eq!(ended.status, "SUCCEEDED");
        check_trace(&cloud, &workflow, "the graph");
        assert_eq!(makespan(&cloud), units * 1000, "{way}");
        // By levels D waits for A, too, which it doesn't need.
        let d = cloud.attempts.iter().find(|attempt| attempt.task == "D");
        let began = if way == Strategy::Joins { 1000 } else { 2000 };
        assert_eq!(d.unwrap().started, began, "{way}");
    }
}

#[tokio::test]
async fn short_video_takes_the_transitions_that_are_reckoned_for_its_items() {
    let text = include_str!("../../statemachine/workflows/short-video.yaml");
    let workflow = Workflow::parse(text).unwrap();
    let mut interpreter = Interpreter::start();
    for way in WAYS {
        for items in [0, 1, 6, 40] {
            // The script takes longer than the hook, so that whoever waits for it is there before.
            let functions = |task: &str, _, _| {
                let act = Act::Succeeds {
                    facts: serde_json::json!({"scenes": items, "clips": items}),
                    cached: false,
                };
                (act, if task == "script" { 2 } else { 1 })
            };
            let mut cloud = Cloud::new(Box::new(functions)).await;
            let brief = Map::new();
            let ended = cloud
                .execute(&mut interpreter, &workflow, way, &brief)
                .await;
            assert_eq!(ended.status, "SUCCEEDED", "{way}: {}", ended.cause);
            let plan = plan(workflow.dag(), way);
            let machine = asl::generate(&workflow, &plan);
            let explained = asl::explain(&workflow, &plan, &machine, items);
            assert_eq!(
                ended.transitions(),
                explained.transitions,
                "{way}, {items} items"
            );
        }
    }
}

#[tokio::test]
async fn joins_whose_updates_are_repeated_come_out_the_same() {
    let mut interpreter = Interpreter::start();
    for workflow in measured()
        .iter()
        .filter(|workflow| workflow.tasks.len() <= RUN)
    {
        let (cloud, ended) = sleep_through(&mut interpreter, workflow, Strategy::Joins, true).await;
        assert_eq!(
            ended.status, "SUCCEEDED",
            "{}: {}",
            workflow.name, ended.cause
        );
        check_trace(&cloud, workflow, &workflow.name);
        for (call, _) in &cloud.requests {
            let sk = call.arguments["Key"]["sk"]["S"].as_str();
            let Some(join) = sk.filter(|sk| sk.starts_with("JOIN#")) else {
                continue;
            };
            let pk = format!("EXEC#{}", cloud.run.execution);
            let item: Item = cloud.item(&pk, join).await.unwrap();
            assert!(
                item["pending"].as_m().unwrap().is_empty(),
                "{}: {join}",
                workflow.name
            );
        }
    }
}
