//! `POST /review/{run}`: a button was pressed.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::quality::Decision;
use runtime::RunError;
use runtime::http::Problem;
use store::StoreError;
use utoipa::ToSchema;

use super::access::Visitor;
use super::answer::{Page, Refused, guarded};
use crate::api::Api;
use crate::links;
use crate::note::note;
use crate::problems::Pages;
use crate::view::decision;
use runtime::http::request::{body, media_type};

/// Who decided, where nothing is known but that they had a link.
const BY_LINK: &str = "link";

/// What the page's form sends.
#[derive(Default, ToSchema)]
pub(crate) struct DecisionForm {
    /// The form's token, which belongs to the visitor's cookie.
    token: String,
    /// The button that was pressed.
    #[schema(schema_with = decision)]
    decision: String,
    /// What was written beside it.
    #[schema(max_length = 2000)]
    note: String,
}

impl DecisionForm {
    fn read(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            match name.as_ref() {
                "token" => form.token = value.into_owned(),
                "decision" => form.decision = value.into_owned(),
                "note" => form.note = value.into_owned(),
                _ => {}
            }
        }
        form
    }
}

/// Decide on the page of a review
///
/// What the page's buttons send. Without the visitor's cookie and the token that belongs to it nothing happens.
#[utoipa::path(
    post,
    path = "/review/{run}",
    tag = "reviews",
    operation_id = "postReviewPage",
    security(()),
    params(("run" = String, Path, description = "The run's id", pattern = "^[0-9a-hjkmnp-tv-z]{26}$")),
    request_body(content = DecisionForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "Decided: back to the page", headers(("Location" = String, description = "The page"))),
        Pages,
        (status = 409, description = "Somebody decided before", body = String, content_type = "text/html"),
        (status = 413, description = "The form is larger than any that is taken", body = String, content_type = "text/html"),
        (status = 415, description = "It is no form", body = String, content_type = "text/html")
    )
)]
pub(crate) async fn post_review_page(
    State(api): State<Api>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Refused> {
    if media_type(request.headers()).as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::unsupported(
            "a decision is sent as application/x-www-form-urlencoded",
        )
        .into());
    }
    let form = DecisionForm::read(&body(request, &api).await?);
    let Visitor { run, cookie } = &visitor;
    api.seal
        .counts(run, cookie, &form.token)
        .map_err(|_| Refused::Forged)?;
    let decision = match form.decision.as_str() {
        "approve" => Decision::Approve,
        "reject" => Decision::Reject,
        "regenerate" => Decision::Regenerate,
        other => {
            let other: String = other.chars().take(40).collect();
            let told = format!("{other:?} is no decision: expected approve, reject or regenerate");
            return Err(Problem::invalid(told).into());
        }
    };
    let note = note(&form.note).map_err(Problem::invalid)?;
    match api.runs.decide(run, decision, BY_LINK, note).await {
        Ok(run) => {
            let back = [(header::LOCATION, links::page(&run.id))];
            Ok((StatusCode::SEE_OTHER, guarded(), back).into_response())
        }
        Err(RunError::Store(error @ StoreError::NotWaiting { .. })) => Ok(Page::refusal(
            StatusCode::CONFLICT,
            "This was decided before",
            &format!("Your decision was not kept: {error}."),
        )
        .into_response()),
        Err(error) => Err(Problem::from(error).into()),
    }
}
