//! Runs: written once, listed in order, refused if newer.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{RunId, TaskName};
use reelwright::embedded::Embedded;
use store::{StoreError, Tables};

use super::{
    DAY, LEASE_MS, NOW, after, error, new_run, store_in_memory, store_over, stored_run, succeeded,
};

#[tokio::test]
async fn a_run_is_read_as_it_was_written_and_its_id_is_taken_once() {
    let store = store_in_memory().await;
    let mut run = new_run(1, NOW);
    run.failure = Some((TaskName::parse("audio").unwrap(), error("Transient")));
    run.degraded = vec!["no voice".to_owned()];
    run.cost_usd = 0.1 + 0.2;
    store.put_run(&run, None).await.unwrap();
    assert_eq!(store.run(&run.id).await.unwrap(), run);
    assert_eq!(
        store.put_run(&run, None).await,
        Err(StoreError::Exists(run.id.clone()))
    );

    let missing = RunId::new(0, 0);
    let error = store.run(&missing).await.unwrap_err();
    assert!(error.to_string().contains(missing.as_str()), "{error}");
}

#[tokio::test]
async fn runs_are_listed_newest_first_over_months_and_pages_without_gap_or_repetition() {
    let store = store_in_memory().await;
    let mut ids = Vec::new();
    for number in 0..23_u64 {
        // Two at each moment, and 60 days between two moments somewhere in the middle.
        let at = after((number / 2) * DAY + if number > 10 { 60 * DAY } else { 0 });
        let run = new_run(u128::from(number), at);
        store.put_run(&run, None).await.unwrap();
        ids.push(run.id);
    }
    for limit in [1, 2, 5, 11, 23, 100] {
        let mut listed = Vec::new();
        let mut cursor = None;
        loop {
            let page = store
                .list_runs(None, limit, cursor.as_deref())
                .await
                .unwrap();
            assert!(!page.items.is_empty() && page.items.len() <= limit as usize);
            listed.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(listed.is_sorted_by_key(|run| std::cmp::Reverse(run.created_at)));
        let unique: BTreeSet<_> = listed.iter().map(|run| run.id.clone()).collect();
        assert_eq!(unique, ids.iter().cloned().collect(), "pages of {limit}");
        assert_eq!(listed.len(), ids.len(), "pages of {limit}");
    }
    let november = store.list_runs(Some("2026-11"), 100, None).await.unwrap();
    assert_eq!((november.items.len(), november.next), (11, None));
    assert!(
        store
            .list_runs(Some("2026-10"), 100, None)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(matches!(
        store.list_runs(Some("last"), 100, None).await,
        Err(StoreError::Invalid { .. })
    ));
    assert!(matches!(
        store.list_runs(None, 100, Some("page 2")).await,
        Err(StoreError::Invalid { .. })
    ));
}

#[tokio::test]
async fn an_item_of_a_newer_version_is_refused_and_left_alone() {
    let embedded = Embedded::memory().unwrap();
    let store = store_over(&embedded).await;
    let run = stored_run(&store).await;
    let key = |value: String| AttributeValue::S(value);
    embedded
        .client()
        .update_item()
        .table_name(Tables::default().state)
        .key("pk", key(format!("RUN#{}", run.id)))
        .key("sk", key("META".to_owned()))
        .update_expression("SET #schema = :newer")
        .expression_attribute_names("#schema", "schema")
        .expression_attribute_values(":newer", AttributeValue::N("99".to_owned()))
        .send()
        .await
        .unwrap();
    let newer = |result: Result<(), StoreError>| {
        matches!(result, Err(StoreError::NewerSchema { found: 99, .. }))
    };
    assert!(newer(store.run(&run.id).await.map(|_| ())));
    assert!(newer(store.list_runs(None, 10, None).await.map(|_| ())));
    assert!(newer(
        store
            .start_execution(&run.id, "e", "w", NOW, LEASE_MS)
            .await
    ));
    assert!(newer(
        store
            .close_run(&run.id, "first", &succeeded(), NOW)
            .await
            .map(|_| ())
    ));
    assert!(newer(
        store
            .take_over(&run.id, "dead", "e", "w", NOW, LEASE_MS)
            .await
    ));
}

#[tokio::test]
async fn a_cursor_that_was_tampered_with_is_refused_and_never_another_page() {
    let store = store_in_memory().await;
    for number in 0..6_u64 {
        let run = new_run(u128::from(number), after((number / 3) * 60 * DAY));
        store.put_run(&run, None).await.unwrap();
    }
    let page = store.list_runs(None, 2, None).await.unwrap();
    let given = page.next.unwrap();
    let rest = store.list_runs(None, 100, Some(&given)).await.unwrap();
    assert_eq!(rest.items.len(), 4);

    let refused = async |month: Option<&str>, cursor: &str| {
        let answer = store.list_runs(month, 100, Some(cursor)).await;
        assert!(
            matches!(answer, Err(StoreError::Invalid { .. })),
            "{month:?} {cursor}: {answer:?}"
        );
    };
    for at in 0..given.len() {
        let other = if given.as_bytes()[at] == b'0' {
            '1'
        } else {
            '0'
        };
        refused(
            None,
            &format!("{}{other}{}", &given[..at], &given[at + 1..]),
        )
        .await;
        refused(None, &given[..at]).await;
    }
    // It stands in another month than the one that is listed.
    refused(Some("2026-11"), &given).await;
    let january = store.list_runs(Some("2027-01"), 2, None).await.unwrap();
    let next = january.next.unwrap();
    let rest = store
        .list_runs(Some("2027-01"), 2, Some(&next))
        .await
        .unwrap();
    assert_eq!((rest.items.len(), rest.next), (1, None));

    // Another table gave it out: this one has no runs in that month.
    let elsewhere = store_in_memory().await;
    let run = new_run(1, NOW);
    elsewhere.put_run(&run, None).await.unwrap();
    let answer = elsewhere.list_runs(None, 100, Some(&given)).await;
    assert!(
        matches!(answer, Err(StoreError::Invalid { .. })),
        "{answer:?}"
    );
    assert!(matches!(
        store.list_runs(Some("2026-13"), 100, None).await,
        Err(StoreError::Invalid { .. })
    ));
}
