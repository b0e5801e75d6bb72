//! What is being recorded of one operation.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::buckets::{BUCKETS, bucket_of};
use crate::latency::{Latency, nanos};

/// One operation's durations since they were last taken. Recording takes no lock and no memory.
#[derive(Debug)]
pub struct Series {
    buckets: Box<[AtomicU32]>,
    total_nanos: AtomicU64,
    errors: AtomicU64,
    /// How many were recorded, counted last: what is not counted here is taken the next time.
    recorded: AtomicU64,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            buckets: (0..BUCKETS).map(|_| AtomicU32::default()).collect(),
            total_nanos: AtomicU64::default(),
            errors: AtomicU64::default(),
            recorded: AtomicU64::default(),
        }
    }
}

impl Series {
    /// Counts one that took so long, and whether it failed.
    pub fn record(&self, took: Duration, failed: bool) {
        let nanos = nanos(took);
        if let Some(bucket) = self.buckets.get(bucket_of(nanos)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.total_nanos.fetch_add(nanos, Ordering::Relaxed);
        if failed {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        self.recorded.fetch_add(1, Ordering::Release);
    }

    /// Takes what was recorded; nothing if nothing was. Each record is taken once, whoever records meanwhile.
    pub(crate) fn take(&self) -> Option<Latency> {
        if self.recorded.swap(0, Ordering::Acquire) == 0 {
            return None;
        }
        let mut taken = Latency {
            total_nanos: self.total_nanos.swap(0, Ordering::Relaxed),
            errors: self.errors.swap(0, Ordering::Relaxed),
            ..Latency::default()
        };
        for (bucket, count) in self.buckets.iter().enumerate() {
            // Most are empty, and looking costs less than exchanging.
            if count.load(Ordering::Relaxed) > 0 {
                taken.add_bucket(bucket, u64::from(count.swap(0, Ordering::Relaxed)));
            }
        }
        // All of it may have been taken the last time, just before it was counted.
        (taken != Latency::default()).then_some(taken)
    }
}
