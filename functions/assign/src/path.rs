//! The experiments and units that paths name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use runtime::http::Problem;
use runtime::http::request::path;
use utoipa::IntoParams;

use crate::assignments::{LONGEST_UNIT, too_long};

/// The experiment that a path names.
#[derive(IntoParams)]
#[into_params(names("key"), parameter_in = Path)]
pub(crate) struct ExperimentPath(
    /// The experiment's key
    pub(crate) String,
);

/// The unit that a path names: attribute and value.
#[derive(IntoParams)]
#[into_params(names("attribute", "unit"), parameter_in = Path)]
pub(crate) struct UnitPath(
    /// The attribute that names the unit
    pub(crate) String,
    /// Its value
    pub(crate) String,
);

impl<S: Send + Sync> FromRequestParts<S> for ExperimentPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(path(parts, state).await?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UnitPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (attribute, unit) = path::<S, (String, String)>(parts, state).await?;
        if unit.len() > LONGEST_UNIT {
            return Err(
                Problem::invalid("the path names no unit").with_field("unit", too_long(&unit))
            );
        }
        Ok(Self(attribute, unit))
    }
}
