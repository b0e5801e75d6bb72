//! Deliveries, and what may be delivered.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use runtime::http::Problem;
use runtime::http::schema::one_of;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::DeliveryState;
use utoipa::openapi::schema::Object;
use utoipa::{IntoParams, ToSchema};

use crate::path::{DeliveryPath, EndpointPath};
use crate::view::DeliveryView;
use crate::{Replayed, Since, Subscriptions};
use runtime::http::request::{JsonBody, LARGEST_PAGE, Nothing, Strict, page_size};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals, Unchanged};
use runtime::http::{Admin, Reader};

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only those in this state. A page may hold fewer then than were asked for.
    #[param(schema_with = states)]
    state: Option<DeliveryState>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

fn states() -> Object {
    let states = [
        DeliveryState::Waiting,
        DeliveryState::Delivered,
        DeliveryState::Exhausted,
        DeliveryState::Stopped,
    ];
    one_of(states.map(DeliveryState::name))
}

/// What to replay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replaying {
    /// Events from then on.
    #[schema(value_type = String, format = DateTime)]
    since: Since,
    /// Where to go on: `next` of the page before.
    #[schema(min_length = 1)]
    cursor: Option<String>,
}

/// Deliveries, those of the newest events first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveriesPage {
    /// The deliveries.
    deliveries: Vec<DeliveryView>,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List an endpoint's deliveries
///
/// Those of the newest events first, each with its attempts. They are kept for ninety days.
#[utoipa::path(
    get,
    path = "/v1/webhooks/endpoints/{id}/deliveries",
    tag = "webhooks",
    operation_id = "listDeliveries",
    security(("key" = ["admin"])),
    params(EndpointPath, Which),
    responses((status = 200, description = "A page of deliveries", body = DeliveriesPage), Unchanged, Refusals, Missing)
)]
pub(crate) async fn list_deliveries(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(which): Strict<Which>,
) -> Result<Json<DeliveriesPage>, Problem> {
    let limit = page_size(which.limit, LARGEST_PAGE)?;
    let store = &subscriptions.store;
    store.endpoint(&id).await?;
    let cursor = which.cursor.as_deref();
    let page = store.list_deliveries(&id, limit, cursor).await?;
    let wanted = page
        .items
        .into_iter()
        .filter(|delivery| which.state.is_none_or(|state| delivery.state == state));
    Ok(Json(DeliveriesPage {
        deliveries: wanted.map(Into::into).collect(),
        next: page.next,
    }))
}

/// Replay a delivery
///
/// One that is exhausted or was stopped is tried anew, under the same `webhook-id`.
#[utoipa::path(
    post,
    path = "/v1/webhooks/deliveries/{id}/replay",
    tag = "webhooks",
    operation_id = "replayDelivery",
    security(("key" = ["admin"])),
    params(DeliveryPath),
    responses((status = 202, description = "The delivery, due now", body = DeliveryView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn replay_delivery(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    DeliveryPath(id): DeliveryPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<(StatusCode, Json<DeliveryView>), Problem> {
    let delivery = subscriptions.replay(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(delivery.into())))
}

/// Replay what failed
///
/// An endpoint's deliveries that are exhausted or were stopped, of events since a time, are tried anew, under the same `webhook-id`, the
/// oldest first. One request looks at a hundred deliveries; `next` says that there are more. Those that are tried already, or arrived,
/// are passed over, so a request can be repeated.
#[utoipa::path(
    post,
    path = "/v1/webhooks/endpoints/{id}/replay",
    tag = "webhooks",
    operation_id = "replayFailed",
    security(("key" = ["admin"])),
    params(EndpointPath),
    request_body(content = Replaying),
    responses((status = 202, description = "How many are due now", body = Replayed), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn replay_failed(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(what): JsonBody<Replaying>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let Replaying { since, cursor } = what;
    let replayed = subscriptions
        .replay_failed(&id, since.0, cursor.as_deref())
        .await?;
    Ok((StatusCode::ACCEPTED, Json(replayed)))
}

/// List the events that there are
///
/// Each with the JSON schema of its payload and an example.
#[utoipa::path(
    get,
    path = "/v1/webhooks/events",
    tag = "webhooks",
    operation_id = "listEvents",
    security(("key" = ["read"])),
    responses((status = 200, description = "The catalogue", body = Object, content_type = "application/json"), Unchanged, Refusals)
)]
pub(crate) async fn list_events(
    _: Reader,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(webhooks::catalogue::document()))
}
