//! The HTTP API as a laptop serves it: a real server process on loopback, a real store, real videos.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod assets;
mod authorizer;
mod conformance;
mod inputs;
mod lifecycle;
mod lists;
mod process;
mod recorded;
mod repeats;
mod requests;
mod reviews;
mod server;
