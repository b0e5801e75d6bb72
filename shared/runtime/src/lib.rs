//! What every function starts with: configuration, services, and the task contract that wraps each task once for everybody.

mod attempt;
mod aws;
mod backoff;
mod caching;
mod config;
mod deliveries;
mod documents;
mod edge;
mod edits;
mod error;
mod executions;
mod family;
mod figures;
mod gate;
pub mod http;
mod inputs;
mod journal;
pub mod lambda;
mod learnt;
pub mod outbound;
mod outcome;
mod purse;
mod reviews;
mod runs;
mod services;
mod start;
mod takes;
mod task;

pub use attempt::{Answered, Ask, KEPT_RESULTS, Stop, attempt};
pub use aws::sdk_config;
pub use config::{CloudConfig, Config, ConfigError, VARIABLES};
pub use deliveries::{
    DeliveryMessage, DeliveryQueue, GRACE_MS, LONGEST_DELAY_MS, QueueError, SqsDeliveries,
    TableAlone,
};
pub use edge::{EdgeError, Files, store_brief};
pub use edits::{Edit, EditError};
pub use error::TaskError;
pub use executions::{ExecutionError, Executions, Standing, Start, StepFunctions};
pub use family::Family;
pub use figures::{Keeper, Keeping};
pub use gate::{GateError, end_round};
pub use inputs::Inputs;
pub use journal::{Journal, JournalEntry, JournalEvent};
pub use learnt::{Learnt, learnt};
pub use outcome::{Verdict, verdict};
pub use providers::in_turn;
pub use runs::{
    Begins, Begun, RunError, Runs, SHORT_VIDEO, execution_name, facts, new_run, run_of_execution,
    single_tasks, take_in, workflow,
};
pub use services::{Clock, Services};
pub use start::StartError;
pub use takes::PartError;
pub use task::{AnyTask, Task, TaskContext, Tasks};
