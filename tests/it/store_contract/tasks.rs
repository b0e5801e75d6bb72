//! Tasks: one worker each, and no word from a late one.

use domain::{ContentKey, ErrorInfo, RunState, TaskStatus};
use store::{Claim, Claimant, Ending, StoreError, TaskId};

use super::{LEASE_MS, NOW, after, end_with, error, store_in_memory, stored_run, take, task_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_claimers_at_once_exactly_one_gets_the_task() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", Some(3));
    let mut claims = tokio::task::JoinSet::new();
    for number in 0..32 {
        let (store, id) = (store.clone(), id.clone());
        claims.spawn(async move {
            let owner = format!("worker {number}");
            store
                .claim_task(&id, &Claimant::new(&owner, NOW, LEASE_MS))
                .await
        });
    }
    let claims = claims.join_all().await;
    let won = claims
        .iter()
        .filter(|claim| matches!(claim, Ok(Claim::Taken { attempt: 1, .. })))
        .count();
    let busy = claims
        .iter()
        .filter(|claim| matches!(claim, Err(StoreError::Busy { .. })))
        .count();
    assert_eq!((won, busy), (1, 31));
}

#[tokio::test]
async fn a_late_twin_is_refused_whatever_it_wants() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", None);
    assert_eq!(take(&store, &id, "a", NOW).await, 1);
    assert_eq!(take(&store, &id, "b", after(LEASE_MS)).await, 2);

    let end = end_with(b"a");
    let late = [
        store
            .renew_task(&id, "a", 1, after(9 * LEASE_MS))
            .await
            .map(|()| None),
        store
            .complete_task(&id, "a", 1, TaskStatus::Succeeded, &end, NOW)
            .await
            .map(Some),
        store
            .fail_task(&id, "a", 1, &error("Timeout"), TaskStatus::Failed, NOW)
            .await
            .map(Some),
        // The right attempt by the wrong worker, and the other way round.
        store
            .complete_task(&id, "a", 2, TaskStatus::Succeeded, &end, NOW)
            .await
            .map(Some),
        store
            .complete_task(&id, "b", 1, TaskStatus::Succeeded, &end, NOW)
            .await
            .map(Some),
    ];
    for answer in late {
        assert!(
            matches!(answer, Err(StoreError::Fenced { .. })),
            "{answer:?}"
        );
    }
    let record = store.task(&id).await.unwrap().unwrap();
    assert_eq!(
        (record.status, record.attempt, record.end),
        (TaskStatus::Running, 2, None)
    );
    store
        .complete_task(
            &id,
            "b",
            2,
            TaskStatus::Succeeded,
            &end_with(b"b"),
            after(1),
        )
        .await
        .unwrap();
    let late = store
        .complete_task(&id, "a", 1, TaskStatus::Succeeded, &end, NOW)
        .await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })));
    let kept = store.task(&id).await.unwrap().unwrap();
    assert_eq!(kept.end, Some(end_with(b"b")));
}

#[tokio::test]
async fn a_renewed_lease_holds_and_an_ended_one_does_not() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", None);
    let attempt = take(&store, &id, "a", NOW).await;
    store
        .renew_task(&id, "a", attempt, after(2 * LEASE_MS))
        .await
        .unwrap();
    let early = store
        .claim_task(&id, &Claimant::new("b", after(2 * LEASE_MS - 1), LEASE_MS))
        .await;
    assert!(matches!(&early, Err(StoreError::Busy { owner, .. }) if owner == "a"));
    // Late, but nobody took it: what was made counts.
    store
        .complete_task(
            &id,
            "a",
            attempt,
            TaskStatus::Succeeded,
            &end_with(b"k"),
            after(9 * LEASE_MS),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_dead_workers_task_is_taken_at_once_if_it_is_named() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", None);
    take(&store, &id, "dead", NOW).await;
    let plain = Claimant::new("b", after(1), LEASE_MS);
    assert!(
        store
            .claim_task(
                &id,
                &Claimant {
                    dead_owner: Some("another"),
                    ..plain
                }
            )
            .await
            .is_err()
    );
    let claim = store
        .claim_task(
            &id,
            &Claimant {
                dead_owner: Some("dead"),
                ..plain
            },
        )
        .await
        .unwrap();
    assert!(matches!(claim, Claim::Taken { attempt: 2, .. }));
}

#[tokio::test]
async fn a_worker_of_an_execution_that_is_over_gets_no_task() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", None);
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    store
        .start_execution(&run.id, "e2", "b", after(LEASE_MS), LEASE_MS)
        .await
        .unwrap();
    let asleep = Claimant {
        execution: Some("e1"),
        ..Claimant::new("a", after(LEASE_MS), LEASE_MS)
    };
    assert!(matches!(
        store.claim_task(&id, &asleep).await,
        Err(StoreError::Fenced { .. })
    ));
    assert_eq!(store.task(&id).await.unwrap(), None);

    let awake = Claimant {
        execution: Some("e2"),
        ..Claimant::new("b", after(LEASE_MS), LEASE_MS)
    };
    let claim = store.claim_task(&id, &awake).await.unwrap();
    assert!(matches!(claim, Claim::Taken { attempt: 1, .. }));
    let twin = Claimant {
        owner: "c",
        ..awake
    };
    assert!(matches!(
        store.claim_task(&id, &twin).await,
        Err(StoreError::Busy { .. })
    ));
    // A cancelled run is noticed before any work is begun.
    store
        .fail_task(
            &id,
            "b",
            1,
            &error("Cancelled"),
            TaskStatus::Cancelled,
            after(LEASE_MS),
        )
        .await
        .unwrap();
    let cancelled = Ending {
        state: RunState::Cancelled,
        failure: None,
        degraded: Vec::new(),
    };
    store
        .close_run(&run.id, "e2", &cancelled, after(LEASE_MS))
        .await
        .unwrap();
    assert!(matches!(
        store.claim_task(&id, &awake).await,
        Err(StoreError::Fenced { .. })
    ));
}

#[tokio::test]
async fn a_done_task_answers_with_what_it_made_until_its_content_key_is_another() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", Some(0));
    let attempt = take(&store, &id, "a", NOW).await;
    let done = store
        .complete_task(
            &id,
            "a",
            attempt,
            TaskStatus::Succeeded,
            &end_with(b"k"),
            after(5),
        )
        .await
        .unwrap();
    assert_eq!(
        (done.started_at, done.ended_at, done.lease.clone()),
        (Some(NOW), Some(after(5)), None)
    );
    assert_eq!(done.end, Some(end_with(b"k")));
    // The answer was lost and the worker says it again.
    let again = store
        .complete_task(
            &id,
            "a",
            attempt,
            TaskStatus::Succeeded,
            &end_with(b"k"),
            after(6),
        )
        .await
        .unwrap();
    assert_eq!(again, done);

    let plain = Claimant::new("b", after(7), LEASE_MS);
    assert_eq!(
        store.claim_task(&id, &plain).await.unwrap(),
        Claim::AlreadyDone(done.clone())
    );
    let (same, other) = (ContentKey::of_bytes(b"k"), ContentKey::of_bytes(b"l"));
    let wanted = Claimant {
        content_key: Some(&same),
        ..plain
    };
    assert_eq!(
        store.claim_task(&id, &wanted).await.unwrap(),
        Claim::AlreadyDone(done)
    );
    let wanted = Claimant {
        content_key: Some(&other),
        ..plain
    };
    let Claim::Taken { attempt, record } = store.claim_task(&id, &wanted).await.unwrap() else {
        panic!()
    };
    assert_eq!((attempt, record.end, record.ended_at), (2, None, None));
}

#[tokio::test]
async fn a_failed_attempt_says_why_and_may_be_followed_by_another() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let id = task_of(&run, "audio", None);
    let attempt = take(&store, &id, "a", NOW).await;
    let record = store
        .fail_task(
            &id,
            "a",
            attempt,
            &error("Transient"),
            TaskStatus::Pending,
            after(1),
        )
        .await
        .unwrap();
    assert_eq!(
        (record.status, record.error),
        (TaskStatus::Pending, Some(error("Transient")))
    );
    let attempt = take(&store, &id, "a", after(2)).await;
    assert_eq!(attempt, 2);
    store
        .fail_task(
            &id,
            "a",
            attempt,
            &error("Permanent"),
            TaskStatus::Failed,
            after(3),
        )
        .await
        .unwrap();
    // A run that is resumed begins its failed tasks anew.
    let attempt = take(&store, &id, "b", after(4)).await;
    assert_eq!(attempt, 3);
    let done = store
        .complete_task(
            &id,
            "b",
            attempt,
            TaskStatus::Cached,
            &end_with(b"k"),
            after(5),
        )
        .await
        .unwrap();
    assert_eq!((done.status, done.error), (TaskStatus::Cached, None));
    let wrong = store
        .fail_task(&id, "b", attempt, &error("x"), TaskStatus::Succeeded, NOW)
        .await;
    assert!(matches!(wrong, Err(StoreError::Invalid { .. })));
}

#[tokio::test]
async fn setting_tasks_aside_touches_neither_done_nor_running_ones() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let [fresh, planned, running, done] =
        ["a", "b", "c", "d"].map(|name| task_of(&run, name, None));
    store.plan_task(&planned).await.unwrap();
    take(&store, &running, "w", NOW).await;
    take(&store, &done, "w", NOW).await;
    store
        .complete_task(&done, "w", 1, TaskStatus::Succeeded, &end_with(b"k"), NOW)
        .await
        .unwrap();

    assert_eq!(
        store.skip_task(&fresh, NOW).await.unwrap().status,
        TaskStatus::Skipped
    );
    assert_eq!(
        store.cancel_task(&planned, NOW).await.unwrap().status,
        TaskStatus::Cancelled
    );
    assert!(matches!(
        store.cancel_task(&running, after(1)).await,
        Err(StoreError::Busy { .. })
    ));
    assert_eq!(
        store
            .cancel_task(&running, after(LEASE_MS))
            .await
            .unwrap()
            .status,
        TaskStatus::Cancelled
    );
    assert_eq!(
        store.cancel_task(&done, NOW).await.unwrap().status,
        TaskStatus::Succeeded
    );
    let late = store
        .complete_task(
            &running,
            "w",
            1,
            TaskStatus::Succeeded,
            &end_with(b"k"),
            NOW,
        )
        .await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })));
}

#[tokio::test]
async fn planning_adds_what_is_missing_and_rows_come_in_order() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let ids: Vec<_> = (0..250)
        .rev()
        .map(|item| task_of(&run, "images", Some(item)))
        .collect();
    take(&store, &ids[40], "w", NOW).await;
    store.plan_tasks(&ids).await.unwrap();
    store.plan_tasks(&ids).await.unwrap();
    store
        .plan_task(&task_of(&run, "audio", None))
        .await
        .unwrap();
    store
        .plan_task(&TaskId {
            round: 2,
            ..task_of(&run, "audio", None)
        })
        .await
        .unwrap();

    let records = store.tasks(&run.id, 1).await.unwrap();
    assert_eq!(records.len(), 251);
    assert_eq!(records[0].task.as_str(), "audio");
    assert!(
        records[1..]
            .iter()
            .map(|record| record.item)
            .eq((0..250).map(Some))
    );
    let running = records
        .iter()
        .filter(|record| record.status == TaskStatus::Running)
        .count();
    assert_eq!(running, 1);
}

#[tokio::test]
async fn more_rows_than_one_answer_holds_are_all_listed() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    // 40 rows of 50 KB: DynamoDB answers with at most 1 MB at a time.
    let cause = "x".repeat(50_000);
    for item in 0..40 {
        let id = task_of(&run, "audio", Some(item));
        let attempt = take(&store, &id, "w", NOW).await;
        let error = ErrorInfo {
            name: "Permanent".to_owned(),
            cause: cause.clone(),
        };
        store
            .fail_task(&id, "w", attempt, &error, TaskStatus::Failed, NOW)
            .await
            .unwrap();
    }
    assert_eq!(store.tasks(&run.id, 1).await.unwrap().len(), 40);
}
