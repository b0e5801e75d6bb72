//! What units get and do, and what that says.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use experiments::condition::Attributes;
use runtime::http::request::{JsonBody, Nothing, Strict};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals, Unchanged};
use runtime::http::{Admin, Problem, Reader, Submitter};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::events::{Outcome, Sent};
use crate::path::{ExperimentPath, UnitPath};
use crate::results::Told;
use crate::{Assigned, Experiments};

/// Who is to be assigned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
    /// What is known of the unit, the attribute that names it among it. Nothing of it is kept but a digest of its name.
    #[schema(value_type = Object)]
    attributes: Attributes,
}

/// Events: one, or a batch of up to 500.
#[derive(Debug, ToSchema)]
#[schema(as = ExperimentEvents)]
#[expect(dead_code, reason = "it only describes what is sent")]
#[serde(untagged)]
pub(crate) enum Posted {
    /// One.
    One(Sent),
    /// A batch.
    Batch {
        /// The events.
        #[schema(min_items = 1, max_items = 500)]
        events: Vec<Sent>,
    },
}

/// Assign a unit
///
/// What it gets, which it keeps from now on. A unit takes part only if the experiment reaches it.
#[utoipa::path(
    post,
    path = "/v1/experiments/{key}/assignments",
    tag = "experiments",
    operation_id = "assignExperiment",
    security(("key" = ["submit"])),
    params(ExperimentPath),
    request_body(content = Asking),
    responses((status = 200, description = "What the unit gets", body = Assigned), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn assign_experiment(
    State(experiments): State<Experiments>,
    _: Submitter,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(asking): JsonBody<Asking>,
) -> Result<Json<Assigned>, Problem> {
    Ok(Json(experiments.assign(&key, &asking.attributes).await?))
}

/// Send events
///
/// Exposures and conversions, in any order and however late. An event counts once, by its id, so all may be sent again. Of a batch those that
/// can't be taken are told, and leave the others alone; one that is sent alone and can't be taken is a 400.
#[utoipa::path(
    post,
    path = "/v1/experiments/{key}/events",
    tag = "experiments",
    operation_id = "sendExperimentEvents",
    security(("key" = ["submit"])),
    params(ExperimentPath),
    request_body(content = Posted),
    responses((status = 200, description = "What became of them", body = Outcome), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn send_events(
    State(experiments): State<Experiments>,
    _: Submitter,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(mut posted): JsonBody<Value>,
) -> Result<Json<Outcome>, Problem> {
    let batch = posted.as_object_mut().filter(|body| body.len() == 1);
    let batch = batch.and_then(|body| match body.remove("events") {
        Some(Value::Array(events)) => Some(events),
        _ => None,
    });
    if let Some(events) = batch {
        return Ok(Json(experiments.take(&key, events).await?));
    }
    let outcome = experiments.take(&key, vec![posted]).await?;
    match outcome.refused.first() {
        Some(refused) => Err(Problem::invalid(&refused.reason)),
        None => Ok(Json(outcome)),
    }
}

/// Read an experiment's results
///
/// They may be read as often as you like: the verdict rests on confidence sequences unless the experiment says otherwise.
#[utoipa::path(
    get,
    path = "/v1/experiments/{key}/results",
    tag = "experiments",
    operation_id = "readExperimentResults",
    security(("key" = ["read"])),
    params(ExperimentPath),
    responses((status = 200, description = "What its tallies say", body = Told), Unchanged, Refusals, Missing)
)]
pub(crate) async fn read_results(
    State(experiments): State<Experiments>,
    _: Reader,
    ExperimentPath(key): ExperimentPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<Told>, Problem> {
    Ok(Json(experiments.results(&key).await?.told()))
}

/// Erase a unit
///
/// From all experiments, their tallies included. Erasing it again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/units/{attribute}/{unit}",
    tag = "experiments",
    operation_id = "eraseUnit",
    security(("key" = ["admin"])),
    params(UnitPath),
    responses((status = 204, description = "It is gone"), Refusals)
)]
pub(crate) async fn erase_unit(
    State(experiments): State<Experiments>,
    _: Admin,
    UnitPath(attribute, unit): UnitPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<StatusCode, Problem> {
    experiments.erase(&attribute, &unit).await?;
    Ok(StatusCode::NO_CONTENT)
}
