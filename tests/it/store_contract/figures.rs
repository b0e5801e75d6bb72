//! The contract of keeping figures, over the embedded back end; and what is measured of the store itself.

use std::collections::BTreeMap;

use monitor::Family;
use reelwright::embedded::Embedded;
use store::{Store, StoreError, Tables};

use super::{NOW, kept_figures, new_run, store_in_memory, store_over};

macro_rules! promises {
    ($($promise:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $promise() {
            kept_figures::$promise(&store_in_memory().await, 1).await;
        }
    )*};
}

promises! {
    figures_of_a_time_add_up_and_times_are_told_apart
    writers_at_once_lose_nothing
    an_addition_that_is_repeated_is_made_once
}

/// As a suite calls it that brings a table of its own.
#[tokio::test]
async fn the_whole_contract_of_figures_holds_twice_in_one_table() {
    let store = store_in_memory().await;
    kept_figures::contract(&store, 1).await;
    kept_figures::contract(&store, 2).await;
}

/// Requests by their operation: how many, and how many of them failed.
fn requests(store: &Store) -> BTreeMap<String, (u64, u64)> {
    let figures = store.monitor().drain();
    let of_store = figures.family(Family::Store).iter();
    of_store
        .map(|(name, latency)| (name.clone(), (latency.count(), latency.errors)))
        .collect()
}

#[tokio::test]
async fn each_request_is_recorded_and_a_condition_that_does_not_hold_is_no_error() {
    let store = store_over(&Embedded::memory().unwrap()).await;
    requests(&store);
    let run = new_run(1, NOW);
    store.put_run(&run, None).await.unwrap();
    let exists = store.put_run(&run, None).await.unwrap_err();
    assert!(matches!(exists, StoreError::Exists(_)), "{exists}");
    store.run(&run.id).await.unwrap();
    let of = |name: &str, count| (name.to_owned(), (count, 0));
    // The month is noted once.
    let expected = [
        of("GetItem", 1),
        of("PutItem", 1),
        of("TransactWriteItems", 2),
    ];
    assert_eq!(requests(&store), BTreeMap::from(expected));

    let nowhere = Tables {
        state: "no-such-table".to_owned(),
        ..Tables::default()
    };
    let store = Store::new(Embedded::memory().unwrap().client(), nowhere);
    let error = store.run(&run.id).await.unwrap_err();
    assert!(matches!(error, StoreError::NoTable { .. }), "{error}");
    let expected = [("GetItem".to_owned(), (1, 1))];
    assert_eq!(requests(&store), BTreeMap::from(expected));
}
