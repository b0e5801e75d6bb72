//! Something happens, of which subscribers are told.

use domain::{ArtifactRef, ContentKey, Event, MediaType, Run, RunId, RunState, Timestamp};
use store::{Ending, Store};

/// A run of this number is cancelled, which is an event.
pub(crate) async fn happen(store: &Store, now: Timestamp, number: u128) -> Event {
    let brief = ArtifactRef {
        key: ContentKey::of_bytes(b"brief"),
        media_type: MediaType::Json,
        bytes: 5,
    };
    let (id, topic) = (RunId::new(now.0, number), "Why bees dance ✓ naïve");
    let run = Run {
        brand: Some("Meadow".to_owned()),
        ..Run::begun(
            id,
            "short-video",
            "first".to_owned(),
            brief,
            topic.to_owned(),
            now,
        )
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
