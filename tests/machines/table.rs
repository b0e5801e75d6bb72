//! The table of cases in tests/data/workflow-cases; its README says what the fields mean.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{ErrorInfo, Run, RunState, TaskStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use statemachine::Workflow;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) about: String,
    workflow: Value,
    #[serde(default)]
    pub(crate) brief: serde_json::Map<String, Value>,
    #[serde(default)]
    pub(crate) behave: BTreeMap<String, Behaviour>,
    /// Only the local executor can run it.
    #[serde(default)]
    pub(crate) local: bool,
    pub(crate) expect: Expected,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Behaviour {
    facts: Value,
    fails: u32,
    error: Option<String>,
    hangs: bool,
    panics: bool,
    cached: bool,
    cancels: bool,
    items: BTreeMap<u32, Behaviour>,
}

/// What one attempt does.
#[derive(Debug)]
pub(crate) enum Act {
    Succeeds { facts: Value, cached: bool },
    Fails(ErrorInfo),
    Hangs,
    Panics,
    Cancels,
}

/// An attempt that a machine made at a task, or at an item of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tried {
    pub(crate) task: String,
    pub(crate) item: Option<u32>,
    pub(crate) succeeded: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) end: String,
    pub(crate) tasks: BTreeMap<String, TaskStatus>,
    pub(crate) attempts: BTreeMap<String, Value>,
    pub(crate) facts: Option<Value>,
    #[serde(default)]
    pub(crate) order: Vec<String>,
}

impl Case {
    /// All of them, each with its file's name.
    pub(crate) fn all() -> Vec<(String, Self)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/workflow-cases");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        files.sort();
        assert!(files.len() >= 25, "only {} cases found", files.len());
        let read = |path: std::path::PathBuf| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let case =
                serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, case)
        };
        files.into_iter().map(read).collect()
    }

    pub(crate) fn workflow(&self) -> Workflow {
        Workflow::parse(&self.workflow.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", self.about))
    }

    /// What an attempt (from 1) at a task, or at an item of it, does.
    pub(crate) fn act(&self, task: &str, item: Option<u32>, attempt: u32) -> Act {
        let otherwise = Behaviour::default();
        let task = self.behave.get(task).unwrap_or(&otherwise);
        let behaviour = item.and_then(|item| task.items.get(&item)).unwrap_or(task);
        if behaviour.hangs {
            Act::Hangs
        } else if behaviour.panics {
            Act::Panics
        } else if behaviour.cancels {
            Act::Cancels
        } else if attempt <= behaviour.fails {
            let name = behaviour.error.as_deref().unwrap_or("Permanent");
            Act::Fails(ErrorInfo {
                name: name.to_owned(),
                cause: format!("attempt {attempt} fails as it was told"),
            })
        } else {
            Act::Succeeds {
                facts: behaviour.facts.clone(),
                cached: behaviour.cached,
            }
        }
    }

    /// Checks what a machine made of it: how the run ended, and what was tried, in order.
    pub(crate) fn check(&self, end: &str, tried: &[Tried], what: &str) {
        assert_eq!(end, self.expect.end, "{what}: {tried:#?}");
        assert_eq!(attempts(tried), self.expect.attempts, "{what}: {tried:#?}");
        self.check_order(tried.iter().map(|attempt| &attempt.task), what);
        for (task, status) in &self.expect.tasks {
            let last = tried.iter().rev().find(|attempt| attempt.task == *task);
            let fits = match status {
                TaskStatus::Succeeded => last.is_none_or(|last| last.succeeded),
                TaskStatus::Failed | TaskStatus::Skipped => last.is_none_or(|last| !last.succeeded),
                _ => last.is_none(),
            };
            assert!(
                fits,
                "{what}: {task} is {status:?}, and in the machine: {last:#?}"
            );
        }
    }

    /// Checks in which order tasks began.
    pub(crate) fn check_order<'a>(&self, begun: impl Iterator<Item = &'a String>, what: &str) {
        let mut order: Vec<&String> = Vec::new();
        for task in begun {
            if self.expect.order.contains(task) && !order.contains(&task) {
                order.push(task);
            }
        }
        let expected: Vec<&String> = self.expect.order.iter().collect();
        assert_eq!(order, expected, "{what}");
    }
}

/// How a run stands, as the table writes it.
pub(crate) fn end(run: &Run) -> String {
    match (run.state, &run.failure) {
        (RunState::Failed, Some((task, error))) => format!("failed: {task} {}", error.name),
        (state, None) => json!(state).as_str().unwrap_or_default().to_owned(),
        (state, Some(failure)) => panic!("{state:?} because of {failure:?}"),
    }
}

/// The attempts that each task took, as the table writes them.
pub(crate) fn attempts(tried: &[Tried]) -> BTreeMap<String, Value> {
    let mut counts: BTreeMap<(&str, Option<u32>), u32> = BTreeMap::new();
    for attempt in tried {
        *counts.entry((&attempt.task, attempt.item)).or_default() += 1;
    }
    by_task(
        counts
            .into_iter()
            .map(|((task, item), count)| (task, item, count)),
    )
}

/// Counts as the table writes them: for each task its count, for one with items a list by item.
pub(crate) fn by_task<'a>(
    counts: impl Iterator<Item = (&'a str, Option<u32>, u32)>,
) -> BTreeMap<String, Value> {
    let mut by_task: BTreeMap<String, Value> = BTreeMap::new();
    for (task, item, count) in counts {
        let counted = by_task.entry(task.to_owned()).or_default();
        if item.is_none() {
            *counted = count.into();
        } else if let Value::Array(items) = counted {
            items.push(count.into());
        } else {
            *counted = vec![count].into();
        }
    }
    by_task
}
