//! Looking in the shared level, and waiting there for others.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::Tag;
use crate::ask::Request;
use crate::cache::TAG_KEEP;
use crate::entry::{Body, Entry};
use crate::envelope::{self, Unreadable};
use crate::level::{Found, Holder};
use crate::shared::Shared;

/// How often a request looks whether what it waits for is there: first soon, then ever more rarely, and after a long wait at a tenth of what it
/// has waited, because to look is not free of charge everywhere.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const PAUSE: Duration = Duration::from_millis(50);

/// What the shared level had.
pub(crate) enum Looked {
    /// A fresh entry and its value.
    Hit(Entry, Option<Bytes>),
    /// No such value.
    Absent(Absent),
    /// No answer: nobody knows whether it has the value.
    Silent,
}

/// A miss of the shared level.
pub(crate) struct Absent {
    /// The right to write the value; nothing if another request has it and was waited for in vain.
    pub(crate) lease: Option<Lease>,
    /// A value that is too old, and may stand in for the source.
    pub(crate) old: Option<Entry>,
}

/// The right to write a value.
pub(crate) struct Lease {
    pub(crate) holder: Holder,
    /// The request's tags with their versions from before the source was asked.
    pub(crate) tags: Vec<(Tag, u64)>,
}

/// What an envelope is worth.
enum Read {
    Fresh(Entry, Option<Bytes>),
    Old(Entry),
    None,
}

impl Request<'_> {
    /// Looks, and if there is nothing takes the lease or waits for whoever has it.
    pub(crate) async fn look(&self, shared: &mut Shared<'_>) -> Looked {
        let level = shared.level();
        let Some(found) = shared.ask(level.get(&self.name, self.tags)).await else {
            return Looked::Silent;
        };
        match self.read(shared, &found).await {
            None => return Looked::Silent,
            Some(Read::Fresh(entry, value)) => return Looked::Hit(entry, value),
            Some(Read::Old(_) | Read::None) => {}
        }
        if self.settle(shared, &found).await.is_none() {
            return Looked::Silent;
        }
        self.wait_for_lease(shared).await
    }

    /// Gives those tags a version that have none, so that a tag's loss can't be taken for its first version.
    async fn settle(&self, shared: &mut Shared<'_>, found: &Found) -> Option<()> {
        let level = shared.level();
        for (tag, version) in self.tags.iter().zip(&found.versions) {
            if version.is_none() {
                let proposed = self.cache.ids.version();
                shared
                    .ask(level.settle_tag(tag, proposed, TAG_KEEP))
                    .await?;
            }
        }
        Some(())
    }

    async fn wait_for_lease(&self, shared: &mut Shared<'_>) -> Looked {
        let level = shared.level();
        let holder = self.cache.ids.holder();
        let lease = Duration::from_millis(self.policy.lease_ms);
        let start = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let waited = start.elapsed();
            let request = level.lease(&self.name, &holder, lease, self.tags);
            let answer = if pause == FIRST_PAUSE {
                shared.ask(request).await
            } else {
                shared.ask_while_waiting(request).await
            };
            let Some((held, found)) = answer else {
                return Looked::Silent;
            };
            // Whoever had the lease before may have written the value since it was looked for.
            let old = match self.read(shared, &found).await {
                None => return Looked::Silent,
                Some(Read::Fresh(entry, value)) => {
                    if held {
                        shared.ask(level.release(&self.name, &holder)).await;
                    } else {
                        self.counters.waits.add(1);
                    }
                    return Looked::Hit(entry, value);
                }
                Some(Read::Old(entry)) => Some(entry),
                Some(Read::None) => None,
            };
            if held || waited >= self.wait() {
                let tags = self.tags.iter().copied().zip(found.versions);
                let tags: Option<Vec<_>> = tags
                    .map(|(tag, version)| version.map(|version| (tag, version)))
                    .collect();
                // A tag that lost its version within these milliseconds: nothing could be told of a value under it.
                let lease = tags.filter(|_| held).map(|tags| Lease { holder, tags });
                return Looked::Absent(Absent { lease, old });
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(PAUSE.max(waited / 10));
        }
    }

    /// Reads what was found. Nothing if the level did not answer what it takes to judge it.
    async fn read(&self, shared: &mut Shared<'_>, found: &Found) -> Option<Read> {
        let Some(envelope) = &found.envelope else {
            return Some(Read::None);
        };
        self.counters.bytes_read.add(envelope.len() as u64);
        let entry = match envelope::open(&self.name, envelope) {
            Ok(entry) => entry,
            Err(Unreadable::Foreign) => return Some(Read::None),
            Err(Unreadable::Damaged) => {
                self.counters.damaged.add(1);
                return Some(Read::None);
            }
        };
        if !self.tags_hold(shared, &entry, found).await? {
            return Some(Read::None);
        }
        let now = self.now();
        if !entry.is_fresh(now, self.policy) {
            let stands_in = entry.may_stand_in(now, self.policy);
            return Some(if stands_in {
                Read::Old(entry)
            } else {
                Read::None
            });
        }
        Some(match self.value_of(&entry.body).await {
            Some(value) => Read::Fresh(entry, value),
            None => Read::None,
        })
    }

    /// Whether an entry's tags still have the versions that it was written under. Nothing if the level did not answer.
    async fn tags_hold(
        &self,
        shared: &mut Shared<'_>,
        entry: &Entry,
        found: &Found,
    ) -> Option<bool> {
        let known = |tag: &Tag| {
            let at = self.tags.iter().position(|known| known == tag)?;
            found.versions.get(at).copied()
        };
        let unknown: Vec<Tag> = entry
            .tags
            .iter()
            .map(|(tag, _)| *tag)
            .filter(|tag| known(tag).is_none())
            .collect();
        // It was written with tags that this request doesn't name: they count all the same.
        let more = if unknown.is_empty() {
            Vec::new()
        } else {
            let level = shared.level();
            shared.ask(level.get(&self.name, &unknown)).await?.versions
        };
        Some(entry.tags.iter().all(|(tag, version)| {
            let current = known(tag).or_else(|| {
                let at = unknown.iter().position(|other| other == tag)?;
                more.get(at).copied()
            });
            current.flatten() == Some(*version)
        }))
    }

    /// The value of a body: nothing on the inside if the source has none, nothing at all if its bytes are gone.
    pub(crate) async fn value_of(&self, body: &Body) -> Option<Option<Bytes>> {
        match body {
            Body::Value(value) => Some(Some(value.clone())),
            Body::Nothing => Some(None),
            Body::Elsewhere(key) => self.get_elsewhere(key).await.map(Some),
        }
    }
}
