//! The outbox as dispatching needs it: everything that waits to be told, whoever wrote it.

use domain::{Event, Timestamp};
use webhooks::{MessageId, Payload};

use crate::attributes::{Attributes, Reader, number, text};
use crate::event::read_event;
use crate::keys::{self, META, SHARDS};
use crate::request::{Change, Outcome, Transacted};
use crate::{Store, StoreError};

/// An event that isn't a run's: it is written whole, because nothing else tells its data later.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    /// Its id: the same if the change that it announces is repeated.
    pub id: MessageId,
    /// What is told.
    pub payload: Payload,
}

/// What waits in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Announced {
    /// An event of a run, whose data is told from the run.
    OfRun(Event),
    /// An event that is there whole.
    Whole(Announcement),
}

impl Announced {
    /// The event's id.
    pub fn id(&self) -> &str {
        match self {
            Self::OfRun(event) => &event.id,
            Self::Whole(announcement) => announcement.id.as_str(),
        }
    }
}

impl Store {
    /// What waits in one shard (0 to 7) of the outbox at `now`, the oldest first, at most `limit`. Read from an index, which may lag a
    /// little behind.
    pub async fn due_announcements(
        &self,
        shard: u32,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Announced>, StoreError> {
        let doing = "listing the events to dispatch";
        let items = self
            .due(keys::due(shard % SHARDS), now, limit, doing)
            .await?;
        items.iter().map(read_announced).collect()
    }

    /// An event by its id, if it still waits in the outbox; its latest state.
    pub async fn waiting_announcement(&self, id: &str) -> Result<Option<Announced>, StoreError> {
        let doing = format!("reading event {id}");
        let item = self.get(&doing, &keys::event(id), META).await?;
        item.filter(|item| item.contains_key("due_at"))
            .as_ref()
            .map(read_announced)
            .transpose()
    }

    /// Notes that every delivery of an event is written: it waits no more. Repeating it changes nothing.
    pub async fn mark_dispatched(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("marking event {id} as dispatched"),
            pk: keys::event(id),
            sk: META.to_owned(),
            update: "SET #dispatched_at = if_not_exists(#dispatched_at, :now) REMOVE #gsi1pk, #gsi1sk, #due_at"
                .into(),
            condition: "attribute_exists(#pk)".into(),
            values: vec![("now", number(now.0))],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
    }

    /// Makes a change together with what is announced of it, if anything is: both or neither. Whether its condition held.
    pub(crate) async fn change_and_tell(
        &self,
        change: Change<'_>,
        announcement: Option<&Announcement>,
    ) -> Result<bool, StoreError> {
        let Some(announcement) = announcement else {
            return Ok(matches!(self.change(change).await?, Outcome::Done(_)));
        };
        let doing = change.doing.clone();
        let operations = vec![
            self.change_if(change)?,
            self.put(&doing, announcement_item(announcement)?)?,
        ];
        Ok(matches!(
            self.transact(&doing, operations).await?,
            Transacted::Done
        ))
    }

    /// Has an event that can't be dispatched wait until `at`, so that those behind it have their turn.
    pub async fn put_off_event(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("putting off event {id}"),
            pk: keys::event(id),
            sk: META.to_owned(),
            update: "SET #due_at = :due_at, #gsi1sk = :due".into(),
            condition: "attribute_exists(#due_at)".into(),
            values: vec![("due_at", number(at.0)), ("due", text(at.rfc3339()))],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
    }
}

/// An announcement as the outbox holds it, due at once.
pub(crate) fn announcement_item(announcement: &Announcement) -> Result<Attributes, StoreError> {
    let id = announcement.id.as_str();
    let at = announcement.payload.at;
    let body = announcement
        .payload
        .body()
        .map_err(|error| StoreError::Invalid {
            what: format!("event {id}"),
            reason: error.to_string(),
        })?;
    let item = [
        ("pk", text(keys::event(id))),
        ("sk", text(META)),
        ("gsi1pk", text(keys::event_partition(id))),
        ("gsi1sk", text(at.rfc3339())),
        ("id", text(id)),
        ("kind", text(announcement.payload.event_type().name())),
        ("payload", text(body)),
        ("at", number(at.0)),
        ("due_at", number(at.0)),
    ];
    Ok(item
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

/// Whether an item of the outbox is there whole, and no event of a run.
pub(crate) fn is_whole(item: &Attributes) -> bool {
    item.contains_key("payload")
}

fn read_announced(item: &Attributes) -> Result<Announced, StoreError> {
    if !is_whole(item) {
        return read_event(item).map(Announced::OfRun);
    }
    let reader = Reader(item);
    let id =
        MessageId::parse(reader.text("id")?).map_err(|error| reader.damaged(error.to_string()))?;
    let payload = Payload::parse(reader.text("payload")?.as_bytes())
        .map_err(|error| reader.damaged(error.to_string()))?;
    Ok(Announced::Whole(Announcement { id, payload }))
}
