//! What the cache promises, over a real Redis and over DynamoDB's cache table.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod contract;
mod faults;
mod flights;
mod processes;
mod sign_in;
mod support;
mod trace;
