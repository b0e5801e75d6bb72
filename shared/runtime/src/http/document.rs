//! Documents that lie in the artifacts, as routes read them.

use artifacts::ArtifactError;
use cache::{Kind, Made};
use domain::ArtifactRef;
use serde::de::DeserializeOwned;

use super::Problem;
use crate::Runs;

/// Reads a JSON document; `what` tells people which. Its name says what it holds, so one that was read before holds good for ever.
pub async fn document<T: DeserializeOwned>(
    runs: &Runs,
    what: &str,
    document: &ArtifactRef,
) -> Result<T, Problem> {
    let read = async || {
        let bytes = runs.artifacts.get(document).await?;
        Ok::<_, ArtifactError>(Made::new(bytes))
    };
    let key = document.key.as_str();
    let answer = match runs
        .cache
        .get_or_compute(Kind::ApiResponse, key, &[], read)
        .await
    {
        Ok(answer) => answer,
        Err(error) if error.retryable() => return Err(Problem::unavailable(&error)),
        Err(error) => return Err(Problem::internal(&format!("{what}: {error}"))),
    };
    serde_json::from_slice(&answer.value.unwrap_or_default())
        .map_err(|error| Problem::internal(&format!("{what}: {error}")))
}
