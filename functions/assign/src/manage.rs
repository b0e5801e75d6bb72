//! `/v1/experiments`: making, starting, changing and ending them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use experiments::Definition;
use runtime::http::request::{JsonBody, Nothing, Paging, Strict};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals, Unchanged};
use runtime::http::{Admin, Problem, Reader};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::path::ExperimentPath;
use crate::view::ExperimentView;
use crate::{AssignError, Experiments};

/// Experiments, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExperimentsPage {
    /// The experiments.
    experiments: Vec<ExperimentView>,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// How an experiment ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    /// The variation that everybody gets; where none is named, the winner, or the control if there is none.
    #[serde(default)]
    winner: Option<String>,
}

/// Create an experiment
///
/// As a draft, which nobody sees: `docs/experiments.md` tells what a definition holds.
#[utoipa::path(
    post,
    path = "/v1/experiments",
    tag = "experiments",
    operation_id = "createExperiment",
    security(("key" = ["admin"])),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, description = "The experiment", body = ExperimentView), Refusals, Conflicts, Bodies)
)]
pub(crate) async fn create_experiment(
    State(experiments): State<Experiments>,
    _: Admin,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(definition): JsonBody<Value>,
) -> Result<(StatusCode, Json<ExperimentView>), Problem> {
    let definition: Definition = serde_json::from_value(definition)
        .map_err(|error| AssignError::Unread(error.to_string()))?;
    let record = experiments.create(definition).await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// List experiments
///
/// Newest first.
#[utoipa::path(
    get,
    path = "/v1/experiments",
    tag = "experiments",
    operation_id = "listExperiments",
    security(("key" = ["read"])),
    params(Paging),
    responses((status = 200, description = "A page of experiments", body = ExperimentsPage), Unchanged, Refusals)
)]
pub(crate) async fn list_experiments(
    State(experiments): State<Experiments>,
    _: Reader,
    Strict(paging): Strict<Paging>,
) -> Result<Json<ExperimentsPage>, Problem> {
    let limit = paging.size()?;
    let page = experiments.list(limit, paging.cursor()).await?;
    Ok(Json(ExperimentsPage {
        experiments: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}

/// Show an experiment
#[utoipa::path(
    get,
    path = "/v1/experiments/{key}",
    tag = "experiments",
    operation_id = "getExperiment",
    security(("key" = ["read"])),
    params(ExperimentPath),
    responses((status = 200, description = "The experiment", body = ExperimentView), Unchanged, Refusals, Missing)
)]
pub(crate) async fn get_experiment(
    State(experiments): State<Experiments>,
    _: Reader,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<ExperimentView>, Problem> {
    Ok(Json(experiments.get(&key).await?.into()))
}

/// Change an experiment
///
/// Fields of its definition that are sent replace those that were there; null takes one away. Once it is started, who takes part may change
/// (weights, coverage, condition, namespace, filters, forced units, bucket versions), not what is compared or how it is judged.
#[utoipa::path(
    patch,
    path = "/v1/experiments/{key}",
    tag = "experiments",
    operation_id = "changeExperiment",
    security(("key" = ["admin"])),
    params(ExperimentPath),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 200, description = "The experiment as it is now", body = ExperimentView), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn change_experiment(
    State(experiments): State<Experiments>,
    _: Admin,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(fields): JsonBody<Map<String, Value>>,
) -> Result<Json<ExperimentView>, Problem> {
    Ok(Json(experiments.change(&key, fields).await?.into()))
}

/// Start an experiment
///
/// It takes units in, from now on or again.
#[utoipa::path(
    post,
    path = "/v1/experiments/{key}/start",
    tag = "experiments",
    operation_id = "startExperiment",
    security(("key" = ["admin"])),
    params(ExperimentPath),
    responses((status = 200, description = "The experiment as it is now", body = ExperimentView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn start_experiment(
    State(experiments): State<Experiments>,
    _: Admin,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<ExperimentView>, Problem> {
    Ok(Json(experiments.start(&key).await?.into()))
}

/// Pause an experiment
///
/// It takes no new units in; those that were seen keep what they have, and what they do counts.
#[utoipa::path(
    post,
    path = "/v1/experiments/{key}/pause",
    tag = "experiments",
    operation_id = "pauseExperiment",
    security(("key" = ["admin"])),
    params(ExperimentPath),
    responses((status = 200, description = "The experiment as it is now", body = ExperimentView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn pause_experiment(
    State(experiments): State<Experiments>,
    _: Admin,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<ExperimentView>, Problem> {
    Ok(Json(experiments.pause(&key).await?.into()))
}

/// Conclude an experiment
///
/// For good: nothing more is counted, everybody gets the winner, and subscribers are told of the verdict (`experiment.concluded`).
#[utoipa::path(
    post,
    path = "/v1/experiments/{key}/conclude",
    tag = "experiments",
    operation_id = "concludeExperiment",
    security(("key" = ["admin"])),
    params(ExperimentPath),
    request_body(content = Ending),
    responses((status = 200, description = "The experiment as it is now", body = ExperimentView), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn conclude_experiment(
    State(experiments): State<Experiments>,
    _: Admin,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(ending): JsonBody<Ending>,
) -> Result<Json<ExperimentView>, Problem> {
    Ok(Json(
        experiments.conclude(&key, ending.winner).await?.into(),
    ))
}
