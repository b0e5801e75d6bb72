//! What is due, shared out among the endpoints' lanes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use store::{Due, SHARDS, StoreError};
use tokio::task::JoinSet;
use webhooks::endpoint::Limits;
use webhooks::{DeliveryId, EndpointId};

use crate::attempt::{attempt, limits, put_off};
use crate::lanes::Lanes;
use crate::{Deliver, DeliverError};

/// How many deliveries of a shard one look takes in hand.
const AT_MOST: u32 = 250;

/// How many endpoints a request lists.
const PAGE: u32 = 100;

/// How many deliveries of one endpoint are in hand at once. Those beyond are put off, so that they don't hide other endpoints'.
const IN_HAND: usize = 250;

/// How long those wait, in milliseconds, for each `IN_HAND` that are before them.
const BACKLOG_MS: u64 = 30_000;

/// What a look at what is due came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many deliveries were taken in hand.
    pub begun: u32,
    /// How many were put off, because their endpoints have enough to do.
    pub put_off: u32,
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

/// Delivers what the table says is due, where no queue brings it.
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
    pub async fn take_due(&self, now: Timestamp) -> Result<Taken, DeliverError> {
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
                put_off(&self.deliver, &due, now, later).await?;
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
                // Nobody here waits for an endpoint that fails, so all are as good as aside.
                if let Err(error) = attempt(&deliver, &due, true).await {
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
        let mut all = HashMap::new();
        let mut cursor = None;
        loop {
            let store = &self.deliver.store;
            let page = store.list_endpoints(PAGE, cursor.as_deref()).await?;
            let records = page.items.iter();
            all.extend(records.map(|record| (record.id.clone(), limits(record))));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(all);
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
