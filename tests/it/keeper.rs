//! Keeping what a process records: what can't be written waits, and nothing is lost or added twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use monitor::Family;
use reelwright::embedded::Embedded;
use runtime::{Clock, Keeper};
use store::{Grain, Store, StoreError, Tables};

/// 2026-11-23T23:59:30Z: half a minute before the next day.
const NOW: Timestamp = Timestamp(1_795_478_370_000);

fn clock() -> (Arc<AtomicU64>, Clock) {
    let now = Arc::new(AtomicU64::new(NOW.0));
    let told = Arc::clone(&now);
    (
        now,
        Arc::new(move || Timestamp(told.load(Ordering::SeqCst))),
    )
}

fn work(store: &Store, times: u64) {
    for _ in 0..times {
        let took = Duration::from_millis(20);
        store.monitor().record(Family::Task, "story", took, false);
    }
}

/// How many stories were written, by when the minute or day begins.
async fn stories(store: &Store, grain: Grain) -> Vec<(String, u64)> {
    let end = Timestamp(NOW.0 + 120_000);
    let found = store.figures(grain, Timestamp(NOW.0 - 120_000), end).await;
    let found = found.unwrap().into_iter();
    found
        .filter_map(|(begin, figures)| {
            let story = figures.family(Family::Task).get("story")?;
            Some((begin.rfc3339()[5..16].to_owned(), story.count()))
        })
        .collect()
}

fn expected(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    let counts = counts.iter();
    counts
        .map(|(begin, count)| ((*begin).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn figures_are_counted_to_the_minute_and_day_in_which_they_were_taken() {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    store.create_tables().await.unwrap();
    let (now, clock) = clock();
    let keeper = Keeper::new(store.clone(), clock);
    work(&store, 2);
    keeper.take();
    work(&store, 1);
    keeper.take();
    // Midnight goes by before anything is written.
    now.fetch_add(60_000, Ordering::SeqCst);
    work(&store, 5);
    keeper.keep().await.unwrap();
    assert_eq!(
        stories(&store, Grain::Minute).await,
        expected(&[("11-23T23:59", 3), ("11-24T00:00", 5)])
    );
    assert_eq!(
        stories(&store, Grain::Day).await,
        expected(&[("11-23T00:00", 3), ("11-24T00:00", 5)])
    );
}

#[tokio::test]
async fn what_the_store_does_not_take_waits_and_is_added_once() {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    let (_, clock) = clock();
    let keeper = Keeper::new(store.clone(), clock);
    for times in 1..=3 {
        work(&store, times);
        let error = keeper.keep().await.unwrap_err();
        assert!(matches!(error, StoreError::NoTable { .. }), "{error}");
    }
    store.create_tables().await.unwrap();
    for _ in 0..2 {
        keeper.keep().await.unwrap();
        assert_eq!(stories(&store, Grain::Minute).await[0].1, 6);
        assert_eq!(stories(&store, Grain::Day).await[0].1, 6);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_keep_in_one_store_add_up_and_an_end_in_the_middle_loses_nothing() {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    store.create_tables().await.unwrap();
    let (_, clock) = clock();
    let mut working = tokio::task::JoinSet::new();
    for _ in 0..4 {
        // Each records on its own, as processes do.
        let own = store.clone().recorded_by(monitor::Monitor::default());
        let clock = Arc::clone(&clock);
        working.spawn(async move {
            // So often that it is always about to write when it ends.
            let keeping = Keeper::new(own.clone(), clock).keep_each(Duration::from_micros(50));
            for _ in 0..200 {
                work(&own, 5);
                tokio::task::yield_now().await;
            }
            keeping.end().await;
        });
    }
    while let Some(ended) = working.join_next().await {
        ended.unwrap();
    }
    assert_eq!(
        stories(&store, Grain::Day).await,
        expected(&[("11-23T00:00", 4000)])
    );
}
