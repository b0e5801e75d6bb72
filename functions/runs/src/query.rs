//! Paths and queries of requests: what a route doesn't know is refused, not passed over.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use domain::RunId;
use runtime::http::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A query that holds nothing but what `T` has. `T` denies unknown fields.
pub(crate) struct Strict<T>(pub(crate) T);

/// No query at all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Strict<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        Ok(Self(query))
    }
}

/// The run that a path names.
pub(crate) struct RunPath(pub(crate) RunId);

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(not_a_path)?;
        run_id(&id).map(Self)
    }
}

/// The run, and the file of it, that a path names.
pub(crate) struct FilePath(pub(crate) RunId, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for FilePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((id, name)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(not_a_path)?;
        Ok(Self(run_id(&id)?, name))
    }
}

fn not_a_path(rejection: PathRejection) -> Problem {
    Problem::invalid(rejection.body_text())
}

fn run_id(text: &str) -> Result<RunId, Problem> {
    RunId::parse(text)
        .map_err(|error| Problem::invalid("the path names no run").with_field("id", error))
}
