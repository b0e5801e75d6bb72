//! The `reelwright` command: the whole system in one process. Wiring, no rule.

mod by_hand;
pub mod cli;
mod commands;
mod deliver;
pub mod embedded;
pub mod executor;
mod experiments;
mod failure;
mod files;
mod home;
mod kept_secret;
mod link_secret;
mod memory;
mod options;
mod owner;
mod progress;
mod report;
mod say;
mod serve;
mod subscriptions;
mod summary;
mod work;

pub use commands::api_document;
