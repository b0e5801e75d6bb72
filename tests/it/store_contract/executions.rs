//! Executions: one worker a run, and an end that is announced once.

use domain::{EventKind, RunId, RunState, TaskName};
use store::{Ending, StoreError};

use super::{LEASE_MS, NOW, after, error, store_in_memory, stored_run, succeeded};

#[tokio::test]
async fn a_run_has_one_worker_at_a_time_until_its_lease_ends() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    // Saying the same again is no second claim.
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    let twin = store
        .start_execution(&run.id, "e2", "b", after(LEASE_MS - 1), LEASE_MS)
        .await;
    assert!(
        matches!(&twin, Err(StoreError::Busy { owner, until, .. }) if owner == "a" && *until == after(LEASE_MS))
    );

    store
        .renew_execution(&run.id, "e1", "a", after(2 * LEASE_MS))
        .await
        .unwrap();
    assert!(
        store
            .start_execution(&run.id, "e2", "b", after(LEASE_MS), LEASE_MS)
            .await
            .is_err()
    );
    store
        .start_execution(&run.id, "e2", "b", after(2 * LEASE_MS), LEASE_MS)
        .await
        .unwrap();

    let late = store
        .renew_execution(&run.id, "e1", "a", after(9 * LEASE_MS))
        .await;
    assert!(matches!(&late, Err(StoreError::Fenced { holder: Some(holder), .. }) if holder == "b"));
    let late = store
        .close_run(&run.id, "e1", &succeeded(), after(9 * LEASE_MS))
        .await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })));
    assert_eq!(store.run(&run.id).await.unwrap().state, RunState::Running);
}

#[tokio::test]
async fn a_released_run_can_be_started_at_once_and_a_missing_one_never() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    store.release_execution(&run.id, "e1", "a").await.unwrap();
    store
        .start_execution(&run.id, "e2", "b", after(1), LEASE_MS)
        .await
        .unwrap();

    let missing = RunId::new(0, 0);
    let error = store
        .start_execution(&missing, "e", "a", NOW, LEASE_MS)
        .await;
    assert_eq!(error, Err(StoreError::NotFound(missing)));
}

#[tokio::test]
async fn a_dead_workers_run_is_taken_over_at_once_but_only_from_that_worker() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    store
        .start_execution(&run.id, "e1", "host 7", NOW, LEASE_MS)
        .await
        .unwrap();
    let wrong = store
        .take_over(&run.id, "host 8", "e2", "host 9", after(1), LEASE_MS)
        .await;
    assert!(matches!(wrong, Err(StoreError::Busy { .. })));
    store
        .take_over(&run.id, "host 7", "e2", "host 9", after(1), LEASE_MS)
        .await
        .unwrap();
    // The second to see that 7 is dead comes too late.
    let second = store
        .take_over(&run.id, "host 7", "e3", "host 10", after(1), LEASE_MS)
        .await;
    assert!(matches!(&second, Err(StoreError::Busy { owner, .. }) if owner == "host 9"));
}

#[tokio::test]
async fn an_execution_is_claimed_by_one_worker_while_the_run_is_running_under_it() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    let claim = async |execution: &str, owner: &str, dead: Option<&str>, now| {
        store
            .claim_execution(&run.id, execution, owner, dead, now, LEASE_MS)
            .await
    };
    assert_eq!(claim("first", "a", None, NOW).await, Ok(()));
    // What the same worker holds it may hold again.
    assert_eq!(claim("first", "a", None, after(1)).await, Ok(()));
    for dead in [None, Some("c")] {
        let twin = claim("first", "b", dead, after(2)).await;
        assert!(matches!(&twin, Err(StoreError::Busy { owner, .. }) if owner == "a"));
    }
    assert_eq!(claim("first", "b", Some("a"), after(2)).await, Ok(()));
    assert_eq!(claim("first", "c", None, after(2 + LEASE_MS)).await, Ok(()));

    let other = claim("second", "c", None, after(3 + LEASE_MS)).await;
    assert!(
        matches!(&other, Err(StoreError::Fenced { holder: Some(holder), .. }) if holder == "first")
    );

    let ending = Ending {
        state: RunState::Cancelled,
        ..succeeded()
    };
    store
        .close_run(&run.id, "first", &ending, after(3 + LEASE_MS))
        .await
        .unwrap();
    let ended = claim("first", "c", None, after(4 + LEASE_MS)).await;
    assert!(matches!(
        &ended,
        Err(StoreError::Ended {
            state: RunState::Cancelled,
            ..
        })
    ));
    assert_eq!(store.run(&run.id).await.unwrap().state, RunState::Cancelled);
}

#[tokio::test]
async fn closing_a_run_writes_its_event_once_however_often_it_is_repeated() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    let event = store
        .close_run(&run.id, "e1", &succeeded(), after(10))
        .await
        .unwrap();
    let again = store
        .close_run(&run.id, "e1", &succeeded(), after(99))
        .await
        .unwrap();
    assert_eq!(event, again);
    assert_eq!(event.kind, EventKind::WorkflowCompleted);
    assert_eq!(store.event(&event.id).await.unwrap(), Some(event.clone()));

    let mut due = Vec::new();
    for shard in 0..8 {
        due.extend(store.due_events(shard, after(100), 10).await.unwrap());
        assert!(
            store
                .due_events(shard, after(9), 10)
                .await
                .unwrap()
                .is_empty()
        );
    }
    assert_eq!(due, [event]);

    let closed = store.run(&run.id).await.unwrap();
    assert_eq!(
        (closed.state, closed.updated_at),
        (RunState::Succeeded, after(10))
    );
    assert_eq!(closed.degraded, succeeded().degraded);
    let other = Ending {
        state: RunState::Failed,
        ..succeeded()
    };
    assert!(matches!(
        store.close_run(&run.id, "e1", &other, after(11)).await,
        Err(StoreError::Fenced { .. })
    ));
    let again = store
        .start_execution(&run.id, "e2", "b", after(12), LEASE_MS)
        .await;
    assert!(matches!(
        again,
        Err(StoreError::Ended {
            state: RunState::Succeeded,
            ..
        })
    ));
}

#[tokio::test]
async fn a_failed_run_tells_why_and_can_be_started_again() {
    let store = store_in_memory().await;
    let run = stored_run(&store).await;
    store
        .start_execution(&run.id, "e1", "a", NOW, LEASE_MS)
        .await
        .unwrap();
    let failure = (TaskName::parse("images").unwrap(), error("Permanent"));
    let failed = Ending {
        state: RunState::Failed,
        failure: Some(failure.clone()),
        degraded: Vec::new(),
    };
    let first = store
        .close_run(&run.id, "e1", &failed, after(1))
        .await
        .unwrap();
    assert_eq!(store.run(&run.id).await.unwrap().failure, Some(failure));

    store
        .start_execution(&run.id, "e2", "b", after(2), LEASE_MS)
        .await
        .unwrap();
    assert_eq!(store.run(&run.id).await.unwrap().failure, None);
    let second = store
        .close_run(&run.id, "e2", &failed, after(3))
        .await
        .unwrap();
    assert_ne!(first.id, second.id);
    let running = Ending {
        state: RunState::Running,
        failure: None,
        degraded: Vec::new(),
    };
    assert!(matches!(
        store.close_run(&run.id, "e2", &running, NOW).await,
        Err(StoreError::Invalid { .. })
    ));
}
