//! One event, and whoever wants it.

use domain::Timestamp;
use store::{Announced, Due, EndpointRecord, NewDelivery, Store, StoreError};
use webhooks::endpoint::{Endpoint, UrlRules};
use webhooks::{DeliveryId, MessageId, Payload};

use crate::tell::payload;
use crate::{Dispatch, DispatchError};

/// How many endpoints a request lists.
const PAGE: u32 = 100;

/// The endpoints that events are sent to, as they are at one time.
#[derive(Debug, Clone, Default)]
pub struct Subscribers(Vec<Subscriber>);

/// An endpoint, and since when it is there: it is told of what happens from then on.
#[derive(Debug, Clone)]
struct Subscriber {
    endpoint: Endpoint,
    since: Timestamp,
}

impl Subscriber {
    fn wants(&self, payload: &Payload) -> bool {
        payload.at >= self.since && self.endpoint.matches(payload)
    }
}

impl Subscribers {
    /// Reads those that aren't disabled: whoever is disabled when an event is dispatched is sent nothing of it.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut subscribers = Vec::new();
        let mut cursor = None;
        loop {
            let page = store.list_endpoints(PAGE, cursor.as_deref()).await?;
            let enabled = page.items.iter().filter(|one| one.state.disabled.is_none());
            subscribers.extend(enabled.filter_map(subscriber));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(Self(subscribers));
            }
        }
    }
}

/// Where an endpoint is matters only when it is called, and is checked there.
fn subscriber(record: &EndpointRecord) -> Option<Subscriber> {
    Endpoint::new(record.id.clone(), &record.definition, &UrlRules::local())
        .inspect_err(|error| {
            tracing::error!(endpoint = %record.id, %error, "this endpoint is sent nothing");
        })
        .ok()
        .map(|endpoint| Subscriber {
            endpoint,
            since: record.created_at,
        })
}

/// Writes and queues the deliveries of an event, each due at `now`, and then marks the event. Gives how many are new.
pub async fn dispatch(
    state: &Dispatch,
    announced: &Announced,
    subscribers: &Subscribers,
    now: Timestamp,
) -> Result<u32, DispatchError> {
    let written = write(state, announced, subscribers, now).await?;
    state.queue.put(now, &written.due).await?;
    state.store.mark_dispatched(announced.id(), now).await?;
    Ok(written.new)
}

/// The deliveries of an event.
pub(crate) struct Written {
    /// All of them. Those that were there before are queued again, too: whoever wrote them may have died before it queued them.
    pub(crate) due: Vec<Due>,
    /// How many were not there before.
    pub(crate) new: u32,
}

/// Writes the deliveries of an event, each due at `now`.
pub(crate) async fn write(
    state: &Dispatch,
    announced: &Announced,
    subscribers: &Subscribers,
    now: Timestamp,
) -> Result<Written, DispatchError> {
    let mut written = Written {
        due: Vec::new(),
        new: 0,
    };
    // Nobody listens on most systems, and then nothing need be told.
    if subscribers.0.is_empty() {
        return Ok(written);
    }
    let message = MessageId::parse(announced.id())?;
    let payload = payload(state, announced).await?;
    let body = payload.body()?;
    for subscriber in subscribers.0.iter().filter(|one| one.wants(&payload)) {
        let endpoint = &subscriber.endpoint.id;
        let delivery = NewDelivery {
            message: &message,
            endpoint,
            kind: payload.event_type().name(),
            body: &body,
            created_at: payload.at,
            wait: state.queue.wait(now, now),
        };
        written.new += u32::from(state.store.put_delivery(&delivery).await?);
        written.due.push(Due {
            id: DeliveryId::of(&message, endpoint),
            endpoint: endpoint.clone(),
            due_at: now,
        });
    }
    Ok(written)
}
