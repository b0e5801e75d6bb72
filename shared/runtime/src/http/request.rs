//! Paths, queries and bodies of requests: what a route doesn't know is refused, not passed over.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::Problem;

/// A query that holds nothing but what `T` has. `T` denies unknown fields.
pub struct Strict<T>(pub T);

/// No query at all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Strict<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        Ok(Self(query))
    }
}

/// What a path holds in its places: one text, or a tuple of them.
pub async fn path<S: Send + Sync, T: DeserializeOwned + Send>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, Problem> {
    let Path(held) = Path::<T>::from_request_parts(parts, state)
        .await
        .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    Ok(held)
}

/// A JSON document of one form.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if media_type(request.headers()).as_deref() != Some("application/json") {
            return Err(Problem::unsupported("this is sent as application/json"));
        }
        let bytes = body(request, state).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem::invalid(format!("the body can't be read: {error}")))
    }
}

/// A body, as far as one is taken.
pub async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(cause)
                if cause.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Problem::too_large("the body is larger than any that is taken here")
            }
            other => Problem::invalid(other.body_text()),
        })
}

/// The media type of a body, in small letters and without its parameters. Two headers that say different things say nothing.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let mut sent = headers.get_all(header::CONTENT_TYPE).iter();
    let value = sent.next()?.to_str().ok()?;
    if sent.next().is_some() {
        return None;
    }
    let named = value.split(';').next()?;
    Some(named.trim().to_ascii_lowercase())
}

/// How many items a page of a list holds if nothing is said.
const USUAL_PAGE: u32 = 20;

/// How many items a page may hold, where each is read by itself.
pub const LARGEST_PAGE: u32 = 100;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

impl Paging {
    /// How many items it holds.
    pub fn size(&self) -> Result<u32, Problem> {
        page_size(self.limit, LARGEST_PAGE)
    }

    /// Where it begins, if not with the first.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// How many items a page of a list holds: as many as are asked for, up to `most`.
pub fn page_size(asked: Option<u32>, most: u32) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(USUAL_PAGE);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::invalid("the page can't be of this size")
        .with_field("limit", format!("{limit} is not from 1 to {most}")))
}

/// How many characters a brand's name may have.
const BRANDS: RangeInclusive<usize> = 1..=200;

/// Refuses what can't be a brand's name; `advice` ends what is said about it.
pub fn check_brand(brand: &str, advice: &str) -> Result<(), Problem> {
    let length = brand.chars().count();
    if BRANDS.contains(&length) {
        return Ok(());
    }
    let (least, most) = BRANDS.into_inner();
    let told = format!("it has {length} characters: expected {least} to {most}{advice}");
    Err(Problem::invalid("no brand has this name").with_field("brand", told))
}

/// A document in which fields are replaced by those that were sent, and null takes one away: a JSON Merge Patch (RFC 7396) of the
/// outermost level.
pub fn patched<T: Serialize + DeserializeOwned>(
    document: &T,
    fields: Map<String, Value>,
) -> Result<T, serde_json::Error> {
    let mut document = serde_json::to_value(document)?;
    for (name, value) in fields {
        match document.as_object_mut() {
            Some(document) if value.is_null() => document.remove(&name),
            Some(document) => document.insert(name, value),
            None => None,
        };
    }
    serde_json::from_value(document)
}
