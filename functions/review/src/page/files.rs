//! `GET /review/{run}/files/{name}`.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use runtime::http::Problem;

use super::access::Visitor;
use super::answer::{Refused, guarded};
use super::range::{Asked, Part, part};
use crate::api::Api;
use crate::assessed::video;
use crate::problems::Pages;

/// How long a link that is redirected to may be followed: a video is fetched piece by piece while it is watched.
const VALID: Duration = Duration::from_mins(30);

/// The file that a path names.
pub(crate) struct FileName(String);

impl<S: Send + Sync> FromRequestParts<S> for FileName {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let named = path.ok().and_then(|Path(named)| named.into_iter().nth(1));
        named
            .map(|(_, name)| Self(name))
            .ok_or_else(|| Problem::not_found("the address names no file").into())
    }
}

/// A file of the page of a review
///
/// For who has the page's cookie. In the cloud the answer leads to a link that holds for some minutes; a laptop sends the file itself, or
/// the part of it that is asked for.
#[utoipa::path(
    get,
    path = "/review/{run}/files/{name}",
    tag = "reviews",
    operation_id = "getReviewFile",
    security(()),
    params(
        ("run" = String, Path, description = "The run's id", pattern = "^[0-9a-hjkmnp-tv-z]{26}$"),
        ("name" = String, Path, description = "The file's name, as the run lists it", example = "final.mp4")
    ),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "video/mp4"), (String = "text/vtt"), (String = "application/x-subrip"), (Vec<u8> = "image/png"),
            (String = "application/json")
        )),
        (status = 206, description = "The part that was asked for", content(
            (Vec<u8> = "video/mp4"), (String = "text/vtt"), (String = "application/x-subrip"), (Vec<u8> = "image/png"),
            (String = "application/json")
        )),
        (status = 302, description = "Where the file is for now", headers(("Location" = String, description = "A link that needs no cookie"))),
        (status = 416, description = "The file has no such part"),
        Pages
    )
)]
pub(crate) async fn get_review_file(
    State(api): State<Api>,
    visitor: Visitor,
    FileName(name): FileName,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let run = api.runs.store.run(&visitor.run).await?;
    let video = video(&api, &run).await?;
    let files = video.as_ref().map(domain::Video::files);
    let file = files
        .iter()
        .flatten()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| Problem::not_found("the video has no such file, or isn't made yet"))?;
    let (name, file) = *file;
    let artifacts = &api.runs.artifacts;
    let unavailable = |error| Problem::unavailable(&error);
    if let Some(link) = artifacts
        .link(file, name, VALID)
        .await
        .map_err(unavailable)?
    {
        let to = [(header::LOCATION, link.to_string())];
        return Ok((StatusCode::FOUND, guarded(), to).into_response());
    }
    let bytes = artifacts.get(file).await.map_err(unavailable)?;
    let of_file = [
        (
            header::CONTENT_TYPE,
            file.media_type.content_type().to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}\""),
        ),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    let length = bytes.len();
    Ok(match part(asked.get(header::RANGE), length) {
        Asked::Whole => (guarded(), of_file, bytes).into_response(),
        Asked::Part(Part { first, last }) => {
            let place = [(
                header::CONTENT_RANGE,
                format!("bytes {first}-{last}/{length}"),
            )];
            let part = Body::from(bytes.slice(first..=last));
            (StatusCode::PARTIAL_CONTENT, guarded(), of_file, place, part).into_response()
        }
        Asked::Beyond => {
            let length = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, guarded(), length).into_response()
        }
    })
}
