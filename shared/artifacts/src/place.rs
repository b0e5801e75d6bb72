//! Where artifacts are kept.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path};

use crate::ArtifactError;
use crate::bucket::{Bucket, environment};

/// The artifact store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Artifacts {
    keeper: Keeper,
    /// What people know the place by.
    pub(crate) place: Arc<str>,
}

/// Who keeps them.
#[derive(Debug, Clone)]
enum Keeper {
    /// A folder, memory, or whatever was given.
    Given(Arc<dyn ObjectStore>),
    /// S3.
    Bucket(Arc<Bucket>),
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

    /// Keeps artifacts in a bucket of S3. Credentials, region and endpoint come from the process's environment (`AWS_REGION`,
    /// `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` …). Nothing is sent, and no root certificates are read, before the first use.
    pub fn bucket(name: &str) -> Result<Self, ArtifactError> {
        Self::bucket_by(name, environment())
    }

    /// Like [`Self::bucket`], but TLS trusts only these roots (PEM), not the system's, which take long to read.
    pub fn bucket_trusting(name: &str, roots: &'static str) -> Result<Self, ArtifactError> {
        Ok(Self::of_bucket(Bucket::new(
            name,
            environment(),
            Some(roots),
        )?))
    }

    /// Like [`Self::bucket`], by these variables instead of the process's.
    pub fn bucket_by(
        name: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ArtifactError> {
        Ok(Self::of_bucket(Bucket::new(name, environment, None)?))
    }

    fn of_bucket(bucket: Bucket) -> Self {
        let place = bucket.place().into();
        Self {
            keeper: Keeper::Bucket(Arc::new(bucket)),
            place,
        }
    }

    /// Keeps artifacts in memory, for tests.
    pub fn memory() -> Self {
        Self::new(Arc::new(InMemory::new()), "memory")
    }

    /// Keeps artifacts in any object store; `place` is what error messages call it.
    pub fn new(store: Arc<dyn ObjectStore>, place: impl Into<String>) -> Self {
        Self {
            keeper: Keeper::Given(store),
            place: place.into().into(),
        }
    }

    /// The store below.
    pub(crate) async fn store(&self) -> Result<&dyn ObjectStore, ArtifactError> {
        match &self.keeper {
            Keeper::Given(store) => Ok(store.as_ref()),
            Keeper::Bucket(bucket) => Ok(bucket.client().await?),
        }
    }

    /// The bucket, if it is one.
    pub(crate) fn as_bucket(&self) -> Option<&Bucket> {
        match &self.keeper {
            Keeper::Given(_) => None,
            Keeper::Bucket(bucket) => Some(bucket),
        }
    }

    pub(crate) fn failed(
        &self,
        doing: impl Into<String>,
        error: &object_store::Error,
    ) -> ArtifactError {
        match self.as_bucket() {
            Some(bucket) => bucket.failed(doing, error),
            None => ArtifactError::io(doing, &self.place, error),
        }
    }

    pub(crate) async fn write(
        &self,
        at: &path::Path,
        payload: PutPayload,
    ) -> Result<(), ArtifactError> {
        self.store()
            .await?
            .put(at, payload)
            .await
            .map_err(|error| self.failed(format!("writing {at}"), &error))?;
        Ok(())
    }

    /// What is at a path, if anything is.
    pub(crate) async fn read(
        &self,
        at: &path::Path,
    ) -> Result<Option<bytes::Bytes>, ArtifactError> {
        self.read_at_most(at, u64::MAX).await
    }

    /// What is at a path, if anything is, and if it has no more than so many bytes.
    pub(crate) async fn read_at_most(
        &self,
        at: &path::Path,
        limit: u64,
    ) -> Result<Option<bytes::Bytes>, ArtifactError> {
        let answer = match self.store().await?.get(at).await {
            Ok(found) if found.meta.size > limit => {
                return Err(ArtifactError::TooLarge {
                    name: at.to_string(),
                    place: self.place.to_string(),
                    bytes: found.meta.size,
                    limit,
                });
            }
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => match self.failed(format!("reading {at}"), &error) {
                missing @ ArtifactError::NoBucket { .. } => Err(missing),
                _ if matches!(error, object_store::Error::NotFound { .. }) => Ok(None),
                failure => Err(failure),
            },
        }
    }
}
