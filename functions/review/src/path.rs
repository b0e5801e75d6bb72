//! The runs that paths name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::RunId;
use runtime::http::Problem;
use runtime::http::request::path;
use utoipa::IntoParams;

/// The run that a path names.
#[derive(IntoParams)]
#[into_params(names("run"), parameter_in = Path)]
pub(crate) struct RunPath(
    /// The run's id
    #[param(value_type = String, pattern = "^[0-9a-hjkmnp-tv-z]{26}$")]
    pub(crate) RunId,
);

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id: String = path(parts, state).await?;
        RunId::parse(&id)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no run").with_field("run", error))
    }
}
