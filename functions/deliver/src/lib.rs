//! Posts deliveries to subscribers, signed, until they arrive or their schedule ends.
//!
//! A delivery is taken by a lease, so one worker at a time tries it. What an attempt came to is written to the endpoint first and then to
//! the delivery: a crash between repeats the attempt, under the same `webhook-id`, and loses nothing.
//!
//! In the cloud a queue brings deliveries when they are due ([`Consumer`]); on a laptop the table is looked into ([`Worker`]).

mod attempt;
mod consumer;
mod event;
mod lanes;
mod worker;

use std::sync::Arc;

use runtime::lambda::{BatchAnswer, EventError};
use runtime::outbound::{Outbound, Vault, VaultError};
use runtime::{
    Clock, Config, ConfigError, DeliveryQueue, QueueError, Services, StartError, sdk_config,
};
use serde_json::Value;
use store::{Store, StoreError};
use webhooks::endpoint::{DefinitionError, UrlRules};
use webhooks::{ApiRoot, PayloadError, WebhookIdError};

pub use consumer::Consumer;
pub use worker::{Taken, Worker};

/// What delivering needs.
#[derive(Clone)]
pub struct Deliver {
    /// Deliveries and endpoints.
    pub store: Store,
    /// Brings back what is to be tried later.
    pub queue: Arc<dyn DeliveryQueue>,
    /// Posts to endpoints.
    pub outbound: Outbound,
    /// Opens their secrets.
    pub vault: Arc<Vault>,
    /// Which URLs may be called.
    pub rules: UrlRules,
    /// What links in events begin with.
    pub root: ApiRoot,
    /// The time.
    pub clock: Clock,
}

/// Why a delivery could not be tried, by a fault that isn't its endpoint's.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It can't be queued for later.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The endpoint's secrets can't be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The endpoint is kept in a form that can't be used.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// A message names no delivery.
    #[error("the message names no delivery: {0}")]
    Message(serde_json::Error),
    /// The payload can't be read, or written in the endpoint's form.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// An id can't be a message's.
    #[error(transparent)]
    Id(#[from] WebhookIdError),
}

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Consumer, StartError> {
    let cloud = config.deployed()?;
    cloud.delivery_queues()?;
    let secret = config
        .webhook_secret
        .as_deref()
        .ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_WEBHOOK_SECRET".to_owned(),
            value: String::new(),
            expected: "expected the secret that subscribers' secrets are encrypted with".to_owned(),
        })?;
    let rules = config.webhook_rules();
    let outbound =
        Outbound::new(rules.addresses).map_err(|error| StartError::Aws(error.to_string()))?;
    let aws = sdk_config().await?;
    let deliver = Deliver {
        store: cloud.store(&aws),
        queue: Arc::new(cloud.deliveries(&aws)?),
        outbound,
        vault: Arc::new(Vault::new(secret)),
        rules,
        root: config.api_root(),
        clock: Services::system_clock(),
    };
    Ok(Consumer::new(deliver, cloud.delivery_workers))
}

/// Tries the deliveries of a batch of messages. Those that a fault of ours keeps from being dealt with are to come again.
pub async fn answer(consumer: &Consumer, event: Value) -> Result<BatchAnswer, EventError> {
    let messages = event::read(event)?;
    Ok(consumer.take(messages).await)
}
