//! What can be watched while a workflow runs.

use std::time::Duration;

use domain::{ErrorInfo, TaskName, TaskStatus};
use statemachine::{Instance, Skip};

/// Something that happened. `at` is the time since the execution began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExecutorEvent<'a> {
    /// The needs of an instance are met; it waits for a worker.
    Due {
        /// Which.
        instance: &'a Instance,
        /// When.
        at: Duration,
    },
    /// An attempt began.
    Started {
        /// Of which instance.
        instance: &'a Instance,
        /// The attempt, from 1.
        attempt: u32,
        /// When.
        at: Duration,
    },
    /// An attempt failed, and another one follows.
    Retrying {
        /// Of which instance.
        instance: &'a Instance,
        /// The attempt that failed.
        attempt: u32,
        /// Why.
        error: &'a ErrorInfo,
        /// How long until the next one is due.
        delay: Duration,
        /// When.
        at: Duration,
    },
    /// An instance came to its end.
    Ended {
        /// Which.
        instance: &'a Instance,
        /// How: succeeded, cached, skipped (its failure is passed over), failed or cancelled.
        status: TaskStatus,
        /// How many attempts were made.
        attempts: u32,
        /// The time that the attempts took together.
        work: Duration,
        /// What went wrong last, if it did not end well.
        error: Option<&'a ErrorInfo>,
        /// When.
        at: Duration,
    },
    /// A task succeeded without running, because it has no items.
    Empty {
        /// Which.
        task: &'a TaskName,
        /// When.
        at: Duration,
    },
    /// A task is skipped.
    Skipped {
        /// Which.
        task: &'a TaskName,
        /// Why.
        why: &'a Skip,
        /// When.
        at: Duration,
    },
    /// A task failed before it could start: one of its expressions has no answer.
    Refused {
        /// Which.
        task: &'a TaskName,
        /// What is wrong.
        error: &'a ErrorInfo,
        /// When.
        at: Duration,
    },
}

/// Watches an execution. Called in order, from one place, between the executor's own steps: it should return at once.
pub trait Observer: Sync {
    /// Something happened.
    fn event(&self, event: &ExecutorEvent<'_>);
}

/// Watches nothing.
impl Observer for () {
    fn event(&self, _: &ExecutorEvent<'_>) {}
}

impl<F: Fn(&ExecutorEvent<'_>) + Sync> Observer for F {
    fn event(&self, event: &ExecutorEvent<'_>) {
        self(event);
    }
}
