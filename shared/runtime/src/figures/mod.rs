//! What this process records of itself, and how it gets to where it is kept.

mod embedded_metrics;
mod keeper;

pub(crate) use embedded_metrics::{Source, embedded_metrics};
pub use keeper::{Keeper, Keeping};

use std::sync::LazyLock;

use monitor::Monitor;

/// The monitor of a deployed function's process: it has one, as it has one log, however many stores it opens.
pub(crate) fn of_this_process() -> &'static Monitor {
    static MONITOR: LazyLock<Monitor> = LazyLock::new(Monitor::default);
    &MONITOR
}
