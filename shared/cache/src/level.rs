//! What a shared level is.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Name, Tag};

/// Why a shared level did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// It can't be reached, does not answer in time, or is not ready to.
    #[error("{level} does not answer: {reason}: check that it runs and can be reached from here")]
    Unavailable {
        /// Which level.
        level: String,
        /// What is known.
        reason: String,
    },

    /// It answers, and does not let this client in.
    #[error(
        "{level} lets nobody in with these credentials: {reason}: check user and password, or the role's right to connect"
    )]
    Denied {
        /// Which level.
        level: String,
        /// Its own words.
        reason: String,
    },

    /// It takes no values, because what was named is a copy of another.
    #[error("{level} is a read-only replica: name the primary instead")]
    ReadOnly {
        /// Which level.
        level: String,
    },

    /// It takes no more values.
    #[error(
        "{level} is full: {reason}: give it more memory, or let it evict (maxmemory-policy allkeys-lru)"
    )]
    Full {
        /// Which level.
        level: String,
        /// Its own words.
        reason: String,
    },

    /// It refused for another reason that a repetition won't change.
    #[error("{level} refused: {reason}")]
    Refused {
        /// Which level.
        level: String,
        /// Its own words, with what to do where that is known.
        reason: String,
    },
}

impl LevelError {
    /// Whether the level is to be left alone for a while. What it refuses at once costs next to nothing to ask.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Denied { .. })
    }
}

/// How quick a level is, and how long it may keep a request waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// What one request typically takes.
    pub typical: Duration,
    /// The longest that a request to the cache may wait for the level, over all that it asks it.
    pub limit: Duration,
}

impl Pace {
    /// How long a request may wait for the level, when asking the source takes `source`. Nothing if the source is so quick that asking the
    /// level saves no time.
    pub(crate) fn allowance(&self, source: Duration) -> Option<Duration> {
        // A miss makes three requests; a source that is hardly slower than those is asked at once.
        let least = self.typical * 4;
        (source >= least).then(|| (source / 2).clamp(least, self.limit.max(least)))
    }
}

/// What a level has under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The envelope, if there is one.
    pub envelope: Option<Bytes>,
    /// The version of each tag asked for, in the same order; nothing if a tag has none yet.
    pub versions: Vec<Option<u64>>,
}

/// Who holds a lease: no two flights have the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder(String);

impl Holder {
    /// A holder by its id, which must be unlike any other's.
    pub fn new(id: String) -> Self {
        Self(id)
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A level that processes share.
///
/// Levels know nothing of time limits and circuits: whoever asks drops the answer that comes too late. Everything may be repeated, and may
/// have happened though it failed.
#[async_trait]
pub trait Level: Send + Sync + fmt::Debug {
    /// What people know it by, without secrets.
    fn name(&self) -> String;

    /// How quick it is.
    fn pace(&self) -> Pace;

    /// Reads a name, and the versions of tags.
    async fn get(&self, name: &Name, tags: &[Tag]) -> Result<Found, LevelError>;

    /// Takes the lease of a name for so long, unless somebody else has it; and reads as [`Self::get`] does, after that. Says whether `holder`
    /// has the lease now.
    async fn lease(
        &self,
        name: &Name,
        holder: &Holder,
        lease: Duration,
        tags: &[Tag],
    ) -> Result<(bool, Found), LevelError>;

    /// Writes a name, for as long as its value may be of use, and ends the lease; only if `holder` still has it. Says whether it was written.
    async fn put(
        &self,
        name: &Name,
        holder: &Holder,
        envelope: Bytes,
        keep: Duration,
    ) -> Result<bool, LevelError>;

    /// Ends a lease, if `holder` has it.
    async fn release(&self, name: &Name, holder: &Holder) -> Result<(), LevelError>;

    /// Removes a name and its lease, so that whoever holds that can't write any more.
    async fn remove(&self, name: &Name) -> Result<(), LevelError>;

    /// Gives tags that have no version one, `version` or, if somebody else is quicker, theirs; and says which they have.
    async fn settle_tag(&self, tag: &Tag, version: u64, keep: Duration) -> Result<u64, LevelError>;

    /// Gives a tag another version, which must be one that it never had.
    async fn change_tag(&self, tag: &Tag, version: u64, keep: Duration) -> Result<(), LevelError>;

    /// Whether it answers, and takes values: written and removed again.
    async fn check(&self) -> Result<(), LevelError>;

    /// Forgets connections that may be dead.
    fn reconnect(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_for_a_level_follows_from_the_cost_of_the_source_within_the_levels_own_limit() {
        let ms = Duration::from_millis;
        let pace = Pace {
            typical: ms(8),
            limit: ms(250),
        };
        assert_eq!(pace.allowance(ms(20)), None);
        assert_eq!(pace.allowance(ms(40)), Some(ms(32)));
        assert_eq!(pace.allowance(ms(200)), Some(ms(100)));
        assert_eq!(pace.allowance(ms(5000)), Some(ms(250)));
    }
}
