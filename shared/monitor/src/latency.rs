//! How long one operation took, over some time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::buckets::{bucket_of, middle_of};

/// How long an operation took each time, as a histogram, and how often it failed.
///
/// Quantiles are within [`crate::RELATIVE_ERROR`] of what was recorded; counts and sums are exact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// How many of those counted failed.
    #[serde(rename = "e", default, skip_serializing_if = "is_zero")]
    pub errors: u64,
    /// All durations together, in nanoseconds.
    #[serde(rename = "ns")]
    pub total_nanos: u64,
    /// How many took about so long, by bucket. Only buckets that hold any are here.
    #[serde(rename = "b")]
    pub(crate) buckets: BTreeMap<usize, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Latency {
    /// Counts one.
    pub fn record(&mut self, took: Duration, failed: bool) {
        let nanos = nanos(took);
        self.add_bucket(bucket_of(nanos), 1);
        self.total_nanos = self.total_nanos.saturating_add(nanos);
        self.errors += u64::from(failed);
    }

    pub(crate) fn add_bucket(&mut self, bucket: usize, count: u64) {
        *self.buckets.entry(bucket).or_default() += count;
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        self.errors += other.errors;
        self.total_nanos = self.total_nanos.saturating_add(other.total_nanos);
        for (&bucket, &count) in &other.buckets {
            self.add_bucket(bucket, count);
        }
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.buckets.values().sum()
    }

    /// The duration within which a share of 0 to 1 of them stayed: that of the one at this rank (nearest rank). Zero if none was counted.
    pub fn quantile(&self, share: f64) -> Duration {
        let rank = (share.clamp(0.0, 1.0) * self.count() as f64).ceil() as u64;
        let rank = rank.max(1);
        let mut passed = 0;
        for (&bucket, &count) in &self.buckets {
            passed += count;
            if passed >= rank {
                return Duration::from_nanos(middle_of(bucket));
            }
        }
        Duration::ZERO
    }

    /// The mean; zero if none was counted.
    pub fn mean(&self) -> Duration {
        let mean = self.total_nanos.checked_div(self.count());
        Duration::from_nanos(mean.unwrap_or_default())
    }

    /// Each duration that was counted, about, with how often, the shortest first.
    pub fn durations(&self) -> impl Iterator<Item = (Duration, u64)> {
        let buckets = self.buckets.iter();
        buckets.map(|(&bucket, &count)| (Duration::from_nanos(middle_of(bucket)), count))
    }
}

pub(crate) fn nanos(took: Duration) -> u64 {
    u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RELATIVE_ERROR;

    fn of(millis: &[u64]) -> Latency {
        let mut latency = Latency::default();
        for &millis in millis {
            latency.record(Duration::from_millis(millis), millis % 7 == 0);
        }
        latency
    }

    #[test]
    fn of_nothing_everything_is_nothing() {
        let none = Latency::default();
        assert_eq!((none.count(), none.mean()), (0, Duration::ZERO));
        assert_eq!(none.quantile(0.99), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_durations_themselves(
            mut millis in prop::collection::vec(1_u64..1_000_000, 1..200),
            share in 0.0_f64..=1.0,
        ) {
            let found = of(&millis).quantile(share).as_secs_f64() * 1e3;
            millis.sort_unstable();
            let rank = ((share * millis.len() as f64).ceil() as usize).max(1);
            let exact = millis[rank - 1] as f64;
            prop_assert!((found - exact).abs() <= RELATIVE_ERROR * exact, "{found} for {exact}");
        }

        #[test]
        fn the_sum_of_parts_is_the_whole_in_any_order(
            one in prop::collection::vec(0_u64..100_000, 0..50),
            other in prop::collection::vec(0_u64..100_000, 0..50),
        ) {
            let whole = of(&[one.clone(), other.clone()].concat());
            let (mut forth, mut back) = (of(&one), of(&other));
            forth.merge(&of(&other));
            back.merge(&of(&one));
            prop_assert_eq!(&forth, &whole);
            prop_assert_eq!(&back, &whole);
            prop_assert_eq!(whole.count(), (one.len() + other.len()) as u64);
        }
    }
}
