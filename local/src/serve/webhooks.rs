//! Telling subscribers, as the functions `dispatch` and `deliver` do it in the cloud.

use std::time::Duration;

use deliver::{Deliver, Worker};
use dispatch::Dispatch;
use runtime::outbound::Outbound;
use subscribe::Subscriptions;

use crate::failure::Failure;

/// How often the outbox, and what is due, are looked at: an event is on its way within this.
const EACH: Duration = Duration::from_millis(200);

/// What subscribers are told by.
pub(crate) struct Telling {
    dispatch: Dispatch,
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
        } = subscriptions.clone();
        let outbound = Outbound::new(rules.addresses).map_err(Failure::other)?;
        let dispatch = Dispatch {
            store: store.clone(),
            queue: queue.clone(),
            root: root.clone(),
            clock: clock.clone(),
        };
        let worker = Worker::new(Deliver {
            store,
            queue,
            outbound,
            vault,
            rules,
            root,
            clock,
        });
        Ok(Self { dispatch, worker })
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
        tokio::time::sleep(EACH).await;
    }
}
