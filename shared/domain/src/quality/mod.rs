//! The vocabulary of judging a round: the ten criteria, what they weigh, the total, the tier, and what came of it.
//!
//! Scores are rounded to whole points and weighed in whole percent ([`Weights`]). The weighted sum is kept in integers ([`Total`]), so
//! that a score on a boundary falls on the same side everywhere; from the rounded total comes the [`Tier`].

mod action;
mod course;
mod criterion;
mod feedback;
mod judging;
mod rules;
mod scored;
mod subject;
mod tier;
mod total;
mod weights;

pub use action::{Action, Target};
pub use course::{Course, course};
pub use criterion::{Criterion, UnknownCriterion};
pub use feedback::Feedback;
pub use judging::{JUDGED, JudgeWeight, JudgeWeightError, Judged, JudgedScore, Judging, Opinion};
pub use rules::{MAX_ROUNDS, QualityRules, REVIEW_HOURS, WeightTable};
pub use scored::{Decided, Decision, RoundScore, ScoreSheet, Suggestion};
pub use subject::Subject;
pub use tier::{Hold, Thresholds, ThresholdsError, Tier};
pub use total::Total;
pub use weights::{Weights, WeightsError};
