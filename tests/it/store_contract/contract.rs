//! What starting, watching and redriving runs and keeping keys promise, of whatever store it is given.
//!
//! [`contract`] is the whole of it. Ids are made from `seed`, so a table may hold what other suites wrote; it must differ from run to run.

use std::collections::BTreeSet;

use domain::{
    ApiKey, ArtifactRef, ContentKey, ErrorInfo, KeySecret, MediaType, Run, RunId, RunState, Scope,
    TaskName, Timestamp,
};
use store::{Ending, FIRST_LOOK_MS, Idempotency, Started, Store, StoreError, Watch};
use tokio::task::JoinSet;

/// 2065-01-24T05:20:00Z: so far ahead that no sweep of a deployed system finds the contract's runs due.
const NOW: Timestamp = Timestamp(3_000_000_000_000);

/// All promises, one after the other.
pub(crate) async fn contract(store: &Store, seed: u128) {
    a_request_that_is_repeated_is_one_run(store, seed).await;
    requests_at_once_under_one_key_are_one_run(store, seed).await;
    writes_at_once_of_one_id_are_one_run(store, seed).await;
    a_run_is_watched_until_it_ends(store, seed).await;
    a_run_that_ended_is_redriven_under_a_new_execution(store, seed).await;
    redrives_at_once_are_one_execution(store, seed).await;
    a_reason_is_noted_once_and_only_by_the_execution_at_work(store, seed).await;
    a_key_is_found_by_its_secret_and_dies_when_revoked(store, seed).await;
    keys_are_listed_newest_first_over_pages(store, seed).await;
}

fn after(ms: u64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn run(seed: u128, number: u128) -> Run {
    let brief = ArtifactRef {
        key: ContentKey::of_bytes(b"brief"),
        media_type: MediaType::Json,
        bytes: 5,
    };
    let id = RunId::new(NOW.0, seed.wrapping_mul(1000) + number);
    Run {
        brand: Some("Acme".to_owned()),
        ..Run::begun(
            id,
            "short-video",
            "first".to_owned(),
            brief,
            "contract".to_owned(),
            NOW,
        )
    }
}

fn once(seed: u128, key: &str, body: &[u8]) -> Idempotency {
    Idempotency {
        key: format!("{key} {seed} / # ü"),
        caller: "key_1".to_owned(),
        body: ContentKey::of_bytes(body),
        expires_at: after(86_400_000),
    }
}

/// Puts a run, again where the store asks for patience.
async fn put(store: &Store, run: &Run, once: Option<&Idempotency>) -> Result<Started, StoreError> {
    loop {
        match store.put_run(run, once).await {
            Err(error) if error.retryable() => tokio::task::yield_now().await,
            answer => return answer,
        }
    }
}

/// When a run is due to be looked after, as the index tells it.
async fn watch_of(store: &Store, run: &RunId) -> Option<Timestamp> {
    let mut found = Vec::new();
    for shard in 0..8 {
        let due = store.due_watches(shard, Timestamp(u64::MAX / 100_000), 1000);
        found.extend(due.await.unwrap());
    }
    found.retain(|watch| watch.run == *run);
    assert!(found.len() < 2, "{found:?}");
    found.pop().map(|watch| watch.due_at)
}

async fn close(store: &Store, run: &RunId, execution: &str, state: RunState) {
    let failure = (state == RunState::Failed).then(|| {
        let error = ErrorInfo {
            name: "Permanent".to_owned(),
            cause: "no such voice".to_owned(),
        };
        (TaskName::parse("audio").unwrap(), error)
    });
    let ending = Ending {
        state,
        failure,
        degraded: vec!["captions only".to_owned()],
    };
    store
        .close_run(run, execution, &ending, after(10))
        .await
        .unwrap();
}

pub(crate) async fn a_request_that_is_repeated_is_one_run(store: &Store, seed: u128) {
    let (first, second, third) = (run(seed, 1), run(seed, 2), run(seed, 3));
    let asked = once(seed, "repeated", b"bees");
    let again = Ok(Started::Repeated(first.id.clone()));
    assert_eq!(put(store, &first, Some(&asked)).await, Ok(Started::New));
    assert_eq!(put(store, &second, Some(&asked)).await, again);
    // The answer was lost: the same run under the same key.
    assert_eq!(put(store, &first, Some(&asked)).await, again);
    assert_eq!(store.run(&first.id).await.unwrap(), first);

    let other = once(seed, "repeated", b"wasps");
    let refused = put(store, &second, Some(&other)).await;
    assert!(
        matches!(&refused, Err(StoreError::Conflict { key }) if *key == asked.key),
        "{refused:?}"
    );
    // Nothing of the second was written.
    let missing = Err(StoreError::NotFound(second.id.clone()));
    assert_eq!(store.run(&second.id).await, missing);
    assert_eq!(watch_of(store, &second.id).await, None);

    let stranger = Idempotency {
        caller: "key_2".to_owned(),
        ..other
    };
    assert_eq!(put(store, &second, Some(&stranger)).await, Ok(Started::New));

    // Time is up, whether or not the table has removed the item.
    let mut late = third;
    late.created_at = asked.expires_at;
    assert_eq!(put(store, &late, Some(&asked)).await, Ok(Started::New));
}

pub(crate) async fn requests_at_once_under_one_key_are_one_run(store: &Store, seed: u128) {
    let asked = once(seed, "at once", b"bees");
    let mut asking = JoinSet::new();
    for number in 10..18 {
        let (store, run, asked) = (store.clone(), run(seed, number), asked.clone());
        asking.spawn(async move { (run.id.clone(), put(&store, &run, Some(&asked)).await) });
    }
    let answers = asking.join_all().await;
    let new: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| *answer == Ok(Started::New))
        .map(|(id, _)| id)
        .collect();
    let [winner] = new[..] else {
        panic!("{answers:?}")
    };
    for (id, answer) in &answers {
        if id == winner {
            assert!(store.run(id).await.is_ok());
        } else {
            assert_eq!(*answer, Ok(Started::Repeated(winner.clone())));
            assert_eq!(store.run(id).await, Err(StoreError::NotFound(id.clone())));
        }
    }
}

pub(crate) async fn writes_at_once_of_one_id_are_one_run(store: &Store, seed: u128) {
    let same = run(seed, 20);
    let mut writing = JoinSet::new();
    for _ in 0..8 {
        let (store, run) = (store.clone(), same.clone());
        writing.spawn(async move { put(&store, &run, None).await });
    }
    let answers = writing.join_all().await;
    let new = answers.iter().filter(|answer| answer.is_ok()).count();
    let there = Err(StoreError::Exists(same.id.clone()));
    let known = answers.iter().filter(|answer| **answer == there).count();
    assert_eq!((new, known), (1, 7), "{answers:?}");
}

pub(crate) async fn a_run_is_watched_until_it_ends(store: &Store, seed: u128) {
    let run = run(seed, 30);
    put(store, &run, None).await.unwrap();
    let first = after(FIRST_LOOK_MS);
    assert_eq!(watch_of(store, &run.id).await, Some(first));
    let mut early = Vec::new();
    let mut due = Vec::new();
    for shard in 0..8 {
        let before = Timestamp(first.0 - 1);
        early.extend(store.due_watches(shard, before, 1000).await.unwrap());
        due.extend(store.due_watches(shard, first, 1000).await.unwrap());
    }
    let watch = Watch {
        run: run.id.clone(),
        due_at: first,
    };
    assert!(!early.contains(&watch));
    assert!(due.contains(&watch));

    store.watch_again(&run.id, after(999_999)).await.unwrap();
    assert_eq!(watch_of(store, &run.id).await, Some(after(999_999)));
    // Somebody believes that it ended, and is wrong.
    store.unwatch(&run.id).await.unwrap();
    assert_eq!(watch_of(store, &run.id).await, Some(after(999_999)));

    close(store, &run.id, "first", RunState::Succeeded).await;
    assert_eq!(watch_of(store, &run.id).await, None);
    store.watch_again(&run.id, after(1)).await.unwrap();
    store.unwatch(&run.id).await.unwrap();
    assert_eq!(watch_of(store, &run.id).await, None);
}

pub(crate) async fn a_run_that_ended_is_redriven_under_a_new_execution(store: &Store, seed: u128) {
    let run = run(seed, 40);
    let missing = store.redrive(&run.id, "second", NOW).await;
    assert_eq!(missing, Err(StoreError::NotFound(run.id.clone())));
    assert_eq!(watch_of(store, &run.id).await, None);

    put(store, &run, None).await.unwrap();
    let going = store.redrive(&run.id, "second", NOW).await;
    assert!(
        matches!(&going, Err(StoreError::Going { state: RunState::Running, execution, .. }) if execution == "first"),
        "{going:?}"
    );

    close(store, &run.id, "first", RunState::Failed).await;
    store.redrive(&run.id, "second", after(20)).await.unwrap();
    let redriven = store.run(&run.id).await.unwrap();
    let expected = Run {
        execution: "second".to_owned(),
        updated_at: after(20),
        ..run.clone()
    };
    assert_eq!(redriven, expected);
    let look = after(20 + FIRST_LOOK_MS);
    assert_eq!(watch_of(store, &run.id).await, Some(look));

    // The answer was lost.
    store.redrive(&run.id, "second", after(21)).await.unwrap();
    assert_eq!(store.run(&run.id).await.unwrap(), expected);
    assert!(store.redrive(&run.id, "third", after(22)).await.is_err());

    close(store, &run.id, "second", RunState::Cancelled).await;
    store.redrive(&run.id, "third", after(30)).await.unwrap();
    let late = Ending {
        state: RunState::Failed,
        failure: None,
        degraded: Vec::new(),
    };
    let late = store.close_run(&run.id, "second", &late, after(31)).await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");

    close(store, &run.id, "third", RunState::Succeeded).await;
    let ended = store.redrive(&run.id, "fourth", after(40)).await;
    let state = RunState::Succeeded;
    assert_eq!(ended, Err(StoreError::Ended { run: run.id, state }));
}

pub(crate) async fn redrives_at_once_are_one_execution(store: &Store, seed: u128) {
    let run = run(seed, 50);
    put(store, &run, None).await.unwrap();
    close(store, &run.id, "first", RunState::Failed).await;
    let mut redriving = JoinSet::new();
    for number in 0..6 {
        let (store, id) = (store.clone(), run.id.clone());
        redriving.spawn(async move {
            let execution = format!("again {number}");
            loop {
                match store.redrive(&id, &execution, after(20)).await {
                    Err(error) if error.retryable() => tokio::task::yield_now().await,
                    answer => return (execution, answer),
                }
            }
        });
    }
    let answers = redriving.join_all().await;
    let done: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| answer.is_ok())
        .collect();
    let [(winner, _)] = done[..] else {
        panic!("{answers:?}")
    };
    assert_eq!(store.run(&run.id).await.unwrap().execution, *winner);
    for (_, answer) in answers.iter().filter(|(execution, _)| execution != winner) {
        assert!(
            matches!(answer, Err(StoreError::Going { execution, .. }) if execution == winner),
            "{answer:?}"
        );
    }
}

pub(crate) async fn a_reason_is_noted_once_and_only_by_the_execution_at_work(
    store: &Store,
    seed: u128,
) {
    let run = run(seed, 60);
    let missing = store.note_degraded(&run.id, "first", "a").await;
    assert_eq!(missing, Err(StoreError::NotFound(run.id.clone())));
    put(store, &run, None).await.unwrap();
    let mut noting = JoinSet::new();
    for number in 0..8 {
        let (store, id) = (store.clone(), run.id.clone());
        noting.spawn(async move {
            let reason = format!("reason {}", number % 2);
            store.note_degraded(&id, "first", &reason).await
        });
    }
    for noted in noting.join_all().await {
        noted.unwrap();
    }
    // A part of a reason is another reason.
    store
        .note_degraded(&run.id, "first", "reason")
        .await
        .unwrap();
    let mut degraded = store.run(&run.id).await.unwrap().degraded;
    degraded.sort();
    assert_eq!(degraded, ["reason", "reason 0", "reason 1"]);

    let other = store.note_degraded(&run.id, "second", "late").await;
    assert!(
        matches!(&other, Err(StoreError::Fenced { holder: Some(holder), .. }) if holder == "first")
    );
    close(store, &run.id, "first", RunState::Succeeded).await;
    let late = store.note_degraded(&run.id, "first", "late").await;
    assert!(matches!(late, Err(StoreError::Fenced { holder: None, .. })));
    assert_eq!(
        store.run(&run.id).await.unwrap().degraded,
        ["captions only"]
    );
}

fn secret(seed: u128, number: u8) -> KeySecret {
    let mut bytes = [number; 32];
    bytes[..16].copy_from_slice(&seed.to_le_bytes());
    KeySecret::new(&bytes)
}

pub(crate) async fn a_key_is_found_by_its_secret_and_dies_when_revoked(store: &Store, seed: u128) {
    let digest = secret(seed, 1).digest();
    let scopes = BTreeSet::from([Scope::Read, Scope::Submit]);
    let key = ApiKey::new(&digest, "ci, \"night\"", scopes, NOW);
    assert_eq!(store.key(&digest).await.unwrap(), None);
    let unknown = store.revoke_key(&key.id, NOW).await;
    assert_eq!(unknown, Err(StoreError::NoKey(key.id.clone())));

    store.put_key(&key, &digest).await.unwrap();
    assert_eq!(store.key(&digest).await.unwrap(), Some(key.clone()));
    assert_eq!(store.key(&secret(seed, 2).digest()).await.unwrap(), None);
    // A digest that begins alike is another secret's.
    let alike = format!(
        "{}{}",
        &digest.as_str()[..63],
        if digest.as_str().ends_with('0') {
            '1'
        } else {
            '0'
        }
    );
    assert_eq!(store.key(&alike.parse().unwrap()).await.unwrap(), None);
    let foreign = store.put_key(&key, &secret(seed, 2).digest()).await;
    assert!(matches!(foreign, Err(StoreError::Invalid { .. })));

    store.put_key(&key, &digest).await.unwrap();
    let wider = ApiKey {
        scopes: BTreeSet::from(Scope::ALL),
        ..key.clone()
    };
    let refused = store.put_key(&wider, &digest).await;
    assert!(matches!(refused, Err(StoreError::Invalid { .. })));
    assert_eq!(store.key(&digest).await.unwrap(), Some(key.clone()));

    let revoked = store.revoke_key(&key.id, after(5)).await.unwrap();
    assert_eq!(revoked.revoked_at, Some(after(5)));
    assert_eq!(
        store.revoke_key(&key.id, after(9)).await,
        Ok(revoked.clone())
    );
    // Writing it again brings it back to nobody.
    store.put_key(&key, &digest).await.unwrap();
    assert_eq!(store.key(&digest).await.unwrap(), Some(revoked));
}

pub(crate) async fn keys_are_listed_newest_first_over_pages(store: &Store, seed: u128) {
    let mut ours = Vec::new();
    for number in 10..17_u8 {
        let digest = secret(seed, number).digest();
        // Two at each moment.
        let at = after(u64::from(number / 2) * 1000);
        let key = ApiKey::new(&digest, format!("key {number}"), BTreeSet::new(), at);
        store.put_key(&key, &digest).await.unwrap();
        ours.push(key);
    }
    for limit in [1, 3, 1000] {
        let mut listed = Vec::new();
        let mut cursor = None;
        loop {
            let page = store.list_keys(limit, cursor.as_deref()).await.unwrap();
            assert!(!page.items.is_empty() && page.items.len() <= limit as usize);
            listed.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(listed.is_sorted_by_key(|key| std::cmp::Reverse(key.created_at)));
        for key in &ours {
            let times = listed.iter().filter(|listed| *listed == key).count();
            assert_eq!(times, 1, "{key:?} in pages of {limit}");
        }
    }
    let wrong = store.list_keys(10, Some("page 2")).await;
    assert!(matches!(wrong, Err(StoreError::Invalid { .. })));
}
