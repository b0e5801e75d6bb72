//! `GET /v1/runs/{id}`.

use axum::Json;
use axum::extract::State;
use domain::{Run, TaskRecord, Video};
use runtime::http::{Problem, document};

use crate::api::Api;
use crate::path::RunPath;
use crate::view::RunView;
use runtime::http::Reader;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Missing, Refusals, Unchanged};

/// The task whose output is the video.
const LAST_TASK: &str = "compose";

/// A run
///
/// With its tasks, what they took and cost, and its files once its video is made.
#[utoipa::path(
    get,
    path = "/v1/runs/{id}",
    tag = "runs",
    operation_id = "getRun",
    security(("key" = ["read"])),
    params(RunPath),
    responses((status = 200, description = "The run", body = RunView), Unchanged, Refusals, Missing)
)]
pub(crate) async fn get_run(
    State(api): State<Api>,
    _: Reader,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<RunView>, Problem> {
    let (run, rows) = api.runs.store.run_with_tasks(&id, None).await?;
    view_with(&api, run, &rows).await.map(Json)
}

/// A run as callers see it, where only the run itself is known.
pub(crate) async fn view(api: &Api, run: Run) -> Result<RunView, Problem> {
    let rows = api.runs.store.tasks(&run.id, run.shown_round()).await?;
    view_with(api, run, &rows).await
}

async fn view_with(api: &Api, run: Run, rows: &[TaskRecord]) -> Result<RunView, Problem> {
    let video = video(api, &run, rows).await?;
    Ok(RunView::new(run, rows, video.as_ref()))
}

/// The video of a run, once it is made.
pub(crate) async fn video(
    api: &Api,
    run: &Run,
    rows: &[TaskRecord],
) -> Result<Option<Video>, Problem> {
    if !run.state.is_made() {
        return Ok(None);
    }
    let end = rows
        .iter()
        .filter(|row| row.status.has_output())
        .find(|row| row.task.as_str() == LAST_TASK)
        .and_then(|row| row.end.as_ref())
        .ok_or_else(|| {
            Problem::internal(&format!(
                "the row of {LAST_TASK} of run {} has no output",
                run.id
            ))
        })?;
    let what = format!("the output of {LAST_TASK} of run {}", run.id);
    document(&api.runs, &what, &end.output).await.map(Some)
}
