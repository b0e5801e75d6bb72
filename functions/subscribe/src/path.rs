//! The endpoints and deliveries that paths name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use runtime::http::Problem;
use runtime::http::request::path;
use utoipa::IntoParams;
use webhooks::{DeliveryId, EndpointId};

/// The endpoint that a path names.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub(crate) struct EndpointPath(
    /// The endpoint's id
    #[param(value_type = String, pattern = "^ep_[0-9a-hjkmnp-tv-z]{26}$")]
    pub(crate) EndpointId,
);

/// The delivery that a path names.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub(crate) struct DeliveryPath(
    /// The delivery's id
    #[param(value_type = String, pattern = "^dlv_[0-9a-f]{32}$")]
    pub(crate) DeliveryId,
);

impl<S: Send + Sync> FromRequestParts<S> for EndpointPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        EndpointId::parse(&path::<S, String>(parts, state).await?)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no endpoint").with_field("id", error))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DeliveryPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        DeliveryId::parse(&path::<S, String>(parts, state).await?)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no delivery").with_field("id", error))
    }
}
