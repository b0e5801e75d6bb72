//! `GET /api/features/{client}`: the payload from which GrowthBook's SDKs allocate by themselves.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use domain::{KeyId, Timestamp};
use experiments::payload;
use runtime::http::Problem;
use runtime::http::request::{Nothing, Strict};
use runtime::http::responses::{Faults, Missing, Unchanged};
use serde_json::{Map, Value};

use crate::{AssignError, Experiments};

/// How many experiments are read at once.
const PAGE: u32 = 200;

/// Anybody's page may ask, and caches between may keep the answer for as long as SDKs do.
const PUBLIC: [(HeaderName, HeaderValue); 2] = [
    (
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    ),
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=30, stale-while-revalidate=300"),
    ),
];

impl Experiments {
    /// The payload of all experiments that aren't drafts. A client is known by the id of a key, which is no secret; nothing for one
    /// that is unknown or revoked.
    pub async fn features(&self, client: &KeyId) -> Result<Option<Value>, AssignError> {
        let key = self.store.key_by_id(client).await?;
        if key.is_none_or(|key| key.revoked_at.is_some()) {
            return Ok(None);
        }
        let mut experiments = Vec::new();
        let mut updated_at = Timestamp(0);
        let mut cursor: Option<String> = None;
        loop {
            let page = self.store.list_experiments(PAGE, cursor.as_deref()).await?;
            for record in page.items {
                updated_at = updated_at.max(record.updated_at);
                experiments.push(record.experiment()?);
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let payload = payload::features(&experiments, &Map::new(), &updated_at.rfc3339());
        Ok(Some(payload))
    }
}

/// Read the features of SDKs
///
/// In the form of GrowthBook's SDKs, which allocate by it as `assignExperiment` does: give them this server as `apiHost`, and the id of a
/// key as `clientKey`. It may be read by anybody who knows that id.
#[utoipa::path(
    get,
    path = "/api/features/{client}",
    tag = "experiments",
    operation_id = "readFeatures",
    security(()),
    params(("client" = String, Path, description = "The id of a key", pattern = "^key_[0-9a-f]{24}$")),
    responses((status = 200, description = "The payload", body = Object, content_type = "application/json"), Unchanged, Faults, Missing)
)]
pub(crate) async fn read_features(
    State(experiments): State<Experiments>,
    Path(client): Path<String>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<impl IntoResponse, Problem> {
    let unknown =
        || Problem::not_found("there is no such client: `reelwright keys list` shows ids");
    let client = KeyId::parse(&client).map_err(|_| unknown())?;
    let payload = experiments.features(&client).await?;
    Ok((PUBLIC, Json(payload.ok_or_else(unknown)?)))
}

/// Ask whether the features may be read
///
/// As browsers do before a request with headers of its own.
#[utoipa::path(
    options,
    path = "/api/features/{client}",
    tag = "experiments",
    operation_id = "askFeatures",
    security(()),
    params(("client" = String, Path, description = "The id of a key")),
    responses((status = 204, description = "They may be read from any page"))
)]
pub(crate) async fn ask_features() -> impl IntoResponse {
    let allowed = [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET"),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("*"),
        ),
        (
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("86400"),
        ),
    ];
    (StatusCode::NO_CONTENT, PUBLIC, allowed)
}
