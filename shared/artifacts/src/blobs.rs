//! Blobs: bytes named by their digest.

use bytes::Bytes;
use domain::{ArtifactRef, ContentKey, MediaType};
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use crate::{ArtifactError, Artifacts};

impl Artifacts {
    /// Stores bytes and gives the reference to them. Bytes that are there already are not written again, unless what is there is
    /// damaged: then it is mended.
    pub async fn put(
        &self,
        bytes: Bytes,
        media_type: MediaType,
    ) -> Result<ArtifactRef, ArtifactError> {
        let reference = ArtifactRef {
            key: ContentKey::of_bytes(&bytes),
            media_type,
            bytes: bytes.len() as u64,
        };
        // Bytes are written again only when a task is made again, so reading them here is rare, and cheaper than making them was.
        if !self.exists(&reference).await? || self.get(&reference).await.is_err() {
            self.write(&path_of(&reference), PutPayload::from_bytes(bytes))
                .await?;
        }
        Ok(reference)
    }

    /// Reads a blob and checks that it is what was written.
    pub async fn get(&self, reference: &ArtifactRef) -> Result<Bytes, ArtifactError> {
        let path = path_of(reference);
        let Some(bytes) = self.read(&path).await? else {
            return Err(ArtifactError::NotFound {
                name: path.to_string(),
                place: self.place.to_string(),
            });
        };
        let found = ContentKey::of_bytes(&bytes);
        if found == reference.key {
            return Ok(bytes);
        }
        let reason = if bytes.len() as u64 == reference.bytes {
            format!("its digest is {}", found.short())
        } else {
            format!(
                "it has {} bytes instead of {}",
                bytes.len(),
                reference.bytes
            )
        };
        Err(ArtifactError::Damaged {
            name: path.to_string(),
            place: self.place.to_string(),
            reason,
        })
    }

    /// Whether a blob is there in its full length. Its digest is not checked: reading it does.
    pub async fn exists(&self, reference: &ArtifactRef) -> Result<bool, ArtifactError> {
        let path = path_of(reference);
        match self.store().await?.head(&path).await {
            Ok(found) => Ok(found.size == reference.bytes),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed(format!("looking for {path}"), &error)),
        }
    }
}

/// `blobs/ab/<digest>.<ending>`: 256 folders keep each of them small.
pub(crate) fn path_of(reference: &ArtifactRef) -> Path {
    let key = reference.key.as_str();
    Path::from(format!(
        "blobs/{}/{key}.{}",
        &key[..2],
        reference.media_type.extension()
    ))
}
