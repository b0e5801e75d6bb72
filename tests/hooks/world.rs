//! A system that events happen in, and its subscribers.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use deliver::{Deliver, Worker};
use dispatch::{Dispatch, Dispatched};
use domain::{Event, Timestamp};
use reelwright::embedded::Embedded;
use runtime::outbound::{Names, Outbound, SystemNames, Vault};
use runtime::{Clock, TableAlone};
use store::{DeliveryRecord, EndpointRecord, Store, StoreError, Tables, Wait};
use webhooks::endpoint::{Definition, UrlRules};
use webhooks::retry::EndpointState;
use webhooks::{ApiRoot, DeliveryId, EndpointId, Secret, Secrets};

use crate::happening::happen;
use crate::peer::Peer;

/// 2026-11-23T10:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_795_428_000_000);

/// How long an attempt may take here.
pub(crate) const LIMIT: Duration = Duration::from_millis(400);

/// The time on the clock, for receivers that look at it.
pub(crate) fn real_time() -> Timestamp {
    runtime::Services::system_clock()()
}

/// Names that resolve as a test says: first to the first addresses, then to the next, and to the last from then on.
pub(crate) struct Told {
    pub(crate) addresses: Vec<Vec<IpAddr>>,
    pub(crate) asked: AtomicUsize,
}

#[async_trait]
impl Names for Told {
    async fn look_up(&self, _host: &str) -> std::io::Result<Vec<IpAddr>> {
        let at = self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.addresses[at.min(self.addresses.len() - 1)].clone())
    }
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) dispatch: Dispatch,
    pub(crate) deliver: Deliver,
    pub(crate) worker: Worker,
    pub(crate) secret: Secret,
    vault: Arc<Vault>,
    now: Arc<AtomicU64>,
    made: Mutex<u128>,
}

impl World {
    /// One that may call this machine.
    pub(crate) async fn new() -> Self {
        Self::with(Arc::new(SystemNames), UrlRules::local()).await
    }

    /// The same, at another time.
    pub(crate) async fn at(now: Timestamp) -> Self {
        let world = Self::new().await;
        world.now.store(now.0, Ordering::SeqCst);
        world
    }

    pub(crate) async fn with(names: Arc<dyn Names>, rules: UrlRules) -> Self {
        let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
        store.create_tables().await.unwrap();
        let now = Arc::new(AtomicU64::new(NOW.0));
        let told = Arc::clone(&now);
        let clock: Clock = Arc::new(move || Timestamp(told.load(Ordering::SeqCst)));
        let vault = Arc::new(Vault::new("0123456789abcdef0123456789abcdef"));
        let deliver = Deliver {
            store: store.clone(),
            queue: Arc::new(TableAlone),
            outbound: Outbound::over(names, rules.addresses, LIMIT).unwrap(),
            vault: Arc::clone(&vault),
            rules,
            root: ApiRoot::relative(),
            clock: Arc::clone(&clock),
        };
        Self {
            dispatch: Dispatch {
                store: store.clone(),
                queue: Arc::new(TableAlone),
                root: ApiRoot::relative(),
                clock,
            },
            worker: Worker::new(deliver.clone()),
            deliver,
            store,
            secret: Secret::mint(&[7; 32]),
            vault,
            now,
            made: Mutex::new(0),
        }
    }

    /// Another worker over the same store and clock.
    pub(crate) fn another_worker(&self) -> Worker {
        Worker::new(self.deliver.clone())
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    /// Lets time go by.
    pub(crate) fn wait(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    fn number(&self) -> u128 {
        let mut made = self.made.lock().unwrap();
        *made += 1;
        *made
    }

    /// A subscriber to everything, at this URL.
    pub(crate) async fn subscribe(&self, url: &str) -> EndpointId {
        self.subscribe_with(Definition {
            url: url.to_owned(),
            per_second: Some(1000),
            ..Definition::default()
        })
        .await
    }

    pub(crate) async fn subscribe_with(&self, definition: Definition) -> EndpointId {
        self.put(definition, &Secrets::new(self.secret.clone()))
            .await
    }

    /// A subscriber with secrets of its own.
    pub(crate) async fn subscribe_signed(&self, url: &str, secrets: &Secrets) -> EndpointId {
        let definition = Definition {
            url: url.to_owned(),
            ..Definition::default()
        };
        self.put(definition, secrets).await
    }

    async fn put(&self, definition: Definition, secrets: &Secrets) -> EndpointId {
        let now = self.now();
        let id = EndpointId::new(now.0, self.number());
        let endpoint = EndpointRecord {
            sealed: self.vault.seal(&id, secrets).unwrap(),
            id: id.clone(),
            definition,
            state: EndpointState::default(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.store.put_endpoint(&endpoint).await.unwrap();
        id
    }

    pub(crate) async fn endpoint(&self, id: &EndpointId) -> EndpointRecord {
        self.store.endpoint(id).await.unwrap()
    }

    /// A run is cancelled, which is an event.
    pub(crate) async fn happen(&self) -> Event {
        happen(&self.store, self.now(), self.number()).await
    }

    pub(crate) async fn dispatch(&self) -> Dispatched {
        dispatch::dispatch_due(&self.dispatch, self.now())
            .await
            .unwrap()
    }

    /// Delivers what is due, and waits for its end. Gives how many were taken in hand.
    pub(crate) async fn deliver(&self) -> u32 {
        let taken = self.worker.take_due(self.now()).await.unwrap();
        self.worker.finish().await;
        taken.begun
    }

    /// Has a delivery be tried anew, from now on.
    pub(crate) async fn replay(&self, id: &DeliveryId) -> Result<DeliveryRecord, StoreError> {
        let wait = Wait::until(self.now());
        self.store.replay_delivery(id, wait).await
    }

    /// One subscriber, one event, one attempt.
    pub(crate) async fn first_attempt(&self, peer: &Peer) -> EndpointId {
        let endpoint = self.subscribe(&peer.url()).await;
        self.happen().await;
        self.dispatch().await;
        assert_eq!(self.deliver().await, 1);
        endpoint
    }

    pub(crate) async fn deliveries(&self, endpoint: &EndpointId) -> Vec<DeliveryRecord> {
        let page = self.store.list_deliveries(endpoint, 100, None);
        page.await.unwrap().items
    }

    /// The only delivery of an endpoint.
    pub(crate) async fn delivery(&self, endpoint: &EndpointId) -> DeliveryRecord {
        let mut deliveries = self.deliveries(endpoint).await;
        assert_eq!(deliveries.len(), 1, "{deliveries:?}");
        deliveries.remove(0)
    }

    /// Lets time go by until a delivery is tried next.
    pub(crate) async fn wait_for(&self, endpoint: &EndpointId) -> u64 {
        let delivery = self.delivery(endpoint).await;
        let wait = delivery.next_at.unwrap().since(self.now());
        self.wait(wait);
        wait
    }
}
