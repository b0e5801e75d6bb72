//! The workflow file: which tasks there are, what each waits for, and what happens when one fails.
//!
//! ```yaml
//! name: short-video
//! gate: score                                            # this task judges the round and says how the run goes on; may be left out
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
//!   score: {after: [images]}
//! ```
//!
//! **The gate.** The task that `gate` names comes after all others. It closes the round itself: the run is approved, waits for a
//! person, or goes on with another round. Without a gate the round succeeds.
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
mod plain;
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
    /// The task that judges the round and closes it, if one does.
    pub gate: Option<TaskName>,
    /// Its tasks, in the order of the file, stand-ins among them.
    pub tasks: IndexMap<TaskName, TaskSpec>,
    layout: Layout,
}

/// What follows from the tasks, worked out once.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    dag: Dag,
    /// For each task of the graph, its place in the file.
    places: Vec<usize>,
    /// For each task of the file, its place in the graph; none for stand-ins.
    planned: Vec<Option<usize>>,
    /// For each task of the file, the one it stands in for.
    stands_in_for: Vec<Option<usize>>,
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
        let workflow = match source::read(text) {
            Ok(root) => fields::read(&root, &mut problems)
                .and_then(|file| check::check(file, &mut problems)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        workflow.ok_or_else(|| {
            problems.sort_by_key(|problem| problem.place);
            WorkflowError { problems }
        })
    }

    /// The tasks that always have their place in a run and what each waits for, with the seconds that `expect` gives an item.
    /// Stand-ins are left out: they run inside the place of the task they stand in for.
    pub fn dag(&self) -> &Dag {
        &self.layout.dag
    }

    /// For each task of [`dag`](Self::dag), its place in [`tasks`](Self::tasks).
    pub fn places(&self) -> &[usize] {
        &self.layout.places
    }

    /// The place in [`dag`](Self::dag) of a task, given its place in [`tasks`](Self::tasks). A stand-in has the place of the task
    /// that it stands in for, directly or through others.
    pub fn place_in_dag(&self, mut task: usize) -> Option<usize> {
        while let Some(primary) = self.stands_in_for(task) {
            task = primary;
        }
        self.layout.planned.get(task).copied().flatten()
    }

    /// The task that a task stands in for, both as places in [`tasks`](Self::tasks).
    pub fn stands_in_for(&self, task: usize) -> Option<usize> {
        self.layout.stands_in_for.get(task).copied().flatten()
    }

    /// The task of [`dag`](Self::dag) whose place a stand-in has, given its place in [`tasks`](Self::tasks): the one it stands in for,
    /// directly or through others. None for a task that has a place of its own.
    ///
    /// ```
    /// use statemachine::Workflow;
    ///
    /// let workflow = Workflow::parse("name: w\ntasks: {a: {on_error: run b}, b: {on_error: run c}, c: {}}\n")?;
    /// assert_eq!(workflow.fills_in_for(0), None);
    /// assert_eq!(workflow.fills_in_for(2).map(|name| name.as_str()), Some("a"));
    /// # Ok::<(), statemachine::WorkflowError>(())
    /// ```
    pub fn fills_in_for(&self, task: usize) -> Option<&TaskName> {
        let mut place = self.stands_in_for(task)?;
        while let Some(primary) = self.stands_in_for(place) {
            place = primary;
        }
        self.tasks.get_index(place).map(|(name, _)| name)
    }
}
