//! From the tree of values to the fields of tasks: each problem is noted, and the reading goes on.

use domain::TaskName;
use indexmap::IndexMap;

use super::problem::{Place, Problem, ProblemKind};
use super::source::{Key, Node, Shape};
use super::{OnError, TaskSpec};
use crate::expr::Expr;
use crate::nearest::nearest;

const FIELDS: [&str; 3] = ["name", "gate", "tasks"];
const TASK_FIELDS: [&str; 8] = [
    "after",
    "when",
    "for_each",
    "max_concurrency",
    "retry",
    "timeout",
    "on_error",
    "expect",
];

/// The file, field by field; what the fields name is not looked at yet.
pub(super) struct File {
    pub(super) name: String,
    /// The task that judges the round, and where it is named.
    pub(super) gate: Option<(TaskName, Place)>,
    pub(super) tasks: IndexMap<TaskName, Entry>,
    /// Where `tasks` stands.
    pub(super) place: Place,
    /// Whether every task's name could be read. If not, a name that nothing is known of may be one of those.
    pub(super) all_named: bool,
}

/// A task, and where what it names stands.
pub(super) struct Entry {
    pub(super) spec: TaskSpec,
    pub(super) places: Places,
}

/// Where the parts of a task stand.
pub(super) struct Places {
    pub(super) task: Place,
    /// One for each name in `after`.
    pub(super) after: Vec<Place>,
    pub(super) when: Place,
    pub(super) for_each: Place,
    pub(super) max_concurrency: Place,
    pub(super) on_error: Place,
}

/// Reads the whole file; `None` if there are no tasks to go on with.
pub(super) fn read(root: &Node, problems: &mut Vec<Problem>) -> Option<File> {
    let Shape::Map(fields) = &root.value else {
        problems.push(wrong_type(
            "the workflow",
            root,
            "a mapping with `name` and `tasks`",
        ));
        return None;
    };
    let in_workflow = || "in the workflow".to_owned();
    let fields = known_fields(fields, &FIELDS, in_workflow, problems);
    let mut missing = |field, example| {
        problems.push(Problem {
            place: root.place,
            kind: ProblemKind::Missing { field, example },
        });
    };
    if !fields.contains_key("name") {
        missing("name", "name: short-video");
    }
    if !fields.contains_key("tasks") {
        missing("tasks", "tasks: {story: {}}");
    }
    let name = fields
        .get("name")
        .and_then(|node| workflow_name(node, problems));
    let gate = fields.get("gate").and_then(|node| gate(node, problems));
    let (tasks, place, all_named) = read_tasks(fields.get("tasks")?, problems)?;
    Some(File {
        name: name.unwrap_or_default(),
        gate,
        tasks,
        place,
        all_named,
    })
}

fn gate(node: &Node, problems: &mut Vec<Problem>) -> Option<(TaskName, Place)> {
    let Shape::Text(name) = &node.value else {
        problems.push(wrong_type(
            "`gate`",
            node,
            "the name of a task, such as score",
        ));
        return None;
    };
    match TaskName::parse(name) {
        Ok(name) => Some((name, node.place)),
        Err(error) => {
            problems.push(Problem {
                place: node.place,
                kind: error.into(),
            });
            None
        }
    }
}

fn workflow_name(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let Shape::Text(name) = &node.value else {
        problems.push(wrong_type("`name`", node, "text, such as short-video"));
        return None;
    };
    // The same letters as in a task's name: both become names in the states language.
    if TaskName::parse(name).is_err() {
        let kind = ProblemKind::BadWorkflowName {
            name: name.chars().take(80).collect(),
        };
        problems.push(Problem {
            place: node.place,
            kind,
        });
        return None;
    }
    Some(name.clone())
}

fn read_tasks(
    node: &Node,
    problems: &mut Vec<Problem>,
) -> Option<(IndexMap<TaskName, Entry>, Place, bool)> {
    let entries = match &node.value {
        Shape::Map(entries) if !entries.is_empty() => entries,
        Shape::Map(_) | Shape::Nothing => {
            problems.push(Problem {
                place: node.place,
                kind: ProblemKind::NoTasks,
            });
            return None;
        }
        _ => {
            problems.push(wrong_type(
                "`tasks`",
                node,
                "a mapping from each task's name to its fields",
            ));
            return None;
        }
    };
    let mut tasks = IndexMap::with_capacity(entries.len());
    let mut all_named = true;
    for (key, value) in entries {
        let name = match TaskName::parse(&key.name) {
            Ok(name) => name,
            Err(error) => {
                problems.push(Problem {
                    place: key.place,
                    kind: error.into(),
                });
                all_named = false;
                continue;
            }
        };
        let entry = read_task(&name, key.place, value, problems);
        match tasks.entry(name) {
            indexmap::map::Entry::Vacant(slot) => {
                slot.insert(entry);
            }
            indexmap::map::Entry::Occupied(slot) => {
                let known: &Entry = slot.get();
                let kind = ProblemKind::DuplicateTask {
                    task: key.name.clone(),
                    first: known.places.task.line,
                };
                problems.push(Problem {
                    place: key.place,
                    kind,
                });
            }
        }
    }
    Some((tasks, node.place, all_named))
}

fn read_task(name: &TaskName, place: Place, node: &Node, problems: &mut Vec<Problem>) -> Entry {
    let mut entry = Entry {
        spec: TaskSpec::default(),
        places: Places {
            task: place,
            after: Vec::new(),
            when: place,
            for_each: place,
            max_concurrency: place,
            on_error: place,
        },
    };
    let fields = match &node.value {
        Shape::Map(fields) => fields,
        Shape::Nothing => return entry,
        _ => {
            problems.push(wrong_type(
                &format!("task {name:?}", name = name.as_str()),
                node,
                "a mapping of its fields, or {}",
            ));
            return entry;
        }
    };
    let in_task = || format!("in task {:?}", name.as_str());
    let (spec, places) = (&mut entry.spec, &mut entry.places);
    for (field, node) in known_fields(fields, &TASK_FIELDS, in_task, problems) {
        let mut reader = Reader {
            task: name.as_str(),
            node,
            problems: &mut *problems,
        };
        match field {
            "after" => (spec.after, places.after) = reader.names(),
            "when" => (spec.when, places.when) = (reader.expression("when"), node.place),
            "for_each" => {
                (spec.for_each, places.for_each) = (reader.expression("for_each"), node.place);
            }
            "max_concurrency" => {
                let limit = reader.number(
                    "max_concurrency",
                    1.0,
                    40.0,
                    true,
                    "a whole number from 1 to 40",
                );
                (spec.max_concurrency, places.max_concurrency) =
                    (limit.map(|n| n as u32), node.place);
            }
            "retry" => {
                let retry = reader.number("retry", 0.0, 10.0, true, "a whole number from 0 to 10");
                spec.retry = retry.map_or(0, |n| n as u32);
            }
            "timeout" => {
                let seconds = reader.number(
                    "timeout",
                    1.0,
                    86_400.0,
                    true,
                    "whole seconds from 1 to 86400",
                );
                spec.timeout = seconds.map(|n| n as u32);
            }
            "on_error" => (spec.on_error, places.on_error) = (reader.on_error(), node.place),
            "expect" => {
                let seconds =
                    reader.number("expect", 0.0, 86_400.0, false, "seconds from 0 to 86400");
                spec.expect = seconds.unwrap_or(spec.expect);
            }
            _ => {}
        }
    }
    entry
}

/// The fields of a mapping by name; unknown and repeated ones are noted and left out.
fn known_fields<'a>(
    fields: &'a [(Key, Node)],
    known: &[&'static str],
    parent: impl Fn() -> String,
    problems: &mut Vec<Problem>,
) -> IndexMap<&'static str, &'a Node> {
    let mut found: IndexMap<&'static str, (&Key, &Node)> = IndexMap::new();
    for (key, node) in fields {
        let kind = match known.iter().find(|name| **name == key.name) {
            None => ProblemKind::UnknownField {
                field: key.name.clone(),
                parent: parent(),
                suggestion: nearest(&key.name, known.iter().copied()),
            },
            Some(&name) => match found.entry(name) {
                indexmap::map::Entry::Vacant(slot) => {
                    slot.insert((key, node));
                    continue;
                }
                indexmap::map::Entry::Occupied(slot) => ProblemKind::DuplicateField {
                    field: key.name.clone(),
                    parent: parent(),
                    first: slot.get().0.place.line,
                },
            },
        };
        problems.push(Problem {
            place: key.place,
            kind,
        });
    }
    found
        .into_iter()
        .map(|(name, (_, node))| (name, node))
        .collect()
}

fn wrong_type(what: &str, node: &Node, expected: &'static str) -> Problem {
    let kind = ProblemKind::WrongType {
        what: what.to_owned(),
        found: node.value.kind(),
        expected,
    };
    Problem {
        place: node.place,
        kind,
    }
}

/// Reads the value of one field of one task.
struct Reader<'a> {
    task: &'a str,
    node: &'a Node,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn note(&mut self, place: Place, kind: ProblemKind) {
        self.problems.push(Problem { place, kind });
    }

    fn wrong_type(&mut self, field: &str, expected: &'static str) {
        let what = format!("`{field}` of task {:?}", self.task);
        self.problems.push(wrong_type(&what, self.node, expected));
    }

    fn names(&mut self) -> (Vec<TaskName>, Vec<Place>) {
        let Shape::List(items) = &self.node.value else {
            self.wrong_type("after", "a list of tasks, such as [script, hook]");
            return (Vec::new(), Vec::new());
        };
        let mut names = (
            Vec::with_capacity(items.len()),
            Vec::with_capacity(items.len()),
        );
        for item in items {
            let Shape::Text(text) = &item.value else {
                let what = format!("a name in `after` of task {:?}", self.task);
                self.problems
                    .push(wrong_type(&what, item, "the name of a task"));
                continue;
            };
            match TaskName::parse(text) {
                Ok(name) => {
                    names.0.push(name);
                    names.1.push(item.place);
                }
                Err(error) => self.note(item.place, error.into()),
            }
        }
        names
    }

    fn expression(&mut self, field: &'static str) -> Option<Expr> {
        let text = match &self.node.value {
            Shape::Text(text) => text.clone(),
            // YAML reads these as values; as JSONata they are the same values.
            Shape::Flag(flag) => flag.to_string(),
            Shape::Number(number) => number.to_string(),
            _ => {
                self.wrong_type(field, "a JSONata expression");
                return None;
            }
        };
        match Expr::parse(&text) {
            Ok(expr) => Some(expr),
            Err(error) => {
                self.note(
                    self.node.place,
                    ProblemKind::Expression {
                        task: self.task.to_owned(),
                        field,
                        error,
                    },
                );
                None
            }
        }
    }

    fn number(
        &mut self,
        field: &'static str,
        least: f64,
        most: f64,
        whole: bool,
        expected: &'static str,
    ) -> Option<f64> {
        let Shape::Number(number) = self.node.value else {
            self.wrong_type(field, expected);
            return None;
        };
        if (least..=most).contains(&number) && (!whole || number.fract() == 0.0) {
            return Some(number);
        }
        let kind = ProblemKind::OutOfRange {
            task: self.task.to_owned(),
            field,
            found: number.to_string(),
            expected,
        };
        self.note(self.node.place, kind);
        None
    }

    fn on_error(&mut self) -> OnError {
        let Shape::Text(text) = &self.node.value else {
            self.wrong_type("on_error", "`fail`, `skip` or `run TASK`");
            return OnError::Fail;
        };
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("fail"), None, _) => OnError::Fail,
            (Some("skip"), None, _) => OnError::Skip,
            (Some("run"), Some(name), None) => match TaskName::parse(name) {
                Ok(name) => OnError::Run(name),
                Err(error) => {
                    self.note(self.node.place, error.into());
                    OnError::Fail
                }
            },
            _ => {
                let found = text.chars().take(80).collect();
                self.note(
                    self.node.place,
                    ProblemKind::BadOnError {
                        task: self.task.to_owned(),
                        found,
                    },
                );
                OnError::Fail
            }
        }
    }
}
