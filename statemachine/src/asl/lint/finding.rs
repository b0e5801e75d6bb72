//! What can be wrong.

use std::fmt;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The state's name; empty for the machine as a whole.
    pub state: String,
    /// What is wrong.
    pub problem: Problem,
}

impl Finding {
    pub(super) fn new(state: &str, problem: Problem) -> Self {
        Self {
            state: state.to_owned(),
            problem,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.state.is_empty() {
            write!(f, "the machine {}", self.problem)
        } else {
            write!(f, "state {:?} {}", self.state, self.problem)
        }
    }
}

/// What is wrong with a state (or the machine): reads on after its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Larger than [`DEFINITION_LIMIT`](super::DEFINITION_LIMIT).
    #[error("takes {bytes} bytes as text; Step Functions takes 1,048,576: split the workflow")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Another query language than JSONata, or none.
    #[error("does not name JSONata as its QueryLanguage")]
    QueryLanguage,
    /// No object where one must be.
    #[error("has no object `{field}`")]
    NoObject {
        /// Which field.
        field: &'static str,
    },
    /// A scope without StartAt.
    #[error("has no StartAt")]
    NoStart,
    /// A type that the language lacks.
    #[error("has the type {found:?}, which is none of the states language")]
    Type {
        /// What stands there.
        found: String,
    },
    /// A name of more than 80 characters.
    #[error("has a name of {length} characters; 80 are allowed")]
    LongName {
        /// Its length.
        length: usize,
    },
    /// A name that stands there more than once.
    #[error("shares its name with a state of another branch")]
    Repeated,
    /// Parallel without branches.
    #[error("has no branches")]
    NoBranches,
    /// A target that is nowhere.
    #[error("goes on to {target:?}, which is no state")]
    Unknown {
        /// The target.
        target: String,
    },
    /// A target in another branch.
    #[error("goes on to {target:?}, which stands in another branch")]
    Across {
        /// The target.
        target: String,
    },
    /// Nothing leads there.
    #[error("is reached from nowhere")]
    Unreachable,
    /// Neither End nor Next.
    #[error("has neither End nor Next")]
    NoWayOn,
    /// Both End and Next, or one where the type has none.
    #[error("has {fields}, of which it may have {allowed}")]
    WaysOn {
        /// What it has.
        fields: &'static str,
        /// What it may have.
        allowed: &'static str,
    },
    /// Choice without rules.
    #[error("has no choices")]
    NoChoices,
    /// Choice that may find no rule.
    #[error("has no Default, so it may find no way on")]
    NoDefault,
    /// `States.ALL` beside others, or before others.
    #[error("has States.ALL in `{field}` where it is not alone and last")]
    CatchAll {
        /// `Catch` or `Retry`.
        field: &'static str,
    },
    /// A rule without errors.
    #[error("has a rule in `{field}` that names no errors")]
    NoErrors {
        /// `Catch` or `Retry`.
        field: &'static str,
    },
    /// A field of JSONPath.
    #[error("has the field `{field}`, which JSONata machines don't have")]
    JsonPath {
        /// Which.
        field: String,
    },
    /// An expression that can't be parsed.
    #[error("has the expression `{text}`, which is not JSONata: {message}")]
    Syntax {
        /// The expression.
        text: String,
        /// What the parser says.
        message: String,
    },
    /// A function that Step Functions lacks.
    #[error("calls ${name}, which Step Functions does not have")]
    Function {
        /// Its name.
        name: String,
    },
    /// An operator that Step Functions lacks.
    #[error("uses `{operator}`, which JSONata 2.0.6 does not have")]
    Operator {
        /// Which.
        operator: &'static str,
    },
    /// A task that the workflow doesn't have.
    #[error("runs the task {task:?}, which is not in the workflow")]
    UnknownTask {
        /// The task.
        task: String,
    },
    /// A task that never runs; the "state" is the task.
    #[error("is missing: no state runs that task")]
    Missing,
    /// A task that runs in two places.
    #[error("runs the task {task:?}, and so does another state")]
    Twice {
        /// The task.
        task: String,
    },
    /// Not one run an item, or one run an item without `for_each`.
    #[error("does not run the task {task:?} {how}, as the workflow asks")]
    Items {
        /// The task.
        task: String,
        /// What the workflow asks for.
        how: &'static str,
    },
    /// Another time limit.
    #[error("has the time limit {found:?}, the workflow asks for {wanted:?}")]
    Timeout {
        /// In the machine, seconds.
        found: Option<u64>,
        /// In the workflow, seconds.
        wanted: Option<u64>,
    },
    /// Other attempts.
    #[error("tries again {found} times after {error}, the workflow asks for {wanted}")]
    Retry {
        /// The error.
        error: &'static str,
        /// In the machine.
        found: u64,
        /// In the workflow.
        wanted: u64,
    },
    /// A failure that nobody catches.
    #[error("has no Catch of States.ALL: a failure would end the execution unsaid")]
    NoCatch,
    /// A Catch that does something else than `on_error`.
    #[error(
        "catches failures and goes on to {target:?}, which is not what `on_error: {wanted}` means"
    )]
    OnError {
        /// Where it goes.
        target: String,
        /// What the workflow says.
        wanted: String,
    },
    /// A mistake in an expression that counts as the task's failure.
    #[error("lets `on_error` pass over an expression that can't be evaluated")]
    PassesOverExpressions,
    /// A round that is closed by both its gate and the machine, or by neither.
    #[error(
        "has no state {wanted:?} to end with{}",
        .gate.as_ref().map(|gate| format!(": the gate {gate:?} closes the round")).unwrap_or_default()
    )]
    NotClosed {
        /// The state that is missing.
        wanted: &'static str,
        /// The workflow's gate.
        gate: Option<String>,
    },
    /// A `when` that isn't asked.
    #[error("is entered without its `when` being true")]
    Unasked,
    /// A stand-in that starts otherwise.
    #[error("runs a stand-in, but is entered otherwise than by the failure of {primary:?}")]
    NotStandingIn {
        /// The task it stands in for.
        primary: String,
    },
    /// A function that isn't told, or told wrongly, whose place its task has.
    #[error("tells its function that it stands in for {found:?}; the workflow says {wanted:?}")]
    StandsInFor {
        /// In the machine.
        found: Option<String>,
        /// In the workflow.
        wanted: Option<String>,
    },
    /// States that wait for each other.
    #[error("waits for itself: {}", .ring.join(" -> "))]
    Ring {
        /// States along the ring.
        ring: Vec<String>,
    },
    /// A precedence that some path doesn't keep.
    #[error("may start {later:?} before {earlier:?} has ended")]
    Broken {
        /// The task that must end first.
        earlier: String,
        /// The task that starts too soon.
        later: String,
    },
    /// An end that some path reaches too soon.
    #[error("may be reached before {task:?} has ended")]
    EndsEarly {
        /// The task.
        task: String,
    },
    /// A join without its item.
    #[error("uses the join {join:?} before its item is written")]
    JoinUnwritten {
        /// The join.
        join: String,
    },
    /// A join that nobody waits for.
    #[error("writes the join {join:?}, for which no state waits")]
    JoinUnused {
        /// The join.
        join: String,
    },
    /// Something pending that never tells.
    #[error("waits for {pending:?}, which does not tell it on every path")]
    NeverTold {
        /// What is pending.
        pending: String,
    },
    /// A telling that wakes nobody.
    #[error("tells a join, but is not followed by the waking of what waits")]
    NoWaking,
    /// A telling that isn't waited for.
    #[error("tells the join {join:?}, which does not wait for it")]
    NotPending {
        /// The join.
        join: String,
    },
}
