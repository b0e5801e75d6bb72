//! What can go wrong with experiments.

use domain::RunId;
use experiments::DefinitionError;
use experiments::definition::{ChangeError, DefinitionProblem};
use experiments::stats::srm::PeriodError;
use runtime::http::Problem;
use store::StoreError;
use webhooks::WebhookIdError;

/// Why something can't be done with an experiment.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// The state can't be read or written, or doesn't allow it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was written of the experiment can't be used.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The experiment can't be changed so.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// What was sent is of no form that can be read.
    #[error("the experiment can't be read: {0}")]
    Unread(String),
    /// The experiment was changed at the same time.
    #[error("experiment {0:?} was changed at the same time: look at it, and try again")]
    Raced(String),
    /// The experiment is still a draft.
    #[error("experiment {0:?} is a draft: start it first")]
    Draft(String),
    /// The experiment is over.
    #[error("experiment {0:?} is concluded: nothing more is counted for it")]
    Concluded(String),
    /// A video that is compared isn't there yet.
    #[error(
        "experiment {key:?} can't start: run {run} of its variation {variation:?} is {state}; wait for it, decide on it, or cancel it"
    )]
    Unmade {
        /// The experiment.
        key: String,
        /// The variation.
        variation: String,
        /// Its run.
        run: RunId,
        /// The run's state.
        state: &'static str,
    },
    /// Too few of the videos that are compared may be shown.
    #[error(
        "experiment {key:?} can't start: of its variations fewer than two are left without {out}, whose runs failed, were cancelled or weren't \
         approved; redrive them, or send the brief again"
    )]
    NothingToCompare {
        /// The experiment.
        key: String,
        /// The variations that are left out.
        out: String,
    },
    /// A unit's name that can't be used.
    #[error("{attribute}: {reason}")]
    Unit {
        /// The attribute that names it.
        attribute: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// Events that can't be read at all.
    #[error("the events can't be read: {0}")]
    Events(String),
    /// The tallies don't fit the experiment.
    #[error(transparent)]
    Periods(#[from] PeriodError),
    /// An id can't be a message's.
    #[error(transparent)]
    Id(#[from] WebhookIdError),
    /// A part of a batch didn't come to its end.
    #[error("a part of the batch ended unsaid: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl From<AssignError> for Problem {
    fn from(error: AssignError) -> Self {
        match error {
            AssignError::Store(error) => error.into(),
            AssignError::Definition(error) | AssignError::Change(ChangeError::Invalid(error)) => {
                unusable(&error)
            }
            AssignError::Change(_)
            | AssignError::Raced(_)
            | AssignError::Draft(_)
            | AssignError::Unmade { .. }
            | AssignError::NothingToCompare { .. }
            | AssignError::Concluded(_) => Self::conflict(error),
            AssignError::Unread(_) | AssignError::Events(_) => Self::invalid(error),
            AssignError::Unit {
                ref attribute,
                ref reason,
            } => Self::invalid("the unit can't be used").with_field(attribute, reason),
            AssignError::Periods(_) | AssignError::Id(_) | AssignError::Task(_) => {
                Self::internal(&error)
            }
        }
    }
}

fn unusable(error: &DefinitionError) -> Problem {
    let problem = Problem::invalid("the experiment can't be used: see errors");
    error.problems.iter().fold(problem, |problem, found| {
        problem.with_field(field(found), found)
    })
}

/// The field of a definition that a problem is about.
fn field(problem: &DefinitionProblem) -> &'static str {
    match problem {
        DefinitionProblem::Key { of, .. } if of.starts_with("variation") => "variations",
        DefinitionProblem::Key { of, .. } if of.starts_with("metric") => "metrics",
        DefinitionProblem::Key { .. } => "key",
        DefinitionProblem::Duplicate { of, .. } => of,
        DefinitionProblem::VariationCount(_) | DefinitionProblem::UnknownVariation { .. } => {
            "variations"
        }
        DefinitionProblem::WeightCount { .. }
        | DefinitionProblem::Weight(_)
        | DefinitionProblem::WeightSum(_) => "weights",
        DefinitionProblem::Number { name, .. } | DefinitionProblem::Empty(name) => name,
        DefinitionProblem::Part { .. } | DefinitionProblem::EmptyFilter(_) => "filters",
        DefinitionProblem::Condition(_) => "condition",
        DefinitionProblem::MetricCount(_)
        | DefinitionProblem::NoGoal
        | DefinitionProblem::Denominator(_)
        | DefinitionProblem::AdjustedRatio(_)
        | DefinitionProblem::Margin { .. } => "metrics",
        DefinitionProblem::FixedWithoutPlan => "planned_units",
        DefinitionProblem::UnknownMetric(_) => "bandit",
        DefinitionProblem::TooManyForced(_) => "forced",
        DefinitionProblem::BucketVersion { .. } => "bucket_version",
        DefinitionProblem::EarlyWinner => "winner",
    }
}
