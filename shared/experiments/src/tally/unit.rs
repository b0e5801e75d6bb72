//! One unit in one experiment: what it saw first, and what it did on which day.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Day, Sums, Tallies, Tally};
use crate::definition::{Metric, MetricKind};

/// The largest value of an event: its square still leaves room for sums to stay exact to many digits.
pub const MAX_VALUE: f64 = 1e12;

/// The most days of which a record keeps events, so that whatever changes with it in the tallies fits into one transaction.
pub const MAX_DAYS: usize = 90;

/// An event that can't be taken.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EventError {
    /// A value that is none.
    #[error("{name:?} has the value {value}; it must be a number from 0 to {MAX_VALUE}")]
    Value {
        /// The event, or the metric of a value from before.
        name: String,
        /// The value.
        value: f64,
    },
    /// A unit that did something on more days than a record holds.
    #[error(
        "the unit has events on {MAX_DAYS} days, and day {0:?} would be one more; conclude the experiment"
    )]
    TooManyDays(Day),
    /// A unit is told to have seen two variations.
    #[error(
        "the unit has variation {known:?}, and the exposure says {told:?}; a unit sees one variation only"
    )]
    OtherVariation {
        /// What it was given.
        known: String,
        /// What the event says.
        told: String,
    },
}

/// What one unit did in one experiment. Equal for the same events in whatever order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exposure: Option<Exposure>,
    /// Per day and event.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    days: BTreeMap<Day, BTreeMap<String, Amount>>,
}

/// The first time that a unit saw its variation.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    /// Values from before the experiment, by metric.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pre: BTreeMap<String, f64>,
}

/// How often, and how much in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    count: u32,
    sum: f64,
}

impl UnitRecord {
    /// A record of a unit that was given a variation, and hasn't seen it yet.
    pub fn assigned(variation: &str) -> Self {
        Self {
            variation: Some(variation.into()),
            ..Self::default()
        }
    }

    /// The unit's variation, once one is known.
    pub fn variation(&self) -> Option<&str> {
        self.variation.as_deref()
    }

    /// The unit is given a variation; one that it has already stays. Says what it has now.
    pub fn assign(&mut self, variation: &str) -> &str {
        self.variation.get_or_insert_with(|| variation.into())
    }

    /// When the unit saw its variation first, in milliseconds since 1970-01-01T00:00:00Z, if it has.
    pub fn exposed_at_ms(&self) -> Option<i64> {
        self.exposure.as_ref().map(|exposure| exposure.at_ms)
    }

    /// The unit saw its variation. The earliest exposure decides from when on it counts, and by what it is adjusted.
    pub fn expose(&mut self, variation: &str, exposure: Exposure) -> Result<(), EventError> {
        for (metric, value) in &exposure.pre {
            check(metric, *value)?;
        }
        if let Some(known) = self.variation.as_ref().filter(|known| *known != variation) {
            return Err(EventError::OtherVariation {
                known: known.clone(),
                told: variation.into(),
            });
        }
        self.variation = Some(variation.into());
        // At the same time, the smaller values decide, so that the order doesn't.
        if self.exposure.as_ref().is_none_or(|known| exposure < *known) {
            self.exposure = Some(exposure);
        }
        Ok(())
    }

    /// The unit did something, worth a value.
    pub fn convert(&mut self, event: &str, value: f64, at_ms: i64) -> Result<(), EventError> {
        check(event, value)?;
        let day = Day::of(at_ms);
        if self.days.len() >= MAX_DAYS && !self.days.contains_key(&day) {
            return Err(EventError::TooManyDays(day));
        }
        let amount = self
            .days
            .entry(day)
            .or_default()
            .entry(event.into())
            .or_default();
        amount.count = amount.count.saturating_add(1);
        amount.sum += value;
        Ok(())
    }

    /// What this unit is in the tallies. From the day of its exposure on its conversions count; a clock's hours don't matter.
    pub fn tallies(&self, metrics: &[Metric]) -> Tallies {
        let first = self
            .exposure
            .as_ref()
            .map(|exposure| Day::of(exposure.at_ms));
        let mut days: BTreeSet<Day> = self.days.keys().copied().collect();
        days.extend(first);
        let mut known = Known::default();
        let mut before = Tally::default();
        let mut tallies = Tallies::new();
        for day in days {
            let amounts = self.days.get(&day);
            let mut tally = Tally::default();
            if first.is_some_and(|first| first <= day) {
                known.add(amounts);
                let now = self.known_by(&known, metrics);
                tally = &now - &before;
                before = now;
            } else {
                tally.apart = amounts
                    .into_iter()
                    .flat_map(BTreeMap::values)
                    .map(|amount| i64::from(amount.count))
                    .sum();
            }
            tallies.insert((self.variation.clone(), day), tally);
        }
        tallies.retain(|_, tally| !tally.is_zero());
        tallies
    }

    /// The unit's own sums by what is known of it.
    fn known_by(&self, known: &Known<'_>, metrics: &[Metric]) -> Tally {
        let sums = metrics.iter().map(|metric| {
            let amount = known.get(metric.event());
            let pre = self
                .exposure
                .as_ref()
                .and_then(|exposure| exposure.pre.get(&metric.key));
            let pre = pre.copied().filter(|_| metric.cuped).unwrap_or(0.0);
            let sums = match metric.kind {
                MetricKind::Proportion => {
                    Sums::of_unit(f64::from(u8::from(amount.count > 0)), 0.0, pre)
                }
                MetricKind::Mean => Sums::of_unit(amount.sum, 0.0, pre),
                MetricKind::Ratio => {
                    let denominator = metric
                        .denominator
                        .as_deref()
                        .map(|event| known.get(event).sum);
                    Sums::of_unit(amount.sum, denominator.unwrap_or(0.0), pre)
                }
            };
            (metric.key.clone(), sums)
        });
        Tally {
            units: 1,
            apart: 0,
            metrics: sums.collect(),
        }
    }
}

/// What is known of a unit's events up to a day.
#[derive(Default)]
struct Known<'a>(BTreeMap<&'a str, Amount>);

impl<'a> Known<'a> {
    fn add(&mut self, amounts: Option<&'a BTreeMap<String, Amount>>) {
        for (event, amount) in amounts.into_iter().flatten() {
            let known = self.0.entry(event).or_default();
            known.count = known.count.saturating_add(amount.count);
            known.sum += amount.sum;
        }
    }

    fn get(&self, event: &str) -> Amount {
        self.0.get(event).copied().unwrap_or_default()
    }
}

/// What changes in the tallies when a unit's record changes; what doesn't change is left out.
pub fn difference(before: &UnitRecord, after: &UnitRecord, metrics: &[Metric]) -> Tallies {
    let (before, mut changed) = (before.tallies(metrics), after.tallies(metrics));
    for (place, tally) in before {
        let now = changed.entry(place).or_default();
        *now = &*now - &tally;
    }
    changed.retain(|_, tally| !tally.is_zero());
    changed
}

fn check(name: &str, value: f64) -> Result<(), EventError> {
    if (0.0..=MAX_VALUE).contains(&value) {
        return Ok(());
    }
    Err(EventError::Value {
        name: name.into(),
        value,
    })
}
