//! What keeping figures promises, of whatever store it is given.
//!
//! [`contract`] is the whole of it. Times are made from `seed`, so a table may hold what other suites wrote; it must differ from run to run.

use std::time::Duration;

use domain::Timestamp;
use monitor::{Family, Figures, Latency};
use store::{Addition, Grain, Store};
use tokio::task::JoinSet;

/// All promises, one after the other.
pub(crate) async fn contract(store: &Store, seed: u128) {
    figures_of_a_time_add_up_and_times_are_told_apart(store, seed).await;
    writers_at_once_lose_nothing(store, seed).await;
    an_addition_that_is_repeated_is_made_once(store, seed).await;
}

/// A day of its own for each promise and seed, in the years from 2065.
fn day(seed: u128, promise: u64) -> Timestamp {
    let days = (seed % 300_000) as u64 * 3 + promise;
    Grain::Day.begin(Timestamp(3_000_000_000_000 + days * Grain::Day.length_ms()))
}

fn figures(name: &str, millis: u64) -> Figures {
    let mut latency = Latency::default();
    latency.record(Duration::from_millis(millis), millis == 7);
    let mut figures = Figures::default();
    figures.add(Family::Task, name, &latency);
    figures.count("media", "l1_hits", millis);
    figures
}

fn addition<'a>(
    (grain, at): (Grain, Timestamp),
    figures: &'a Figures,
    token: &'a str,
) -> Addition<'a> {
    Addition {
        grain,
        at,
        figures,
        token,
        again: false,
    }
}

pub(crate) async fn figures_of_a_time_add_up_and_times_are_told_apart(store: &Store, seed: u128) {
    let day = day(seed, 0);
    let minute = |number: u64| Timestamp(day.0 + number * 60_000 + 59_999);
    let (one, two) = (figures("story", 1), figures("audio", 7));
    for (number, grain, at, figures) in [
        (0, Grain::Minute, minute(0), &one),
        (1, Grain::Minute, minute(0), &two),
        (2, Grain::Minute, minute(9), &one),
        (3, Grain::Day, minute(0), &two),
    ] {
        let token = number.to_string();
        let addition = addition((grain, at), figures, &token);
        store.add_figures(&addition).await.unwrap();
    }
    let found = store.figures(Grain::Minute, day, minute(8)).await.unwrap();
    let mut both = one.clone();
    both.merge(&two);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(day, both)]);
    let found = store.figures(Grain::Minute, minute(9), minute(9)).await;
    let nine = Timestamp(day.0 + 9 * 60_000);
    assert_eq!(
        found.unwrap().into_iter().collect::<Vec<_>>(),
        [(nine, one)]
    );
    let found = store.figures(Grain::Day, day, day).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(day, two)]);
}

pub(crate) async fn writers_at_once_lose_nothing(store: &Store, seed: u128) {
    const WRITERS: u64 = 12;
    const TIMES: u64 = 10;
    let day = day(seed, 1);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        writers.spawn(async move {
            for time in 0..TIMES {
                let (figures, token) = (figures("story", writer + 1), format!("{writer}.{time}"));
                let mut addition = addition((Grain::Day, day), &figures, &token);
                // Who meets too many others tries again later, as who keeps figures does.
                while let Err(error) = store.add_figures(&addition).await {
                    assert!(error.retryable(), "{error}");
                    addition.again = true;
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let found = store.figures(Grain::Day, day, day).await.unwrap();
    let story = &found[&day].family(Family::Task)["story"];
    assert_eq!((story.count(), story.errors), (WRITERS * TIMES, TIMES));
    let millis = TIMES * (1..=WRITERS).sum::<u64>();
    assert_eq!(story.total_nanos, millis * 1_000_000);
    assert_eq!(found[&day].counts("media")["l1_hits"], millis);
}

pub(crate) async fn an_addition_that_is_repeated_is_made_once(store: &Store, seed: u128) {
    let day = day(seed, 2);
    let figures = figures("story", 1);
    for again in [false, false, true, true] {
        let addition = Addition {
            again,
            ..addition((Grain::Day, day), &figures, "the same")
        };
        store.add_figures(&addition).await.unwrap();
    }
    let found = store.figures(Grain::Day, day, day).await.unwrap();
    assert_eq!(found[&day], figures);
}
