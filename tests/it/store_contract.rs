//! What the store promises, over the embedded back end.
//!
//! Two tests start this very binary again as another process: [`works_as_another_process`] is what runs there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    ArtifactRef, ContentKey, ErrorInfo, EventKind, MediaType, Run, RunId, RunState, TaskEnd,
    TaskName, TaskStatus, Timestamp,
};
use reelwright::embedded::{Embedded, EmbeddedError};
use store::{Claim, Claimant, Ending, Store, StoreError, Tables, TaskId};

/// 2026-11-23T10:00:00Z.
const NOW: Timestamp = Timestamp(1_795_428_000_000);
const LEASE_MS: u64 = 30_000;
/// A day.
const DAY: u64 = 86_400_000;

fn after(ms: u64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

async fn store_over(embedded: &Embedded) -> Store {
    let store = Store::new(embedded.client(), Tables::default());
    store.create_tables().await.unwrap();
    store
}

async fn store_in_memory() -> Store {
    store_over(&Embedded::memory().unwrap()).await
}

fn new_run(number: u128, at: Timestamp) -> Run {
    Run {
        id: RunId::new(at.0, number),
        workflow: "short-video".to_owned(),
        brief: ArtifactRef {
            key: ContentKey::of_bytes(b"brief"),
            media_type: MediaType::Json,
            bytes: 5,
        },
        topic: format!("topic {number}"),
        brand: Some("Acme".to_owned()),
        state: RunState::Running,
        round: 1,
        execution: "first".to_owned(),
        created_at: at,
        updated_at: at,
        failure: None,
        degraded: Vec::new(),
        cost_usd: 0.0,
    }
}

async fn stored_run(store: &Store) -> Run {
    let run = new_run(1, NOW);
    store.put_run(&run).await.unwrap();
    run
}

fn task_of(run: &Run, name: &str, item: Option<u32>) -> TaskId {
    TaskId::new(&run.id, 1, &TaskName::parse(name).unwrap(), item)
}

fn end_with(key: &[u8]) -> TaskEnd {
    TaskEnd {
        content_key: ContentKey::of_bytes(key),
        output: ArtifactRef {
            key: ContentKey::of_bytes(b"output"),
            media_type: MediaType::Json,
            bytes: 6,
        },
        facts: serde_json::json!({ "scenes": 7, "pace": 0.1 }),
        degraded: vec!["captions only".to_owned()],
        cost_usd: 0.001_25,
        work_ms: 1234,
    }
}

fn error(name: &str) -> ErrorInfo {
    ErrorInfo {
        name: name.to_owned(),
        cause: "the provider is down".to_owned(),
    }
}

async fn take(store: &Store, id: &TaskId, owner: &str, now: Timestamp) -> u32 {
    match store
        .claim_task(id, &Claimant::new(owner, now, LEASE_MS))
        .await
        .unwrap()
    {
        Claim::Taken { attempt, .. } => attempt,
        Claim::AlreadyDone(record) => panic!("{record:?}"),
    }
}

fn succeeded() -> Ending {
    Ending {
        state: RunState::Succeeded,
        failure: None,
        degraded: vec!["no voice".to_owned()],
    }
}

mod runs {
    use super::*;

    #[tokio::test]
    async fn a_run_is_read_as_it_was_written_and_its_id_is_taken_once() {
        let store = store_in_memory().await;
        let mut run = new_run(1, NOW);
        run.failure = Some((TaskName::parse("audio").unwrap(), error("Transient")));
        run.degraded = vec!["no voice".to_owned()];
        run.cost_usd = 0.1 + 0.2;
        store.put_run(&run).await.unwrap();
        assert_eq!(store.run(&run.id).await.unwrap(), run);
        assert_eq!(
            store.put_run(&run).await,
            Err(StoreError::Exists(run.id.clone()))
        );

        let missing = RunId::new(0, 0);
        let error = store.run(&missing).await.unwrap_err();
        assert!(error.to_string().contains(missing.as_str()), "{error}");
    }

    #[tokio::test]
    async fn costs_of_many_writers_add_up() {
        let store = store_in_memory().await;
        let run = stored_run(&store).await;
        let mut adding = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (store, id) = (store.clone(), run.id.clone());
            adding.spawn(async move { store.add_cost(&id, 0.25).await });
        }
        for added in adding.join_all().await {
            added.unwrap();
        }
        assert!((store.run(&run.id).await.unwrap().cost_usd - 5.0).abs() < 1e-9);
        assert!(matches!(
            store.add_cost(&run.id, f64::NAN).await,
            Err(StoreError::Invalid { .. })
        ));
    }

    #[tokio::test]
    async fn runs_are_listed_newest_first_over_months_and_pages_without_gap_or_repetition() {
        let store = store_in_memory().await;
        let mut ids = Vec::new();
        for number in 0..23_u64 {
            // Two at each moment, and 60 days between two moments somewhere in the middle.
            let at = after((number / 2) * DAY + if number > 10 { 60 * DAY } else { 0 });
            let run = new_run(u128::from(number), at);
            store.put_run(&run).await.unwrap();
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
}

mod executions {
    use super::*;

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
        assert!(
            matches!(&late, Err(StoreError::Fenced { holder: Some(holder), .. }) if holder == "b")
        );
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
}

mod tasks {
    use super::*;

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
}

mod files {
    use super::*;

    async fn one_run_in(dir: &Path) -> Run {
        let store = store_over(&Embedded::open(dir).unwrap()).await;
        stored_run(&store).await
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_closing_and_opening() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a/b");
        let run = one_run_in(&dir).await;
        let store = store_over(&Embedded::open(&dir).unwrap()).await;
        assert_eq!(store.run(&run.id).await.unwrap(), run);
    }

    #[tokio::test]
    async fn a_file_that_is_no_store_is_named_and_left_alone() {
        for content in [&b"these are my notes, do not touch"[..], b"x", &[0; 8192]] {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("state.db");
            fs::write(&path, content).unwrap();
            let error = Embedded::open(home.path()).unwrap_err();
            assert!(
                matches!(&error, EmbeddedError::Damaged { path: named, .. } if *named == path),
                "{error}"
            );
            assert_eq!(fs::read(&path).unwrap(), content);
        }
    }

    #[tokio::test]
    async fn a_store_that_is_cut_off_or_overwritten_is_named_and_left_alone() {
        let cut: fn(&mut Vec<u8>) = |bytes| bytes.truncate(bytes.len() / 2);
        let odd: fn(&mut Vec<u8>) = |bytes| bytes.truncate(5000);
        let overwritten: fn(&mut Vec<u8>) = |bytes| bytes[100..20_000].fill(0xa5);
        let tables: fn(&mut Vec<u8>) = |bytes| bytes[4096..].fill(0x5a);
        for damage in [cut, odd, overwritten, tables] {
            let home = tempfile::tempdir().unwrap();
            one_run_in(home.path()).await;
            let path = home.path().join("state.db");
            let mut bytes = fs::read(&path).unwrap();
            damage(&mut bytes);
            fs::write(&path, &bytes).unwrap();
            let error = Embedded::open(home.path()).unwrap_err();
            assert!(
                matches!(&error, EmbeddedError::Damaged { path: named, .. } if *named == path),
                "{error}"
            );
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }

    #[tokio::test]
    async fn a_store_of_a_newer_version_is_named_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        one_run_in(home.path()).await;
        let path = home.path().join("state.db");
        let mut bytes = fs::read(&path).unwrap();
        // SQLite's user version: four bytes at 60, the most significant first.
        bytes[60..64].copy_from_slice(&77_u32.to_be_bytes());
        fs::write(&path, &bytes).unwrap();
        let error = Embedded::open(home.path()).unwrap_err();
        assert!(
            matches!(&error, EmbeddedError::Newer { path: named, .. } if *named == path),
            "{error}"
        );
        assert!(error.to_string().contains("update reelwright"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_home_that_cant_be_one_is_named() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "x").unwrap();
        for dir in [file.clone(), file.join("below")] {
            let error = Embedded::open(&dir).unwrap_err();
            assert!(matches!(&error, EmbeddedError::Io { .. }), "{error}");
            assert!(
                error.to_string().contains(&file.display().to_string()),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn processes_that_open_one_new_file_at_the_same_instant_share_it() {
        let home = tempfile::tempdir().unwrap();
        let mut children: Vec<_> = (0..4)
            .map(|number| another_process(home.path(), &format!("add {number}")))
            .collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        let store = store_over(&Embedded::open(home.path()).unwrap()).await;
        assert_eq!(
            store.list_runs(None, 100, None).await.unwrap().items.len(),
            4
        );
        for number in 0..4 {
            let run = store.run(&RunId::new(NOW.0, number)).await.unwrap();
            assert_eq!(store.tasks(&run.id, 1).await.unwrap().len(), 10);
        }
    }

    #[tokio::test]
    async fn what_a_process_was_told_is_written_outlives_its_kill() {
        let home = tempfile::tempdir().unwrap();
        let mut child = another_process(home.path(), "forever");
        // The child says each number once the store has said that its task is done.
        let told = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .filter_map(|line| {
                line.unwrap()
                    .strip_prefix("done ")
                    .and_then(|number| number.parse::<u32>().ok())
            })
            .take(25)
            .last()
            .unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let store = store_over(&Embedded::open(home.path()).unwrap()).await;
        let records = store.tasks(&RunId::new(NOW.0, 0), 1).await.unwrap();
        let done: BTreeSet<_> = records
            .iter()
            .filter(|record| record.status.has_output())
            .filter_map(|record| record.item)
            .collect();
        assert!(
            (0..=told).all(|item| done.contains(&item)),
            "{told} was told, {} are there",
            done.len()
        );
    }
}

/// Runs [`works_as_another_process`] in a process of its own.
fn another_process(home: &Path, role: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "works_as_another_process",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env("STORE_CONTRACT_HOME", home)
        .env("STORE_CONTRACT_ROLE", role)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Does what its environment says; nothing where that says nothing.
#[tokio::test]
async fn works_as_another_process() {
    let (Ok(home), Ok(role)) = (
        std::env::var("STORE_CONTRACT_HOME"),
        std::env::var("STORE_CONTRACT_ROLE"),
    ) else {
        return;
    };
    let store = store_over(&Embedded::open(Path::new(&home)).unwrap()).await;
    let (number, items) = match role.strip_prefix("add ") {
        Some(number) => (number.parse().unwrap(), 10),
        None => (0, u32::MAX),
    };
    let run = new_run(number, NOW);
    store.put_run(&run).await.unwrap();
    for item in 0..items {
        let id = task_of(&run, "audio", Some(item));
        let attempt = take(&store, &id, &role, NOW).await;
        store
            .complete_task(
                &id,
                &role,
                attempt,
                TaskStatus::Succeeded,
                &end_with(b"k"),
                NOW,
            )
            .await
            .unwrap();
        println!("done {item}");
    }
}
