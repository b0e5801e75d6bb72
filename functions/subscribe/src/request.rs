//! Paths, queries and bodies of requests: what a route doesn't know is refused, not passed over.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use runtime::http::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use webhooks::{DeliveryId, EndpointId};

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

/// The endpoint that a path names.
pub(crate) struct EndpointPath(pub(crate) EndpointId);

/// The delivery that a path names.
pub(crate) struct DeliveryPath(pub(crate) DeliveryId);

impl<S: Send + Sync> FromRequestParts<S> for EndpointPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        EndpointId::parse(&named(parts, state).await?)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no endpoint").with_field("id", error))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DeliveryPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        DeliveryId::parse(&named(parts, state).await?)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no delivery").with_field("id", error))
    }
}

async fn named<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    let Path(id) = Path::<String>::from_request_parts(parts, state)
        .await
        .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    Ok(id)
}

/// A JSON document of one form.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "Unsupported media type",
                "this is sent as application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    Problem::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "too-large",
                        "Too large",
                        "the body is larger than any that is taken here",
                    )
                } else {
                    Problem::invalid(rejection.body_text())
                }
            })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem::invalid(format!("the body can't be read: {error}")))
    }
}

/// Whether a body is JSON, whatever its parameters. Two headers that say different things say nothing.
fn is_json(headers: &HeaderMap) -> bool {
    let mut sent = headers.get_all(header::CONTENT_TYPE).iter();
    let value = sent.next().and_then(|value| value.to_str().ok());
    let named = value.and_then(|value| value.split(';').next());
    sent.next().is_none()
        && named.is_some_and(|name| name.trim().eq_ignore_ascii_case("application/json"))
}
