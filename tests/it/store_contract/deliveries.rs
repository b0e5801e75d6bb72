//! What keeping subscribers' endpoints, and deliveries to them, promises, of whatever store it is given.
//!
//! [`contract`] is the whole of it. Ids are made from `seed`, so a table may hold what other suites wrote; it must differ from run to run.

use domain::Timestamp;
use store::{
    Attempt, ClaimedDelivery, DeliveryRecord, DeliveryState, Due, EndpointRecord, Lease,
    NewDelivery, Store, StoreError, Wait,
};
use tokio::task::JoinSet;
use webhooks::endpoint::Definition;
use webhooks::retry::{EndpointState, Fate, Outcome};
use webhooks::{DeliveryId, EndpointId, MessageId};

/// 2065-01-24T05:20:00Z: so far ahead that no deployed system sends anything of this, or is told of anything by it.
const NOW: Timestamp = Timestamp(3_000_000_000_000);

const LEASE_MS: u64 = 60_000;

/// All promises, one after the other.
pub(crate) async fn contract(store: &Store, seed: u128) {
    a_delivery_is_written_once_and_stands_in_its_endpoint_s_list(store, seed).await;
    of_many_who_take_a_delivery_at_once_one_gets_it(store, seed).await;
    a_lease_that_ended_frees_a_delivery_and_its_late_owner_is_refused(store, seed).await;
    an_attempt_that_failed_waits_and_one_that_arrived_is_over(store, seed).await;
    a_delivery_is_missed_when_the_queue_should_have_brought_it(store, seed).await;
    what_is_put_off_uses_up_no_attempt(store, seed).await;
    what_did_not_arrive_can_be_replayed_and_nothing_else(store, seed).await;
    deliveries_are_listed_newest_first_over_pages(store, seed).await;
    an_endpoint_is_changed_by_who_read_its_latest_version(store, seed).await;
    a_deleted_endpoint_is_gone_and_no_late_change_brings_it_back(store, seed).await;
}

fn after(ms: u64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn endpoint_id(seed: u128, number: u128) -> EndpointId {
    EndpointId::new(NOW.0, seed.wrapping_mul(1000) + number)
}

fn message(seed: u128, number: u128) -> MessageId {
    MessageId::parse(&format!("evt_{seed:x}_{number:x}")).unwrap()
}

const LEASE: Lease = Lease::until(Timestamp(NOW.0 + LEASE_MS));

/// Writes a delivery that waits so.
async fn put(store: &Store, seed: u128, number: u128, wait: Wait) -> DeliveryId {
    let (message, endpoint) = (message(seed, number), endpoint_id(seed, number));
    let delivery = NewDelivery {
        message: &message,
        endpoint: &endpoint,
        kind: "webhook.test",
        body: r#"{"type":"webhook.test"}"#,
        created_at: NOW,
        wait,
    };
    assert!(store.put_delivery(&delivery).await.unwrap());
    DeliveryId::of(&message, &endpoint)
}

async fn take(store: &Store, id: &DeliveryId, now: Timestamp, lease: Lease) -> DeliveryRecord {
    match store.claim_delivery(id, now, lease).await.unwrap() {
        ClaimedDelivery::Taken(taken) => *taken,
        other => panic!("{other:?}"),
    }
}

fn answered(status: u16, at: Timestamp) -> Attempt {
    Attempt {
        at,
        took_ms: 12,
        outcome: Outcome::answered(status),
        said: "said ✓".to_owned(),
    }
}

/// The delivery as the index tells it at a time, if it does.
async fn due(store: &Store, id: &DeliveryId, at: Timestamp) -> Option<Due> {
    let mut found = Vec::new();
    for shard in 0..8 {
        found.extend(store.due_deliveries(shard, at, 1000).await.unwrap());
    }
    found.retain(|due| due.id == *id);
    assert!(found.len() < 2, "{found:?}");
    found.pop()
}

pub(crate) async fn a_delivery_is_written_once_and_stands_in_its_endpoint_s_list(
    store: &Store,
    seed: u128,
) {
    let id = put(store, seed, 1, Wait::until(NOW)).await;
    let written = store.delivery(&id).await.unwrap();
    assert_eq!(written.id, id);
    assert_eq!(written.endpoint, endpoint_id(seed, 1));
    assert_eq!(written.body, r#"{"type":"webhook.test"}"#);
    assert_eq!(written.state, DeliveryState::Waiting);
    assert_eq!((written.attempts, written.claims), (0, 0));
    assert_eq!(written.next_at, Some(NOW));

    let (message, endpoint) = (message(seed, 1), endpoint_id(seed, 1));
    let again = NewDelivery {
        message: &message,
        endpoint: &endpoint,
        kind: "webhook.test",
        body: "another",
        created_at: NOW,
        wait: Wait::until(after(5)),
    };
    assert!(!store.put_delivery(&again).await.unwrap());
    assert_eq!(store.delivery(&id).await.unwrap(), written);
    let page = store.list_deliveries(&endpoint, 10, None).await.unwrap();
    assert_eq!((page.items, page.next), (vec![written], None));

    let missing = DeliveryId::of(&message, &endpoint_id(seed, 999));
    let answer = store.delivery(&missing).await;
    assert_eq!(answer, Err(StoreError::NoDelivery(missing)));
}

pub(crate) async fn of_many_who_take_a_delivery_at_once_one_gets_it(store: &Store, seed: u128) {
    let id = put(store, seed, 2, Wait::until(NOW)).await;
    let mut takers = JoinSet::new();
    for _ in 0..16 {
        let (store, id) = (store.clone(), id.clone());
        takers.spawn(async move { store.claim_delivery(&id, NOW, LEASE).await.unwrap() });
    }
    let mut taken = 0;
    for claimed in takers.join_all().await {
        match claimed {
            ClaimedDelivery::Taken(record) => {
                assert_eq!(record.claims, 1);
                taken += 1;
            }
            other => assert_eq!(other, ClaimedDelivery::NotYet(LEASE.until)),
        }
    }
    assert_eq!(taken, 1);
}

pub(crate) async fn a_lease_that_ended_frees_a_delivery_and_its_late_owner_is_refused(
    store: &Store,
    seed: u128,
) {
    let id = put(store, seed, 3, Wait::until(NOW)).await;
    let first = take(store, &id, NOW, LEASE).await;
    let early = store.claim_delivery(&id, after(LEASE_MS - 1), LEASE).await;
    assert_eq!(early.unwrap(), ClaimedDelivery::NotYet(after(LEASE_MS)));
    let lease = Lease::until(after(2 * LEASE_MS));
    let second = take(store, &id, after(LEASE_MS), lease).await;
    assert_eq!((first.claims, second.claims), (1, 2));

    let late = answered(500, NOW);
    let ended = store.end_attempt(&first, &late, Fate::Exhausted, Wait::until);
    assert!(!ended.await.unwrap());
    let wait = Wait::until(NOW);
    store.give_back_delivery(&first, wait).await.unwrap();
    let held = store.delivery(&id).await.unwrap();
    assert_eq!(held.next_at, Some(lease.until));
    assert!(held.log.is_empty());
}

pub(crate) async fn an_attempt_that_failed_waits_and_one_that_arrived_is_over(
    store: &Store,
    seed: u128,
) {
    let id = put(store, seed, 4, Wait::until(NOW)).await;
    let taken = take(store, &id, NOW, LEASE).await;
    let again = Fate::Again(after(300_000));
    let failed = answered(500, NOW);
    let ended = store.end_attempt(&taken, &failed, again, Wait::until);
    assert!(ended.await.unwrap());
    // What was ended once isn't ended again.
    let waiting = store.delivery(&id).await.unwrap();
    assert_eq!(waiting.state, DeliveryState::Waiting);
    assert_eq!(
        (waiting.attempts, waiting.next_at),
        (1, Some(after(300_000)))
    );
    let early = store.claim_delivery(&id, after(299_999), LEASE).await;
    assert_eq!(early.unwrap(), ClaimedDelivery::NotYet(after(300_000)));
    assert_eq!(due(store, &id, after(299_999)).await, None);
    let found = due(store, &id, after(300_000)).await.unwrap();
    assert_eq!(found.endpoint, endpoint_id(seed, 4));
    assert_eq!(found.due_at, after(300_000));

    let lease = Lease::until(after(400_000));
    let taken = take(store, &id, after(300_000), lease).await;
    let arrived = answered(204, after(300_000));
    let ended = store.end_attempt(&taken, &arrived, Fate::Delivered, Wait::until);
    assert!(ended.await.unwrap());
    let over = store.delivery(&id).await.unwrap();
    assert_eq!(over.state, DeliveryState::Delivered);
    assert_eq!((over.attempts, over.next_at), (2, None));
    assert_eq!(over.log, [failed, arrived]);
    let claimed = store.claim_delivery(&id, after(1_000_000), LEASE).await;
    assert_eq!(claimed.unwrap(), ClaimedDelivery::Over);
    assert_eq!(due(store, &id, after(1_000_000)).await, None);
}

pub(crate) async fn a_delivery_is_missed_when_the_queue_should_have_brought_it(
    store: &Store,
    seed: u128,
) {
    let wait = Wait {
        due_at: after(1000),
        missed_at: after(601_000),
    };
    let id = put(store, seed, 5, wait).await;
    assert_eq!(due(store, &id, after(600_999)).await, None);
    let missed = due(store, &id, after(601_000)).await.unwrap();
    assert_eq!(missed.due_at, after(1000));
    store.note_queued(&missed, after(1_200_000)).await.unwrap();
    assert_eq!(due(store, &id, after(1_199_999)).await, None);
    let record = store.delivery(&id).await.unwrap();
    assert_eq!(record.next_at, Some(after(1000)));

    // It may be taken all the while, and what somebody does with it counts.
    let lease = Lease {
        until: after(2_000_000),
        missed_at: None,
    };
    take(store, &id, after(1_150_000), lease).await;
    assert_eq!(due(store, &id, after(1_199_999)).await, None);
    assert!(due(store, &id, after(1_200_000)).await.is_some());
    let lease = Lease {
        until: after(2_100_000),
        missed_at: Some(after(2_600_000)),
    };
    take(store, &id, after(2_000_000), lease).await;
    store.note_queued(&missed, after(1_300_000)).await.unwrap();
    assert_eq!(due(store, &id, after(2_599_999)).await, None);
    let held = due(store, &id, after(2_600_000)).await.unwrap();
    assert_eq!(held.due_at, lease.until);
}

pub(crate) async fn what_is_put_off_uses_up_no_attempt(store: &Store, seed: u128) {
    let id = put(store, seed, 6, Wait::until(NOW)).await;
    let later = Wait::until(after(10_000));
    assert!(store.put_off_delivery(&id, NOW, later).await.unwrap());
    // It isn't due now, so nobody else puts it off.
    let farther = Wait::until(after(20_000));
    assert!(!store.put_off_delivery(&id, NOW, farther).await.unwrap());
    let taken = take(store, &id, after(10_000), LEASE).await;
    assert_eq!((taken.attempts, taken.claims), (0, 1));
    store.give_back_delivery(&taken, farther).await.unwrap();
    let record = store.delivery(&id).await.unwrap();
    assert_eq!((record.attempts, record.next_at), (0, Some(after(20_000))));
    assert!(record.log.is_empty());
}

pub(crate) async fn what_did_not_arrive_can_be_replayed_and_nothing_else(
    store: &Store,
    seed: u128,
) {
    let id = put(store, seed, 7, Wait::until(NOW)).await;
    let refused = |answer: Result<DeliveryRecord, StoreError>| match answer {
        Err(StoreError::NotReplayed { state, .. }) => state,
        other => panic!("{other:?}"),
    };
    let soon = Wait::until(after(1000));
    let waiting = refused(store.replay_delivery(&id, soon).await);
    assert_eq!(waiting, DeliveryState::Waiting);

    store.stop_delivery(&id, NOW).await.unwrap();
    assert_eq!(due(store, &id, after(10_000)).await, None);
    let replayed = store.replay_delivery(&id, soon).await.unwrap();
    assert_eq!(replayed.state, DeliveryState::Waiting);
    assert_eq!(replayed.next_at, Some(after(1000)));
    assert!(due(store, &id, after(1000)).await.is_some());

    let taken = take(store, &id, after(1000), LEASE).await;
    let exhausted = answered(500, after(1000));
    let ended = store.end_attempt(&taken, &exhausted, Fate::Exhausted, Wait::until);
    assert!(ended.await.unwrap());
    let replayed = store.replay_delivery(&id, Wait::until(after(2000))).await;
    let replayed = replayed.unwrap();
    assert_eq!((replayed.attempts, replayed.log.len()), (0, 1));
    let taken = take(store, &id, after(2000), LEASE).await;
    let arrived = answered(200, after(2000));
    let ended = store.end_attempt(&taken, &arrived, Fate::Delivered, Wait::until);
    assert!(ended.await.unwrap());
    let delivered = refused(store.replay_delivery(&id, soon).await);
    assert_eq!(delivered, DeliveryState::Delivered);
}

pub(crate) async fn deliveries_are_listed_newest_first_over_pages(store: &Store, seed: u128) {
    let endpoint = endpoint_id(seed, 8);
    let mut wanted = Vec::new();
    for number in 0..5 {
        let message = message(seed, 800 + u128::from(number));
        let delivery = NewDelivery {
            message: &message,
            endpoint: &endpoint,
            kind: "webhook.test",
            body: "{}",
            created_at: after(number),
            wait: Wait::until(NOW),
        };
        assert!(store.put_delivery(&delivery).await.unwrap());
        wanted.insert(0, DeliveryId::of(&message, &endpoint));
    }
    let (mut found, mut cursor) = (Vec::new(), None);
    for left in [Some(()), Some(()), None] {
        let page = store.list_deliveries(&endpoint, 2, cursor.as_deref());
        let page = page.await.unwrap();
        found.extend(page.items.into_iter().map(|delivery| delivery.id));
        cursor = page.next;
        assert_eq!(cursor.is_some(), left.is_some());
    }
    assert_eq!(found, wanted);
}

/// An endpoint that is told of nothing.
fn endpoint(seed: u128, number: u128) -> EndpointRecord {
    EndpointRecord {
        id: endpoint_id(seed, number),
        definition: Definition {
            url: "https://hooks.example.com/contract".to_owned(),
            brand: Some("nobody's".to_owned()),
            ..Definition::default()
        },
        sealed: "sealed".to_owned(),
        state: EndpointState::default(),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) async fn an_endpoint_is_changed_by_who_read_its_latest_version(
    store: &Store,
    seed: u128,
) {
    let made = endpoint(seed, 9);
    store.put_endpoint(&made).await.unwrap();
    assert!(store.put_endpoint(&made).await.is_err(), "there is one");
    assert_eq!(store.endpoint(&made.id).await.unwrap(), made);
    let page = store.list_endpoints(100, None).await.unwrap();
    assert!(page.items.contains(&made));

    let mut changed = made.clone();
    changed.state.failing_since = Some(after(7));
    let written = store.change_endpoint(&changed, None).await.unwrap();
    let written = written.unwrap();
    assert_eq!(written.version, 2);
    assert_eq!(store.endpoint(&made.id).await.unwrap(), written);
    // By the version that was read before.
    "another".clone_into(&mut changed.sealed);
    assert_eq!(store.change_endpoint(&changed, None).await.unwrap(), None);
    assert_eq!(store.endpoint(&made.id).await.unwrap(), written);
    store.delete_endpoint(&made.id).await.unwrap();
}

pub(crate) async fn a_deleted_endpoint_is_gone_and_no_late_change_brings_it_back(
    store: &Store,
    seed: u128,
) {
    let made = endpoint(seed, 10);
    store.put_endpoint(&made).await.unwrap();
    store.delete_endpoint(&made.id).await.unwrap();
    store.delete_endpoint(&made.id).await.unwrap();
    assert_eq!(store.change_endpoint(&made, None).await.unwrap(), None);
    let gone = Err(StoreError::NoEndpoint(made.id.clone()));
    assert_eq!(store.endpoint(&made.id).await, gone);
}
