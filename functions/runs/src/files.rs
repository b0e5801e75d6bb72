//! `GET /v1/runs/{id}/files/{name}`.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Video;
use runtime::http::Problem;

use crate::api::Api;
use crate::path::FilePath;
use crate::show::video;
use runtime::http::Reader;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Missing, Refusals, Unchanged};

/// How long a link that is redirected to may be followed.
const VALID: Duration = Duration::from_mins(15);

/// A file of a run
///
/// In the cloud the answer leads to a link that holds for some minutes; a laptop sends the file itself.
#[utoipa::path(
    get,
    path = "/v1/runs/{id}/files/{name}",
    tag = "runs",
    operation_id = "getFile",
    security(("key" = ["read"])),
    params(FilePath),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "video/mp4"), (String = "text/vtt"), (String = "application/x-subrip"), (Vec<u8> = "image/png"),
            (String = "application/json")
        )),
        (status = 302, description = "Where the file is for now", headers(("Location" = String, description = "A link that needs no key"))),
        Unchanged,
        Refusals,
        Missing
    )
)]
pub(crate) async fn get_file(
    State(api): State<Api>,
    _: Reader,
    FilePath(id, name): FilePath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Response, Problem> {
    let (run, rows) = api.runs.store.run_with_tasks(&id, None).await?;
    let video = video(&api, &run, &rows).await?.ok_or_else(|| {
        Problem::not_found(format!("run {id} has no files: its video is not made"))
    })?;
    let files = video.files();
    let file = files.iter().find(|(known, _)| *known == name);
    let (name, file) = file.ok_or_else(|| no_such_file(&video))?;
    let artifacts = &api.runs.artifacts;
    let unavailable = |error| Problem::unavailable(&error);
    if let Some(link) = artifacts
        .link(file, name, VALID)
        .await
        .map_err(unavailable)?
    {
        return Ok((StatusCode::FOUND, [(header::LOCATION, link.to_string())]).into_response());
    }
    let bytes = artifacts.get(file).await.map_err(unavailable)?;
    let headers = [
        // Blobs are named by the digest of what they hold.
        (header::ETAG, format!("W/\"{}\"", file.key)),
        (
            header::CONTENT_TYPE,
            file.media_type.content_type().to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

fn no_such_file(video: &Video) -> Problem {
    let names: Vec<&str> = video.files().into_iter().map(|(name, _)| name).collect();
    Problem::not_found(format!(
        "the run has no such file; it has {}",
        names.join(", ")
    ))
}
