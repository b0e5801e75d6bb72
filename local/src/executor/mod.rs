//! Carries out a workflow on this machine: a task starts as soon as its own needs are met.
//!
//! What starts next and what a failure means is decided in [`statemachine::Progress`]; here is the carrying out: at most so many
//! at once, the one with the longest way to the end first, attempts, waits between them, time limits, cancellation. It knows no store:
//! leases and rows live behind the [`TaskRunner`].

mod cancel;
mod jitter;
mod observe;
mod report;
mod run;
mod runner;
mod simulate;
mod work;

#[cfg(test)]
mod tests;

pub use cancel::{CancelToken, Canceller};
pub use observe::{ExecutorEvent, Observer};
pub use report::{CriticalPath, ExecutionReport, InstanceRecord};
pub use run::Executor;
pub use runner::{Done, RunnerAnswer, TaskRunner};
pub use simulate::{SleepingTasks, simulate};
