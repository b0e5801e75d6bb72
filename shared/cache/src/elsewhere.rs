//! Values that are too large for the levels lie among the artifacts.

use std::time::Duration;

use artifacts::{ArtifactError, Artifacts};
use bytes::Bytes;
use domain::ContentKey;
use tokio::time::timeout;

use crate::ask::Request;

/// The space of the artifacts that holds them.
const SPACE: &str = "cache";

/// How long the artifacts may take for a value. They are asked only for large ones, whose sources take longer.
const LIMIT: Duration = Duration::from_secs(10);

impl Request<'_> {
    /// Puts a value among the artifacts; nothing if there are none, or they fail.
    pub(crate) async fn put_elsewhere(&self, value: Bytes) -> Option<ContentKey> {
        let Some(artifacts) = &self.cache.artifacts else {
            self.counters.too_large.add(1);
            return None;
        };
        let key = ContentKey::of_bytes(&value);
        self.within(artifacts.put_keyed(SPACE, &key, value))
            .await
            .map(|()| key)
    }

    /// Reads a value from among the artifacts; nothing if it is not there any more, or they fail.
    pub(crate) async fn get_elsewhere(&self, key: &ContentKey) -> Option<Bytes> {
        let found = match &self.cache.artifacts {
            Some(artifacts) => self.find(artifacts, key).await?,
            None => None,
        };
        if found.is_none() {
            self.counters.lost.add(1);
        }
        found
    }

    /// Nothing on the outside if the artifacts fail, nothing on the inside if they don't have it.
    async fn find(&self, artifacts: &Artifacts, key: &ContentKey) -> Option<Option<Bytes>> {
        self.within(artifacts.get_keyed(SPACE, key)).await
    }

    async fn within<T>(
        &self,
        request: impl Future<Output = Result<T, ArtifactError>>,
    ) -> Option<T> {
        match timeout(LIMIT, request).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a large value of the cache can't be put or got");
                self.counters.artifact_errors.add(1);
                None
            }
            Err(_) => {
                self.counters.artifact_errors.add(1);
                None
            }
        }
    }
}
