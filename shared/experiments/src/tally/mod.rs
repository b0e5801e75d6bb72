//! Tallies: from events to sums, by differences.
//!
//! Statistics are per unit, so squares can't be summed over events. A [`UnitRecord`] holds what one unit did; [`difference`] says
//! what the record's change changes in the tallies, and whoever stores both writes both in one transaction. Tallies add up: over
//! shards, and over days to what was known of all units by the end of a day.
//!
//! The order of events changes nothing: a record is a function of the set of its events, a tally of the set of records.

mod day;
mod sums;
mod unit;

use std::collections::BTreeMap;
use std::ops::{AddAssign, Sub};

use serde::{Deserialize, Serialize};

pub use day::Day;
pub use sums::Sums;
pub use unit::{EventError, Exposure, MAX_DAYS, MAX_VALUE, UnitRecord, difference};

/// What one variation's units add up to, on a day or over days. As a difference it may hold negative counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Units that were exposed.
    #[serde(default)]
    pub units: i64,
    /// Conversions that don't count, because their unit wasn't exposed by their day.
    #[serde(default)]
    pub apart: i64,
    /// Sums by metric.
    #[serde(default)]
    pub metrics: BTreeMap<String, Sums>,
}

impl Tally {
    /// Whether it changes nothing.
    pub fn is_zero(&self) -> bool {
        self.units == 0 && self.apart == 0 && self.metrics.values().all(Sums::is_zero)
    }

    /// A metric's sums; zeros where there are none yet.
    pub fn sums(&self, metric: &str) -> Sums {
        self.metrics.get(metric).copied().unwrap_or_default()
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.units += other.units;
        self.apart += other.apart;
        for (metric, sums) in &other.metrics {
            *self.metrics.entry(metric.clone()).or_default() += *sums;
        }
    }
}

impl Sub for &Tally {
    type Output = Tally;

    fn sub(self, other: Self) -> Tally {
        let mut metrics = self.metrics.clone();
        for (metric, sums) in &other.metrics {
            let rest = self.sums(metric) - *sums;
            metrics.insert(metric.clone(), rest);
        }
        metrics.retain(|_, sums| !sums.is_zero());
        Tally {
            units: self.units - other.units,
            apart: self.apart - other.apart,
            metrics,
        }
    }
}

/// Tallies by variation and day. Conversions of units of which no variation is known yet stand under none.
pub type Tallies = BTreeMap<(Option<String>, Day), Tally>;
