//! Experiments: allocation that every SDK agrees on, statistics that may be looked at every day.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no random source. Seeds and times come in as arguments.
//!
//! A [`Definition`] is checked into an [`Experiment`]; its [`Rule`] gives units their variations, as any GrowthBook SDK does that is
//! handed the [`payload`]. What units do goes into [`tally`], and [`results`] says what follows:
//!
//! ```
//! use experiments::condition::{Attributes, SavedGroups};
//! use experiments::results::{Decision, Observations, Results, analyse};
//! use experiments::tally::{Sums, Tally};
//! use experiments::{Experiment, Unit};
//!
//! let definition = serde_json::from_str(
//!     r#"{
//!         "key": "hooks", "state": "running", "planned_units": 20000,
//!         "variations": [{"key": "statement"}, {"key": "question"}],
//!         "condition": {"country": "NL"},
//!         "metrics": [{"key": "watched", "kind": "proportion"}]
//!     }"#,
//! )?;
//! let experiment = Experiment::new(definition)?;
//!
//! let viewer: Attributes = serde_json::from_str(r#"{"id": "viewer-7", "country": "NL"}"#)?;
//! let groups = SavedGroups::default();
//! let viewer = Unit { attributes: &viewer, groups: &groups, sticky: None };
//! let assignment = experiment.rule().map(|rule| rule.assign(viewer)).transpose()?;
//! assert_eq!(assignment.map(|assignment| assignment.variation), Some(1));
//!
//! let watched = |units, sum| Tally {
//!     units,
//!     metrics: [("watched".to_owned(), Sums { sum, sum_squares: sum, ..Sums::default() })].into(),
//!     ..Tally::default()
//! };
//! let tallies = [watched(10_000, 3_000.0), watched(10_000, 3_300.0)];
//! let seen = Observations { tallies: &tallies, periods: &[], days: 5.0, seed: 1 };
//! let Results::Fixed(results) = analyse(&experiment, &seen)? else { unreachable!("not a bandit") };
//! assert_eq!(results.decision, Decision::Winner { variation: "question".to_owned() });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod allocation;
pub mod analysis;
pub mod buckets;
pub mod condition;
pub mod definition;
pub mod hash;
pub mod payload;
pub mod results;
pub mod stats;
pub mod tally;

pub use allocation::{
    Assignment, Excluded, Filter, Namespace, Origin, Rule, StickyBuckets, StickyDocument, Unit,
};
pub use definition::{Definition, DefinitionError, Experiment};
