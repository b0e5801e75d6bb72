//! Where artifacts are kept.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path};

use crate::ArtifactError;

/// The artifact store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Artifacts {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// What people know the place by.
    pub(crate) place: Arc<str>,
}

impl Artifacts {
    /// Keeps artifacts in a folder, made if it isn't there.
    pub fn folder(dir: &Path) -> Result<Self, ArtifactError> {
        let place = dir.display().to_string();
        let doing = "opening the folder for artifacts";
        std::fs::create_dir_all(dir).map_err(|error| ArtifactError::io(doing, &place, &error))?;
        let store = LocalFileSystem::new_with_prefix(dir)
            .map_err(|error| ArtifactError::io(doing, &place, &error))?;
        Ok(Self::new(Arc::new(store), place))
    }

    /// Keeps artifacts in memory, for tests.
    pub fn memory() -> Self {
        Self::new(Arc::new(InMemory::new()), "memory")
    }

    /// Keeps artifacts in any object store; `place` is what error messages call it.
    pub fn new(store: Arc<dyn ObjectStore>, place: impl Into<String>) -> Self {
        Self {
            store,
            place: place.into().into(),
        }
    }

    pub(crate) async fn write(
        &self,
        at: &path::Path,
        payload: PutPayload,
    ) -> Result<(), ArtifactError> {
        let doing = || format!("writing {at}");
        self.store
            .put(at, payload)
            .await
            .map_err(|error| ArtifactError::io(doing(), &self.place, &error))?;
        Ok(())
    }

    /// What is at a path, if anything is.
    pub(crate) async fn read(
        &self,
        at: &path::Path,
    ) -> Result<Option<bytes::Bytes>, ArtifactError> {
        let answer = match self.store.get(at).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(ArtifactError::io(
                format!("reading {at}"),
                &self.place,
                &error,
            )),
        }
    }
}
