//! JSON documents that lie in the artifacts, for those who tell of an unreadable one in their own words.

use artifacts::Artifacts;
use domain::ArtifactRef;
use serde::de::DeserializeOwned;

/// A stored document, or why it can't be read.
pub(crate) async fn read_document<T: DeserializeOwned>(
    artifacts: &Artifacts,
    stored: &ArtifactRef,
) -> Result<T, String> {
    let bytes = artifacts
        .get(stored)
        .await
        .map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}
