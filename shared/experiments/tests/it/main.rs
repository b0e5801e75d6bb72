//! What the crate is held to: others' cases and figures, laws, and simulations.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allocation;
mod common;
mod definitions;
mod growthbook_cases;
mod peeking;
mod results;
mod statistics_reference;
mod tallies;
