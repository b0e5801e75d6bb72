//! `GET /review/{run}`.

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use domain::{RunId, RunState, Video};
use runtime::http::{Problem, document};

use super::access::{PageRun, Visitor, link_of, set_cookie};
use super::answer::{Page, Refused};
use super::html::{self, Shown};
use crate::api::Api;
use crate::assessed::{assessed, video};
use crate::links;
use crate::problems::Pages;

/// How long the link is made for that only tells where the bucket is.
const MOMENT: Duration = Duration::from_mins(1);

/// The page of a review
///
/// For people: the video, the scores with their reasons, the script with its weak places, and three buttons. It opens by a link of
/// `POST /v1/reviews/{run}/link`, which sets a cookie for half an hour.
#[utoipa::path(
    get,
    path = "/review/{run}",
    tag = "reviews",
    operation_id = "getReviewPage",
    security(()),
    params(
        ("run" = String, Path, description = "The run's id", pattern = "^[0-9a-hjkmnp-tv-z]{26}$"),
        ("expires" = Option<String>, Query, description = "Of the link: when it ends"),
        ("signature" = Option<String>, Query, description = "Of the link: its seal")
    ),
    responses(
        (status = 200, description = "The page; with a link, one that sets the cookie and goes on to the page", body = String, content_type = "text/html"),
        Pages
    )
)]
pub(crate) async fn get_review_page(
    State(api): State<Api>,
    PageRun(id): PageRun,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Page, Refused> {
    if let Some((expires, signature)) = link_of(&query.unwrap_or_default())? {
        return enter(&api, &id, &expires, &signature).await;
    }
    let visitor = Visitor::of(&api, id, &headers)?;
    show(&api, &visitor).await
}

/// What a good link answers: the cookie, and the way to the page. Not a redirect: after one that began on another site, such as a mail
/// program's, browsers withhold strict cookies. A page that goes on by itself is this site's.
async fn enter(api: &Api, id: &RunId, expires: &str, signature: &str) -> Result<Page, Refused> {
    let now = (api.runs.clock)();
    api.seal.opens(id, expires, signature, now)?;
    let run = api.runs.store.run(id).await?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Problem::internal(&error))?;
    let cookie = api.seal.session(&run.id, now, random);
    let page = links::page(&run.id);
    let body = format!("<main><p><a href=\"{page}\">Go on to the video</a></p></main>\n");
    Ok(Page {
        cookie: Some(set_cookie(&run.id, &cookie, api.encrypted)),
        goes_to: Some(page),
        ..Page::new("A video waits for your decision", body)
    })
}

async fn show(api: &Api, visitor: &Visitor) -> Result<Page, Refused> {
    let run = api.runs.store.run(&visitor.run).await?;
    let (video, assessed) = tokio::try_join!(video(api, &run), assessed(api, &run))?;
    let review = match run.state {
        RunState::InReview => api.runs.store.review(&run).await?,
        _ => None,
    };
    let media_from = match &video {
        Some(video) => bucket(api, video).await?,
        None => None,
    };
    let posts = match video.as_ref().and_then(|video| video.posts.as_ref()) {
        Some(posts) => {
            let what = format!("what the video of run {} is posted with", run.id);
            Some(document(&api.runs, &what, posts).await?)
        }
        None => None,
    };
    let body = html::body(&Shown {
        run: &run,
        due_at: review.map(|review| review.due_at),
        video: video.as_ref(),
        posts: posts.as_ref(),
        assessed: assessed.as_ref(),
        token: &api.seal.form(&run.id, &visitor.cookie),
    });
    Ok(Page {
        media_from,
        ..Page::new(html::title(&run), body)
    })
}

/// Where the files' links lead, if not to this server.
async fn bucket(api: &Api, video: &Video) -> Result<Option<String>, Problem> {
    let link = api
        .runs
        .artifacts
        .link(&video.thumbnail, "thumbnail.png", MOMENT)
        .await
        .map_err(|error| Problem::unavailable(&error))?;
    Ok(link.map(|link| link.origin().ascii_serialization()))
}
