//! Experiments through the API, as a laptop serves it: a real server process on loopback, a real store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod cli;
mod content;
mod headlines;
mod lifecycle;
mod sdks;
#[path = "../api/server.rs"]
#[expect(dead_code, reason = "it is shared with the suite of the API")]
mod server;
mod writers;
