//! The layers around every HTTP function's routes.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use lambda_http::request::RequestContext;
use monitor::Monitor;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use super::etag::tagged;
use super::measured::measured;
use super::{Caller, Keys, Problem, authenticate};

/// The largest body taken, in bytes: a brief with its source text of a megabyte, and room for JSON's escapes.
const LARGEST_BODY: usize = 4_000_000;

/// How long a request may take to come, and its answer to begin, where no gateway stands before. An upload of 20 MB has its time.
const LONGEST_ANSWER: Duration = Duration::from_mins(1);

/// Smaller answers aren't compressed: it would cost more than it saves.
const SMALLEST_COMPRESSED: u16 = 1_024;

/// What routes get wherever they run: a limit to bodies, compressed and tagged answers, problem details where no route answers. What they take is
/// recorded by `monitor`.
pub fn with_layers(router: Router, monitor: Monitor) -> Router {
    router
        .fallback(|| async {
            Problem::not_found("there is nothing at this path: see openapi.json")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                "this path doesn't take this method: see openapi.json",
            )
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(tagged))
        .layer(middleware::map_response(never_cached_by_strangers))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(monitor, measured))
}

/// What is large, and not compressed as it is.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(SMALLEST_COMPRESSED)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("video/"))
}

/// Answers belong to the caller's key: no cache between may keep them.
async fn never_cached_by_strangers(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without a message".to_owned());
    Problem::internal(&text).into_response()
}

/// Routes behind API Gateway: the caller is who the authorizer let in.
pub fn behind_gateway(router: Router, monitor: Monitor) -> Router {
    let router = router.layer(middleware::map_request(caller_of_gateway));
    with_layers(router, monitor)
}

async fn caller_of_gateway(mut request: Request) -> Request {
    let caller = request
        .extensions()
        .get::<RequestContext>()
        .and_then(RequestContext::authorizer)
        .and_then(|authorizer| {
            let text = |name| authorizer.fields.get(name)?.as_str();
            Caller::from_context(text("key")?, text("scopes")?)
        });
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    request
}

/// Routes without a gateway: the key of each request to a locked one is looked up here, and what takes too long is given up.
pub fn behind_keys(locked: Router, open: Router, keys: Keys) -> Router {
    let monitor = keys.store.monitor().clone();
    let locked = locked.layer(middleware::from_fn_with_state(keys, look_up));
    let router = open.merge(locked).layer(middleware::from_fn(in_time));
    with_layers(router, monitor)
}

/// Answers in time, or says why not. A gateway has the whole request before it calls a function; here somebody may send it byte by byte, for ever.
async fn in_time(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(LONGEST_ANSWER, next.run(request)).await;
    answered.unwrap_or_else(|_| {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "Too slow",
            format!(
                "the request was not there and answered within {} s: send it again, with the same Idempotency-Key where there was one",
                LONGEST_ANSWER.as_secs()
            ),
        )
        .into_response()
    })
}

async fn look_up(State(keys): State<Keys>, mut request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION);
    match authenticate(&keys, sent.and_then(|value| value.to_str().ok())).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_given_up_with_the_reason() {
        let router = Router::new()
            .route("/soon", get(|| async { "bees" }))
            .route("/never", get(std::future::pending::<()>))
            .layer(middleware::from_fn(in_time));
        let ask = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), 1_000).await.unwrap();
            (status, body)
        };
        let (status, body) = ask("/never").await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "urn:reelwright:problem:too-slow");
        assert_eq!(ask("/soon").await, (StatusCode::OK, "bees".into()));
    }
}
