//! Makes one delivery of each event for each endpoint that wants it: when the table's stream tells of an event, and each minute for those
//! of which nothing told.
//!
//! A delivery's id is made of the event's and the endpoint's, it is written only if it isn't there, and the event is marked once all of
//! its deliveries are written and queued: so a crash anywhere is mended by doing all of it again, and nothing is lost or doubled.

mod due;
mod event;
mod one;
mod tell;

use std::sync::Arc;

use runtime::lambda::EventError;
use runtime::{Clock, Config, DeliveryQueue, QueueError, Services, StartError, sdk_config};
use serde_json::Value;
use store::{Store, StoreError};
use webhooks::{ApiRoot, PayloadError, WebhookIdError};

pub use due::{Dispatched, dispatch_due};
use event::{Occasion, Record};
pub use one::{Subscribers, dispatch};

/// What dispatching needs.
#[derive(Clone)]
pub struct Dispatch {
    /// Events, endpoints and deliveries.
    pub store: Store,
    /// Brings deliveries to whoever makes attempts.
    pub queue: Arc<dyn DeliveryQueue>,
    /// What links in events begin with.
    pub root: ApiRoot,
    /// The time.
    pub clock: Clock,
}

/// Why an event could not be dispatched.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its deliveries can't be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// What is told can't be sent.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The event's id can't be a message's.
    #[error(transparent)]
    Id(#[from] WebhookIdError),
    /// The run lacks what its event tells.
    #[error("event {event} can't be told: run {run} has no {lacks}")]
    Untold {
        /// The event's id.
        event: String,
        /// The run's id.
        run: String,
        /// What is missing.
        lacks: &'static str,
    },
}

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Dispatch, StartError> {
    let cloud = config.deployed()?;
    cloud.delivery_queues()?;
    let aws = sdk_config().await?;
    Ok(Dispatch {
        store: cloud.store(&aws),
        queue: Arc::new(cloud.deliveries(&aws)?),
        root: config.api_root(),
        clock: Services::system_clock(),
    })
}

/// Deals with one event of the table's stream or EventBridge's.
pub async fn answer(state: &Dispatch, event: Value) -> Result<Dispatched, EventError> {
    let occasion: Occasion = serde_json::from_value(event).map_err(|error| {
        EventError(format!(
            "this is neither from the table's stream nor a scheduled event, the two that this function deals with: {error}"
        ))
    })?;
    let dispatched = match occasion {
        Occasion::Minute { .. } => dispatch_due(state, (state.clock)()).await,
        Occasion::Written { records } => {
            due::dispatch_these(state, records.iter().filter_map(Record::event)).await
        }
    };
    dispatched.map_err(|error| EventError(error.to_string()))
}
