//! What can be done with endpoints and deliveries.

use std::sync::Arc;

use domain::Timestamp;
use runtime::http::Problem;
use runtime::http::request::patched;
use runtime::outbound::{Vault, VaultError, disabled};
use runtime::{Clock, DeliveryQueue, QueueError};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{DeliveryRecord, DeliveryState, Due, EndpointRecord, NewDelivery, Store, StoreError};
use utoipa::ToSchema;
use webhooks::catalogue::{DisabledReason, EndpointLinks, WebhookTest};
use webhooks::endpoint::{Definition, DefinitionError, Endpoint, UrlRules};
use webhooks::retry::EndpointState;
use webhooks::{
    ApiRoot, DeliveryId, EndpointId, Line, MessageId, Payload, PayloadError, RotationError, Secret,
    Secrets, WebhookIdError,
};

/// How many deliveries are looked at in one go when all that failed are replayed: a second's work at most, in the cloud.
const REPLAYED_PAGE: u32 = 100;

/// The field of a change that says whether anything is sent.
const DISABLED: &str = "disabled";

/// Endpoints, their secrets and deliveries.
#[derive(Clone)]
pub struct Subscriptions {
    /// Where they are kept.
    pub store: Store,
    /// Brings deliveries to whoever makes attempts.
    pub queue: Arc<dyn DeliveryQueue>,
    /// Seals their secrets.
    pub vault: Arc<Vault>,
    /// Which URLs may be called.
    pub rules: UrlRules,
    /// What links in events begin with.
    pub root: ApiRoot,
    /// The most endpoints that there may be, up to 1,000.
    pub most: u32,
    /// The time.
    pub clock: Clock,
}

/// What a page of a replay came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replayed {
    /// How many deliveries are due now.
    pub replayed: u32,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Why something can't be done.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The state can't be read or written, or doesn't allow it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The delivery is written, and could not be queued: it comes later.
    #[error("the delivery is written, and comes in some minutes: {0}")]
    Queue(#[from] QueueError),
    /// What was written of the endpoint can't be used.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The change is of no form that can be read.
    #[error("the endpoint can't be changed so: {0}")]
    Change(String),
    /// The secrets can't be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The secret can't be rotated now.
    #[error(transparent)]
    Rotation(#[from] RotationError),
    /// There are as many endpoints as there may be.
    #[error(
        "there are {0} endpoints, the most that there may be: delete one, or set REELWRIGHT_WEBHOOK_ENDPOINTS higher"
    )]
    Full(u32),
    /// The endpoint is sent nothing.
    #[error("endpoint {0} is disabled: enable it first")]
    Disabled(EndpointId),
    /// The endpoint was changed at the same time.
    #[error("endpoint {0} was changed at the same time: look at it, and try again")]
    Raced(EndpointId),
    /// The test can't be told.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// An id can't be a message's.
    #[error(transparent)]
    Id(#[from] WebhookIdError),
    /// There is no chance to be had.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

impl Subscriptions {
    /// Adds an endpoint, and sends it a test. Gives its secret: this once.
    pub async fn add(
        &self,
        definition: Definition,
    ) -> Result<(EndpointRecord, Secret), SubscribeError> {
        let now = (self.clock)();
        let id = EndpointId::new(now.0, u128::from_le_bytes(random()?));
        Endpoint::new(id.clone(), &definition, &self.rules)?;
        let there = self.store.list_endpoints(self.most, None).await?;
        if there.items.len() >= self.most as usize {
            return Err(SubscribeError::Full(self.most));
        }
        let secret = Secret::mint(&random()?);
        let endpoint = EndpointRecord {
            sealed: self.vault.seal(&id, &Secrets::new(secret.clone()))?,
            id,
            definition,
            state: EndpointState::default(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.store.put_endpoint(&endpoint).await?;
        self.send_test(&endpoint).await?;
        Ok((endpoint, secret))
    }

    /// Changes fields of an endpoint: what is null is as if it had never been said. `disabled` says whether anything is sent to it; that it
    /// is disabled is told to the others.
    pub async fn change(
        &self,
        id: &EndpointId,
        mut fields: Map<String, Value>,
    ) -> Result<EndpointRecord, SubscribeError> {
        let before = self.store.endpoint(id).await?;
        let disable = match fields.remove(DISABLED) {
            None => None,
            Some(Value::Bool(disable)) => Some(disable),
            Some(_) => {
                return Err(SubscribeError::Change(
                    "disabled: expected true or false".to_owned(),
                ));
            }
        };
        let definition = patched(&before.definition, fields)
            .map_err(|error| SubscribeError::Change(error.to_string()))?;
        let endpoint = Endpoint::new(id.clone(), &definition, &self.rules)?;
        let now = (self.clock)();
        let mut changed = EndpointRecord {
            definition,
            updated_at: now,
            ..before.clone()
        };
        let mut announcement = None;
        match (disable, before.state.disabled) {
            (Some(true), None) => {
                changed.state.disabled = Some(DisabledReason::Asked);
                let reason = DisabledReason::Asked;
                let told = disabled(&changed, &endpoint.url, reason, None, &self.root, now)?;
                announcement = Some(told);
            }
            // It begins anew: what was wrong with it before isn't held against it.
            (Some(false), Some(_)) => changed.state = EndpointState::default(),
            _ => {}
        }
        self.write(&changed, announcement.as_ref()).await
    }

    /// Gives an endpoint a new secret. The one before holds for another day, or, where it leaked, no longer.
    pub async fn rotate(
        &self,
        id: &EndpointId,
        at_once: bool,
    ) -> Result<(EndpointRecord, Secret), SubscribeError> {
        let before = self.store.endpoint(id).await?;
        let now = (self.clock)();
        let secret = Secret::mint(&random()?);
        let secrets = if at_once {
            Secrets::replace(secret.clone())
        } else {
            let secrets = self.vault.open(id, &before.sealed)?;
            secrets.rotate(secret.clone(), now)?
        };
        let changed = EndpointRecord {
            sealed: self.vault.seal(id, &secrets)?,
            updated_at: now,
            ..before
        };
        Ok((self.write(&changed, None).await?, secret))
    }

    async fn write(
        &self,
        changed: &EndpointRecord,
        announcement: Option<&store::Announcement>,
    ) -> Result<EndpointRecord, SubscribeError> {
        let written = self.store.change_endpoint(changed, announcement).await?;
        written.ok_or_else(|| SubscribeError::Raced(changed.id.clone()))
    }

    /// Sends an endpoint a test, whatever it subscribes to.
    pub async fn test(&self, id: &EndpointId) -> Result<DeliveryRecord, SubscribeError> {
        let endpoint = self.store.endpoint(id).await?;
        self.send_test(&endpoint).await
    }

    async fn send_test(&self, endpoint: &EndpointRecord) -> Result<DeliveryRecord, SubscribeError> {
        if endpoint.state.disabled.is_some() {
            return Err(SubscribeError::Disabled(endpoint.id.clone()));
        }
        let now = (self.clock)();
        let test = WebhookTest {
            endpoint: endpoint.id.clone(),
            message: Line::from("This is a test: nothing has happened."),
            links: EndpointLinks {
                endpoint: self.root.endpoint(&endpoint.id),
            },
        };
        let payload = Payload {
            at: now,
            data: test.into(),
        };
        let number = u128::from_le_bytes(random()?);
        let message = MessageId::parse(&format!("evt_{number:032x}"))?;
        let delivery = NewDelivery {
            message: &message,
            endpoint: &endpoint.id,
            kind: payload.event_type().name(),
            body: &payload.body()?,
            created_at: now,
            wait: self.queue.wait(now, now),
        };
        self.store.put_delivery(&delivery).await?;
        let id = DeliveryId::of(&message, &endpoint.id);
        self.put_in_queue(std::slice::from_ref(&id), &endpoint.id, now)
            .await?;
        Ok(self.store.delivery(&id).await?)
    }

    /// Has a delivery that didn't arrive be tried anew. Its endpoint must be there and enabled.
    pub async fn replay(&self, id: &DeliveryId) -> Result<DeliveryRecord, SubscribeError> {
        let delivery = self.store.delivery(id).await?;
        self.enabled(&delivery.endpoint).await?;
        let now = (self.clock)();
        let wait = self.queue.wait(now, now);
        let replayed = self.store.replay_delivery(id, wait).await?;
        self.put_in_queue(std::slice::from_ref(id), &delivery.endpoint, now)
            .await?;
        Ok(replayed)
    }

    async fn put_in_queue(
        &self,
        ids: &[DeliveryId],
        endpoint: &EndpointId,
        now: Timestamp,
    ) -> Result<(), QueueError> {
        let due = ids.iter().map(|id| Due {
            id: id.clone(),
            endpoint: endpoint.clone(),
            due_at: now,
        });
        self.queue.put(now, &due.collect::<Vec<_>>()).await
    }

    /// Has an endpoint's deliveries that didn't arrive be tried anew, those of events from `since` on, the oldest first: as many as a page
    /// holds, from where `cursor` left off. Those that are tried already are passed over, so repeating it does nothing twice.
    pub async fn replay_failed(
        &self,
        id: &EndpointId,
        since: Timestamp,
        cursor: Option<&str>,
    ) -> Result<Replayed, SubscribeError> {
        self.enabled(id).await?;
        let page = self
            .store
            .deliveries_since(id, since, REPLAYED_PAGE, cursor)
            .await?;
        let now = (self.clock)();
        let mut replayed = Vec::new();
        let failed = |state| matches!(state, DeliveryState::Exhausted | DeliveryState::Stopped);
        for delivery in page.items.into_iter().filter(|one| failed(one.state)) {
            let wait = self.queue.wait(now, now);
            match self.store.replay_delivery(&delivery.id, wait).await {
                Ok(_) => replayed.push(delivery.id),
                // Somebody else replayed it, or it expired, since it was listed.
                Err(StoreError::NotReplayed { .. } | StoreError::NoDelivery(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Those that aren't put in the queue because this ends before are found by the sweep.
        self.put_in_queue(&replayed, id, now).await?;
        Ok(Replayed {
            replayed: u32::try_from(replayed.len()).unwrap_or(u32::MAX),
            next: page.next,
        })
    }

    async fn enabled(&self, id: &EndpointId) -> Result<(), SubscribeError> {
        match self.store.endpoint(id).await?.state.disabled {
            None => Ok(()),
            Some(_) => Err(SubscribeError::Disabled(id.clone())),
        }
    }
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], SubscribeError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(SubscribeError::Random)?;
    Ok(bytes)
}

impl From<SubscribeError> for Problem {
    fn from(error: SubscribeError) -> Self {
        match error {
            SubscribeError::Store(error) => error.into(),
            SubscribeError::Definition(DefinitionError(problems)) => {
                let problem = Self::invalid("the endpoint can't be used: see errors");
                problems.iter().fold(problem, |problem, found| {
                    problem.with_field(&found.field, &found.message)
                })
            }
            SubscribeError::Change(_) => Self::invalid(error),
            SubscribeError::Full(_)
            | SubscribeError::Disabled(_)
            | SubscribeError::Raced(_)
            | SubscribeError::Rotation(_) => Self::conflict(error),
            SubscribeError::Queue(_)
            | SubscribeError::Vault(_)
            | SubscribeError::Payload(_)
            | SubscribeError::Id(_)
            | SubscribeError::Random(_) => Self::internal(&error),
        }
    }
}
