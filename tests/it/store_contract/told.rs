//! The contract of endpoints and deliveries, over the embedded back end.

use super::{deliveries, store_in_memory};

macro_rules! promises {
    ($($promise:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $promise() {
            deliveries::$promise(&store_in_memory().await, 1).await;
        }
    )*};
}

promises! {
    a_delivery_is_written_once_and_stands_in_its_endpoint_s_list
    of_many_who_take_a_delivery_at_once_one_gets_it
    a_lease_that_ended_frees_a_delivery_and_its_late_owner_is_refused
    an_attempt_that_failed_waits_and_one_that_arrived_is_over
    a_delivery_is_missed_when_the_queue_should_have_brought_it
    what_is_put_off_uses_up_no_attempt
    what_did_not_arrive_can_be_replayed_and_nothing_else
    deliveries_are_listed_newest_first_over_pages
    an_endpoint_is_changed_by_who_read_its_latest_version
    a_deleted_endpoint_is_gone_and_no_late_change_brings_it_back
}

/// As a suite calls it that brings a table of its own.
#[tokio::test]
async fn the_whole_contract_holds_twice_in_one_table() {
    let store = store_in_memory().await;
    deliveries::contract(&store, 1).await;
    deliveries::contract(&store, 2).await;
}
