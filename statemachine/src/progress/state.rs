//! What is known of one task while a run goes on.

use domain::{ErrorInfo, TaskStatus};
use serde_json::Value;

use super::Instance;

/// What is known of one task.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) status: TaskStatus,
    /// How many tasks in its `after` have not settled.
    pub(super) needs: usize,
    pub(super) stand_in: Option<usize>,
    /// How many instances there are, once known.
    pub(super) total: u32,
    /// How many of them were handed out, in order.
    pub(super) handed: u32,
    /// How many of those have not come back.
    pub(super) out: u32,
    /// How many ended well.
    pub(super) done: u32,
    /// How many came back without having begun.
    pub(super) withdrawn: u32,
    /// Its instances, by item.
    pub(super) slots: Vec<Slot>,
    /// The first error among its instances.
    pub(super) error: Option<ErrorInfo>,
}

/// Where one instance is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Slot {
    Waiting,
    Out,
    Back,
    Done(Value),
}

/// Where an instance stands among those of its task.
pub(super) fn slot_of(instance: &Instance) -> usize {
    instance.item.unwrap_or(0) as usize
}

impl Default for Task {
    fn default() -> Self {
        Self {
            status: TaskStatus::Pending,
            needs: 0,
            stand_in: None,
            total: 0,
            handed: 0,
            out: 0,
            done: 0,
            withdrawn: 0,
            slots: Vec::new(),
            error: None,
        }
    }
}
