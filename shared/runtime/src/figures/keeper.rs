//! Keeping what was recorded, by minute and by day.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use monitor::Figures;
use store::{Addition, Grain, Store, StoreError};
use tokio::task::JoinHandle;

use crate::Clock;

/// How many batches wait at most for a store that takes none: four hours of them. Beyond that the oldest are forgotten.
const MOST_WAITING: usize = 241;

/// Takes what a store's monitor recorded and adds it to the figures that the store keeps. Nothing that it took is lost while the process lives,
/// and nothing is added twice.
#[derive(Clone)]
pub struct Keeper(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    /// Names this keeper: no other has the same.
    name: String,
    waiting: Mutex<Waiting>,
    /// Held while batches are written: one after the other, so that none is written twice at once.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    batches: VecDeque<Batch>,
    made: u64,
}

/// What is to be added to one minute or day.
#[derive(Clone)]
struct Batch {
    grain: Grain,
    begin: Timestamp,
    figures: Arc<Figures>,
    token: String,
    /// Whether writing it began: it may be written, and nothing may be added to it any more.
    tried: bool,
}

impl Keeper {
    /// Keeps what `store` records, in `store`.
    pub fn new(store: Store, clock: Clock) -> Self {
        let draw = || RandomState::new().hash_one(std::process::id());
        Self(Arc::new(Inner {
            store,
            clock,
            name: format!("{:016x}{:016x}", draw(), draw()),
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Takes what was recorded since the last time, counts it to this minute and day, and gives it. It waits to be written.
    pub fn take(&self) -> Figures {
        let figures = self.0.store.monitor().drain();
        if figures.is_empty() {
            return figures;
        }
        let now = (self.0.clock)();
        let mut waiting = self.waiting();
        for grain in [Grain::Minute, Grain::Day] {
            waiting.add(&self.0.name, grain, grain.begin(now), &figures);
        }
        figures
    }

    /// Takes what was recorded, and writes what waits. What can't be written waits for the next time.
    pub async fn keep(&self) -> Result<(), StoreError> {
        self.take();
        self.write().await
    }

    /// Whether anything that was taken is still to be written.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting().batches.is_empty()
    }

    /// Writes what waits.
    async fn write(&self) -> Result<(), StoreError> {
        let _alone = self.0.writing.lock().await;
        while let Some(batch) = self.next() {
            let addition = Addition {
                grain: batch.grain,
                at: batch.begin,
                figures: &batch.figures,
                token: &batch.token,
                again: batch.tried,
            };
            self.0.store.add_figures(&addition).await?;
            self.waiting()
                .batches
                .retain(|waits| waits.token != batch.token);
        }
        Ok(())
    }

    /// The batch that waits longest, as it was before: from now on it counts as tried.
    fn next(&self) -> Option<Batch> {
        let mut waiting = self.waiting();
        let first = waiting.batches.front_mut()?;
        let batch = first.clone();
        first.tried = true;
        Some(batch)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what is recorded, so often, until [`Keeping::end`].
    pub fn keep_each(self, time: Duration) -> Keeping {
        let keeper = self.clone();
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(time).await;
                keeper.keep_or_tell().await;
            }
        });
        Keeping { keeper: self, task }
    }

    async fn keep_or_tell(&self) {
        self.take();
        self.write_or_tell().await;
    }

    /// Writes what waits. Trouble with that is logged.
    pub(crate) async fn write_or_tell(&self) {
        if let Err(error) = self.write().await {
            tracing::warn!(%error, "what was recorded can't be kept for now");
        }
    }
}

impl Waiting {
    fn add(&mut self, keeper: &str, grain: Grain, begin: Timestamp, figures: &Figures) {
        let open = self
            .batches
            .iter_mut()
            .find(|batch| batch.grain == grain && batch.begin == begin && !batch.tried);
        if let Some(batch) = open {
            Arc::make_mut(&mut batch.figures).merge(figures);
            return;
        }
        self.made += 1;
        self.batches.push_back(Batch {
            grain,
            begin,
            figures: Arc::new(figures.clone()),
            token: format!("{keeper}.{}", self.made),
            tried: false,
        });
        if self.batches.len() > MOST_WAITING {
            self.batches.pop_front();
            tracing::warn!(
                "the store has taken no figures for hours: the oldest of them are forgotten"
            );
        }
    }
}

/// Figures that are kept from time to time.
pub struct Keeping {
    keeper: Keeper,
    task: JoinHandle<()>,
}

impl Keeping {
    /// Keeps what was recorded up to now, and ends.
    pub async fn end(self) {
        self.task.abort();
        self.keeper.keep_or_tell().await;
    }
}
