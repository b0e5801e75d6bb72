//! The DynamoDB tables: runs, tasks and their leases, and the outbox of events.
//!
//! There is one code path: the AWS SDK for DynamoDB, whether it talks to AWS or to an embedded emulator. Nothing here scans, reads
//! a clock or waits: every access pattern is one request (a page), and `now` comes in.
//!
//! | item | pk | sk | gsi1pk / gsi1sk |
//! |---|---|---|---|
//! | run | `RUN#id` | `META` | `RUNS#yyyy-mm` / created at |
//! | task | `RUN#id` | `TASK#round#name[#item]` | |
//! | round that waits for a person | `RUN#id` | `REVIEW#round` | `REVIEWS` / since when, while it waits |
//! | rounds judged on a day | `STAT#rounds[#brand]` | `yyyy-mm-dd#shard` | |
//! | figures of a minute, a day | `STAT#figures#minutes`, `STAT#figures#days` | `yyyy-mm-ddThh:mm#shard`, `yyyy-mm-dd#shard` | |
//! | event (outbox) | `EVENT#id` | `META` | `DUE#shard` / due at, until dispatched |
//! | a brand's runs | `BRAND#name` | `RUN#created at#id` | |
//! | watch (a run to look after) | `RUN#id` | `WATCH` | `WATCH#shard` / due at, while the run goes on |
//! | endpoint of a subscriber | `ENDPOINT#id` | `META` | `ENDPOINTS` / created at |
//! | delivery with its attempts | `DELIVERY#id` | `META` | `SEND#shard` / next attempt at, while it waits |
//! | an endpoint's deliveries | `ENDPOINT#id` | `DELIVERY#created at#id` | |
//! | experiment, with its weights' history | `EXPERIMENT#key` | `META` | `EXPERIMENTS` / created at |
//! | tally of an experiment's day | `TALLY#key#bucket version#shard` | `DAY#day#variation` | |
//! | units by the weights that stood | `TALLY#key#bucket version#shard` | `PERIOD#number` | |
//! | unit in an experiment | `UNIT#digest` | `IN#key#bucket version` | |
//! | event of a unit, taken once | `UNIT#digest` | `EVENT#key#digest` | |
//! | API key | `KEY#id` | `META` | `KEYS` / created at |
//! | idempotency key | `IDEM#digest of caller and key` | `META` | |
//! | a month that has runs | `MONTHS` | `yyyy-mm` | |
//!
//! An API key's id is the beginning of its secret's digest, so that looking it up by its secret and revoking it by its id are one request
//! each. Watches and deliveries stand in partitions of their own: behind events that wait for long they would not be seen.
//!
//! A month's row tells a list of runs which months to ask for, so that it needs no guess at how far back to go.

mod attributes;
mod budget;
mod claim;
mod content;
mod cursor;
mod delivery;
mod delivery_row;
mod edit;
mod endpoint;
mod error;
mod event;
mod execution;
mod experiment;
mod expression;
mod figures;
mod idempotency;
mod key;
mod keys;
mod listing;
mod measured;
mod openers;
mod operation;
mod outbox;
mod redrive;
mod request;
mod review;
mod round;
mod run;
mod scripts;
mod stat;
mod tables;
mod tally;
mod task;
mod task_row;
mod unit;
mod unit_write;
mod watch;

pub use budget::Reservation;
pub use claim::{Claim, Claimant};
pub use content::{BrandWinner, ContentTest};
pub use delivery_row::{
    Attempt, ClaimedDelivery, DeliveryRecord, DeliveryState, Due, Lease, NewDelivery, Wait,
};
pub use edit::EditedRound;
pub use endpoint::EndpointRecord;
pub use error::StoreError;
pub use execution::Ending;
pub use experiment::{Concluded, ExperimentRecord, Stretch};
pub use figures::{Addition, Grain};
pub use idempotency::{Idempotency, Started};
pub use keys::{SHARDS, TaskId, event_partition};
pub use listing::{Page, RunSummary};
pub use outbox::{Announced, Announcement};
pub use review::Review;
pub use round::{Again, Next, RoundEnd};
pub use run::SCHEMA;
pub use stat::DayOfRounds;
pub use tables::{Store, Tables};
pub use tally::Observed;
pub use unit::{UnitId, UnitRow};
pub use unit_write::{Erased, Occurrence, Taken, UnitEvent};
pub use watch::{FIRST_LOOK_MS, Watch};
