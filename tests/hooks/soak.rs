//! Everything goes wrong at once, and every event reaches every subscriber: dispatch and deliver are killed every few seconds, the queue
//! brings messages twice and in any order, the table throttles, loses answers and has an index that lags, and one request in ten fails at
//! its receiver. Time goes faster than it should, so that leases, retries and sweeps have their turn.

mod isolation;
pub(crate) mod queue;
mod receivers;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use domain::Timestamp;
use reelwright::embedded::Embedded;
use runtime::Clock;
use runtime::outbound::Vault;
use store::{DeliveryState, EndpointRecord, Store, Tables};
use webhooks::endpoint::Definition;
use webhooks::retry::EndpointState;
use webhooks::{EndpointId, Secret, Secrets};

use crate::happening::happen;
use queue::{Counts, Queues};
use receivers::Receivers;

/// How many subscribers there are. One more is deleted on the way.
const ENDPOINTS: usize = 5;

/// Of a hundred requests, how many fail at their receiver.
const FAILING: u64 = 10;

/// Of a hundred messages, how many come twice at once.
const TWICE: u64 = 5;

/// What secrets are sealed with.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Seconds between attempts: the second wait is longer than a queue keeps messages back, so the table has to tell of it.
const WAITS_S: [u64; 10] = [5, 960, 960, 960, 960, 960, 960, 960, 960, 960];

/// How long nothing may arrive that is missing, before a test gives up.
const PATIENCE: Duration = Duration::from_mins(3);

struct Soak {
    events: usize,
    /// How fast time goes.
    speed: u64,
    /// How long a process lives.
    kills: Duration,
}

/// One of the processes; whoever is killed has a successor.
struct Worker {
    role: &'static str,
    process: Child,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What its processes are told.
struct Setting<'a> {
    folder: &'a Path,
    queue: String,
    origin: u64,
    speed: u64,
}

impl Setting<'_> {
    fn start(&self, role: &'static str) -> Worker {
        let process = Command::new(env!("CARGO_BIN_EXE_webhooks-under-test"))
            .arg(role)
            .env("SOAK_FOLDER", self.folder)
            .env("SOAK_QUEUE", &self.queue)
            .env("SOAK_ORIGIN", self.origin.to_string())
            .env("SOAK_SPEED", self.speed.to_string())
            .env("SOAK_SECRET", SECRET)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        Worker { role, process }
    }
}

fn clock(origin: u64, speed: u64) -> Clock {
    Arc::new(move || Timestamp(origin + (real() - origin) * speed))
}

fn real() -> u64 {
    u64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

async fn subscribe(store: &Store, url: String, secret: &Secret, at: Timestamp) -> EndpointId {
    let vault = Vault::new(SECRET);
    let number = u128::from(real()) + url.len() as u128;
    let id = EndpointId::new(at.0, number + u128::from(url.bytes().last().unwrap()));
    let endpoint = EndpointRecord {
        sealed: vault.seal(&id, &Secrets::new(secret.clone())).unwrap(),
        id: id.clone(),
        definition: Definition {
            url,
            retry_waits_s: Some(WAITS_S.to_vec()),
            per_second: Some(1000),
            concurrency: Some(100),
            ..Definition::default()
        },
        state: EndpointState::default(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    store.put_endpoint(&endpoint).await.unwrap();
    id
}

impl Soak {
    async fn run(&self) {
        let folder = tempfile::tempdir().unwrap();
        let origin = real();
        let clock = clock(origin, self.speed);
        let store = Store::new(
            Embedded::open(folder.path()).unwrap().client(),
            Tables::default(),
        );
        store.create_tables().await.unwrap();
        let secret = Secret::mint(&[7; 32]);
        let receivers = Receivers::listen(ENDPOINTS + 1, FAILING, secret.clone()).await;
        let (queues, queue) = Queues::listen(Arc::clone(&clock), TWICE).await;
        let mut endpoints = Vec::new();
        for receiver in 0..=ENDPOINTS {
            let url = receivers.url(receiver);
            endpoints.push(subscribe(&store, url, &secret, clock()).await);
        }
        let setting = Setting {
            folder: folder.path(),
            queue,
            origin,
            speed: self.speed,
        };
        let roles = ["dispatch", "deliver", "deliver", "sweep"];
        let mut workers: Vec<Worker> = roles.map(|role| setting.start(role)).into();

        // Events happen while everything fails.
        let (happening, events) = (store.clone(), self.events);
        let told = Arc::clone(&clock);
        let happened = tokio::spawn(async move {
            for number in 0..events {
                happen(&happening, told(), number as u128).await;
            }
        });
        let mut deleted = None;
        let (mut kills, mut killed_at) = (0, Instant::now());
        let (mut before, mut grown_at) = (0, Instant::now());
        let all = self.events * ENDPOINTS;
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let taken: usize = receivers.taken()[..ENDPOINTS].iter().sum();
            if deleted.is_none() && taken >= all / 2 {
                store.delete_endpoint(&endpoints[ENDPOINTS]).await.unwrap();
                deleted = Some(clock());
            }
            if happened.is_finished() && taken == all {
                break;
            }
            if taken > before || !happened.is_finished() {
                (before, grown_at) = (taken, Instant::now());
            }
            assert!(
                grown_at.elapsed() < PATIENCE,
                "{taken} of {all} arrived: {:?}, {:?}",
                receivers.taken(),
                queues.counts()
            );
            if killed_at.elapsed() >= self.kills {
                let at = kills % workers.len();
                let role = workers[at].role;
                workers[at] = setting.start(role);
                (kills, killed_at) = (kills + 1, Instant::now());
            }
        }
        happened.await.unwrap();
        let took = origin_elapsed(origin);
        self.settled(&store, &endpoints[..ENDPOINTS]).await;
        drop(workers);

        let faults = std::fs::read_to_string(folder.path().join("faults")).unwrap();
        self.check(&receivers, deleted.unwrap(), &faults);
        self.report(&receivers, &queues.counts(), &faults, kills, took);
    }

    /// Whether everything went wrong that should, and nothing came to whom it shouldn't.
    fn check(&self, receivers: &Receivers, deleted: Timestamp, faults: &str) {
        let came = receivers.came();
        let late = &came[ENDPOINTS];
        assert!(
            late.latest <= deleted.seconds(),
            "deleted at {}, sent to at {}",
            deleted.seconds(),
            late.latest
        );
        for one in &came[..ENDPOINTS] {
            assert_eq!(one.taken.len(), self.events);
            assert!(one.failed > 0);
        }
        for letter in ['t', 'u', 'o'] {
            assert!(faults.contains(letter), "no fault {letter:?}");
        }
    }

    fn report(
        &self,
        receivers: &Receivers,
        counts: &Counts,
        faults: &str,
        kills: usize,
        took: f64,
    ) {
        assert!(kills > 0 && counts.twice > 0);
        let all = self.events * ENDPOINTS;
        let came = receivers.came();
        let taken: u32 = came[..ENDPOINTS]
            .iter()
            .flat_map(|one| one.taken.values())
            .sum();
        let failed: u32 = came[..ENDPOINTS].iter().map(|one| one.failed).sum();
        let count = |letter| faults.matches(letter).count();
        println!(
            "{} events to {ENDPOINTS} endpoints in {took:.1} s (time {} times as fast): {all} of {all} deliveries arrived (100%), {} of them \
             again under the same webhook-id; {failed} attempts failed at their receivers; {kills} processes were killed; the table throttled {} \
             requests, lost {} answers and gave {} outdated ones; {} messages were queued, {} came twice at once, {} came too often",
            self.events,
            self.speed,
            taken as usize - all,
            count('t'),
            count('u'),
            count('o'),
            counts.sent,
            counts.twice,
            counts.dead,
        );
    }

    /// Waits until the table says, too, that everything was delivered.
    async fn settled(&self, store: &Store, endpoints: &[EndpointId]) {
        for endpoint in endpoints {
            let (mut cursor, mut seen) = (None, 0);
            loop {
                let page = store.list_deliveries(endpoint, 100, cursor.as_deref());
                let page = page.await.unwrap();
                let state = |wanted| page.items.iter().filter(move |one| one.state == wanted);
                let delivered = state(DeliveryState::Delivered).count();
                if state(DeliveryState::Waiting).next().is_some() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                assert_eq!(delivered, page.items.len(), "{:?}", page.items);
                seen += delivered;
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, self.events);
        }
    }
}

fn origin_elapsed(origin: u64) -> f64 {
    (real() - origin) as f64 / 1000.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_events_reach_everybody_whatever_goes_wrong() {
    let soak = Soak {
        events: 500,
        speed: 120,
        kills: Duration::from_millis(500),
    };
    soak.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes many minutes: make soak"]
async fn twenty_thousand_events_reach_everybody_whatever_goes_wrong() {
    let soak = Soak {
        events: 20_000,
        speed: 60,
        kills: Duration::from_secs(2),
    };
    soak.run().await;
}
