//! The cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use artifacts::Artifacts;
use domain::Timestamp;
use monitor::Monitor;

use crate::circuit::Circuit;
use crate::flights::Flights;
use crate::generations::Generations;
use crate::l1::L1;
use crate::level::{Holder, Level};
use crate::shared::within;
use crate::stats::Counters;
use crate::timing::Timing;
use crate::{CacheConfig, CacheConfigError, Kind, LevelError, Name, Policies, Stats, Tag};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long tags keep their versions: longer than any value. A tag that lost its version costs misses, never a wrong value.
pub(crate) const TAG_KEEP: Duration = Duration::from_hours(16 * 24);

/// How long removing, invalidating and checking may take: nobody waits for them who could do without.
const PATIENCE: Duration = Duration::from_secs(2);

/// The cache. Cheap to clone: clones are one cache.
#[derive(Clone)]
pub struct Cache(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) on: bool,
    pub(crate) policies: Policies,
    pub(crate) clock: Clock,
    pub(crate) l1: L1,
    pub(crate) generations: Generations,
    pub(crate) flights: Flights,
    pub(crate) shared: Option<Arc<Circuit>>,
    pub(crate) artifacts: Option<Artifacts>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) ids: Ids,
    pub(crate) timing: Option<Timing>,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field(
                "shared",
                &self.0.shared.as_ref().map(|shared| shared.level().name()),
            )
            .finish_non_exhaustive()
    }
}

/// What a cache is made of.
pub struct CacheBuilder {
    config: CacheConfig,
    clock: Clock,
    policies: Policies,
    level: Option<Arc<dyn Level>>,
    artifacts: Option<Artifacts>,
    monitor: Option<Monitor>,
}

impl CacheBuilder {
    /// How each kind is kept, if not as it comes.
    #[must_use]
    pub fn policies(mut self, policies: Policies) -> Self {
        self.policies = policies;
        self
    }

    /// The level that processes share; without one, each process keeps its own.
    #[must_use]
    pub fn shared(mut self, level: Arc<dyn Level>) -> Self {
        self.level = Some(level);
        self
    }

    /// Where values go that are too large for the levels; without it they are not kept.
    #[must_use]
    pub fn artifacts(mut self, artifacts: Artifacts) -> Self {
        self.artifacts = Some(artifacts);
        self
    }

    /// Who records how long requests take, and takes what is counted: by kind, under the names of [`crate::KindStats`].
    #[must_use]
    pub fn monitor(mut self, monitor: Monitor) -> Self {
        self.monitor = Some(monitor);
        self
    }

    /// The cache. Nothing is sent.
    pub fn build(self) -> Result<Cache, CacheConfigError> {
        let counters = Arc::new(Counters::default());
        let timing = self.monitor.map(|monitor| {
            let counters = Arc::clone(&counters);
            monitor.sample(Box::new(move || counters.named()));
            Timing::new(&monitor)
        });
        let (items, bytes) = (self.config.l1_items, self.config.l1_bytes);
        Ok(Cache(Arc::new(Inner {
            on: self.config.on,
            policies: self.policies,
            clock: self.clock,
            l1: L1::new(items, bytes, Arc::clone(&counters))?,
            generations: Generations::default(),
            flights: Flights::default(),
            shared: self.level.map(|level| Arc::new(Circuit::new(level))),
            artifacts: self.artifacts,
            counters,
            ids: Ids::new()?,
            timing,
        })))
    }
}

impl Cache {
    /// A cache of this size, by this clock.
    pub fn builder(config: &CacheConfig, clock: Clock) -> CacheBuilder {
        CacheBuilder {
            config: config.clone(),
            clock,
            policies: Policies::default(),
            level: None,
            artifacts: None,
            monitor: None,
        }
    }

    /// Removes a value everywhere, and keeps flights under way from putting it back. Other processes may believe their own copy for as long as the
    /// kind's policy says (`l1_ms`). An error says that the shared level still has it: try again.
    pub async fn remove(&self, kind: Kind, key: impl AsRef<[u8]>) -> Result<(), LevelError> {
        let name = Name::new(kind, key.as_ref());
        let forget = || {
            self.0.generations.raise_name(&name);
            self.0.l1.remove(&name);
        };
        forget();
        let removed = match &self.0.shared {
            Some(shared) => within(shared, PATIENCE, shared.level().remove(&name)).await,
            None => Ok(()),
        };
        // Again: what was read from the shared level before it was removed there may have been put in meanwhile.
        forget();
        removed
    }

    /// Makes all that hangs on a tag a miss, and keeps flights under way from putting it back. Other processes may believe their own copies for as
    /// long as the kinds' policies say (`l1_ms`). An error says that the shared level still has them: try again.
    pub async fn invalidate(&self, tag: Tag) -> Result<(), LevelError> {
        self.0.generations.raise_tag(&tag);
        let changed = match &self.0.shared {
            Some(shared) => {
                let version = self.0.ids.version();
                let change = shared.level().change_tag(&tag, version, TAG_KEEP);
                within(shared, PATIENCE, change).await
            }
            None => Ok(()),
        };
        self.0.generations.raise_tag(&tag);
        changed
    }

    /// Whether the shared level answers and takes values. Without one there is nothing to check.
    pub async fn check(&self) -> Result<(), LevelError> {
        match &self.0.shared {
            Some(shared) => within(shared, PATIENCE, shared.level().check()).await,
            None => Ok(()),
        }
    }

    /// What was counted since this cache was made.
    pub fn snapshot(&self) -> Stats {
        self.0.counters.snapshot(self.0.l1.size())
    }
}

/// Ids and versions that nobody else gives.
pub(crate) struct Ids {
    seed: [u8; 16],
    given: AtomicU64,
}

impl Ids {
    fn new() -> Result<Self, CacheConfigError> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed).map_err(|error| CacheConfigError::Random {
            reason: error.to_string(),
        })?;
        Ok(Self {
            seed,
            given: AtomicU64::new(0),
        })
    }

    fn digest(&self) -> blake3::Hash {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        blake3::Hasher::new()
            .update(&self.seed)
            .update(&number.to_le_bytes())
            .finalize()
    }

    pub(crate) fn holder(&self) -> Holder {
        Holder::new(self.digest().to_hex().chars().take(32).collect())
    }

    pub(crate) fn version(&self) -> u64 {
        let digest = self.digest();
        digest
            .as_bytes()
            .first_chunk::<8>()
            .map_or(1, |bytes| u64::from_le_bytes(*bytes))
    }
}
