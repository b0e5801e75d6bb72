//! `GET /v1/runs`.

use axum::Json;
use axum::extract::State;
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::Api;
use crate::view::SummaryView;
use runtime::http::Reader;
use runtime::http::request::{LARGEST_PAGE, Strict, page_size};
use runtime::http::responses::{Refusals, Unchanged};

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only those made in this month, in UTC.
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11")]
    month: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// Runs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunsPage {
    /// The runs.
    runs: Vec<SummaryView>,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List runs
///
/// Newest first, all or those of a month.
#[utoipa::path(
    get,
    path = "/v1/runs",
    tag = "runs",
    operation_id = "listRuns",
    security(("key" = ["read"])),
    params(Which),
    responses((status = 200, description = "A page of runs", body = RunsPage), Unchanged, Refusals)
)]
pub(crate) async fn list_runs(
    State(api): State<Api>,
    _: Reader,
    Strict(which): Strict<Which>,
) -> Result<Json<RunsPage>, Problem> {
    let limit = page_size(which.limit, LARGEST_PAGE)?;
    let page = api
        .runs
        .store
        .list_runs(which.month.as_deref(), limit, which.cursor.as_deref())
        .await?;
    Ok(Json(RunsPage {
        runs: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}
