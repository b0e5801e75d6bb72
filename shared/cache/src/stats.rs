//! What the cache did, and what it saved.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Serialize, Serializer};

use crate::Kind;

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

macro_rules! counts {
    ($($(#[doc = $doc:literal])+ $field:ident,)+) => {
        /// The counts of one kind.
        #[derive(Debug, Default)]
        pub(crate) struct KindCounters {
            $(pub(crate) $field: Count,)+
            pub(crate) saved_nanos: Count,
        }

        /// What was counted of one kind since the process began.
        ///
        /// Every request is counted as one of `l1_hits`, `l2_hits`, `joins`, `misses` and `unanswered`.
        #[derive(Debug, Clone, Default, PartialEq, Serialize)]
        pub struct KindStats {
            $($(#[doc = $doc])+ pub $field: u64,)+
            /// Dollars of the calls that were not made, by the prices given when their values were made.
            pub saved_usd: f64,
        }

        impl KindStats {
            /// What was counted by these names, as [`CacheBuilder::monitor`](crate::CacheBuilder::monitor) has it recorded. A name that
            /// isn't there was counted zero times.
            #[must_use]
            pub fn from_counts(counts: &BTreeMap<String, u64>) -> Self {
                let of = |name: &str| counts.get(name).copied().unwrap_or_default();
                Self {
                    $($field: of(stringify!($field)),)+
                    saved_usd: of("saved_nanos") as f64 / 1e9,
                }
            }

            /// What was counted between an earlier snapshot of the same cache and this one.
            #[must_use]
            pub fn since(&self, earlier: &Self) -> Self {
                Self {
                    $($field: self.$field.saturating_sub(earlier.$field),)+
                    saved_usd: self.saved_usd - earlier.saved_usd,
                }
            }
        }

        impl KindCounters {
            /// Each count by its name, with dollars in billionths as `saved_nanos`.
            fn named(&self) -> BTreeMap<String, u64> {
                BTreeMap::from([
                    $((stringify!($field).to_owned(), self.$field.get()),)+
                    ("saved_nanos".to_owned(), self.saved_nanos.get()),
                ])
            }

            fn snapshot(&self) -> KindStats {
                KindStats {
                    $($field: self.$field.get(),)+
                    saved_usd: self.saved_nanos.get() as f64 / 1e9,
                }
            }
        }
    };
}

counts! {
    /// Requests answered in the process.
    l1_hits,
    /// Requests answered by the shared level.
    l2_hits,
    /// Requests that were answered with what another request of this process got meanwhile, from whichever place.
    joins,
    /// Requests for which every level said that it has no such value, so the source was asked.
    misses,
    /// Requests for which the source was asked because the shared level did not answer: neither a hit nor a miss.
    unanswered,
    /// Requests answered with an old value because the source failed. Counted as a miss, as unanswered or as a join too.
    stale,
    /// How often the source failed.
    source_errors,
    /// Requests to the shared level that failed or took too long.
    l2_errors,
    /// Requests to the shared level that were not made, because it had failed just before.
    l2_skipped,
    /// Requests answered, in time, from what another process had made while this one waited for it. Counted as hits of the shared level too.
    waits,
    /// Values in the shared level that were not what was written.
    damaged,
    /// Values that the shared level did not take, because another process had been given the right to write them.
    fenced,
    /// Values that were not kept: too large for the levels, with no artifacts to take them.
    too_large,
    /// Values whose bytes were no longer among the artifacts.
    lost,
    /// Requests to the artifacts that failed or took too long.
    artifact_errors,
    /// Values evicted from the process to make room.
    evictions,
    /// Bytes of values handed out without asking the source.
    bytes_served,
    /// Bytes read from the shared level.
    bytes_read,
    /// Bytes written to the shared level.
    bytes_written,
    /// Milliseconds that the source would have taken, had it been asked for what was handed out.
    saved_ms,
}

/// The counts of all kinds.
#[derive(Debug, Default)]
pub(crate) struct Counters([KindCounters; Kind::ALL.len()]);

impl Counters {
    pub(crate) fn of(&self, kind: Kind) -> &KindCounters {
        &self.0[kind.index()]
    }

    /// All counts, by the kinds' names and their own.
    pub(crate) fn named(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        let kinds = Kind::ALL.into_iter();
        kinds
            .map(|kind| (kind.name().to_owned(), self.of(kind).named()))
            .collect()
    }

    pub(crate) fn snapshot(&self, (l1_items, l1_bytes): (u64, u64)) -> Stats {
        Stats {
            kinds: Kind::ALL.map(|kind| (kind, self.of(kind).snapshot())),
            l1_items,
            l1_bytes,
        }
    }
}

/// What was counted since the process began.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// Of each kind, in the order of [`Kind::ALL`]; written as an object, by the kinds' names.
    #[serde(serialize_with = "by_name")]
    pub kinds: [(Kind, KindStats); Kind::ALL.len()],
    /// Values in the process.
    pub l1_items: u64,
    /// How many of its bytes they take up; a small value counts as its share of the level.
    pub l1_bytes: u64,
}

impl Stats {
    /// What was counted of one kind.
    pub fn of(&self, kind: Kind) -> &KindStats {
        &self.kinds[kind.index()].1
    }
}

fn by_name<S: Serializer>(
    kinds: &[(Kind, KindStats); Kind::ALL.len()],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(kinds.iter().map(|(kind, stats)| (kind.name(), stats)))
}

impl KindStats {
    /// How many requests there were.
    pub fn requests(&self) -> u64 {
        self.l1_hits + self.l2_hits + self.joins + self.misses + self.unanswered
    }

    /// The share of requests that were answered without the source being asked for them, 0 to 1; nothing before the first request. Requests
    /// that the shared level left without an answer count as requests, not as hits.
    pub fn hit_ratio(&self) -> Option<f64> {
        let requests = self.requests();
        let hits = self.l1_hits + self.l2_hits + self.joins;
        (requests > 0).then(|| hits as f64 / requests as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted_apart_and_money_adds_up_to_the_cent() {
        let counters = Counters::default();
        for _ in 0..1000 {
            counters.of(Kind::Media).saved_nanos.add(1_234_567);
            counters.of(Kind::Media).l1_hits.add(1);
        }
        let stats = counters.snapshot((0, 0));
        assert!((stats.of(Kind::Media).saved_usd - 1.234_567).abs() < 1e-9);
        assert_eq!(stats.of(Kind::Media).hit_ratio(), Some(1.0));
        assert_eq!(stats.of(Kind::Session).hit_ratio(), None);
        let json = serde_json::to_value(&stats).unwrap_or_default();
        assert_eq!(json["kinds"]["media"]["l1_hits"], 1000);
    }

    #[test]
    fn counts_by_name_are_read_again() {
        let counters = Counters::default();
        counters.of(Kind::Media).l2_hits.add(3);
        counters.of(Kind::Media).saved_nanos.add(1_500_000_000);
        let named = counters.named();
        let read = KindStats::from_counts(&named["media"]);
        assert_eq!(&read, counters.snapshot((0, 0)).of(Kind::Media));
        assert_eq!(
            KindStats::from_counts(&named["session"]),
            KindStats::default()
        );
    }

    #[test]
    fn what_lies_between_two_snapshots_is_their_difference() {
        let counters = Counters::default();
        let count = |times| {
            counters.of(Kind::Media).misses.add(times);
            counters.of(Kind::Media).saved_nanos.add(500_000_000);
            counters.snapshot((0, 0)).of(Kind::Media).clone()
        };
        let (first, second) = (count(3), count(4));
        let between = second.since(&first);
        assert_eq!((between.misses, between.l1_hits), (4, 0));
        assert!((between.saved_usd - 0.5).abs() < 1e-9);
    }
}
