//! Events reach subscribers: the embedded store, the production connector, and real HTTP peers on loopback. Time is a number that tests
//! set, so that a schedule of hours is gone through without waiting.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod addresses;
mod answers;
mod concluded;
mod crashes;
mod happening;
mod listening;
mod news;
mod official;
mod peer;
mod program;
mod queued;
mod replays;
mod served;
#[path = "../api/server.rs"]
#[expect(dead_code, reason = "it is shared with the suite of the API")]
mod server;
mod signed;
mod soak;
mod tls;
mod world;
