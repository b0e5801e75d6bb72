//! Posts deliveries to subscribers, signed, until they arrive or their schedule ends.
//!
//! A delivery is taken by a lease, so one worker at a time tries it. What an attempt came to is written to the endpoint first and then to
//! the delivery: a crash between repeats the attempt, under the same `webhook-id`, and loses nothing.

mod attempt;
mod lanes;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use runtime::lambda::EventError;
use runtime::outbound::{Outbound, Vault, VaultError};
use runtime::{Clock, Config, ConfigError, Services, StartError, sdk_config};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use store::{Store, StoreError};
use tokio::time::Instant;
use webhooks::endpoint::{DefinitionError, UrlRules};
use webhooks::{ApiRoot, PayloadError, WebhookIdError};

pub use worker::{Taken, Worker};

/// How long one call goes on. The next one comes within a minute, and Lambda ends this function after 60 s (infra/template.yaml): what
/// began at the last moment has its whole time.
const CALL: Duration = Duration::from_secs(40);

/// A call ends when nothing was due for so long: a first failure's next attempt comes sooner.
const QUIET: Duration = Duration::from_secs(7);

/// How often a call looks for what is due meanwhile.
const EACH: Duration = Duration::from_secs(1);

/// What delivering needs.
#[derive(Clone)]
pub struct Deliver {
    /// Deliveries and endpoints.
    pub store: Store,
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
    /// The endpoint's secrets can't be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The endpoint is kept in a form that can't be used.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The payload can't be read, or written in the endpoint's form.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// An id can't be a message's.
    #[error(transparent)]
    Id(#[from] WebhookIdError),
}

/// What calls the function. All it says is that something may be due: what is, the store knows.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Occasion {
    /// Deliveries were written, as the table's stream tells.
    Written {
        #[serde(rename = "Records")]
        _records: IgnoredAny,
    },
    /// A minute has gone by.
    Minute {
        #[serde(rename = "detail-type")]
        _kind: Scheduled,
    },
}

/// The one kind of event of EventBridge's that is taken.
#[derive(Debug, Deserialize)]
enum Scheduled {
    /// A rule's time has come.
    #[serde(rename = "Scheduled Event")]
    Event,
}

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Worker, StartError> {
    let cloud = config.deployed()?;
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
    Ok(Worker::new(Deliver {
        store: cloud.store(&sdk_config().await?),
        outbound,
        vault: Arc::new(Vault::new(secret)),
        rules,
        root: ApiRoot::relative(),
        clock: Services::system_clock(),
    }))
}

/// Delivers what is due, and what becomes due meanwhile, until there is nothing more or the call's time is up; then lets attempts that
/// are on their way end.
pub async fn answer(worker: &Worker, event: Value) -> Result<Taken, EventError> {
    let _: Occasion = serde_json::from_value(event).map_err(|error| {
        EventError(format!(
            "this is neither from the table's stream nor a scheduled event, the two that this function deals with: {error}"
        ))
    })?;
    let until = Instant::now() + CALL;
    let mut busy = Instant::now();
    let mut taken = Taken::default();
    while Instant::now() < until && busy.elapsed() < QUIET {
        let more = worker.take_due(worker.now()).await;
        let more = more.map_err(|error| EventError(error.to_string()))?;
        if more != Taken::default() {
            busy = Instant::now();
        }
        taken = taken.and(more);
        tokio::time::sleep(EACH).await;
    }
    worker.finish().await;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_example_is_read() {
        let example = include_str!("../../../examples/events/deliver.json");
        assert!(serde_json::from_str::<Occasion>(example).is_ok());
    }

    #[test]
    fn the_stream_and_the_minute_are_known_and_nothing_else() {
        for (event, known) in [
            (json!({ "Records": [{ "eventName": "INSERT" }] }), true),
            (
                json!({ "detail-type": "Scheduled Event", "detail": {} }),
                true,
            ),
            (json!({ "detail-type": "Another", "detail": {} }), false),
            (json!({}), false),
        ] {
            let read = serde_json::from_value::<Occasion>(event.clone());
            assert_eq!(read.is_ok(), known, "{event}");
        }
    }
}
