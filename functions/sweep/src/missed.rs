//! Deliveries that are due in the table and not in the queue.

use domain::Timestamp;
use runtime::DeliveryQueue;
use store::{SHARDS, Store, StoreError};
use tokio::time::Instant;

/// How far ahead one sweep looks, in milliseconds: until the next one. The queue keeps messages back until their deliveries are due.
const AHEAD_MS: u64 = 60_000;

/// How many deliveries of a shard one sweep queues. What is left is missed the next time, and then first.
const AT_MOST: u32 = 1000;

/// How many are queued before they are noted.
const TOGETHER: usize = 10;

/// Queues what the table misses at `now`, the longest first, until nothing is left or the time `until` has come. Says how many. Who dies
/// in between has queued something twice at most.
pub async fn queue_missed(
    store: &Store,
    queue: &dyn DeliveryQueue,
    now: Timestamp,
    until: Instant,
) -> Result<u32, StoreError> {
    let soon = Timestamp(now.0.saturating_add(AHEAD_MS));
    let mut queued = 0;
    for shard in 0..SHARDS {
        let missed = store.due_deliveries(shard, soon, AT_MOST).await?;
        for together in missed.chunks(TOGETHER) {
            if Instant::now() >= until {
                tracing::warn!("there was no time to queue all deliveries that are due");
                return Ok(queued);
            }
            if let Err(error) = queue.put(now, together).await {
                tracing::error!(%error, "deliveries that are due can't be queued for now");
                return Ok(queued);
            }
            for due in together {
                let wait = queue.wait(now, due.due_at);
                store.note_queued(due, wait.missed_at).await?;
                queued += 1;
            }
        }
    }
    Ok(queued)
}
