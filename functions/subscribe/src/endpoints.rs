//! `/v1/webhooks/endpoints`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use webhooks::endpoint::Definition;

use crate::Subscriptions;
use crate::path::EndpointPath;
use crate::view::{DeliveryView, EndpointView, SecretView};
use runtime::http::Admin;
use runtime::http::request::{JsonBody, Nothing, Paging, Strict};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals, Unchanged};

/// An endpoint as its owner writes it. What is left out has its default.
#[derive(Debug, ToSchema)]
#[schema(as = EndpointDefinition)]
#[expect(dead_code, reason = "it only describes what a definition is read from")]
pub(crate) struct DefinitionSchema {
    /// Where messages are sent: `https`, at port 443 or 8443 of a public host.
    #[schema(max_length = 2048)]
    url: String,
    /// What it is for.
    #[schema(max_length = 200)]
    description: Option<String>,
    /// The form of messages: standard, slack or discord.
    format: Option<String>,
    /// Which events are wanted: names, families (`content.*`) or all (`*`).
    #[schema(min_items = 1, max_items = 20)]
    types: Option<Vec<String>>,
    /// Only events of this brand.
    #[schema(min_length = 1, max_length = 200)]
    brand: Option<String>,
    /// Only events whose data has these values.
    #[schema(value_type = Object)]
    filters: BTreeMap<String, Value>,
    /// The waits between attempts, in seconds.
    #[schema(min_items = 2, max_items = 19)]
    retry_waits_s: Option<Vec<u64>>,
    /// How long it may fail before it is disabled, in seconds.
    disable_after_s: Option<u64>,
    /// The most attempts a second.
    #[schema(minimum = 1, maximum = 1000)]
    per_second: Option<u32>,
    /// The most attempts at once.
    #[schema(minimum = 1, maximum = 100)]
    concurrency: Option<u32>,
}

/// Endpoints, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndpointsPage {
    /// The endpoints.
    endpoints: Vec<EndpointView>,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// How a secret is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// Whether the old secret is worth nothing from now on: for one that leaked. Else both hold for 24 hours.
    #[serde(default)]
    at_once: bool,
}

/// Subscribe
///
/// The endpoint is sent a test at once. Its secret is shown in this answer and never again.
#[utoipa::path(
    post,
    path = "/v1/webhooks/endpoints",
    tag = "webhooks",
    operation_id = "createEndpoint",
    security(("key" = ["admin"])),
    request_body(content = DefinitionSchema),
    responses((status = 201, description = "The endpoint, and its secret", body = SecretView), Refusals, Conflicts, Bodies)
)]
pub(crate) async fn create_endpoint(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(definition): JsonBody<Definition>,
) -> Result<(StatusCode, Json<SecretView>), Problem> {
    let (endpoint, secret) = subscriptions.add(definition).await?;
    let view = SecretView {
        endpoint: endpoint.into(),
        secret: secret.reveal(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// List endpoints
///
/// Newest first.
#[utoipa::path(
    get,
    path = "/v1/webhooks/endpoints",
    tag = "webhooks",
    operation_id = "listEndpoints",
    security(("key" = ["admin"])),
    params(Paging),
    responses((status = 200, description = "A page of endpoints", body = EndpointsPage), Unchanged, Refusals)
)]
pub(crate) async fn list_endpoints(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    Strict(paging): Strict<Paging>,
) -> Result<Json<EndpointsPage>, Problem> {
    let limit = paging.size()?;
    let cursor = paging.cursor();
    let page = subscriptions.store.list_endpoints(limit, cursor).await?;
    Ok(Json(EndpointsPage {
        endpoints: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}

/// Show an endpoint
#[utoipa::path(
    get,
    path = "/v1/webhooks/endpoints/{id}",
    tag = "webhooks",
    operation_id = "getEndpoint",
    security(("key" = ["admin"])),
    params(EndpointPath),
    responses((status = 200, description = "The endpoint", body = EndpointView), Unchanged, Refusals, Missing)
)]
pub(crate) async fn get_endpoint(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<EndpointView>, Problem> {
    Ok(Json(subscriptions.store.endpoint(&id).await?.into()))
}

/// Change an endpoint
///
/// Fields of its definition that are sent replace those that were there; null takes one away. `disabled` stops and resumes it.
#[utoipa::path(
    patch,
    path = "/v1/webhooks/endpoints/{id}",
    tag = "webhooks",
    operation_id = "changeEndpoint",
    security(("key" = ["admin"])),
    params(EndpointPath),
    request_body(content = Object),
    responses((status = 200, description = "The endpoint as it is now", body = EndpointView), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn change_endpoint(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(fields): JsonBody<Map<String, Value>>,
) -> Result<Json<EndpointView>, Problem> {
    Ok(Json(subscriptions.change(&id, fields).await?.into()))
}

/// Unsubscribe
///
/// Nothing more is sent to the endpoint. Deleting it again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/webhooks/endpoints/{id}",
    tag = "webhooks",
    operation_id = "deleteEndpoint",
    security(("key" = ["admin"])),
    params(EndpointPath),
    responses((status = 204, description = "It is gone"), Refusals)
)]
pub(crate) async fn delete_endpoint(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<StatusCode, Problem> {
    subscriptions.store.delete_endpoint(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace an endpoint's secret
///
/// The new one is shown in this answer and never again.
#[utoipa::path(
    post,
    path = "/v1/webhooks/endpoints/{id}/rotate",
    tag = "webhooks",
    operation_id = "rotateSecret",
    security(("key" = ["admin"])),
    params(EndpointPath),
    request_body(content = Rotation),
    responses((status = 200, description = "The endpoint, and its new secret", body = SecretView), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn rotate_secret(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(rotation): JsonBody<Rotation>,
) -> Result<Json<SecretView>, Problem> {
    let (endpoint, secret) = subscriptions.rotate(&id, rotation.at_once).await?;
    Ok(Json(SecretView {
        endpoint: endpoint.into(),
        secret: secret.reveal(),
    }))
}

/// Try an endpoint
///
/// Sends it a `webhook.test`, whatever it subscribes to.
#[utoipa::path(
    post,
    path = "/v1/webhooks/endpoints/{id}/test",
    tag = "webhooks",
    operation_id = "testEndpoint",
    security(("key" = ["admin"])),
    params(EndpointPath),
    responses((status = 202, description = "The delivery of the test", body = DeliveryView), Refusals, Missing, Conflicts)
)]
pub(crate) async fn test_endpoint(
    State(subscriptions): State<Subscriptions>,
    _: Admin,
    EndpointPath(id): EndpointPath,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<(StatusCode, Json<DeliveryView>), Problem> {
    let delivery = subscriptions.test(&id).await?;
    Ok((StatusCode::ACCEPTED, Json(delivery.into())))
}
