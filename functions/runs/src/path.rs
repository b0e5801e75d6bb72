//! The runs that paths name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::RunId;
use runtime::http::Problem;
use runtime::http::request::path;
use utoipa::IntoParams;

/// The run that a path names.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub(crate) struct RunPath(
    /// The run's id
    #[param(value_type = String, pattern = "^[0-9a-hjkmnp-tv-z]{26}$")]
    pub(crate) RunId,
);

impl<S: Send + Sync> FromRequestParts<S> for RunPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        run_id(&path::<S, String>(parts, state).await?).map(Self)
    }
}

/// The run, and the file of it, that a path names.
#[derive(IntoParams)]
#[into_params(names("id", "name"), parameter_in = Path)]
pub(crate) struct FilePath(
    /// The run's id
    #[param(value_type = String, pattern = "^[0-9a-hjkmnp-tv-z]{26}$")]
    pub(crate) RunId,
    /// The file's name, as the run lists it
    #[param(example = "final.mp4")]
    pub(crate) String,
);

impl<S: Send + Sync> FromRequestParts<S> for FilePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (id, name) = path::<S, (String, String)>(parts, state).await?;
        Ok(Self(run_id(&id)?, name))
    }
}

fn run_id(text: &str) -> Result<RunId, Problem> {
    RunId::parse(text)
        .map_err(|error| Problem::invalid("the path names no run").with_field("id", error))
}
