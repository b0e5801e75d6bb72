//! The contract of starting, watching and redriving runs and keeping keys, over the embedded back end.

use aws_sdk_dynamodb::types::AttributeValue;
use reelwright::embedded::Embedded;
use store::Tables;

use super::{NOW, contract, new_run, store_in_memory, store_over};

macro_rules! promises {
    ($($promise:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $promise() {
            contract::$promise(&store_in_memory().await, 1).await;
        }
    )*};
}

promises! {
    a_request_that_is_repeated_is_one_run
    requests_at_once_under_one_key_are_one_run
    writes_at_once_of_one_id_are_one_run
    a_run_is_watched_until_it_ends
    a_run_that_ended_is_redriven_under_a_new_execution
    redrives_at_once_are_one_execution
    a_reason_is_noted_once_and_only_by_the_execution_at_work
    a_key_is_found_by_its_secret_and_dies_when_revoked
    keys_are_listed_newest_first_over_pages
}

/// As a suite calls it that brings a table of its own.
#[tokio::test]
async fn the_whole_contract_holds_twice_in_one_table() {
    let store = store_in_memory().await;
    contract::contract(&store, 1).await;
    contract::contract(&store, 2).await;
}

#[tokio::test]
async fn putting_off_a_watch_that_is_over_leaves_no_item_behind() {
    let embedded = Embedded::memory().unwrap();
    let store = store_over(&embedded).await;
    let run = new_run(1, NOW);
    store.watch_again(&run.id, NOW).await.unwrap();
    let key = |value: String| AttributeValue::S(value);
    let found = embedded
        .client()
        .get_item()
        .table_name(Tables::default().state)
        .key("pk", key(format!("RUN#{}", run.id)))
        .key("sk", key("WATCH".to_owned()))
        .send()
        .await
        .unwrap();
    assert_eq!(found.item, None);
}
