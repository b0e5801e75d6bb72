//! How quick hits and misses are, beside what they could be without this crate:
//!
//!     cargo run -p cache --example cache_speed [--json]
//!
//! Values have 1 KiB; Redis runs on this machine; the source of a miss takes 10 ms.

#![expect(clippy::print_stdout, reason = "what it finds is printed")]

mod server;

use std::error::Error;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bytes::Bytes;
use cache::{Cache, CacheConfig, Kind, Made, Origin, Policies, Policy};
use redis::AsyncCommands as _;
use server::{Server, clock};

type Problem = Box<dyn Error + Send + Sync>;

const VALUE: usize = 1024;
const SOURCE: Duration = Duration::from_millis(10);
const WARM_UP: usize = 2000;

/// Microseconds of each operation, sorted.
struct Times(Vec<f64>);

impl Times {
    fn new(times: Vec<Duration>) -> Self {
        let mut micros: Vec<f64> = times
            .iter()
            .map(|time| time.as_nanos() as f64 / 1000.0)
            .collect();
        micros.sort_by(f64::total_cmp);
        Self(micros)
    }

    fn at(&self, share: f64) -> f64 {
        let place = (self.0.len() as f64 * share) as usize;
        self.0
            .get(place.min(self.0.len() - 1))
            .copied()
            .unwrap_or_default()
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Problem> {
    // As a task, as requests are: the main thread would have to be woken by a worker at every turn.
    tokio::spawn(measure()).await?
}

async fn measure() -> Result<(), Problem> {
    let server = Server::start().await?;
    let rows = [
        ("L1 hit", l1_hits(&server).await?),
        ("moka get", moka_hits()),
        ("L2 hit", l2_hits(&server).await?),
        ("raw redis GET", raw_hits(&server).await?),
        ("raw GET, GET, SET about it", raw_misses(&server).await?),
        ("miss, beyond its source", misses(&server).await?),
    ];
    if std::env::args().any(|argument| argument == "--json") {
        let rows: serde_json::Map<_, _> = rows
            .iter()
            .map(|(name, times)| {
                let micros = serde_json::json!({ "p50": times.at(0.5), "p95": times.at(0.95), "p99": times.at(0.99) });
                ((*name).to_owned(), micros)
            })
            .collect();
        println!("{}", serde_json::json!({ "micros": rows }));
        return Ok(());
    }
    println!(
        "{:<26} {:>10} {:>10} {:>10}  (microseconds)",
        "", "p50", "p95", "p99"
    );
    for (name, times) in &rows {
        println!(
            "{name:<26} {:>10.1} {:>10.1} {:>10.1}",
            times.at(0.5),
            times.at(0.95),
            times.at(0.99)
        );
    }
    let [.., (_, beyond)] = &rows;
    let share = |micros: f64| 100.0 * micros / (SOURCE.as_micros() as f64);
    println!(
        "a miss costs {:.1}% of a source of {} ms (median; p99 {:.1}%)",
        share(beyond.at(0.5)),
        SOURCE.as_millis(),
        share(beyond.at(0.99))
    );
    Ok(())
}

fn value() -> Bytes {
    (0..VALUE)
        .map(|n| (n.wrapping_mul(167) >> 3) as u8)
        .collect()
}

fn cache(server: &Server, l1_ms: u64) -> Result<Cache, Problem> {
    let policy = Policy {
        l1_ms,
        ..Policy::of(Kind::LlmResponse)
    };
    Ok(Cache::builder(&CacheConfig::default(), clock())
        .policies(Policies::default().with(Kind::LlmResponse, policy)?)
        .shared(server.level(None)?)
        .build()?)
}

async fn get(cache: &Cache, key: &str) -> Result<Origin, std::io::Error> {
    let compute = async || Ok::<_, std::io::Error>(Made::new(value()));
    let answer = cache
        .get_or_compute(Kind::LlmResponse, key, &[], compute)
        .await;
    answer
        .map(|answer| answer.origin)
        .map_err(|error| std::io::Error::other(error.to_string()))
}

fn keys() -> Vec<String> {
    (0..500).map(|n| format!("blake3:{n:064}")).collect()
}

async fn hits(cache: &Cache, origin: &Origin, times: usize) -> Result<Times, Problem> {
    let keys = keys();
    for key in &keys {
        get(cache, key).await?;
    }
    let mut took = Vec::with_capacity(times);
    for key in keys.iter().cycle().take(WARM_UP + times) {
        let start = Instant::now();
        let found = get(cache, key).await?;
        took.push(start.elapsed());
        if found != *origin {
            return Err(format!("{key} came from {found:?} instead of {origin:?}").into());
        }
    }
    took.drain(..WARM_UP);
    Ok(Times::new(took))
}

async fn l1_hits(server: &Server) -> Result<Times, Problem> {
    hits(&cache(server, 60_000)?, &Origin::L1, 200_000).await
}

async fn l2_hits(server: &Server) -> Result<Times, Problem> {
    hits(&cache(server, 0)?, &Origin::L2, 20_000).await
}

fn moka_hits() -> Times {
    let cache = moka::sync::Cache::new(1000);
    let keys = keys();
    for key in &keys {
        cache.insert(key.clone(), value());
    }
    let mut took = Vec::new();
    for key in keys.iter().cycle().take(WARM_UP + 200_000) {
        let start = Instant::now();
        std::hint::black_box(cache.get(key));
        took.push(start.elapsed());
    }
    took.drain(..WARM_UP);
    Times::new(took)
}

async fn raw_hits(server: &Server) -> Result<Times, Problem> {
    let client = redis::Client::open(server.url())?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    for key in keys() {
        let () = connection.set(key, value().as_ref()).await?;
    }
    let keys = keys();
    let mut took = Vec::new();
    for key in keys.iter().cycle().take(WARM_UP + 20_000) {
        let start = Instant::now();
        let _: Vec<u8> = connection.get(key).await?;
        took.push(start.elapsed());
    }
    took.drain(..WARM_UP);
    Ok(Times::new(took))
}

/// What the three round trips of a miss would take without this crate: two before the source, one after it.
async fn raw_misses(server: &Server) -> Result<Times, Problem> {
    let client = redis::Client::open(server.url())?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut took = Vec::new();
    for n in 0..600 {
        let key = format!("raw miss {n}");
        let start = Instant::now();
        let _: Option<Vec<u8>> = connection.get(&key).await?;
        let _: Option<Vec<u8>> = connection.get(&key).await?;
        let before = start.elapsed();
        tokio::time::sleep(SOURCE).await;
        let start = Instant::now();
        let () = connection.set(&key, value().as_ref()).await?;
        took.push(before + start.elapsed());
    }
    took.drain(..100);
    Ok(Times::new(took))
}

/// What misses take beyond their source: the whole less what the source itself took, as its timer has it.
async fn misses(server: &Server) -> Result<Times, Problem> {
    let cache = cache(server, 60_000)?;
    let mut took = Vec::new();
    for n in 0..600 {
        let source = Mutex::new(Duration::ZERO);
        let compute = async || {
            let start = Instant::now();
            tokio::time::sleep(SOURCE).await;
            if let Ok(mut source) = source.lock() {
                *source = start.elapsed();
            }
            Ok::<_, std::io::Error>(Made::new(value()))
        };
        let start = Instant::now();
        let key = format!("miss {n}");
        let answer = cache
            .get_or_compute(Kind::LlmResponse, key, &[], compute)
            .await?;
        let whole = start.elapsed();
        if answer.origin != Origin::Source {
            return Err("a miss was none".into());
        }
        let source = source.lock().map_or(SOURCE, |source| *source);
        took.push(whole.saturating_sub(source));
    }
    took.drain(..100);
    Ok(Times::new(took))
}
