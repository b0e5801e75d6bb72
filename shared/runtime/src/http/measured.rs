//! How long requests take, by route.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use monitor::{Family, Monitor};

/// What a request without a route counts as.
const NO_ROUTE: &str = "(no route)";

/// Records a request under its method and its route's pattern, until its answer begins. An answer of status 500 and above is a failure.
pub(super) async fn measured(
    State(monitor): State<Monitor>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let name = name(&request);
    let response = next.run(request).await;
    let failed = response.status().is_server_error();
    monitor.record(Family::Route, &name, begun.elapsed(), failed);
    response
}

/// Methods and paths are the callers' to choose: only those that there are become names.
fn name(request: &Request) -> String {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    match request.extensions().get::<MatchedPath>() {
        Some(path) if known.contains(request.method()) => {
            format!("{} {}", request.method(), path.as_str())
        }
        _ => NO_ROUTE.to_owned(),
    }
}
