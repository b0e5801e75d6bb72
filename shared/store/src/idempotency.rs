//! Requests that may be repeated: the same key and body from the same caller is the same run.

use domain::{ContentKey, RunId, Timestamp};

use crate::attributes::{Attributes, Reader, number, text};
use crate::{Store, StoreError, keys};

/// What makes a request to start a run repeatable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's own name for the request.
    pub key: String,
    /// Who calls: two callers' keys have nothing to do with each other.
    pub caller: String,
    /// The digest of what was asked for.
    pub body: ContentKey,
    /// Until when a repetition is known as one.
    pub expires_at: Timestamp,
}

/// What came of writing a new run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It was written.
    New,
    /// Nothing was: the same request started this run before.
    Repeated(RunId),
}

/// A key can be taken when it is new, or its time is up and the table has not removed it yet.
pub(crate) const IS_FREE: &str = "attribute_not_exists(#pk) OR #expires_at <= :now";

impl Store {
    /// The run that the same request started before; nothing if it is new at `now`, or its time is up.
    pub async fn begun_by(
        &self,
        once: &Idempotency,
        now: Timestamp,
    ) -> Result<Option<RunId>, StoreError> {
        let found = self
            .get("looking for an earlier request", &once.pk(), keys::META)
            .await?;
        let Some(item) = found else {
            return Ok(None);
        };
        if Reader(&item).number::<u64>("expires_at")? <= now.seconds() {
            return Ok(None);
        }
        match once.repeated(&item)? {
            Started::Repeated(run) => Ok(Some(run)),
            Started::New => Ok(None),
        }
    }
}

impl Idempotency {
    /// The item's key. A digest, because keys come from outside, of any length and with any characters.
    pub(crate) fn pk(&self) -> String {
        let digest = ContentKey::of(&[self.caller.as_bytes(), self.key.as_bytes()]);
        keys::idempotency(digest.as_str())
    }

    pub(crate) fn item(&self, run: &RunId) -> Attributes {
        [
            ("pk", text(self.pk())),
            ("sk", text(keys::META)),
            ("run", text(run.as_str())),
            ("body", text(self.body.as_str())),
            ("expires_at", number(self.expires_at.seconds())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// What a request means whose key is taken by this item.
    pub(crate) fn repeated(&self, item: &Attributes) -> Result<Started, StoreError> {
        let reader = Reader(item);
        if reader.text("body")? == self.body.as_str() {
            Ok(Started::Repeated(reader.parsed("run")?))
        } else {
            Err(StoreError::Conflict {
                key: self.key.chars().take(80).collect(),
            })
        }
    }
}
