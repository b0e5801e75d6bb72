//! `POST /v1/reviews/{run}/link`.

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::quality::REVIEW_HOURS;
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Api;
use crate::path::RunPath;
use runtime::http::Reviewer;
use runtime::http::request::{JsonBody, Nothing, Strict};
use runtime::http::responses::{Bodies, Missing, Refusals};

/// For how many hours a link may be good: 30 days.
const HOURS: std::ops::RangeInclusive<u32> = 1..=720;

/// How long the link is to be good.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRequest {
    /// For how many hours: 72 if nothing is said.
    #[schema(minimum = 1, maximum = 720, default = 72)]
    hours: Option<u32>,
}

/// A link to a run's page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkView {
    /// The address, relative to the API's root. Whoever has it can decide: send it to one person.
    url: String,
    /// Until when it opens the page.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Make a link to the page of a review
///
/// Who opens it sees the video and the scores, and can decide, without a key.
#[utoipa::path(
    post,
    path = "/v1/reviews/{run}/link",
    tag = "reviews",
    operation_id = "createReviewLink",
    security(("key" = ["review"])),
    params(RunPath),
    request_body(content = LinkRequest),
    responses((status = 200, description = "The link", body = LinkView), Refusals, Missing, Bodies)
)]
pub(crate) async fn create_review_link(
    State(api): State<Api>,
    _: Reviewer,
    RunPath(id): RunPath,
    Strict(Nothing {}): Strict<Nothing>,
    JsonBody(request): JsonBody<LinkRequest>,
) -> Result<Json<LinkView>, Problem> {
    let hours = request.hours.unwrap_or(REVIEW_HOURS);
    if !HOURS.contains(&hours) {
        let (least, most) = HOURS.into_inner();
        return Err(Problem::invalid("the link can't be good for so long")
            .with_field("hours", format!("{hours} is not from {least} to {most}")));
    }
    let run = api.runs.store.run(&id).await?;
    let until = Timestamp((api.runs.clock)().0 + u64::from(hours) * 3_600_000);
    Ok(Json(LinkView {
        url: api.seal.link(&run.id, until),
        expires_at: until.rfc3339(),
    }))
}
