//! Briefs that come by bucket and queue, and runs that nobody works on: the functions `intake` and `sweep` over the embedded store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod examples;
mod messages;
mod objects;
mod rounds;
mod support;
mod sweeps;
mod variants;
