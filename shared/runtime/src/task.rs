//! The task contract.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::{ArtifactRef, ContentKey, MediaType, Sprite};
use providers::{Answer, MovingPiece};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::attempt::{Answered, Ask, Stop};
use crate::{Inputs, Services, TaskError};

/// One task of a workflow. The wrapper around it ([`crate::attempt`]) does leases, content keys, retries' bookkeeping and rows.
#[async_trait]
pub trait Task: Send + Sync + 'static {
    /// The name that workflows use.
    const NAME: &'static str;
    /// Counts up whenever the same input would give another output: part of the content key.
    const VERSION: u32;
    /// What it needs, and nothing else: its canonical JSON is part of the content key.
    type Input: Serialize + Send + Sync;
    /// What it makes.
    type Output: Serialize + DeserializeOwned + Send + Sync;

    /// The provider chosen and all of its settings that change the output: part of the content key.
    fn fingerprint(services: &Services) -> String;

    /// Takes from the round's outputs what this task (or this item of it) needs.
    async fn project(inputs: &Inputs<'_>, item: Option<u32>) -> Result<Self::Input, TaskError>;

    /// Does the work.
    async fn run(
        context: &TaskContext<'_>,
        input: Self::Input,
    ) -> Result<Answer<Self::Output>, TaskError>;

    /// Whether the same work asked again may be answered with this: not if something failed that may work the next time.
    fn keeps(_output: &Self::Output) -> bool {
        true
    }

    /// The few facts that `when` and `for_each` of later tasks read: a JSON object of at most 256 bytes.
    fn facts(_output: &Self::Output) -> Value {
        json!({})
    }
}

/// What a task works with while it runs.
pub struct TaskContext<'a> {
    services: &'a Services,
    stored: Mutex<Vec<ArtifactRef>>,
}

impl<'a> TaskContext<'a> {
    pub(crate) fn new(services: &'a Services) -> Self {
        Self {
            services,
            stored: Mutex::new(Vec::new()),
        }
    }

    /// Who writes, speaks and draws, and where things are kept.
    pub fn services(&self) -> &Services {
        self.services
    }

    /// Stores a blob that the output refers to.
    pub async fn store(
        &self,
        bytes: Vec<u8>,
        media_type: MediaType,
    ) -> Result<ArtifactRef, TaskError> {
        let stored = self
            .services
            .artifacts
            .put(bytes.into(), media_type)
            .await?;
        self.stored
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(stored.clone());
        Ok(stored)
    }

    /// Stores the pictures of what comes in, in its order.
    pub async fn store_sprites(&self, pieces: Vec<MovingPiece>) -> Result<Vec<Sprite>, TaskError> {
        let mut sprites = Vec::with_capacity(pieces.len());
        for piece in pieces {
            sprites.push(Sprite {
                image: self.store(piece.png, MediaType::Png).await?,
                x: piece.x,
                y: piece.y,
                planned_ms: piece.planned_ms,
                word: piece.word,
                enter: piece.enter,
                after_ms: piece.after_ms,
                takes_ms: piece.takes_ms,
                lasts_ms: piece.lasts_ms,
            });
        }
        Ok(sprites)
    }

    /// Loads a blob.
    pub async fn load(&self, stored: &ArtifactRef) -> Result<Vec<u8>, TaskError> {
        Ok(self.services.artifacts.get(stored).await?.to_vec())
    }

    /// Loads a blob if there is one.
    pub async fn load_optional(
        &self,
        stored: Option<&ArtifactRef>,
    ) -> Result<Option<Vec<u8>>, TaskError> {
        match stored {
            Some(stored) => Ok(Some(self.load(stored).await?)),
            None => Ok(None),
        }
    }

    pub(crate) fn into_stored(self) -> Vec<ArtifactRef> {
        self.stored
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A task behind one type, so that one process can hold them all.
#[async_trait]
pub trait AnyTask: Send + Sync {
    /// Runs one attempt under the contract; see [`crate::attempt`].
    async fn attempt(
        &self,
        services: &Services,
        ask: &Ask,
        stop: Stop<'_>,
    ) -> Result<Answered, TaskError>;
}

struct Wrapped<T>(std::marker::PhantomData<fn() -> T>);

#[async_trait]
impl<T: Task> AnyTask for Wrapped<T> {
    async fn attempt(
        &self,
        services: &Services,
        ask: &Ask,
        stop: Stop<'_>,
    ) -> Result<Answered, TaskError> {
        crate::attempt::<T>(services, ask, stop).await
    }
}

/// The tasks that a process knows, by name.
#[derive(Default)]
pub struct Tasks(BTreeMap<&'static str, Box<dyn AnyTask>>);

impl Tasks {
    /// Adds a task.
    #[must_use]
    pub fn with<T: Task>(mut self) -> Self {
        self.0
            .insert(T::NAME, Box::new(Wrapped::<T>(std::marker::PhantomData)));
        self
    }

    /// Finds a task.
    pub fn get(&self, name: &str) -> Option<&dyn AnyTask> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// The names known.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// The content key of a task's result: task, version, canonical JSON of the projected input, fingerprint of the provider.
///
/// serde writes a type's fields in their order of declaration and the domain's maps are ordered, so equal inputs give equal text.
pub(crate) fn content_key<T: Task>(
    input: &T::Input,
    fingerprint: &str,
) -> Result<ContentKey, TaskError> {
    let canonical = serde_json::to_vec(input).map_err(|error| {
        TaskError::Permanent(format!("the input of {} is no JSON: {error}", T::NAME))
    })?;
    Ok(ContentKey::of(&[
        T::NAME.as_bytes(),
        &T::VERSION.to_le_bytes(),
        &canonical,
        fingerprint.as_bytes(),
    ]))
}
