//! The port behind which tasks do their work.

use std::future::Future;
use std::time::Duration;

use domain::ErrorInfo;
use serde_json::Value;
use statemachine::Instance;

use super::CancelToken;

/// What an attempt that went well leaves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Done {
    /// What later expressions may read: an object of at most 256 bytes as JSON, or null.
    pub facts: Value,
    /// Whether it was answered from what was made before.
    pub cached: bool,
    /// The part of the attempt's time in which it only waited for its turn: not work.
    pub waited: Duration,
}

/// How an attempt ends. An error named `Transient` or `Timeout` may be tried again, as the workflow's `retry` says; one named
/// `Cancelled` cancels the run; every other is final.
pub type RunnerAnswer = Result<Done, ErrorInfo>;

/// Does the work of tasks.
///
/// A future that is no longer wanted is dropped at its next point of waiting: when the attempt's time is up, or when a cancelled
/// run waits no longer. Work that was moved to another thread goes on until it asks `stop`. A panic counts as a `Permanent` error.
pub trait TaskRunner: Send + Sync + 'static {
    /// Makes one attempt, counted from 1.
    fn run(
        &self,
        instance: &Instance,
        attempt: u32,
        stop: CancelToken,
    ) -> impl Future<Output = RunnerAnswer> + Send;
}
