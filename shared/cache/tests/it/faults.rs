//! A shared level that fails in every way, while eight workers ask.
//!
//! However it fails: no wrong value, no request longer than the limits and the source, and soon after the end of the fault it is used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cache::{Cache, Kind, Level, Origin, Policy, Stats};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::support::redis_server::RedisServer;
use crate::support::{Hands, Source, cache_over, cache_with, clock, get};

const KIND: Kind = Kind::ApiResponse;
const KEYS: u64 = 40;
const SOURCE_MS: u64 = 20;
/// What the policy gives a request for the shared level, and for waiting on another process's lease.
const LEVEL_MS: u64 = 100;
const WAIT_MS: u64 = 400;
/// What a busy machine may add before a thread gets its turn. A request that waits for what never comes is far above it.
const SLACK_MS: u64 = 1500;
const BACK_WITHIN: Duration = Duration::from_secs(2);

/// Every value lives for a second, and only in the shared level, so that the workers read and write it all the time.
fn policy(policy: &mut Policy) {
    *policy = Policy {
        ttl_ms: 1000,
        jitter_percent: 50,
        negative_ttl_ms: 0,
        stale_ms: 0,
        l1_ms: 0,
        outlasts_outage: false,
        inline_bytes: 100_000,
        source_ms: 200,
        lease_ms: WAIT_MS / 2,
        wait_ms: WAIT_MS,
    };
}

/// Two caches, as of two processes, and four workers each.
struct Load {
    caches: [Cache; 2],
    source: Arc<Source>,
    ending: Arc<AtomicBool>,
    slowest_us: Arc<AtomicU64>,
    workers: JoinSet<u64>,
}

fn value_of(key: u64) -> String {
    format!("value of {key} ").repeat(1 + key as usize * 10)
}

impl Load {
    /// Load on a server, at an address that leads to it.
    async fn on(server: &RedisServer, url: &str) -> Self {
        let connect = || -> Arc<dyn Level> { Arc::new(server.level_within(None, url)) };
        let mut load = Self {
            caches: [(); 2].map(|()| cache_with(connect(), clock(), KIND, policy)),
            source: Arc::new(Source::taking(SOURCE_MS)),
            ending: Arc::default(),
            slowest_us: Arc::default(),
            workers: JoinSet::new(),
        };
        for worker in 0..8 {
            let cache = load.caches[worker % 2].clone();
            let (source, ending) = (Arc::clone(&load.source), Arc::clone(&load.ending));
            let slowest = Arc::clone(&load.slowest_us);
            load.workers
                .spawn(work(worker as u64, cache, source, ending, slowest));
        }
        load.back_to_normal().await;
        load
    }

    fn hits(&self) -> [u64; 2] {
        self.caches
            .each_ref()
            .map(|cache| cache.snapshot().of(KIND).l2_hits)
    }

    /// How long it takes until both caches are answered by the shared level again.
    async fn back_to_normal(&self) -> Duration {
        let (start, before) = (Instant::now(), self.hits());
        loop {
            let now = self.hits();
            if now.iter().zip(before).all(|(now, before)| *now > before) {
                return start.elapsed();
            }
            assert!(
                start.elapsed() < BACK_WITHIN + Duration::from_secs(5),
                "never back to normal"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends the load and gives what was counted.
    async fn end(mut self, fault: &str, back: Duration) -> [Stats; 2] {
        self.ending.store(true, Ordering::Relaxed);
        let mut requests = 0;
        while let Some(answered) = self.workers.join_next().await {
            requests += answered.unwrap();
        }
        let slowest = self.slowest_us.load(Ordering::Relaxed) / 1000;
        let sources = self.source.asked();
        println!(
            "{fault}: {requests} requests, {sources} source calls, slowest {slowest} ms, back to normal after {} ms",
            back.as_millis()
        );
        assert!(slowest < LEVEL_MS + WAIT_MS + SOURCE_MS + SLACK_MS);
        assert!(back < BACK_WITHIN, "{back:?}");
        let stats = self.caches.each_ref().map(Cache::snapshot);
        // Every request is counted once, and the source was asked by those alone that say so.
        let all = |count: fn(&cache::KindStats) -> u64| {
            stats.iter().map(|stats| count(stats.of(KIND))).sum::<u64>()
        };
        assert_eq!(all(cache::KindStats::requests), requests);
        assert_eq!(all(|stats| stats.misses + stats.unanswered), sources);
        stats
    }
}

async fn work(
    seed: u64,
    cache: Cache,
    source: Arc<Source>,
    ending: Arc<AtomicBool>,
    slowest_us: Arc<AtomicU64>,
) -> u64 {
    let (mut random, mut answered) = (seed, 0);
    while !ending.load(Ordering::Relaxed) {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let key = (random >> 33) % KEYS;
        let start = Instant::now();
        let answer = get(&cache, KIND, &key.to_string(), &[], &source, &value_of(key)).await;
        slowest_us.fetch_max(start.elapsed().as_micros() as u64, Ordering::Relaxed);
        assert!(answer.value.unwrap() == value_of(key), "a wrong value");
        answered += 1;
    }
    answered
}

const A_WHILE: Duration = Duration::from_millis(800);

async fn a_while() {
    tokio::time::sleep(A_WHILE).await;
}

fn unanswered(stats: &[Stats; 2]) -> u64 {
    stats.iter().map(|stats| stats.of(KIND).unanswered).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_level_that_is_killed_costs_misses_and_is_used_again_once_it_is_back() {
    let mut server = RedisServer::plain(&[]);
    let load = Load::on(&server, &server.url()).await;
    server.kill();
    a_while().await;
    let before = load.hits();
    a_while().await;
    assert_eq!(load.hits(), before, "a dead level answers nothing");
    server.restart();
    let back = load.back_to_normal().await;
    let stats = load.end("killed and restarted", back).await;
    assert!(unanswered(&stats) > 0);
    for stats in &stats {
        let stats = stats.of(KIND);
        // Only the first requests tried; the others knew.
        assert!(stats.l2_errors < 30, "{stats:?}");
        assert!(stats.l2_skipped > stats.l2_errors, "{stats:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_level_that_accepts_and_never_answers_costs_its_limit_a_few_times() {
    let server = RedisServer::plain(&[]);
    let load = Load::on(&server, &server.url()).await;
    server.freeze();
    a_while().await;
    a_while().await;
    server.thaw();
    let back = load.back_to_normal().await;
    let stats = load.end("accepting and never answering", back).await;
    for stats in &stats {
        let stats = stats.of(KIND);
        assert!(stats.l2_errors < 30, "{stats:?}");
        assert!(stats.l2_skipped > stats.l2_errors, "{stats:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_level_slower_than_its_limit_is_left_alone_until_it_is_quick() {
    let server = RedisServer::plain(&[]);
    let slow = Proxy::to(server.port).await;
    let load = Load::on(&server, &slow.url()).await;
    slow.delay(300);
    a_while().await;
    a_while().await;
    slow.delay(0);
    let back = load.back_to_normal().await;
    let stats = load.end("slow", back).await;
    assert!(unanswered(&stats) > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_level_still_answers_and_takes_values_again_once_it_has_room() {
    let server = RedisServer::plain(&[]);
    let load = Load::on(&server, &server.url()).await;
    server.command::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
    a_while().await;
    // What it had has expired by now, and it takes nothing new.
    a_while().await;
    server.command::<()>(&["CONFIG", "SET", "maxmemory", "0"]);
    let back = load.back_to_normal().await;
    let stats = load.end("full", back).await;
    for stats in &stats {
        let stats = stats.of(KIND);
        assert!(stats.l2_errors > 0, "{stats:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flushed_level_is_filled_again() {
    let server = RedisServer::plain(&[]);
    let load = Load::on(&server, &server.url()).await;
    for _ in 0..10 {
        server.command::<()>(&["FLUSHALL"]);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let back = load.back_to_normal().await;
    load.end("flushed", back).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn values_corrupted_byte_by_byte_are_misses() {
    let server = RedisServer::plain(&[]);
    let load = Load::on(&server, &server.url()).await;
    let start = Instant::now();
    let mut at = 0;
    while start.elapsed() < A_WHILE * 2 {
        for key in server.keys() {
            // It may be gone by now, or be a lease.
            let script = "local v = redis.call('GET', KEYS[1]); if not v or #v < 70 then return end
                local at = ARGV[1] % #v; local b = bit.bxor(string.byte(v, at + 1), 1 + ARGV[1] % 255)
                redis.call('SET', KEYS[1], string.sub(v, 1, at) .. string.char(b) .. string.sub(v, at + 2), 'KEEPTTL')";
            server.command::<()>(&["EVAL", script, "1", &key, &at.to_string()]);
            at += 1;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let back = load.back_to_normal().await;
    let stats = load.end("corrupted", back).await;
    for stats in &stats {
        assert!(stats.of(KIND).damaged > 10, "{stats:?}");
    }
}

#[tokio::test]
async fn what_a_process_holds_lasts_through_an_outage_but_sessions_do_not() {
    let mut server = RedisServer::plain(&[]);
    let hands = Hands::new();
    let cache = cache_over(Arc::new(server.level()), hands.clock());
    let source = Source::default();
    let origin = async |kind| get(&cache, kind, "key", &[], &source, "v").await.origin;
    for kind in [Kind::LlmResponse, Kind::Session] {
        assert_eq!(origin(kind).await, Origin::Source);
    }
    server.kill();
    // Longer than the process believes its copies when it can look whether they hold.
    hands.forward(Policy::of(Kind::LlmResponse).l1_ms + 1);
    assert_eq!(origin(Kind::LlmResponse).await, Origin::L1);
    assert_eq!(origin(Kind::Session).await, Origin::Source);
    let removed = cache.remove(Kind::Session, "key").await;
    assert!(
        removed.is_err(),
        "what may still be there is not said to be gone"
    );
}

/// Hands on what a server says, later.
struct Proxy {
    port: u16,
    delay_ms: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let delay_ms = Arc::new(AtomicU64::new(0));
        let delay = Arc::clone(&delay_ms);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                connections.spawn(hand_on(client, server, Arc::clone(&delay)));
            }
        });
        Self {
            port,
            delay_ms,
            _tasks: tasks,
        }
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn delay(&self, ms: u64) {
        self.delay_ms.store(ms, Ordering::Relaxed);
    }
}

/// Until either side ends.
async fn hand_on(mut client: TcpStream, mut server: TcpStream, delay_ms: Arc<AtomicU64>) {
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (mut asked, mut told) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        let sent = tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(0) | Err(_) => return,
                Ok(length) => server.write_all(&asked[..length]).await,
            },
            read = server.read(&mut told) => match read {
                Ok(0) | Err(_) => return,
                Ok(length) => {
                    tokio::time::sleep(Duration::from_millis(delay_ms.load(Ordering::Relaxed))).await;
                    client.write_all(&told[..length]).await
                }
            },
        };
        if sent.is_err() {
            return;
        }
    }
}
