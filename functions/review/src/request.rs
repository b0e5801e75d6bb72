//! Paths, queries and bodies of requests: what a route doesn't know is refused, not passed over.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
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
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        RunId::parse(&id)
            .map(Self)
            .map_err(|error| Problem::invalid("the path names no run").with_field("run", error))
    }
}

/// A JSON document of one form.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_of(request.headers(), "application/json") {
            return Err(unsupported("this is sent as application/json"));
        }
        let bytes = body(request, state).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem::invalid(format!("the body can't be read: {error}")))
    }
}

/// A body, as far as one is taken.
pub(crate) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large("the body is larger than any that is taken here")
            } else {
                Problem::invalid(rejection.body_text())
            }
        })
}

/// Whether a body is of a media type, whatever its parameters. Two headers that say different things say nothing.
pub(crate) fn is_of(headers: &HeaderMap, media_type: &str) -> bool {
    let mut sent = headers.get_all(header::CONTENT_TYPE).iter();
    let value = sent.next().and_then(|value| value.to_str().ok());
    let named = value.and_then(|value| value.split(';').next());
    sent.next().is_none() && named.is_some_and(|name| name.trim().eq_ignore_ascii_case(media_type))
}

pub(crate) fn unsupported(detail: &str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "Unsupported media type",
        detail,
    )
}

pub(crate) fn too_large(detail: impl ToString) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "Too large",
        detail,
    )
}
