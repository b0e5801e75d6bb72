//! Days, in UTC.

use serde::{Deserialize, Serialize};

const MS_A_DAY: i64 = 86_400_000;

/// A day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day of a time in milliseconds since 1970-01-01T00:00:00Z.
    pub fn of(time_ms: i64) -> Self {
        let day = time_ms.div_euclid(MS_A_DAY);
        Self(i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX }))
    }
}
