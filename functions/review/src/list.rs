//! `GET /v1/reviews`.

use axum::Json;
use axum::extract::State;
use domain::RunState;
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use store::Review;
use tokio::task::JoinSet;
use utoipa::{IntoParams, ToSchema};

use crate::api::Api;
use crate::assessed::assessed;
use crate::view::ReviewView;
use runtime::http::Reviewer;
use runtime::http::request::{Strict, page_size};
use runtime::http::responses::{Refusals, Unchanged};

/// How many reviews a page may hold: for each, its run and its scores are read too.
const LARGEST_PAGE: u32 = 50;

/// Which reviews.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// How many at most.
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// Rounds that wait for a person, the longest waiting first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewsPage {
    /// The reviews. What was decided a moment ago is left out, so a page may hold less than was asked for.
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
    params(Which),
    responses((status = 200, description = "A page of reviews", body = ReviewsPage), Unchanged, Refusals)
)]
pub(crate) async fn list_reviews(
    State(api): State<Api>,
    _: Reviewer,
    Strict(which): Strict<Which>,
) -> Result<Json<ReviewsPage>, Problem> {
    let limit = page_size(which.limit, LARGEST_PAGE)?;
    let page = api
        .runs
        .store
        .list_reviews(limit, which.cursor.as_deref())
        .await?;
    let mut reading = JoinSet::new();
    for (at, review) in page.items.into_iter().enumerate() {
        let api = api.clone();
        reading.spawn(async move { (at, view(&api, review).await) });
    }
    let mut read = reading.join_all().await;
    read.sort_by_key(|(at, _)| *at);
    let mut reviews = Vec::with_capacity(read.len());
    for (_, view) in read {
        reviews.extend(view?);
    }
    Ok(Json(ReviewsPage {
        reviews,
        next: page.next,
    }))
}

/// A review as it is listed; nothing if its run no longer waits: the list lags a little behind.
async fn view(api: &Api, review: Review) -> Result<Option<ReviewView>, Problem> {
    let run = api.runs.store.run(&review.run).await?;
    let Some(score) = run
        .shown_score()
        .filter(|_| run.state == RunState::InReview)
    else {
        return Ok(None);
    };
    let assessed = assessed(api, &run).await?;
    let suggestions = assessed.map(|assessed| assessed.assessment.advice.suggestions);
    Ok(Some(ReviewView::new(
        review,
        score,
        suggestions.unwrap_or_default(),
    )))
}
