//! Looking after runs: when to see whether somebody still works on one.

use domain::{RunId, RunState, Timestamp};

use crate::attributes::{Attributes, Reader, number, text, word};
use crate::keys::{self, META, SHARDS, WATCH};
use crate::request::{Change, Outcome};
use crate::{Store, StoreError};

/// How long after its start a run is looked after for the first time, in milliseconds.
pub const FIRST_LOOK_MS: u64 = 120_000;

/// A run that is to be looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The run.
    pub run: RunId,
    /// Since when it is due.
    pub due_at: Timestamp,
}

/// Has a run ended, or is it gone? One that waits for a person is watched until it needn't.
const IS_OVER: &str = "attribute_not_exists(#pk) OR NOT #state IN (:running, :in_review)";

impl Store {
    /// The runs of one shard (0 to 7) that are to be looked after at `now`, the longest due first, at most `limit`. Read from an
    /// index, which may lag a little behind.
    pub async fn due_watches(
        &self,
        shard: u32,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Watch>, StoreError> {
        let items = self
            .due(
                keys::watched(shard % SHARDS),
                now,
                limit,
                "listing the runs to look after",
            )
            .await?;
        items.iter().map(read_watch).collect()
    }

    /// Looks after a run again at `at`. One that isn't watched stays so.
    pub async fn watch_again(&self, run: &RunId, at: Timestamp) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("putting off the watch of run {run}"),
            pk: keys::run(run),
            sk: WATCH.to_owned(),
            update: "SET #due_at = :due_at, #gsi1sk = :due".into(),
            condition: "attribute_exists(#pk)".into(),
            values: vec![("due_at", number(at.0)), ("due", text(at.rfc3339()))],
        };
        match self.change(change).await? {
            Outcome::Done(_) | Outcome::Refused(_) => Ok(()),
        }
    }

    /// Looks after a run no more. One that is running or waits for a person stays watched, even if that
    /// began a moment ago.
    pub async fn unwatch(&self, run: &RunId) -> Result<(), StoreError> {
        let doing = format!("ending the watch of run {run}");
        let going = vec![
            ("running", word(&RunState::Running)),
            ("in_review", word(&RunState::InReview)),
        ];
        let operations = vec![
            self.check(&doing, (&keys::run(run), META), IS_OVER, going)?,
            self.delete(&doing, (&keys::run(run), WATCH))?,
        ];
        self.transact(&doing, operations).await?;
        Ok(())
    }
}

/// The watch of a run that starts at `now`.
pub(crate) fn watch_item(run: &RunId, now: Timestamp) -> Attributes {
    watch_at(run, Timestamp(now.0.saturating_add(FIRST_LOOK_MS)))
}

/// The watch of a run that is to be looked after at `due_at`.
pub(crate) fn watch_at(run: &RunId, due_at: Timestamp) -> Attributes {
    [
        ("pk", text(keys::run(run))),
        ("sk", text(WATCH)),
        ("gsi1pk", text(keys::watched(keys::shard(run.as_str())))),
        ("gsi1sk", text(due_at.rfc3339())),
        ("run", text(run.as_str())),
        ("due_at", number(due_at.0)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn read_watch(item: &Attributes) -> Result<Watch, StoreError> {
    let reader = Reader(item);
    Ok(Watch {
        run: reader.parsed("run")?,
        due_at: Timestamp(reader.number("due_at")?),
    })
}
