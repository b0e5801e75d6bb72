//! What a run may cost: money is put aside before a call, by any number of workers, and never more than the limit.

use domain::{ArtifactRef, ContentKey, MediaType, Run, RunId, RunState, Timestamp};
use reelwright::embedded::Embedded;
use store::{Ending, Reservation, Store, StoreError, Tables};

const NOW: Timestamp = Timestamp(1_795_428_000_000);

async fn store() -> Store {
    let store = Store::new(Embedded::memory().unwrap().client(), Tables::default());
    store.create_tables().await.unwrap();
    store
}

async fn running(store: &Store) -> RunId {
    let run = Run {
        id: RunId::new(NOW.0, 7),
        workflow: "short-video".to_owned(),
        brief: ArtifactRef {
            key: ContentKey::of_bytes(b"brief"),
            media_type: MediaType::Json,
            bytes: 5,
        },
        topic: "bees".to_owned(),
        brand: None,
        state: RunState::Running,
        round: 1,
        execution: "first".to_owned(),
        created_at: NOW,
        updated_at: NOW,
        failure: None,
        degraded: Vec::new(),
        cost_usd: 0.0,
        max_cost_usd: None,
    };
    store.put_run(&run, None).await.unwrap();
    run.id
}

async fn cost(store: &Store, run: &RunId) -> f64 {
    store.run(run).await.unwrap().cost_usd
}

#[tokio::test]
async fn many_callers_together_never_pass_the_limit_and_use_it_up() {
    let store = store().await;
    let run = running(&store).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (store, run) = (store.clone(), run.clone());
        asking.spawn(async move { store.reserve(&run, "first", 0.1, Some(1.0)).await });
    }
    let mut reserved = 0;
    for answer in asking.join_all().await {
        match answer.unwrap() {
            Reservation::Reserved => reserved += 1,
            Reservation::OverBudget { spent_usd } => assert!(spent_usd > 0.9, "{spent_usd}"),
            Reservation::NotRunning { .. } => panic!("the run runs"),
        }
    }
    assert_eq!(reserved, 10, "ten dimes make a dollar");
    assert!((cost(&store, &run).await - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn what_was_not_spent_is_there_for_the_next_call() {
    let store = store().await;
    let run = running(&store).await;
    let reserve = |usd| store.reserve(&run, "first", usd, Some(0.3));
    assert_eq!(reserve(0.2).await.unwrap(), Reservation::Reserved);
    assert!(matches!(
        reserve(0.2).await.unwrap(),
        Reservation::OverBudget { spent_usd } if (spent_usd - 0.2).abs() < 1e-12
    ));
    store.settle(&run, 0.2, 0.1).await.unwrap();
    assert_eq!(reserve(0.2).await.unwrap(), Reservation::Reserved);
    assert!((cost(&store, &run).await - 0.3).abs() < 1e-12);
    assert!(matches!(
        store.settle(&run, 0.2, f64::NAN).await,
        Err(StoreError::Invalid { .. })
    ));
}

#[tokio::test]
async fn without_a_limit_anything_goes_as_long_as_the_run_runs() {
    let store = store().await;
    let run = running(&store).await;
    assert_eq!(
        store.reserve(&run, "first", 500.0, None).await.unwrap(),
        Reservation::Reserved
    );
    let other = store.reserve(&run, "second", 1.0, None).await.unwrap();
    assert!(
        matches!(&other, Reservation::NotRunning { execution, .. } if execution == "first"),
        "{other:?}"
    );
    let ending = Ending {
        state: RunState::Cancelled,
        failure: None,
        degraded: Vec::new(),
    };
    store.close_run(&run, "first", &ending, NOW).await.unwrap();
    let late = store.reserve(&run, "first", 1.0, None).await.unwrap();
    assert!(
        matches!(
            late,
            Reservation::NotRunning {
                state: RunState::Cancelled,
                ..
            }
        ),
        "{late:?}"
    );
    // What was put aside before still becomes what was spent.
    store.settle(&run, 500.0, 20.0).await.unwrap();
    assert!((cost(&store, &run).await - 20.0).abs() < 1e-9);
    let nobody = RunId::new(0, 0);
    assert!(matches!(
        store.reserve(&nobody, "first", 1.0, None).await,
        Err(StoreError::NotFound(_))
    ));
}
