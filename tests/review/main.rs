//! The page of a review: by HTTP as a stranger may try it, and in a real browser as a person sees it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browser;
mod forgery;
mod page;
mod phone;
#[path = "../api/server.rs"]
#[expect(dead_code, reason = "it is shared with the suite of the API")]
mod server;
mod waiting;
