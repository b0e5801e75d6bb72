//! What delivering webhooks adds to posting them: the worker that `reelwright serve` has, and a bare loop with the same HTTP library, the same
//! concurrency and the same signed bodies, to the same receiver on this machine.
//!
//!     cargo run -p tests --example deliver_bench -- FOLDER DELAY_MS
//!
//! The worker's deliveries lie in an embedded store in FOLDER; the receiver answers after DELAY_MS. Both are measured in turn. Prints the
//! posts a second of each turn as JSON.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use deliver::{Deliver, Worker};
use reelwright::embedded::Embedded;
use reqwest::Client;
use runtime::outbound::{Outbound, Vault};
use runtime::{Services, TableAlone};
use serde_json::json;
use store::{DeliveryState, EndpointRecord, NewDelivery, Store, Tables, Wait};
use tokio::task::JoinSet;
use webhooks::endpoint::{Definition, UrlRules};
use webhooks::retry::EndpointState;
use webhooks::{ApiRoot, EndpointId, MessageId, Secret, Secrets, sign};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The endpoints, and how many attempts at once there are to each: together as many as the bare loop has.
const ENDPOINTS: usize = 4;
const AT_ONCE: usize = 4;

/// How many are posted a turn: no more to one endpoint than a worker takes in hand.
const POSTS: usize = 1000;
const TURNS: u32 = 5;

/// The size of a usual payload with long texts.
const BODY_BYTES: usize = 2048;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, delay] = arguments.as_slice() else {
        eprintln!("expected FOLDER DELAY_MS");
        return ExitCode::from(2);
    };
    match measure(Path::new(folder), delay) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(folder: &Path, delay: &str) -> Result<serde_json::Value> {
    let delay = Duration::from_millis(delay.parse()?);
    let url = receiver(delay)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let bench = Bench::new(folder, url).await?;
        let (mut bare, mut delivered) = (Vec::new(), Vec::new());
        // The first turn opens connections and files, and doesn't count.
        for turn in 0..=TURNS {
            let told = (bench.bare().await?, bench.deliver(turn).await?);
            if turn > 0 {
                bare.push(told.0);
                delivered.push(told.1);
            }
        }
        Ok(json!({ "bare_per_s": bare, "deliver_per_s": delivered }))
    })
}

/// A receiver with a thread of its own, as if it were another program.
fn receiver(delay: Duration) -> Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            let answer = async move || {
                tokio::time::sleep(delay).await;
                StatusCode::NO_CONTENT
            };
            let router = Router::new().route("/hook", post(answer));
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        })
    });
    Ok(url)
}

struct Bench {
    store: Store,
    worker: Worker,
    endpoints: Vec<EndpointId>,
    secrets: Secrets,
    client: Client,
    url: String,
    body: String,
}

impl Bench {
    async fn new(folder: &Path, url: String) -> Result<Self> {
        let store = Store::new(Embedded::open(folder)?.client(), Tables::default());
        store.create_tables().await?;
        let vault = Arc::new(Vault::new("0123456789abcdef0123456789abcdef"));
        let secrets = Secrets::new(Secret::mint(&[7; 32]));
        let clock = Services::system_clock();
        let mut endpoints = Vec::new();
        for number in 0..ENDPOINTS {
            let id = EndpointId::new(clock().0, number as u128);
            let endpoint = EndpointRecord {
                id: id.clone(),
                definition: Definition {
                    url: url.clone(),
                    concurrency: Some(AT_ONCE as u32),
                    per_second: Some(1000),
                    ..Definition::default()
                },
                sealed: vault.seal(&id, &secrets)?,
                state: EndpointState::default(),
                version: 1,
                created_at: clock(),
                updated_at: clock(),
            };
            store.put_endpoint(&endpoint).await?;
            endpoints.push(id);
        }
        let rules = UrlRules::local();
        let worker = Worker::new(Deliver {
            store: store.clone(),
            queue: Arc::new(TableAlone),
            outbound: Outbound::new(rules.addresses)?,
            vault,
            rules,
            root: ApiRoot::relative(),
            clock,
        });
        Ok(Self {
            store,
            worker,
            endpoints,
            secrets,
            client: Client::builder().http1_only().no_proxy().build()?,
            url,
            body: format!("{{\"text\":\"{}\"}}", "x".repeat(BODY_BYTES - 11)),
        })
    }

    /// Posts a second, by loops that do nothing else.
    async fn bare(&self) -> Result<f64> {
        let id = MessageId::parse("evt_00112233445566778899aabbccddeeff")?;
        let next = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        let mut loops = JoinSet::new();
        for _ in 0..ENDPOINTS * AT_ONCE {
            let (next, id, secrets) = (Arc::clone(&next), id.clone(), self.secrets.clone());
            let (client, url, body) = (self.client.clone(), self.url.clone(), self.body.clone());
            loops.spawn(async move {
                while next.fetch_add(1, Ordering::Relaxed) < POSTS {
                    let now = Services::system_clock()();
                    let mut request = client.post(&url).header("content-type", "application/json");
                    for (name, value) in sign(&secrets, &id, now, body.as_bytes()).pairs() {
                        request = request.header(name, value);
                    }
                    let answer = request.body(body.clone()).send().await?;
                    answer.error_for_status()?.bytes().await?;
                }
                Ok::<(), reqwest::Error>(())
            });
        }
        for ended in loops.join_all().await {
            ended?;
        }
        Ok(POSTS as f64 / begun.elapsed().as_secs_f64())
    }

    /// Posts a second, by the worker.
    async fn deliver(&self, turn: u32) -> Result<f64> {
        let now = self.worker.now();
        for number in 0..POSTS {
            let message = MessageId::parse(&format!("evt_{turn}x{number}"))?;
            let delivery = NewDelivery {
                message: &message,
                endpoint: &self.endpoints[number % ENDPOINTS],
                kind: "webhook.test",
                body: &self.body,
                created_at: now,
                wait: Wait::until(now),
            };
            self.store.put_delivery(&delivery).await?;
        }
        let begun = Instant::now();
        let mut taken = 0;
        while taken < POSTS {
            taken += self.worker.take_due(self.worker.now()).await?.begun as usize;
        }
        self.worker.finish().await;
        let took = begun.elapsed().as_secs_f64();
        for endpoint in &self.endpoints {
            let page = self.store.list_deliveries(endpoint, 1, None).await?;
            let arrived = page
                .items
                .iter()
                .all(|one| one.state == DeliveryState::Delivered);
            if !arrived {
                return Err(format!("{:?} did not arrive", page.items).into());
            }
        }
        Ok(POSTS as f64 / took)
    }
}
