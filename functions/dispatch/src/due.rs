//! The events that wait in the outbox.

use domain::Timestamp;
use serde::Serialize;
use store::{Announced, SHARDS, StoreError};
use tokio::task::JoinSet;

use crate::one::write;
use crate::{Dispatch, DispatchError, Subscribers};

/// How many events of a shard are dealt with in one go. What is left is due the next time, and then first.
const AT_MOST: u32 = 250;

/// How many events are dispatched together: their deliveries are queued by one request, if they have no more than one each.
const TOGETHER: usize = 10;

/// How long an event that can't be dispatched waits, in milliseconds: long enough for those behind it to have their turn.
const AFTER_TROUBLE_MS: u64 = 300_000;

/// What was dispatched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Dispatched {
    /// How many events.
    pub events: u32,
    /// How many new deliveries they made.
    pub deliveries: u32,
    /// How many more events could not be: the log says why, and they are tried again later.
    pub failed: u32,
}

impl Dispatched {
    fn and(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            deliveries: self.deliveries + other.deliveries,
            failed: self.failed + other.failed,
        }
    }
}

/// Dispatches the events that wait at `now`, the oldest first. One that can't be dispatched keeps no other one waiting; an error means that
/// the store didn't tell which wait.
pub async fn dispatch_due(state: &Dispatch, now: Timestamp) -> Result<Dispatched, StoreError> {
    let mut shards = JoinSet::new();
    for shard in 0..SHARDS {
        let store = state.store.clone();
        shards.spawn(async move { store.due_announcements(shard, now, AT_MOST).await });
    }
    let mut waiting = Vec::new();
    for shard in shards.join_all().await {
        waiting.push(shard?);
    }
    if waiting.iter().all(Vec::is_empty) {
        return Ok(Dispatched::default());
    }
    let subscribers = Subscribers::read(&state.store).await?;
    let mut shards = JoinSet::new();
    for announced in waiting {
        let (state, subscribers) = (state.clone(), subscribers.clone());
        shards.spawn(async move { dispatch_all(&state, &announced, &subscribers, now).await });
    }
    let dispatched = shards.join_all().await.into_iter();
    Ok(dispatched.fold(Dispatched::default(), Dispatched::and))
}

/// Dispatches events that were told of by their ids, as far as they still wait.
pub(crate) async fn dispatch_these(
    state: &Dispatch,
    ids: impl Iterator<Item = &str>,
) -> Result<Dispatched, StoreError> {
    let mut waiting = Vec::new();
    for id in ids {
        waiting.extend(state.store.waiting_announcement(id).await?);
    }
    if waiting.is_empty() {
        return Ok(Dispatched::default());
    }
    let subscribers = Subscribers::read(&state.store).await?;
    Ok(dispatch_all(state, &waiting, &subscribers, (state.clock)()).await)
}

async fn dispatch_all(
    state: &Dispatch,
    waiting: &[Announced],
    subscribers: &Subscribers,
    now: Timestamp,
) -> Dispatched {
    let mut dispatched = Dispatched::default();
    for together in waiting.chunks(TOGETHER) {
        dispatched = dispatched.and(dispatch_together(state, together, subscribers, now).await);
    }
    dispatched
}

/// Writes the deliveries of events, queues them all, and marks the events. One that can't be told keeps no other one back.
async fn dispatch_together(
    state: &Dispatch,
    waiting: &[Announced],
    subscribers: &Subscribers,
    now: Timestamp,
) -> Dispatched {
    let mut dispatched = Dispatched::default();
    let (mut due, mut told) = (Vec::new(), Vec::new());
    for announced in waiting {
        match write(state, announced, subscribers, now).await {
            Ok(written) => {
                due.extend(written.due);
                told.push((announced.id(), written.new));
            }
            Err(error) => {
                dispatched.failed += 1;
                put_off(state, announced.id(), &error, now).await;
            }
        }
    }
    let queued = state.queue.put(now, &due).await;
    let queued = queued.map_err(|error| tracing::error!(%error, "deliveries could not be queued"));
    for (event, deliveries) in told {
        // What isn't queued isn't marked, and so is dispatched again soon.
        let Ok(()) = queued else {
            dispatched.failed += 1;
            continue;
        };
        match state.store.mark_dispatched(event, now).await {
            Ok(()) => {
                dispatched.events += 1;
                dispatched.deliveries += deliveries;
            }
            Err(error) => {
                dispatched.failed += 1;
                tracing::error!(event, %error, "this event could not be marked as dispatched");
            }
        }
    }
    dispatched
}

async fn put_off(state: &Dispatch, event: &str, error: &DispatchError, now: Timestamp) {
    tracing::error!(event, %error, "this event could not be dispatched");
    let later = Timestamp(now.0.saturating_add(AFTER_TROUBLE_MS));
    if let Err(error) = state.store.put_off_event(event, later).await {
        tracing::warn!(event, %error, "it could not be put off either");
    }
}
