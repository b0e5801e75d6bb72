//! The runs that paths name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::RunId;
use runtime::http::Problem;
use runtime::http::request::path;

/// The run that a path names.
pub(crate) struct RunPath(pub(crate) RunId);

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id: String = path(parts, state).await?;
        RunId::parse(&id)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no run").with_field("run", error))
    }
}
