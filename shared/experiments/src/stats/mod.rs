//! Statistics: from samples of two variations to what can be said of their difference.
//!
//! A [`Sample`] is what is known of one variation, an [`Effect`] the difference of one to the control. Tests work on effects:
//! [`sequential::test`] holds however often it is looked at, [`fixed::test`] once; [`Belief`] says what is likely.

pub mod bandit;
mod bayes;
mod corrections;
mod distributions;
mod effect;
pub mod fixed;
pub mod power;
pub mod proportions;
mod random;
pub mod relative;
mod sample;
pub mod sequential;
pub mod srm;

pub use bayes::Belief;
pub use corrections::{Corrected, Correction};
pub use effect::{Effect, Interval, Test, Undefined};
pub use sample::{Sample, sample_of, theta};
