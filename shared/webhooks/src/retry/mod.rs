//! When a delivery is tried again, and when an endpoint is left alone: functions of what happened, without a clock.

mod after;
mod outcome;
mod retry_after;
mod schedule;

pub use after::{
    DEFAULT_DISABLE_AFTER_MS, DISABLE_AFTER_MS, Delivery, EndpointState, Fate, MAX_PAUSE_MS, Next,
    after,
};
pub use outcome::{Outcome, Verdict};
pub use retry_after::{MAX_RETRY_AFTER_MS, RetryAfter};
pub use schedule::{
    JITTER_PERCENT, MAX_ATTEMPTS, MAX_WAIT_MS, MIN_ATTEMPTS, Schedule, ScheduleError,
};
