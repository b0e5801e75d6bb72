//! Experiments: allocation that every SDK agrees on, statistics that may be looked at every day.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no random source. Seeds and times come in as arguments.

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
