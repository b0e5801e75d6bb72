//! What every function starts with: configuration, services, and the task contract that wraps each task once for everybody.

mod attempt;
mod config;
mod edge;
mod error;
mod inputs;
mod journal;
mod outcome;
mod services;
mod task;

pub use attempt::{Answered, Ask, Stop, attempt};
pub use config::{Config, ConfigError, VARIABLES};
pub use edge::{EdgeError, store_brief};
pub use error::TaskError;
pub use inputs::Inputs;
pub use journal::{Journal, JournalEntry, JournalEvent};
pub use outcome::{Verdict, verdict};
pub use providers::in_turn;
pub use services::{Clock, Services};
pub use task::{AnyTask, Task, TaskContext, Tasks};
