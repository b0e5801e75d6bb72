//! What everybody may ask.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use runtime::http::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Faults, Unchanged};

/// The document of the whole API, as `reelwright openapi` gathers it: no function knows the routes of the others.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// That the server answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: a server that isn't gives no answer.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the server answers
///
/// Looks at nothing behind it.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "about",
    operation_id = "getHealth",
    security(()),
    responses((status = 200, description = "It does", body = Health), Unchanged, Faults)
)]
pub(crate) async fn health(Strict(Nothing {}): Strict<Nothing>) -> Json<Health> {
    Json(Health { status: "ok" })
}

/// This document
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    tag = "about",
    operation_id = "getDocument",
    security(()),
    responses((status = 200, description = "The OpenAPI 3.1 document of this API", body = Object, content_type = "application/json"), Unchanged, Faults)
)]
pub(crate) async fn get_document(
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CONTENT_TYPE, "application/json")], DOCUMENT))
}
