//! How fast an endpoint wants its messages.

use std::ops::RangeInclusive;

use serde::Serialize;

/// How many attempts a second an endpoint may ask for.
pub const PER_SECOND: RangeInclusive<u32> = 1..=1000;

/// How many attempts a second are made if an endpoint doesn't say.
pub const DEFAULT_PER_SECOND: u32 = 25;

/// How many attempts at once an endpoint may ask for.
pub const CONCURRENCY: RangeInclusive<u32> = 1..=100;

/// How many attempts are made at once if an endpoint doesn't say.
pub const DEFAULT_CONCURRENCY: u32 = 5;

/// The most that is sent to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Attempts a second.
    pub per_second: u32,
    /// Attempts at once.
    pub concurrency: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_second: DEFAULT_PER_SECOND,
            concurrency: DEFAULT_CONCURRENCY,
        }
    }
}
