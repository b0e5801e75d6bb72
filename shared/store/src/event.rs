//! The outbox: events that were written with the change they announce, and wait to be sent.

use domain::{Event, Timestamp};

use crate::attributes::{Attributes, Reader, number, text, word};
use crate::keys::{self, META, SHARDS};
use crate::outbox::is_whole;
use crate::{Store, StoreError};

impl Store {
    /// Reads an event, if it was ever written.
    pub async fn event(&self, id: &str) -> Result<Option<Event>, StoreError> {
        let item = self
            .get(&format!("reading event {id}"), &keys::event(id), META)
            .await?;
        item.as_ref().map(read_event).transpose()
    }

    /// The runs' events of one shard (0 to 7) that are due at `now` and not yet dispatched, the oldest first, of the first `limit` due.
    /// Read from an index, which may lag a little behind.
    pub async fn due_events(
        &self,
        shard: u32,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let items = self
            .due(
                keys::due(shard % SHARDS),
                now,
                limit,
                "listing the events that are due",
            )
            .await?;
        let of_runs = items.iter().filter(|item| !is_whole(item));
        of_runs.map(read_event).collect()
    }
}

/// An event as the outbox holds it, due at once.
pub(crate) fn event_item(event: &Event) -> Attributes {
    let at = event.at.rfc3339();
    [
        ("pk", text(keys::event(&event.id))),
        ("sk", text(META)),
        ("gsi1pk", text(keys::event_partition(&event.id))),
        ("gsi1sk", text(&at)),
        ("id", text(&event.id)),
        ("kind", word(&event.kind)),
        ("run", text(event.run.as_str())),
        ("round", number(event.round)),
        ("at", number(event.at.0)),
        ("due_at", number(event.at.0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

pub(crate) fn read_event(item: &Attributes) -> Result<Event, StoreError> {
    let reader = Reader(item);
    Ok(Event {
        id: reader.text("id")?.to_owned(),
        kind: reader.word("kind")?,
        run: reader.parsed("run")?,
        round: reader.number("round")?,
        at: Timestamp(reader.number("at")?),
    })
}
