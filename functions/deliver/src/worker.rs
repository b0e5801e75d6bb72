//! What is due, shared out among the endpoints' lanes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use serde::Serialize;
use store::{Due, SHARDS, StoreError};
use tokio::task::JoinSet;
use webhooks::endpoint::Limits;
use webhooks::{DeliveryId, EndpointId};

use crate::Deliver;
use crate::attempt::attempt;
use crate::lanes::Lanes;

/// How many deliveries of a shard one look takes in hand.
const AT_MOST: u32 = 250;

/// How many endpoints a request lists.
const PAGE: u32 = 100;

/// How many deliveries of one endpoint are in hand at once. Those beyond are put off, so that they don't hide other endpoints'.
const IN_HAND: usize = 250;

/// How long those wait, in milliseconds, for each `IN_HAND` that are before them.
const BACKLOG_MS: u64 = 30_000;

/// What a look at what is due came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// How many deliveries were taken in hand.
    pub begun: u32,
    /// How many were put off, because their endpoints have enough to do.
    pub put_off: u32,
}

impl Taken {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            begun: self.begun + other.begun,
            put_off: self.put_off + other.put_off,
        }
    }
}

/// The deliveries that this process has in hand, with their endpoints.
#[derive(Debug, Clone, Default)]
struct Hand(Arc<Mutex<HashMap<DeliveryId, EndpointId>>>);

impl Hand {
    fn held(&self) -> MutexGuard<'_, HashMap<DeliveryId, EndpointId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are of each endpoint.
    fn counts(&self) -> HashMap<EndpointId, usize> {
        let mut counts = HashMap::new();
        for endpoint in self.held().values() {
            *counts.entry(endpoint.clone()).or_default() += 1;
        }
        counts
    }
}

/// Delivers what is due.
pub struct Worker {
    deliver: Deliver,
    lanes: Lanes,
    hand: Hand,
    going: tokio::sync::Mutex<JoinSet<()>>,
}

impl Worker {
    /// A worker that has nothing in hand.
    pub fn new(deliver: Deliver) -> Self {
        Self {
            deliver,
            lanes: Lanes::default(),
            hand: Hand::default(),
            going: tokio::sync::Mutex::default(),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.deliver.clock)()
    }

    /// Takes in hand what is due at `now` and doesn't wait for its end: one endpoint's slowness keeps no other one waiting.
    pub async fn take_due(&self, now: Timestamp) -> Result<Taken, StoreError> {
        let due = self.due(now).await?;
        let mut taken = Taken::default();
        if due.is_empty() {
            return Ok(taken);
        }
        let limits = self.limits().await?;
        let mut counts = self.hand.counts();
        let mut going = self.going.lock().await;
        while going.try_join_next().is_some() {}
        for due in due {
            if self.hand.held().contains_key(&due.id) {
                continue;
            }
            let count = counts.entry(due.endpoint.clone()).or_default();
            *count += 1;
            if *count > IN_HAND {
                let rounds = u64::try_from(*count / IN_HAND).unwrap_or(u64::MAX);
                let later = Timestamp(now.0.saturating_add(rounds.saturating_mul(BACKLOG_MS)));
                let store = &self.deliver.store;
                store.put_off_delivery(&due.id, now, later).await?;
                taken.put_off += 1;
                continue;
            }
            let limits = limits.get(&due.endpoint).copied().unwrap_or_default();
            let lane = self.lanes.lane(&due.endpoint, limits);
            self.hand
                .held()
                .insert(due.id.clone(), due.endpoint.clone());
            let (deliver, hand) = (self.deliver.clone(), self.hand.clone());
            going.spawn(async move {
                // Dropped however the attempt ends, even by a panic.
                let _in_hand = InHand(&hand, &due.id);
                let Some(_place) = lane.enter().await else {
                    return;
                };
                if let Err(error) = attempt(&deliver, &due).await {
                    tracing::error!(delivery = %due.id, %error, "this delivery could not be tried, and will be later");
                }
            });
            taken.begun += 1;
        }
        Ok(taken)
    }

    /// Waits until nothing is in hand.
    pub async fn finish(&self) {
        let mut going = self.going.lock().await;
        while let Some(ended) = going.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "an attempt ended in a fault");
            }
        }
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Due>, StoreError> {
        let mut shards = JoinSet::new();
        for shard in 0..SHARDS {
            let store = self.deliver.store.clone();
            shards.spawn(async move { store.due_deliveries(shard, now, AT_MOST).await });
        }
        let mut due = Vec::new();
        for shard in shards.join_all().await {
            due.extend(shard?);
        }
        Ok(due)
    }

    /// What each endpoint wants at most. One made a moment ago may be missing: the usual limits hold for it.
    async fn limits(&self) -> Result<HashMap<EndpointId, Limits>, StoreError> {
        let usual = Limits::default();
        let mut limits = HashMap::new();
        let mut cursor = None;
        loop {
            let store = &self.deliver.store;
            let page = store.list_endpoints(PAGE, cursor.as_deref()).await?;
            limits.extend(page.items.into_iter().map(|endpoint| {
                let wanted = &endpoint.definition;
                let limits = Limits {
                    per_second: wanted.per_second.unwrap_or(usual.per_second),
                    concurrency: wanted.concurrency.unwrap_or(usual.concurrency),
                };
                (endpoint.id, limits)
            }));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(limits);
            }
        }
    }
}

/// Gives a delivery out of hand at its end.
struct InHand<'a>(&'a Hand, &'a DeliveryId);

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.held().remove(self.1);
    }
}
