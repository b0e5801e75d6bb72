//! Telling subscribers, as the functions `dispatch` and `deliver` do it in the cloud.

use std::time::Duration;

use deliver::{Deliver, Worker};
use dispatch::Dispatch;
use runtime::outbound::Outbound;
use store::Store;
use subscribe::Subscriptions;

use crate::failure::Failure;

/// How often the outbox, and what is due, are looked at unasked: for retries, and for what other processes write. What this process writes
/// is on its way at once.
const EACH: Duration = Duration::from_secs(1);

/// What subscribers are told by.
pub(crate) struct Telling {
    dispatch: Dispatch,
    store: Store,
    /// Posts deliveries.
    pub(crate) worker: Worker,
}

impl Telling {
    /// Over the same store, by the same rules.
    pub(crate) fn new(subscriptions: &Subscriptions) -> Result<Self, Failure> {
        let Subscriptions {
            store,
            queue,
            vault,
            rules,
            root,
            clock,
            ..
        } = subscriptions.clone();
        let outbound = Outbound::new(rules.addresses).map_err(Failure::other)?;
        let dispatch = Dispatch {
            store: store.clone(),
            queue: queue.clone(),
            root: root.clone(),
            clock: clock.clone(),
        };
        let worker = Worker::new(Deliver {
            store: store.clone(),
            queue,
            outbound,
            vault,
            rules,
            root,
            clock,
        });
        Ok(Self {
            dispatch,
            store,
            worker,
        })
    }
}

/// Dispatches events and posts what is due, for ever.
pub(crate) async fn tell_subscribers(telling: &Telling) -> ! {
    loop {
        let now = telling.worker.now();
        if let Err(error) = dispatch::dispatch_due(&telling.dispatch, now).await {
            tracing::error!(%error, "events can't be dispatched for now");
        }
        if let Err(error) = telling.worker.take_due(now).await {
            tracing::error!(%error, "webhooks can't be sent for now");
        }
        // Running out of time is the usual end of waiting.
        let _ = tokio::time::timeout(EACH, telling.store.news()).await;
    }
}
