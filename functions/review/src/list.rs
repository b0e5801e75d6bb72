//! `GET /v1/reviews`.

use axum::Json;
use axum::extract::State;
use runtime::http::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::view::ReviewView;
use runtime::http::Reviewer;
use runtime::http::request::{Paging, Strict};
use runtime::http::responses::{Refusals, Unchanged};

/// Rounds that wait for a person, the longest waiting first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewsPage {
    /// The reviews. One that was decided a moment ago may still be among them: a second decision is refused.
    reviews: Vec<ReviewView>,
    /// What to give as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List what waits for a person
///
/// The longest waiting first, each with its scores, what holds it back and what would better it most.
#[utoipa::path(
    get,
    path = "/v1/reviews",
    tag = "reviews",
    operation_id = "listReviews",
    security(("key" = ["review"])),
    params(Paging),
    responses((status = 200, description = "A page of reviews", body = ReviewsPage), Unchanged, Refusals)
)]
pub(crate) async fn list_reviews(
    State(api): State<Api>,
    _: Reviewer,
    Strict(paging): Strict<Paging>,
) -> Result<Json<ReviewsPage>, Problem> {
    let limit = paging.size()?;
    let page = api.runs.store.list_reviews(limit, paging.cursor()).await?;
    Ok(Json(ReviewsPage {
        reviews: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
    }))
}
