//! `POST /v1/runs/{id}/cancel` and `/redrive`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use runtime::http::Problem;

use crate::api::Api;
use crate::path::RunPath;
use crate::show::view;
use crate::view::RunView;
use runtime::http::Submitter;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Conflicts, Missing, Refusals};

/// Cancel a run
///
/// Nothing is paid for from then on. What its tasks made is kept: redriving it goes on from there.
#[utoipa::path(
    post,
    path = "/v1/runs/{id}/cancel",
    tag = "runs",
    operation_id = "cancelRun",
    security(("key" = ["submit"])),
    params(RunPath),
    responses((status = 202, description = "The run, cancelled; tasks that were at work end soon", body = RunView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn cancel_run(
    State(api): State<Api>,
    _: Submitter,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<(StatusCode, Json<RunView>), Problem> {
    let run = api.runs.cancel(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&api, run).await?)))
}

/// Go on with a run
///
/// With one that failed or was cancelled. What succeeded isn't made again.
#[utoipa::path(
    post,
    path = "/v1/runs/{id}/redrive",
    tag = "runs",
    operation_id = "redriveRun",
    security(("key" = ["submit"])),
    params(RunPath),
    responses((status = 202, description = "The run, running again", body = RunView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn redrive_run(
    State(api): State<Api>,
    _: Submitter,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<(StatusCode, Json<RunView>), Problem> {
    let run = api.runs.redrive(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&api, run).await?)))
}
