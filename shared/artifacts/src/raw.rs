//! Objects by their own keys: what other services put into the bucket, and what is put there for them.

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use crate::{ArtifactError, Artifacts};

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// How long it is, in bytes.
    pub bytes: u64,
    /// Its entity tag, without quotes: another one each time something else is written. Folders have coarser ones than S3.
    pub tag: String,
}

impl Artifacts {
    /// What is known of the object of a key, if there is one.
    pub async fn find_raw(&self, key: &str) -> Result<Option<RawObject>, ArtifactError> {
        match self.store().await?.head(&path_of(key)?).await {
            Ok(found) => Ok(Some(RawObject {
                bytes: found.size,
                tag: found.e_tag.unwrap_or_default().trim_matches('"').to_owned(),
            })),
            Err(error) => self.none_if_missing(format!("looking for {key}"), &error),
        }
    }

    /// The object of a key, if there is one. More bytes than `limit` are refused without being read.
    pub async fn read_raw(&self, key: &str, limit: u64) -> Result<Option<Bytes>, ArtifactError> {
        self.read_at_most(&path_of(key)?, limit).await
    }

    /// Writes an object under a key. What was there is replaced.
    pub async fn write_raw(&self, key: &str, bytes: Bytes) -> Result<(), ArtifactError> {
        self.write(&path_of(key)?, PutPayload::from_bytes(bytes))
            .await
    }

    /// Puts an object under another key; what was there is replaced. Its bytes don't pass through here, so it may be of any size.
    /// Answers whether there was anything to move.
    pub async fn move_raw(&self, from: &str, to: &str) -> Result<bool, ArtifactError> {
        let (from, to) = (path_of(from)?, path_of(to)?);
        match self.store().await?.rename(&from, &to).await {
            Ok(()) => Ok(true),
            Err(error) => {
                self.none_if_missing::<()>(format!("moving {from} to {to}"), &error)?;
                Ok(false)
            }
        }
    }

    /// What an error means where nothing needs to be there.
    fn none_if_missing<T>(
        &self,
        doing: String,
        error: &object_store::Error,
    ) -> Result<Option<T>, ArtifactError> {
        match self.failed(doing, error) {
            missing @ ArtifactError::NoBucket { .. } => Err(missing),
            _ if matches!(error, object_store::Error::NotFound { .. }) => Ok(None),
            failure => Err(failure),
        }
    }
}

/// The path that is this key to the letter. There are keys without one: S3 allows `a//b` and `..`, which no folder could hold.
fn path_of(key: &str) -> Result<Path, ArtifactError> {
    let bad = |reason: String| ArtifactError::BadKey {
        key: key.chars().take(200).collect(),
        reason,
    };
    let path = Path::parse(key).map_err(|error| bad(error.to_string()))?;
    if path.as_ref() == key && !key.is_empty() {
        Ok(path)
    } else {
        Err(bad("it is empty, or begins or ends with a slash".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[tokio::test]
    async fn an_object_moves_with_its_bytes_and_leaves_nothing_behind() {
        let artifacts = Artifacts::memory();
        let bytes = Bytes::from_static(b"topic: [");
        artifacts
            .write_raw("briefs/a.yaml", bytes.clone())
            .await
            .unwrap();
        let (from, to) = ("briefs/a.yaml", "failed/a.yaml");
        assert!(artifacts.move_raw(from, to).await.unwrap());
        assert_eq!(artifacts.read_raw(from, 100).await.unwrap(), None);
        assert_eq!(artifacts.read_raw(to, 100).await.unwrap(), Some(bytes));
        assert!(!artifacts.move_raw(from, to).await.unwrap());
    }

    #[tokio::test]
    async fn an_object_is_known_by_another_tag_once_it_is_written_again() {
        let artifacts = Artifacts::memory();
        assert_eq!(artifacts.find_raw("a").await.unwrap(), None);
        artifacts.write_raw("a", "one".into()).await.unwrap();
        let first = artifacts.find_raw("a").await.unwrap().unwrap();
        assert_eq!(first.bytes, 3);
        artifacts.write_raw("a", "two".into()).await.unwrap();
        let second = artifacts.find_raw("a").await.unwrap().unwrap();
        assert_ne!(first.tag, second.tag);
    }

    #[test]
    fn a_key_is_taken_to_the_letter_or_refused() {
        for key in ["briefs/a.json", "briefs/a b+c%20\u{e9}.yaml", "a"] {
            assert!(path_of(key).is_ok_and(|path| path.as_ref() == key), "{key}");
        }
        for key in ["", "/", "/a", "a/", "a//b", "a/../b", "./a", "a\nb"] {
            assert!(
                matches!(path_of(key), Err(ArtifactError::BadKey { .. })),
                "{key:?}"
            );
        }
    }
}
