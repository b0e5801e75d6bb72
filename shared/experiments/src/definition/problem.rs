//! What can be wrong with a definition.

use std::fmt;

use thiserror::Error;

use super::check::{MAX_FORCED, MAX_KEY_BYTES, MAX_METRICS, MAX_VARIATIONS};
use crate::condition::Problem;

/// All that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Error)]
pub struct DefinitionError {
    /// The experiment's key.
    pub key: String,
    /// What is wrong, at least one thing.
    pub problems: Vec<DefinitionProblem>,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key: String = self.key.chars().take(MAX_KEY_BYTES).collect();
        write!(f, "experiment {key:?} can't be used:")?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DefinitionProblem {
    /// A name that can't be used in URLs and keys.
    #[error("the {of} {key:?} must be 1 to {MAX_KEY_BYTES} letters, digits, `-`, `_` or `.`")]
    Key {
        /// What it is the name of.
        of: &'static str,
        /// The name, shortened.
        key: String,
    },
    /// Two of a kind have one key.
    #[error("two {of} have the key {key:?}; give each its own")]
    Duplicate {
        /// What they are.
        of: &'static str,
        /// Their key.
        key: String,
    },
    /// Too few or too many variations.
    #[error("it has {0} variations; give 2 to {MAX_VARIATIONS}")]
    VariationCount(usize),
    /// Weights of another number than the variations.
    #[error("it has {weights} weights for {variations} variations; give each its own, or none")]
    WeightCount {
        /// How many weights there are.
        weights: usize,
        /// How many variations.
        variations: usize,
    },
    /// A weight that is none.
    #[error("the weight {0} must be a number from 0 to 1")]
    Weight(f64),
    /// The weights don't share out all.
    #[error("the weights sum to {0}; they must sum to 1")]
    WeightSum(f64),
    /// A number outside its range.
    #[error("{name} is {value}; it must be {expected}")]
    Number {
        /// The field.
        name: &'static str,
        /// What it holds.
        value: f64,
        /// What it may hold.
        expected: &'static str,
    },
    /// A range that isn't one.
    #[error(
        "the part of {of} from {from} to {to} must lie between 0 and 1, its start before its end"
    )]
    Part {
        /// The namespace, or the filter's seed.
        of: String,
        /// Where it begins.
        from: f64,
        /// Where it ends.
        to: f64,
    },
    /// A filter without a part takes nobody in.
    #[error("the filter with seed {0:?} has no ranges, so it takes nobody in; give it some")]
    EmptyFilter(String),
    /// A field without what it needs.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// The condition can't be used.
    #[error("condition: {0}")]
    Condition(#[from] Problem),
    /// Nothing to judge by.
    #[error("it has {0} metrics; give 1 to {MAX_METRICS}")]
    MetricCount(usize),
    /// No metric that a winner could win by.
    #[error("no metric is a goal; make one the goal")]
    NoGoal,
    /// Only ratios have a denominator, and they need one.
    #[error("metric {0:?}: a ratio needs a denominator, and only a ratio has one")]
    Denominator(String),
    /// A ratio can't be adjusted by one value from before.
    #[error("metric {0:?}: cuped works on proportions and means, not on ratios")]
    AdjustedRatio(String),
    /// A margin that is none.
    #[error("metric {metric:?}: the margin {margin} must be above 0")]
    Margin {
        /// The metric.
        metric: String,
        /// Its margin.
        margin: f64,
    },
    /// A fixed test without its end.
    #[error("a fixed test is looked at once, when the planned units are in; give planned_units")]
    FixedWithoutPlan,
    /// A variation is named that there isn't.
    #[error("{by} names the variation {key:?}, which there isn't; use one of the variations' keys")]
    UnknownVariation {
        /// Who names it.
        by: String,
        /// The name.
        key: String,
    },
    /// A bandit that is paid by no metric of the experiment.
    #[error("the bandit's metric {0:?} isn't one of the metrics; use one of their keys")]
    UnknownMetric(String),
    /// Too many forced units.
    #[error("it forces {0} units; at most {MAX_FORCED} can be forced, use a condition for more")]
    TooManyForced(usize),
    /// Every unit would be left out.
    #[error(
        "min_bucket_version {least} is above bucket_version {version}; raise bucket_version too"
    )]
    BucketVersion {
        /// The least version whose units take part.
        least: u32,
        /// The version.
        version: u32,
    },
    /// A winner before the end.
    #[error("it names a winner but isn't concluded; conclude it, or leave the winner out")]
    EarlyWinner,
}
