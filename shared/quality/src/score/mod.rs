//! Scores: what is measured, how it is weighed, and what follows from it.
//!
//! A criterion is read ([`Reading`]), rounded to a whole number and weighed ([`Weights`]). The weighted sum is kept in integers
//! ([`Total`]), so that a score on a boundary falls on the same side everywhere; from the rounded total comes the [`Tier`].

mod criterion;
mod reading;
mod sheet;
mod tier;
mod total;
mod weights;

pub use criterion::{Criterion, UnknownCriterion};
pub use reading::{Feature, Mark, Reading, Score};
pub(crate) use sheet::{Sheet, at, deviation, mean, sure};
pub use tier::{Hold, Thresholds, ThresholdsError, Tier};
pub use total::Total;
pub use weights::{Weights, WeightsError};
