//! What is kept of a delivery.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use webhooks::retry::{Fate, Outcome};
use webhooks::{DeliveryId, EndpointId, MessageId};

use crate::attributes::{Attributes, Reader, number, text, word};
use crate::keys::{self, META};
use crate::{Store, StoreError};

/// How long a delivery is kept, in seconds: ninety days from when it was made.
const KEPT_S: u64 = 90 * 24 * 60 * 60;

/// The most attempts that are kept: those of the longest schedule, twice. Replays make more, and the oldest go.
const KEPT_ATTEMPTS: usize = 40;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is tried until it arrives or its schedule is at its end.
    Waiting,
    /// It arrived.
    Delivered,
    /// It was tried as often as the schedule says.
    Exhausted,
    /// Its endpoint is disabled or deleted.
    Stopped,
}

impl DeliveryState {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Exhausted => "exhausted",
            Self::Stopped => "stopped",
        }
    }
}

impl From<Fate> for DeliveryState {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Delivered => Self::Delivered,
            Fate::Again(_) => Self::Waiting,
            Fate::Exhausted => Self::Exhausted,
            Fate::Stopped(_) => Self::Stopped,
        }
    }
}

/// One attempt, as it is kept for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What it came to.
    pub outcome: Outcome,
    /// What the receiver answered, or what kept it from answering: the beginning.
    pub said: String,
}

/// A delivery that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewDelivery<'a> {
    /// Of which event.
    pub message: &'a MessageId,
    /// To which endpoint.
    pub endpoint: &'a EndpointId,
    /// The event's type.
    pub kind: &'a str,
    /// The payload as JSON.
    pub body: &'a str,
    /// When the event happened: its place in the endpoint's list.
    pub created_at: Timestamp,
    /// How it waits to be tried first.
    pub wait: Wait,
}

/// How a delivery waits for its next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// From when on it may be taken.
    pub due_at: Timestamp,
    /// From when on the table tells of it as due. Where a queue is to bring it: later, when the queue has failed to.
    pub missed_at: Timestamp,
}

impl Wait {
    /// Until `due_at`, where no queue is to bring it.
    pub const fn until(due_at: Timestamp) -> Self {
        Self {
            due_at,
            missed_at: due_at,
        }
    }
}

/// A delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The delivery.
    pub id: DeliveryId,
    /// Its endpoint.
    pub endpoint: EndpointId,
    /// From when on it may be taken.
    pub due_at: Timestamp,
}

/// For how long a delivery is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Until when. It is due again then, if nothing came of it.
    pub until: Timestamp,
    /// From when on the table tells of it as due then; nothing: as if nobody had taken it. To leave that as it is costs less.
    pub missed_at: Option<Timestamp>,
}

impl Lease {
    /// Until a time, from which on the table tells of it, too.
    pub const fn until(until: Timestamp) -> Self {
        Self {
            until,
            missed_at: Some(until),
        }
    }
}

/// What came of taking a delivery.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimedDelivery {
    /// It belongs to who took it: as it then is.
    Taken(Box<DeliveryRecord>),
    /// It is due at this time: it waits for its next attempt, or somebody else has it until then.
    NotYet(Timestamp),
    /// It waits for nothing any more.
    Over,
}

/// A delivery as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRecord {
    /// Its id.
    pub id: DeliveryId,
    /// Of which event.
    pub message: MessageId,
    /// To which endpoint.
    pub endpoint: EndpointId,
    /// The event's type.
    pub kind: String,
    /// The payload as JSON: the same bytes at each attempt.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it was made, or replayed.
    pub attempts: u32,
    /// How often it was taken: what an attempt's end must name.
    pub claims: u64,
    /// When it is tried next, while it waits. While somebody tries it: when that counts as lost.
    pub next_at: Option<Timestamp>,
    /// When the event happened.
    pub created_at: Timestamp,
    /// The attempts, the oldest first.
    pub log: Vec<Attempt>,
}

impl DeliveryRecord {
    /// The attempts with one more, as far as they are kept.
    pub(crate) fn log_with(&self, attempt: &Attempt) -> Vec<Attempt> {
        let mut log = self.log.clone();
        log.push(attempt.clone());
        let over = log.len().saturating_sub(KEPT_ATTEMPTS);
        log.split_off(over)
    }
}

impl Store {
    /// The partition of the index that a delivery waits in.
    pub(crate) fn send_partition(id: &DeliveryId) -> String {
        keys::to_send(keys::shard(id.as_str()))
    }
}

pub(crate) fn delivery_item(id: &DeliveryId, new: &NewDelivery<'_>) -> Attributes {
    [
        ("pk", text(keys::delivery(id))),
        ("sk", text(META)),
        ("gsi1pk", text(Store::send_partition(id))),
        ("gsi1sk", text(new.wait.missed_at.rfc3339())),
        ("id", text(id.as_str())),
        ("message", text(new.message.as_str())),
        ("endpoint", text(new.endpoint.as_str())),
        ("kind", text(new.kind)),
        ("body", text(new.body)),
        ("state", word(&DeliveryState::Waiting)),
        ("attempts", number(0_u32)),
        ("claims", number(0_u32)),
        ("next_at", number(new.wait.due_at.0)),
        ("created_at", number(new.created_at.0)),
        ("log", text("[]")),
        ("expires_at", number(expiry(new))),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Where a delivery stands in its endpoint's list.
pub(crate) fn place_item(id: &DeliveryId, new: &NewDelivery<'_>) -> Attributes {
    [
        ("pk", text(keys::endpoint(new.endpoint))),
        ("sk", text(keys::delivery_place(new.created_at, id))),
        ("id", text(id.as_str())),
        ("expires_at", number(expiry(new))),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn expiry(new: &NewDelivery<'_>) -> u64 {
    new.wait.due_at.seconds().saturating_add(KEPT_S)
}

pub(crate) fn read_due(item: &Attributes) -> Result<Due, StoreError> {
    let reader = Reader(item);
    Ok(Due {
        id: delivery_id(&reader)?,
        endpoint: endpoint_id(&reader)?,
        due_at: Timestamp(reader.number("next_at")?),
    })
}

pub(crate) fn read_delivery(item: &Attributes) -> Result<DeliveryRecord, StoreError> {
    let reader = Reader(item);
    Ok(DeliveryRecord {
        id: delivery_id(&reader)?,
        message: MessageId::parse(reader.text("message")?)
            .map_err(|error| reader.damaged(error.to_string()))?,
        endpoint: endpoint_id(&reader)?,
        kind: reader.text("kind")?.to_owned(),
        body: reader.text("body")?.to_owned(),
        state: reader.word("state")?,
        attempts: reader.number("attempts")?,
        claims: reader.number("claims")?,
        next_at: reader.maybe_number("next_at")?.map(Timestamp),
        created_at: Timestamp(reader.number("created_at")?),
        log: reader.json("log")?,
    })
}

pub(crate) fn delivery_id(reader: &Reader<'_>) -> Result<DeliveryId, StoreError> {
    DeliveryId::parse(reader.text("id")?).map_err(|error| reader.damaged(error.to_string()))
}

fn endpoint_id(reader: &Reader<'_>) -> Result<EndpointId, StoreError> {
    EndpointId::parse(reader.text("endpoint")?).map_err(|error| reader.damaged(error.to_string()))
}
