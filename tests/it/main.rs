//! What crosses a crate: contracts that every back end keeps, the command from end to end, and faults.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod artifacts_contract;
mod bad_input;
mod batch;
mod budget;
mod cache;
mod estimate;
mod faults;
mod feedback;
mod gate;
mod judge;
mod keeper;
mod make;
mod model;
mod narrated;
mod openers;
mod pictures;
mod redis;
mod rerender;
mod score;
mod store_contract;
mod support;
mod variants;
