//! Graphs and measured times from JSON that others wrote.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::dag::{Dag, DagError};
use crate::nearest::{hint, nearest};

/// Why a text is no graph, or no list of times for one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// Not JSON, or not of the right shape.
    #[error("line {line}, column {column}: {cause}; expected {expected}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1; 0 for the end of the line before.
        column: usize,
        /// What is wrong there.
        cause: String,
        /// What a right text looks like.
        expected: &'static str,
    },
    /// A graph without tasks.
    #[error("workflow {name:?} has no tasks; give it at least one")]
    Empty {
        /// The workflow.
        name: String,
    },
    /// An `after` that names no task.
    #[error("task {task:?} comes after {after:?}, which is no task of this workflow{}", hint(.suggestion.as_ref()))]
    UnknownAfter {
        /// The task that waits.
        task: String,
        /// What it waits for.
        after: String,
        /// The task that was probably meant.
        suggestion: Option<String>,
    },
    /// A time for a task that isn't there.
    #[error("there is a time for {task:?}, which is no task of this workflow{}", hint(.suggestion.as_ref()))]
    UnknownTask {
        /// The name in the list of times.
        task: String,
        /// The task that was probably meant.
        suggestion: Option<String>,
    },
    /// Two times for one task.
    #[error("there are two times for task {task:?}; take one out")]
    TwoTimes {
        /// The task.
        task: String,
    },
    /// Tasks that make no graph.
    #[error(transparent)]
    Dag(#[from] DagError),
}

/// A workflow as read from its JSON form.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The workflow's name.
    pub name: String,
    /// Its tasks.
    pub dag: Dag,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Workflow {
    name: String,
    tasks: Vec<Task>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    id: String,
    seconds: f64,
    #[serde(default)]
    after: Vec<String>,
}

/// Reads `{"name": …, "tasks": [{"id": …, "seconds": …, "after": [id, …]}, …]}`. Ids may be any text.
pub fn import(text: &str) -> Result<Imported, ImportError> {
    let expected = r#"{"name": "…", "tasks": [{"id": "…", "seconds": 1.5, "after": ["…"]}]}"#;
    let Workflow { name, tasks } = read(text, expected)?;
    if tasks.is_empty() {
        return Err(ImportError::Empty { name });
    }
    let index: HashMap<&str, usize> = tasks
        .iter()
        .enumerate()
        .map(|(at, task)| (task.id.as_str(), at))
        .collect();
    let ids = || tasks.iter().map(|task| task.id.as_str());
    let mut after = Vec::with_capacity(tasks.len());
    for task in &tasks {
        let find = |id: &String| {
            index
                .get(id.as_str())
                .copied()
                .ok_or_else(|| ImportError::UnknownAfter {
                    task: task.id.clone(),
                    after: id.clone(),
                    suggestion: nearest(id, ids()),
                })
        };
        after.push(
            task.after
                .iter()
                .map(find)
                .collect::<Result<Vec<usize>, _>>()?,
        );
    }
    let nodes = tasks
        .into_iter()
        .map(|task| (task.id, task.seconds))
        .collect();
    Ok(Imported {
        name,
        dag: Dag::new(nodes, after)?,
    })
}

/// The same graph with measured times: a JSON object of task names and seconds. Tasks that it doesn't name keep theirs.
///
/// ```
/// use statemachine::{Dag, durations};
///
/// let dag = Dag::new(vec![("story".into(), 10.0), ("script".into(), 15.0)], vec![vec![], vec![0]])?;
/// assert_eq!(durations(r#"{"script": 4.5}"#, &dag)?.critical_path().0, 14.5);
/// let error = durations(r#"{"scrpt": 4.5}"#, &dag).unwrap_err();
/// assert!(error.to_string().ends_with(r#"did you mean "script"?"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn durations(text: &str, dag: &Dag) -> Result<Dag, ImportError> {
    let Times(times) = read(text, r#"{"task name": seconds, …}"#)?;
    let index: HashMap<&str, usize> = dag
        .names()
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), at))
        .collect();
    let mut seconds: Vec<f64> = (0..dag.len()).map(|task| dag.seconds(task)).collect();
    let mut given = vec![false; dag.len()];
    for (name, time) in times {
        let Some(&task) = index.get(name.as_str()) else {
            let suggestion = nearest(&name, dag.names().iter().map(String::as_str));
            return Err(ImportError::UnknownTask {
                task: name,
                suggestion,
            });
        };
        if std::mem::replace(&mut given[task], true) {
            return Err(ImportError::TwoTimes { task: name });
        }
        seconds[task] = time;
    }
    Ok(dag.with_seconds(seconds)?)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str, expected: &'static str) -> Result<T, ImportError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let cause = error.to_string();
        let cause = cause
            .strip_suffix(&format!(" at line {line} column {column}"))
            .unwrap_or(&cause)
            .to_owned();
        ImportError::Json {
            line,
            column,
            cause,
            expected,
        }
    })
}

/// An object's entries as they stand, so that a name given twice is seen.
struct Times(Vec<(String, f64)>);

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Times;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of task names and seconds")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Times, A::Error> {
                let mut times = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    times.push(entry);
                }
                Ok(Times(times))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    fn pair() -> Dag {
        Dag::new(
            vec![("a".into(), 1.0), ("b".into(), 1.0)],
            vec![vec![], vec![0]],
        )
        .unwrap()
    }

    #[test]
    fn a_workflow_is_read_whatever_its_ids_look_like() {
        let long = "NF.X_1".repeat(20);
        let text = format!(
            r#"{{"name":"w","tasks":[{{"id":"é.1","seconds":2}},{{"id":"{long}","seconds":0.5,"after":["é.1"]}}]}}"#
        );
        let Imported { name, dag } = import(&text).unwrap();
        assert_eq!(
            (name.as_str(), dag.name(1), dag.after(1)),
            ("w", long.as_str(), &[0][..])
        );
        assert_eq!(dag.critical_path().0.to_bits(), 2.5_f64.to_bits());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let message = |text: &str| import(text).unwrap_err().to_string();
        assert!(message("{\n \"name\": \"w\",\n tasks").starts_with("line 3, column "));
        assert!(
            message(r#"{"name":"w","tasks":[{"id":"a","second":1}]}"#)
                .contains("unknown field `second`")
        );
        assert!(message(r#"{"name":"w","tasks":[]}"#).contains("has no tasks"));
        let unknown = message(
            r#"{"name":"w","tasks":[{"id":"story","seconds":1},{"id":"b","seconds":1,"after":["stroy"]}]}"#,
        );
        assert!(unknown.ends_with(r#"did you mean "story"?"#), "{unknown}");
        let cycle = message(
            r#"{"name":"w","tasks":[{"id":"a","seconds":1,"after":["b"]},{"id":"b","seconds":1,"after":["a"]}]}"#,
        );
        assert!(cycle.contains("a -> b -> a"), "{cycle}");
        assert!(
            message(r#"{"name":"w","tasks":[{"id":"a","seconds":-1}]}"#)
                .contains("takes -1 seconds")
        );
    }

    #[test]
    fn times_must_fit_the_graph() {
        assert_eq!(
            durations(r#"{"a": 2, "b": 0.25}"#, &pair())
                .unwrap()
                .critical_path(),
            (2.25, vec![0, 1])
        );
        assert_eq!(durations("{}", &pair()).unwrap(), pair());
        let wrong = |text: &str| durations(text, &pair()).unwrap_err();
        assert!(matches!(
            wrong(r#"{"c": 2}"#),
            ImportError::UnknownTask { .. }
        ));
        assert_eq!(
            wrong(r#"{"a": 2, "a": 3}"#),
            ImportError::TwoTimes { task: "a".into() }
        );
        assert!(matches!(
            wrong(r#"{"a": "2"}"#),
            ImportError::Json { line: 1, .. }
        ));
        assert!(matches!(
            wrong(r#"{"a": -2}"#),
            ImportError::Dag(DagError::Seconds { .. })
        ));
    }
}
