//! What holds for every workflow, whatever its tasks do.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// How a task of a random workflow looks and behaves.
#[derive(Debug, Clone)]
struct Drawn {
    after: Vec<bool>,
    when: Option<bool>,
    items: Option<u32>,
    at_once: Option<u32>,
    on_error: u8,
    /// Which instances fail.
    fails: u64,
}

fn drawn(tasks: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let task = (
        proptest::collection::vec(proptest::bool::weighted(0.3), tasks),
        proptest::option::weighted(0.2, any::<bool>()),
        proptest::option::weighted(0.4, 0_u32..5),
        proptest::option::weighted(0.3, 1_u32..4),
        0_u8..3,
        prop_oneof![3 => Just(0_u64), 1 => any::<u64>()],
    );
    let task = task.prop_map(|(after, when, items, at_once, on_error, fails)| Drawn {
        at_once: at_once.filter(|_| items.is_some()),
        after,
        when,
        items,
        on_error,
        fails,
    });
    proptest::collection::vec(task, 1..=tasks)
}

/// The workflow of the drawn tasks, each with a stand-in where `on_error` asks for one.
fn workflow(tasks: &[Drawn]) -> Workflow {
    let mut file = serde_json::Map::new();
    for (at, task) in tasks.iter().enumerate() {
        let after: Vec<String> = (0..at)
            .filter(|&earlier| task.after[earlier])
            .map(|earlier| format!("t{earlier}"))
            .collect();
        let mut fields = json!({"after": after});
        if let Some(when) = task.when {
            fields["when"] = json!(when);
        }
        if let Some(items) = task.items {
            fields["for_each"] = json!(items);
        }
        if let Some(at_once) = task.at_once {
            fields["max_concurrency"] = json!(at_once);
        }
        match task.on_error {
            0 => {}
            1 => fields["on_error"] = json!("skip"),
            _ => {
                fields["on_error"] = json!(format!("run s{at}"));
                file.insert(
                    format!("s{at}"),
                    json!({"on_error": if task.fails % 2 == 0 { "fail" } else { "skip" }}),
                );
            }
        }
        file.insert(format!("t{at}"), fields);
    }
    let text = json!({"name": "drawn", "tasks": file}).to_string();
    Workflow::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Whether an instance fails: a fixed coin for each.
fn fails(tasks: &[Drawn], instance: &Instance) -> bool {
    let (kind, at) = instance.task.as_str().split_at(1);
    let task = &tasks[at.parse::<usize>().unwrap_or_default()];
    let bit = if kind == "s" {
        40
    } else {
        instance.item.unwrap_or(0)
    };
    task.fails >> bit & 1 == 1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn precedence_is_kept_each_instance_starts_once_and_every_run_ends(
        tasks in drawn(9),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 200),
        cancel_after in proptest::option::weighted(0.2, 0_usize..20),
    ) {
        let workflow = workflow(&tasks);
        let mut progress = Progress::new(&workflow, json!({}));
        let mut out: Vec<Instance> = Vec::new();
        let mut started: HashSet<Instance> = HashSet::new();
        let mut over: HashMap<TaskName, usize> = HashMap::new();
        let mut stopped = false;
        let mut steps = 0;
        let end = loop {
            for action in progress.next() {
                let task = match &action {
                    Action::Start(instance) => &instance.task,
                    Action::Empty { task } | Action::Skipped { task, .. } | Action::Failed { task, .. } => task,
                };
                // What it waits for, or what the task it stands in for waits for, is over.
                for earlier in &workflow.tasks[task].after {
                    let status = progress.status(earlier);
                    let over = matches!(status, Some(TaskStatus::Succeeded | TaskStatus::Skipped | TaskStatus::Failed));
                    prop_assert!(over, "{task} came before {earlier}, which is {status:?}");
                }
                match action {
                    Action::Start(instance) => {
                        prop_assert!(!stopped, "{instance} came due after the end was decided");
                        prop_assert!(started.insert(instance.clone()), "{instance} started twice");
                        out.push(instance);
                    }
                    Action::Empty { task } | Action::Skipped { task, .. } | Action::Failed { task, .. } => {
                        *over.entry(task).or_default() += 1;
                    }
                }
            }
            if let Some(limit) = workflow.tasks.iter().find_map(|(name, spec)| {
                let running = out.iter().filter(|instance| instance.task == *name).count() as u32;
                spec.max_concurrency.filter(|limit| running > *limit)
            }) {
                prop_assert!(false, "more than {limit} items of a task at once");
            }
            if let Some(end) = progress.end() {
                break end;
            }
            prop_assert!(!out.is_empty(), "nothing runs and nothing is decided: {progress:?}");
            if cancel_after == Some(steps) {
                progress.cancel();
                stopped = true;
            }
            let pick = picks[steps % picks.len()];
            let instance = out.swap_remove(pick.index(out.len()));
            steps += 1;
            if !progress.is_wanted(&instance) && steps % 2 == 0 {
                progress.withdraw(&instance);
            } else if fails(&tasks, &instance) {
                let error = ErrorInfo { name: "Permanent".into(), cause: instance.to_string() };
                stopped |= workflow.tasks[&instance.task].on_error == OnError::Fail;
                progress.finished(&instance, Outcome::Failed(error));
            } else {
                progress.finished(&instance, Outcome::Succeeded { facts: json!({}) });
            }
        };
        prop_assert!(out.is_empty() && progress.next().is_empty(), "something is left after the end");
        prop_assert!(over.values().all(|&times| times == 1), "decided twice: {over:?}");
        for (at, name) in workflow.tasks.keys().enumerate() {
            let status = progress.status(name);
            if end == End::Succeeded {
                let failed_over = status == Some(TaskStatus::Failed) && progress.tasks[at].stand_in.is_some();
                prop_assert!(failed_over || matches!(status, Some(TaskStatus::Succeeded | TaskStatus::Skipped)), "{name}: {status:?}");
            }
            prop_assert!(status != Some(TaskStatus::Running), "{name} runs after the end");
            let absent = progress.input()["tasks"].get(name.as_str()).is_none();
            prop_assert!(status != Some(TaskStatus::Succeeded) || !absent || workflow.stands_in_for(at).is_some(), "{name} left no facts");
            prop_assert!(status != Some(TaskStatus::Skipped) || absent, "{name} was skipped and left facts");
        }
    }

    /// Without failures that end the run, what comes out does not depend on the order in which instances end.
    #[test]
    fn the_order_of_ends_does_not_change_the_result(
        tasks in drawn(8),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 200),
    ) {
        let mut tasks = tasks;
        for task in &mut tasks {
            if task.on_error == 0 || task.on_error == 2 && task.fails % 2 == 0 {
                task.fails = 0;
            }
        }
        let workflow = workflow(&tasks);
        let run = |in_order: bool| {
            let mut progress = Progress::new(&workflow, json!({}));
            let mut out = Vec::new();
            let mut step = 0;
            loop {
                out.extend(progress.next().into_iter().filter_map(|action| match action {
                    Action::Start(instance) => Some(instance),
                    _ => None,
                }));
                if let Some(end) = progress.end() {
                    let statuses: Vec<_> = workflow.tasks.keys().map(|name| progress.status(name)).collect();
                    return (end, statuses, progress.input().clone());
                }
                let instance = out.remove(if in_order { 0 } else { picks[step % picks.len()].index(out.len()) });
                step += 1;
                let outcome = if fails(&tasks, &instance) {
                    Outcome::Failed(ErrorInfo { name: "Permanent".into(), cause: "drawn".into() })
                } else {
                    Outcome::Succeeded { facts: json!({"of": instance.to_string()}) }
                };
                progress.finished(&instance, outcome);
            }
        };
        prop_assert_eq!(run(true), run(false));
    }
}
