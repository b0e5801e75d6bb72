//! One attempt of one delivery.

use domain::{ContentKey, Timestamp};
use runtime::outbound::{Posted, disabled};
use store::{Attempt, ClaimedDelivery, DeliveryRecord, Due, EndpointRecord, StoreError, Wait};
use webhooks::endpoint::{Endpoint, EndpointUrl, Limits, UrlRules};
use webhooks::retry::{Delivery, Fate, Outcome, after};
use webhooks::{Format, Payload, SignedHeaders, sign};

use crate::{Deliver, DeliverError};

/// How long a delivery belongs to whoever tries it, in milliseconds: four times as long as an attempt may take.
const LEASE_MS: u64 = 60_000;

/// What is sent.
struct Message {
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// Tries a delivery that is due, unless its endpoint can't have it now or somebody else tries it. What is to be tried later is queued
/// again. Gives what its endpoint wants at most, if that is still there.
///
/// An endpoint that fails may keep whoever tries it busy for as long as an attempt may take. So its deliveries are put aside, unless they
/// are already there.
pub(crate) async fn attempt(
    deliver: &Deliver,
    due: &Due,
    aside: bool,
) -> Result<Option<Limits>, DeliverError> {
    let now = (deliver.clock)();
    let store = &deliver.store;
    let record = match store.endpoint(&due.endpoint).await {
        Ok(record) => record,
        Err(StoreError::NoEndpoint(_)) => {
            store.stop_delivery(&due.id, now).await?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let limits = limits(&record);
    match record.state.ready_at(now) {
        None => {
            store.stop_delivery(&due.id, now).await?;
            return Ok(Some(limits));
        }
        Some(ready) if ready > now => {
            put_off(deliver, due, now, ready).await?;
            return Ok(Some(limits));
        }
        Some(_) if record.state.failing_since.is_some() && !aside => {
            deliver.queue.put_aside(due).await?;
            return Ok(Some(limits));
        }
        Some(_) => {}
    }
    let lease = deliver.queue.lease(later(now, LEASE_MS));
    let taken = match store.claim_delivery(&due.id, now, lease).await? {
        ClaimedDelivery::Taken(taken) => *taken,
        ClaimedDelivery::NotYet(at) => {
            queue(deliver, due, now, at).await?;
            return Ok(Some(limits));
        }
        ClaimedDelivery::Over => return Ok(Some(limits)),
    };
    match carry_out(deliver, record, &taken, now).await {
        Ok(Fate::Again(at)) => queue(deliver, due, (deliver.clock)(), at).await?,
        Ok(Fate::Delivered | Fate::Exhausted | Fate::Stopped(_)) => {}
        // What can't even be written is due again when its lease ends.
        Err(DeliverError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let wait = deliver.queue.wait_after_trouble(now);
            store.give_back_delivery(&taken, wait).await?;
            return Err(error);
        }
    }
    Ok(Some(limits))
}

/// Has a delivery that is due be tried at `at`, without using up an attempt.
pub(crate) async fn put_off(
    deliver: &Deliver,
    due: &Due,
    now: Timestamp,
    at: Timestamp,
) -> Result<(), DeliverError> {
    let wait = deliver.queue.wait(now, at);
    let waits = deliver.store.put_off_delivery(&due.id, now, wait).await?;
    if waits {
        queue(deliver, due, now, at).await?;
    }
    Ok(())
}

/// Queues a delivery that the table says is due at `at`.
async fn queue(
    deliver: &Deliver,
    due: &Due,
    now: Timestamp,
    at: Timestamp,
) -> Result<(), DeliverError> {
    let next = Due {
        due_at: at,
        ..due.clone()
    };
    Ok(deliver.queue.put(now, &[next]).await?)
}

/// What an endpoint wants at most.
pub(crate) fn limits(record: &EndpointRecord) -> Limits {
    let (wanted, usual) = (&record.definition, Limits::default());
    Limits {
        per_second: wanted.per_second.unwrap_or(usual.per_second),
        concurrency: wanted.concurrency.unwrap_or(usual.concurrency),
    }
}

fn later(now: Timestamp, ms: u64) -> Timestamp {
    Timestamp(now.0.saturating_add(ms))
}

async fn carry_out(
    deliver: &Deliver,
    record: EndpointRecord,
    taken: &DeliveryRecord,
    now: Timestamp,
) -> Result<Fate, DeliverError> {
    // Whether the URL is allowed is asked below, and is the endpoint's own affair.
    let endpoint = Endpoint::new(record.id.clone(), &record.definition, &UrlRules::local())?;
    let message = message(deliver, &record, endpoint.format, taken, now)?;
    let posted = match EndpointUrl::parse(&record.definition.url, &deliver.rules) {
        Ok(url) => {
            let Message { headers, body } = message;
            deliver.outbound.post(&url, &headers, body).await
        }
        Err(error) => Posted {
            outcome: Outcome::Refused,
            said: format!("the URL is not allowed: {error}"),
            took_ms: 0,
        },
    };
    let fate = settle(deliver, record, &endpoint, taken, &posted.outcome).await?;
    let attempt = Attempt {
        at: now,
        took_ms: posted.took_ms,
        outcome: posted.outcome,
        said: posted.said,
    };
    let ended = (deliver.clock)();
    let wait = |at| -> Wait { deliver.queue.wait(ended, at) };
    let store = &deliver.store;
    if !store.end_attempt(taken, &attempt, fate, wait).await? {
        tracing::warn!(delivery = %taken.id, "this attempt took longer than its lease: what it came to is not kept");
    }
    Ok(fate)
}

/// What is sent at this attempt: the same body each time, and where the receiver looks at signatures, new ones.
fn message(
    deliver: &Deliver,
    record: &EndpointRecord,
    format: Format,
    taken: &DeliveryRecord,
    now: Timestamp,
) -> Result<Message, DeliverError> {
    let body = match format {
        Format::Standard => taken.body.clone(),
        Format::Slack | Format::Discord => format.body(&Payload::parse(taken.body.as_bytes())?)?,
    };
    if !format.is_signed() {
        let headers = vec![(SignedHeaders::ID, taken.message.to_string())];
        return Ok(Message { headers, body });
    }
    let secrets = deliver.vault.open(&record.id, &record.sealed)?;
    let signed = sign(&secrets, &taken.message, now, body.as_bytes());
    Ok(Message {
        headers: signed.pairs().into(),
        body,
    })
}

/// Writes what follows for the endpoint, and tells the others if it is disabled. Gives what follows for the delivery.
async fn settle(
    deliver: &Deliver,
    mut record: EndpointRecord,
    endpoint: &Endpoint,
    taken: &DeliveryRecord,
    outcome: &Outcome,
) -> Result<Fate, DeliverError> {
    let delivery = Delivery {
        attempts: taken.attempts.saturating_add(1),
        schedule: &endpoint.schedule,
    };
    loop {
        let now = (deliver.clock)();
        let next = after(
            outcome,
            &delivery,
            &record.state,
            endpoint.disable_after_ms,
            now,
            seed(taken),
        );
        if next.endpoint == record.state {
            return Ok(next.delivery);
        }
        let announcement = next
            .disables(&record.state)
            .map(|reason| {
                let told = EndpointRecord {
                    state: next.endpoint,
                    ..record.clone()
                };
                disabled(
                    &told,
                    &endpoint.url,
                    reason,
                    Some(outcome),
                    &deliver.root,
                    now,
                )
            })
            .transpose()?;
        let changed = EndpointRecord {
            state: next.endpoint,
            ..record.clone()
        };
        let store = &deliver.store;
        let written = store
            .change_endpoint(&changed, announcement.as_ref())
            .await?;
        if written.is_some() {
            return Ok(next.delivery);
        }
        // Somebody else's attempt ended at the same time, or the owner changed something: this one counts on top of that.
        record = match store.endpoint(&record.id).await {
            Ok(record) => record,
            Err(StoreError::NoEndpoint(_)) => return Ok(next.delivery),
            Err(error) => return Err(error.into()),
        };
    }
}

/// Moves the next attempt within its jitter: another way for each delivery and each attempt.
fn seed(taken: &DeliveryRecord) -> u64 {
    let key = ContentKey::of(&[taken.id.as_str().as_bytes(), &taken.attempts.to_le_bytes()]);
    let digits = key.as_str().get(..16).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or_default()
}
