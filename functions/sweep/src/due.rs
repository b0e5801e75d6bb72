//! The runs whose time to be looked after has come.

use domain::Timestamp;
use runtime::Runs;
use serde::Serialize;
use store::{SHARDS, StoreError};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many runs of a shard one sweep sees to. What is left is due the next time, and then first.
const AT_MOST: u32 = 250;

/// How long a run that couldn't be seen to waits for the next look, in milliseconds: long enough for those behind it to have their turn.
const AFTER_TROUBLE_MS: u64 = 300_000;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// How many runs were looked after.
    pub looked: u32,
    /// How many more could not be: the log says why, and they are looked after again later.
    pub failed: u32,
    /// How many deliveries were queued again.
    pub queued: u32,
}

impl Swept {
    fn and(self, other: Self) -> Self {
        Self {
            looked: self.looked + other.looked,
            failed: self.failed + other.failed,
            queued: self.queued + other.queued,
        }
    }
}

/// Looks after the runs that are due at `now`, the longest due first, until there is none left or the time `until` has come. A run that
/// can't be seen to keeps no other one waiting; an error means that the store didn't tell which runs are due.
pub async fn sweep_due(runs: &Runs, now: Timestamp, until: Instant) -> Result<Swept, StoreError> {
    let mut shards = JoinSet::new();
    for shard in 0..SHARDS {
        let runs = runs.clone();
        shards.spawn(async move { sweep_shard(&runs, shard, now, until).await });
    }
    // Every shard has its turn, even if another one fails.
    let swept = shards.join_all().await;
    swept
        .into_iter()
        .try_fold(Swept::default(), |all, shard| Ok(all.and(shard?)))
}

async fn sweep_shard(
    runs: &Runs,
    shard: u32,
    now: Timestamp,
    until: Instant,
) -> Result<Swept, StoreError> {
    let mut swept = Swept::default();
    for watch in runs.store.due_watches(shard, now, AT_MOST).await? {
        if Instant::now() >= until {
            tracing::warn!(
                shard,
                "there was no time to look after all runs that are due"
            );
            break;
        }
        let Err(error) = runs.look_after(&watch.run).await else {
            swept.looked += 1;
            continue;
        };
        tracing::error!(run = %watch.run, %error, "this run could not be looked after");
        swept.failed += 1;
        let later = Timestamp((runs.clock)().0 + AFTER_TROUBLE_MS);
        if let Err(error) = runs.store.watch_again(&watch.run, later).await {
            tracing::warn!(run = %watch.run, %error, "its next look could not be put off");
        }
    }
    Ok(swept)
}
