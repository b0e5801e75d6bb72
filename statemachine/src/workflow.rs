//! The workflow file: which tasks there are, what each waits for, and what happens when one fails.
//!
//! ```yaml
//! name: short-video
//! tasks:
//!   script: {}
//!   images:
//!     after: [script]                                    # starts when these have ended, however they ended
//!     when: $states.input.brief.aspect = '9:16'          # a condition; if false, the task is skipped
//!     for_each: $states.input.tasks.script.scenes        # runs once an item, 0 to 40 items
//!     max_concurrency: 10                                # at most so many items at once; no limit if left out
//!     retry: 2                                           # further attempts after the first, 0 to 10; 0 if left out
//!     timeout: 60                                        # seconds an attempt, 1 to 86400; no limit if left out
//!     on_error: run plain-images                         # fail (if left out), skip, or run TASK
//!     expect: 1                                          # typical seconds an item, for prediction; 1 if left out
//!   plain-images: {}
//! ```
//!
//! **Stand-ins.** A task that an `on_error: run TASK` names is a stand-in. It stands in for exactly one task, starts when that
//! task has failed for good, sees the same input, and its facts are entered under the name of the task that it stands in for;
//! where it is skipped, that task counts as skipped. So it has neither `after` nor `when`, and no task names it in its own
//! `after` or reads its facts. It may have a stand-in of its own.
//!
//! **Skipped tasks.** A task whose `when` is false, or whose failure `on_error: skip` passes over, is skipped: those that wait for
//! it run, and its facts are absent (`$exists($states.input.tasks.NAME)` is false).

mod check;
mod fields;
mod problem;
mod source;

#[cfg(test)]
mod tests;

use domain::TaskName;
use indexmap::IndexMap;

use crate::dag::Dag;
use crate::expr::Expr;

pub use problem::{Place, Problem, ProblemKind, WorkflowError};

/// A checked workflow: whatever [`Workflow::parse`] lets through can be run and planned.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Workflow {
    /// Its name.
    pub name: String,
    /// Its tasks, in the order of the file, stand-ins among them.
    pub tasks: IndexMap<TaskName, TaskSpec>,
}

/// What the workflow says about one task.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskSpec {
    /// The tasks that must have ended, well or skipped, before this one starts.
    pub after: Vec<TaskName>,
    /// Skips the task where it is false.
    pub when: Option<Expr>,
    /// How many items the task runs for; one run without an item where absent.
    pub for_each: Option<Expr>,
    /// At most so many items at once.
    pub max_concurrency: Option<u32>,
    /// Further attempts after the first.
    pub retry: u32,
    /// Seconds after which an attempt is broken off with the error `Timeout`.
    pub timeout: Option<u32>,
    /// What a failure means, once the last attempt has failed.
    pub on_error: OnError,
    /// Typical seconds an item.
    pub expect: f64,
}

impl Default for TaskSpec {
    fn default() -> Self {
        Self {
            after: Vec::new(),
            when: None,
            for_each: None,
            max_concurrency: None,
            retry: 0,
            timeout: None,
            on_error: OnError::Fail,
            expect: 1.0,
        }
    }
}

/// What a task's failure means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnError {
    /// The run fails.
    Fail,
    /// The task counts as skipped.
    Skip,
    /// Another task runs in its place.
    Run(TaskName),
}

impl Workflow {
    /// Reads a workflow from YAML (or JSON, which is YAML). The error lists every problem that was found, each with its line and
    /// column.
    ///
    /// ```
    /// use statemachine::Workflow;
    ///
    /// let workflow = Workflow::parse("name: two\ntasks:\n  a: {}\n  b: {after: [a], retry: 2}\n")?;
    /// assert_eq!(workflow.tasks.len(), 2);
    ///
    /// let error = Workflow::parse("name: two\ntasks:\n  a: {}\n  b: {after: [aa]}\n").unwrap_err();
    /// assert_eq!((error.problems[0].place.line, error.problems[0].place.column), (4, 15));
    /// # Ok::<(), statemachine::WorkflowError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, WorkflowError> {
        let mut problems = Vec::new();
        let workflow = source::read(text)
            .map_err(|problem| problems.push(problem))
            .ok()
            .and_then(|root| fields::read(&root, &mut problems))
            .map(|file| check::check(file, &mut problems));
        match workflow {
            Some(workflow) if problems.is_empty() => Ok(workflow),
            _ => {
                problems.sort_by_key(|problem| problem.place);
                Err(WorkflowError { problems })
            }
        }
    }

    /// The tasks that always have their place in a run and what each waits for, with the seconds that `expect` gives an item.
    /// Stand-ins are left out: they run inside the place of the task they stand in for.
    pub fn dag(&self) -> Dag {
        let stand_ins = self.stand_ins();
        let planned: IndexMap<&TaskName, &TaskSpec> = self
            .tasks
            .iter()
            .filter(|(name, _)| !stand_ins.contains_key(*name))
            .collect();
        let nodes = planned
            .iter()
            .map(|(name, spec)| (name.to_string(), spec.expect))
            .collect();
        let after = planned
            .values()
            .map(|spec| {
                spec.after
                    .iter()
                    .filter_map(|name| planned.get_index_of(name))
                    .collect()
            })
            .collect();
        match Dag::new(nodes, after) {
            Ok(dag) => dag,
            Err(error) => unreachable!("a checked workflow has a graph: {error}"),
        }
    }

    /// Each stand-in with the task that it stands in for.
    pub fn stand_ins(&self) -> IndexMap<&TaskName, &TaskName> {
        self.tasks
            .iter()
            .filter_map(|(name, spec)| match &spec.on_error {
                OnError::Run(other) => Some((other, name)),
                OnError::Fail | OnError::Skip => None,
            })
            .collect()
    }
}
