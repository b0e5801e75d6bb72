//! What the suites share: servers, tables, clocks, sources.

pub(crate) mod redis_server;
pub(crate) mod table;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cache::{Answer, Cache, CacheConfig, Clock, Kind, Level, Made, Policies, Policy, Tag};
use domain::Timestamp;

/// The system's clock.
pub(crate) fn clock() -> Clock {
    Arc::new(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp(now.as_millis() as u64)
    })
}

/// A clock that goes when it is told to.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicU64>);

impl Hands {
    /// 2026-11-23T10:00:00Z.
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_795_428_000_000)))
    }

    pub(crate) fn clock(&self) -> Clock {
        let hands = Arc::clone(&self.0);
        Arc::new(move || Timestamp(hands.load(Ordering::SeqCst)))
    }

    pub(crate) fn forward(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

/// Why a source made nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Down;

impl std::fmt::Display for Down {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the source is down")
    }
}

impl std::error::Error for Down {}

/// A source that counts how often it was asked.
#[derive(Default)]
pub(crate) struct Source {
    asked: AtomicU64,
    takes_ms: u64,
}

impl Source {
    pub(crate) fn taking(takes_ms: u64) -> Self {
        Self {
            takes_ms,
            ..Self::default()
        }
    }

    pub(crate) async fn ask(&self, value: &str) -> Result<Made, Down> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        // Even the shortest sleep takes a millisecond.
        if self.takes_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.takes_ms)).await;
        }
        Ok(Made::new(value.to_owned().into()).costing(0.25))
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A cache over a level, with the policy of one kind changed.
pub(crate) fn cache_with(
    level: Arc<dyn Level>,
    clock: Clock,
    kind: Kind,
    change: impl FnOnce(&mut Policy),
) -> Cache {
    let mut policy = patient().of(kind).clone();
    change(&mut policy);
    Cache::builder(&CacheConfig::default(), clock)
        .policies(patient().with(kind, policy).unwrap())
        .shared(level)
        .build()
        .unwrap()
}

/// How long the suites' levels may take, where that is not what is tested: a busy machine is no fault.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The policies that kinds come with, for sources so slow that a level may take as long as it likes.
pub(crate) fn patient() -> Policies {
    Kind::ALL
        .into_iter()
        .fold(Policies::default(), |all, kind| {
            let policy = Policy {
                source_ms: 60_000,
                ..Policy::of(kind)
            };
            all.with(kind, policy).unwrap()
        })
}

/// A cache over a level, as it comes but patient.
pub(crate) fn cache_over(level: Arc<dyn Level>, clock: Clock) -> Cache {
    Cache::builder(&CacheConfig::default(), clock)
        .policies(patient())
        .shared(level)
        .build()
        .unwrap()
}

/// Asks for a key whose value is `value`.
pub(crate) async fn get(
    cache: &Cache,
    kind: Kind,
    key: &str,
    tags: &[Tag],
    source: &Source,
    value: &str,
) -> Answer {
    cache
        .get_or_compute(kind, key, tags, || source.ask(value))
        .await
        .unwrap()
}
