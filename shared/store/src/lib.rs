//! The DynamoDB tables: runs, tasks and their leases, and the outbox of events.
//!
//! There is one code path: the AWS SDK for DynamoDB, whether it talks to AWS or to an embedded emulator. Nothing here scans, reads
//! a clock or waits: every access pattern is one request (a page), and `now` comes in.
//!
//! | item | pk | sk | gsi1pk / gsi1sk |
//! |---|---|---|---|
//! | run | `RUN#id` | `META` | `RUNS#yyyy-mm` / created at |
//! | task | `RUN#id` | `TASK#round#name[#item]` | |
//! | event (outbox) | `EVENT#id` | `META` | `DUE#shard` / due at, until dispatched |
//! | a brand's runs | `BRAND#name` | `RUN#created at#id` | |
//! | a month that has runs | `MONTHS` | `yyyy-mm` | |
//!
//! A month's row tells a list of runs which months to ask for, so that it needs no guess at how far back to go.

mod attributes;
mod budget;
mod claim;
mod cursor;
mod error;
mod event;
mod execution;
mod expression;
mod keys;
mod listing;
mod request;
mod run;
mod tables;
mod task;
mod task_row;

pub use budget::Reservation;
pub use claim::{Claim, Claimant};
pub use error::StoreError;
pub use execution::Ending;
pub use keys::{TaskId, event_partition};
pub use listing::{Page, RunSummary};
pub use run::SCHEMA;
pub use tables::{Store, Tables};
