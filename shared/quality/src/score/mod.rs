//! Scores: what is measured, how it is weighed, and what follows from it.
//!
//! A criterion is read ([`Reading`]), rounded to a whole number and weighed ([`Weights`]). The weighted sum is kept in integers
//! ([`Total`]), so that a score on a boundary falls on the same side everywhere; from the rounded total comes the [`Tier`].

mod reading;
mod sheet;

pub use domain::quality::{
    Criterion, Hold, Thresholds, ThresholdsError, Tier, Total, UnknownCriterion, Weights,
    WeightsError,
};
pub use reading::{Feature, Mark, Reading, Score};
pub(crate) use sheet::{Sheet, at, deviation, mean, sure};
