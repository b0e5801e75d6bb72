//! Events reach subscribers: the embedded store, the production connector, and real HTTP peers on loopback. Time is a number that tests
//! set, so that a schedule of hours is gone through without waiting.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod addresses;
mod answers;
mod crashes;
mod peer;
mod signed;
mod world;
