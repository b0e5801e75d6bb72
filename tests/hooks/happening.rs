//! Something happens, of which subscribers are told.

use domain::{ArtifactRef, ContentKey, Event, MediaType, Run, RunId, RunState, Timestamp};
use store::{Ending, Store};

/// A run of this number is cancelled, which is an event.
pub(crate) async fn happen(store: &Store, now: Timestamp, number: u128) -> Event {
    let run = Run {
        id: RunId::new(now.0, number),
        workflow: "short-video".to_owned(),
        brief: ArtifactRef {
            key: ContentKey::of_bytes(b"brief"),
            media_type: MediaType::Json,
            bytes: 5,
        },
        topic: "Why bees dance ✓ naïve".to_owned(),
        brand: Some("Meadow".to_owned()),
        state: RunState::Running,
        round: 1,
        execution: "first".to_owned(),
        created_at: now,
        updated_at: now,
        failure: None,
        degraded: Vec::new(),
        cost_usd: 0.0,
        max_cost_usd: None,
        rounds: Vec::new(),
        chosen_round: None,
        feedback: None,
        decided: None,
        edited: None,
        parent: None,
        variant: None,
        won: None,
    };
    store.put_run(&run, None).await.unwrap();
    let ending = Ending {
        state: RunState::Cancelled,
        failure: None,
        degraded: Vec::new(),
    };
    let closed = store.close_run(&run.id, &run.execution, &ending, now);
    closed.await.unwrap()
}
