//! What is wrong with a workflow file, and where.

use std::fmt;

use domain::IdError;

use crate::expr::ExprError;
use crate::nearest::hint;

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {}, column {}: {kind}", place.line, place.column)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: ProblemKind,
}

/// Everything that is wrong with a workflow file, from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for WorkflowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for WorkflowError {}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProblemKind {
    /// Neither YAML nor JSON.
    #[error("this is neither YAML nor JSON: {message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// A file too long to be a workflow.
    #[error("the file has {bytes} bytes; a workflow has at most {limit}")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The longest allowed.
        limit: usize,
    },
    /// A value of the wrong kind.
    #[error("{what} is {found}, expected {expected}")]
    WrongType {
        /// Which value.
        what: String,
        /// What it is.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that is not there.
    #[error("the workflow has no `{field}`; add it, as in `{example}`")]
    Missing {
        /// The field.
        field: &'static str,
        /// How it looks.
        example: &'static str,
    },
    /// A field that nobody knows.
    #[error("unknown field `{field}` {parent}{}", hint(suggestion.as_ref()))]
    UnknownField {
        /// The field.
        field: String,
        /// In what.
        parent: String,
        /// The nearest one that exists.
        suggestion: Option<String>,
    },
    /// A field that stands there twice.
    #[error("`{field}` {parent} stands on line {first} already; keep one of them")]
    DuplicateField {
        /// The field.
        field: String,
        /// In what.
        parent: String,
        /// The line of the first.
        first: u32,
    },
    /// Two tasks of one name.
    #[error("two tasks are called {task:?}, the first on line {first}; rename one of them")]
    DuplicateTask {
        /// The name.
        task: String,
        /// The line of the first.
        first: u32,
    },
    /// A name that can't be one.
    #[error(transparent)]
    BadName(#[from] IdError),
    /// A workflow's name that can't be one.
    #[error(
        "{name:?} is not a workflow's name: expected 1 to 64 characters, a letter first, then letters, digits, '_', '-' or '.'"
    )]
    BadWorkflowName {
        /// The name.
        name: String,
    },
    /// No tasks at all.
    #[error("the workflow has no tasks; add one under `tasks`")]
    NoTasks,
    /// A name of no task.
    #[error("`{field}` of task {task:?} names {name:?}, but there is no such task{}", hint(suggestion.as_ref()))]
    UnknownTask {
        /// The task.
        task: String,
        /// The field that names.
        field: &'static str,
        /// What it names.
        name: String,
        /// The nearest one that exists.
        suggestion: Option<String>,
    },
    /// A gate that is no task.
    #[error("`gate` names {name:?}, but there is no such task{}", hint(suggestion.as_ref()))]
    NoSuchGate {
        /// What it names.
        name: String,
        /// The nearest one that exists.
        suggestion: Option<String>,
    },
    /// A gate that can't judge every whole round.
    #[error(
        "task {task:?} can't be the gate, because {why}: a gate runs once, after all other tasks, and the run fails with it"
    )]
    NoGate {
        /// The task.
        task: String,
        /// Why not.
        why: String,
    },
    /// A task named twice in one list.
    #[error("`after` of task {task:?} names {name:?} twice; keep one of them")]
    NamedTwice {
        /// The task.
        task: String,
        /// What it names.
        name: String,
    },
    /// A number outside its range.
    #[error("`{field}` of task {task:?} is {found}, expected {expected}")]
    OutOfRange {
        /// The task.
        task: String,
        /// The field.
        field: &'static str,
        /// The number.
        found: String,
        /// The range.
        expected: &'static str,
    },
    /// An `on_error` that says nothing known.
    #[error("`on_error` of task {task:?} is {found:?}, expected `fail`, `skip` or `run TASK`")]
    BadOnError {
        /// The task.
        task: String,
        /// What it says.
        found: String,
    },
    /// A condition or count that is none.
    #[error("`{field}` of task {task:?}: {error}")]
    Expression {
        /// The task.
        task: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        error: ExprError,
    },
    /// An expression that reads a task whose end it doesn't wait for.
    #[error(
        "`{field}` of task {task:?} reads task {read:?}, which {task:?} does not wait for; add {read:?} to its `after`"
    )]
    NotAnAncestor {
        /// The task.
        task: String,
        /// The field.
        field: &'static str,
        /// The task it reads.
        read: String,
    },
    /// Tasks that wait for each other in a ring.
    #[error("tasks wait for each other in a cycle: {}; take one of these tasks out of another's `after`", path.join(" -> "))]
    Cycle {
        /// The names along the ring, each before the one that waits for it; the first is repeated at the end.
        path: Vec<String>,
    },
    /// Stand-ins that stand in for each other, so that nothing ever starts them.
    #[error("task {task:?} is never reached: {} stand in for each other, and no other task fails over to them", ring.join(", "))]
    Unreachable {
        /// The task.
        task: String,
        /// The tasks of the ring.
        ring: Vec<String>,
    },
    /// A stand-in that has what only other tasks can have.
    #[error(
        "task {task:?} stands in for {primary:?}, so it starts when {primary:?} has failed: it can have no `{field}`; take it out"
    )]
    StandInField {
        /// The stand-in.
        task: String,
        /// The task it stands in for.
        primary: String,
        /// The field.
        field: &'static str,
    },
    /// A task that waits for a stand-in, or reads one.
    #[error(
        "`{field}` of task {task:?} names {name:?}, which only stands in for {primary:?}; name {primary:?} instead"
    )]
    NamesStandIn {
        /// The task.
        task: String,
        /// The field.
        field: &'static str,
        /// The stand-in.
        name: String,
        /// The task it stands in for.
        primary: String,
    },
    /// A stand-in for two tasks.
    #[error("task {name:?} stands in for {first:?} already; give {task:?} a stand-in of its own")]
    SharedStandIn {
        /// The task that names it too.
        task: String,
        /// The stand-in.
        name: String,
        /// The task that names it first.
        first: String,
    },
    /// `max_concurrency` without items.
    #[error("task {task:?} has `max_concurrency` but no `for_each`; take it out")]
    NoItems {
        /// The task.
        task: String,
    },
}
