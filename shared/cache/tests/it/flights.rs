//! Requests of one process that want the same at the same time, and what is counted of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cache::{Answer, Cache, CacheConfig, Kind, Made, Origin};
use tokio::task::JoinSet;

use crate::support::{Down, Hands, Source, get};

const KIND: Kind = Kind::LlmResponse;

fn alone(hands: &Hands) -> Cache {
    Cache::builder(&CacheConfig::default(), hands.clock())
        .build()
        .unwrap()
}

#[tokio::test]
async fn many_requests_ask_the_source_once_and_the_dollars_saved_add_up() {
    let cache = alone(&Hands::new());
    let source = Arc::new(Source::taking(20));
    let mut requests = JoinSet::new();
    for _ in 0..100 {
        let (cache, source) = (cache.clone(), Arc::clone(&source));
        requests.spawn(async move { get(&cache, KIND, "one", &[], &source, "text").await });
    }
    let answers = requests.join_all().await;
    assert_eq!(source.asked(), 1);
    let from = |origin: &Origin| answers.iter().filter(|a| a.origin == *origin).count();
    assert_eq!((from(&Origin::Source), from(&Origin::Joined)), (1, 99));
    for _ in 0..10 {
        get(&cache, KIND, "one", &[], &source, "text").await;
    }
    let stats = cache.snapshot();
    let stats = stats.of(KIND);
    assert_eq!((stats.misses, stats.joins, stats.l1_hits), (1, 99, 10));
    // A quarter of a dollar for every answer but the first.
    assert!((stats.saved_usd - 109.0 * 0.25).abs() < 1e-9, "{stats:?}");
    assert_eq!(stats.bytes_served, 109 * 4);
    assert!(stats.saved_ms >= 109 * 20, "{stats:?}");
    assert!((stats.hit_ratio().unwrap() - 109.0 / 110.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_waited_and_the_source_is_not_asked_by_each() {
    let cache = alone(&Hands::new());
    let asked = Arc::new(AtomicU64::new(0));
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (cache, asked) = (cache.clone(), Arc::clone(&asked));
        requests.spawn(async move {
            let compute = || async {
                asked.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err::<Made, _>(Down)
            };
            cache.get_or_compute(KIND, "one", &[], compute).await
        });
    }
    for answer in requests.join_all().await {
        assert_eq!(*answer.unwrap_err(), Down);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // And is not remembered.
    let source = Source::default();
    assert_eq!(
        get(&cache, KIND, "one", &[], &source, "v").await.origin,
        Origin::Source
    );
}

#[tokio::test(start_paused = true)]
async fn when_a_leader_is_dropped_one_of_those_that_wait_leads() {
    let cache = alone(&Hands::new());
    let hanging = tokio::spawn({
        let cache = cache.clone();
        async move {
            let never = || async {
                std::future::pending::<()>().await;
                Ok::<_, Down>(Made::nothing())
            };
            cache.get_or_compute(KIND, "one", &[], never).await
        }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    let source = Arc::new(Source::taking(20));
    let mut requests = JoinSet::new();
    for _ in 0..10 {
        let (cache, source) = (cache.clone(), Arc::clone(&source));
        requests.spawn(async move { get(&cache, KIND, "one", &[], &source, "text").await });
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(source.asked(), 0);
    hanging.abort();
    assert_eq!(requests.join_all().await.len(), 10);
    assert_eq!(source.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_leader_longer_than_the_policy_says() {
    let cache = alone(&Hands::new());
    let never = || async {
        std::future::pending::<()>().await;
        Ok::<_, Down>(Made::nothing())
    };
    let source = Source::default();
    let start = tokio::time::Instant::now();
    let answer = tokio::select! {
        biased;
        _ = cache.get_or_compute(KIND, "one", &[], never) => unreachable!(),
        answer = get(&cache, KIND, "one", &[], &source, "own") => answer,
    };
    assert_eq!(
        (answer.value.unwrap(), answer.origin),
        ("own".into(), Origin::Source)
    );
    let waited = start.elapsed().as_millis() as u64;
    assert_eq!(waited / 1000, cache::Policy::of(KIND).wait_ms / 1000);
}

#[derive(Debug, thiserror::Error)]
#[error("another error")]
struct Other;

#[tokio::test]
async fn a_failure_of_another_type_is_not_mistaken_for_ones_own() {
    let cache = alone(&Hands::new());
    let fails = || async {
        tokio::task::yield_now().await;
        Err::<Made, _>(Other)
    };
    let source = Source::default();
    let (failed, answer) = tokio::join!(
        cache.get_or_compute(KIND, "one", &[], fails),
        get(&cache, KIND, "one", &[], &source, "own"),
    );
    assert_eq!(failed.unwrap_err().to_string(), "another error");
    assert_eq!(answer.value.unwrap(), "own");
}

#[tokio::test]
async fn a_clock_that_jumps_makes_misses_and_nothing_worse() {
    let hands = Hands::new();
    let cache = alone(&hands);
    let source = Source::default();
    let ask = async || -> Answer { get(&cache, KIND, "one", &[], &source, "v").await };
    ask().await;
    // Years ahead: the value has expired.
    hands.forward(1 << 40);
    assert_eq!(ask().await.origin, Origin::Source);
    // And back: it was made in the future.
    hands.forward(0_u64.wrapping_sub(1 << 40));
    assert_eq!(ask().await.origin, Origin::Source);
    assert_eq!(ask().await.origin, Origin::L1);
}
