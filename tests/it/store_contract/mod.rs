//! What the store promises, over the embedded back end.
//!
//! Two tests start this very binary again as another process: [`works_as_another_process`] is what runs there.

mod content;
pub(crate) mod contract;
mod deliveries;
mod executions;
mod experiments;
mod figures;
mod files;
pub(crate) mod kept_figures;
mod reviews;
mod runs;
mod starts;
mod tasks;
mod told;

use std::path::Path;

use domain::{
    ArtifactRef, ContentKey, ErrorInfo, MediaType, Run, RunId, RunState, TaskEnd, TaskName,
    TaskStatus, Timestamp,
};
use reelwright::embedded::Embedded;
use store::{Claim, Claimant, Ending, Store, Tables, TaskId};

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
    let brief = ArtifactRef {
        key: ContentKey::of_bytes(b"brief"),
        media_type: MediaType::Json,
        bytes: 5,
    };
    let (id, topic) = (RunId::new(at.0, number), format!("topic {number}"));
    Run {
        brand: Some("Acme".to_owned()),
        ..Run::begun(id, "short-video", "first".to_owned(), brief, topic, at)
    }
}

async fn stored_run(store: &Store) -> Run {
    let run = new_run(1, NOW);
    store.put_run(&run, None).await.unwrap();
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
    store.put_run(&run, None).await.unwrap();
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
