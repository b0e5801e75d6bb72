//! `POST /v1/reviews/{run}`.

use axum::Json;
use axum::extract::State;
use domain::quality::Decision;
use runtime::http::Problem;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::note::note;
use crate::path::RunPath;
use crate::view::{OutcomeView, decision};
use runtime::http::Reviewer;
use runtime::http::request::{JsonBody, Nothing, Strict};
use runtime::http::responses::{Bodies, Conflicts, Missing, Refusals};

/// What was decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionRequest {
    /// Publish it, don't, or make another round.
    #[schema(schema_with = decision)]
    decision: Decision,
    /// Why. Another round's writers read it.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// Decide on a round that waits for a person
///
/// Once: a second decision is refused, and the refusal says who decided what and when. Another round hears what the score suggests, and
/// the note.
#[utoipa::path(
    post,
    path = "/v1/reviews/{run}",
    tag = "reviews",
    operation_id = "decideReview",
    security(("key" = ["review"])),
    params(RunPath),
    request_body(content = DecisionRequest),
    responses((status = 200, description = "The run as it stands now", body = OutcomeView), Refusals, Missing, Conflicts, Bodies)
)]
pub(crate) async fn decide_review(
    State(api): State<Api>,
    Reviewer(caller): Reviewer,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(request): JsonBody<DecisionRequest>,
) -> Result<Json<OutcomeView>, Problem> {
    let note = note(request.note.as_deref().unwrap_or_default())
        .map_err(|error| Problem::invalid("the note can't be kept").with_field("note", error))?;
    let by = caller.key.to_string();
    let run = api.runs.decide(&id, request.decision, &by, note).await?;
    Ok(Json(run.into()))
}
