//! ETags: who has an answer already is told so, and not sent it again.

use axum::body::{self, Body};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ContentKey;

use super::Problem;

/// Gives JSON answers a tag of what they say, and answers 304 to who has sent the tag of an answer along. Tags are weak: the same answer
/// may be compressed or not. Other answers keep the tag that their route gave them.
pub(super) async fn tagged(request: Request, next: Next) -> Response {
    let known = (request.method() == Method::GET).then(|| request.headers().clone());
    let response = next.run(request).await;
    match known {
        Some(known) if response.status() == StatusCode::OK => tag(response, &known).await,
        _ => response,
    }
}

async fn tag(response: Response, known: &HeaderMap) -> Response {
    let (mut parts, mut content) = response.into_parts();
    let is_json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_json && !parts.headers.contains_key(header::ETAG) {
        // The routes have made the whole of it already, so there is nothing to be careful of.
        let bytes = match body::to_bytes(content, usize::MAX).await {
            Ok(bytes) => bytes,
            Err(error) => return Problem::internal(&error).into_response(),
        };
        let digest = ContentKey::of_bytes(&bytes);
        if let Ok(tag) = HeaderValue::try_from(format!("W/\"{}\"", &digest.as_str()[..32])) {
            parts.headers.insert(header::ETAG, tag);
        }
        content = Body::from(bytes);
    }
    let matches = parts
        .headers
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .is_some_and(|tag| is_known(tag, known));
    if matches {
        for of_content in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            parts.headers.remove(of_content);
        }
        parts.status = StatusCode::NOT_MODIFIED;
        content = Body::empty();
    }
    Response::from_parts(parts, content)
}

/// Whether `If-None-Match` names this tag, compared weakly (RFC 9110, section 13.1.2).
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::routing::get;
    use axum::{Json, Router, middleware};
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str, known: Option<&str>) -> Response {
        let router = Router::new()
            .route("/json", get(|| async { Json("bees") }))
            .route("/text", get(|| async { "bees" }))
            .route(
                "/file",
                get(|| async { ([(header::ETAG, "\"a\"")], "bees") }),
            )
            .layer(middleware::from_fn(tagged));
        let mut request = Request::builder().uri(path);
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn who_has_an_answer_isnt_sent_it_again() {
        let first = ask("/json", None).await;
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [&tag, &strong, "*", &format!("\"x\", {tag}")] {
            let again = ask("/json", Some(known)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(again.headers()[header::ETAG], tag.as_str());
            let content = body::to_bytes(again.into_body(), 10).await.unwrap();
            assert!(content.is_empty());
        }
        let other = ask("/json", Some("\"x\"")).await;
        assert_eq!(other.status(), StatusCode::OK);
        let content = body::to_bytes(other.into_body(), 10).await.unwrap();
        assert_eq!(content, "\"bees\"");
    }

    #[tokio::test]
    async fn a_routes_own_tag_is_kept_and_what_has_none_gets_none() {
        assert_eq!(ask("/file", None).await.headers()[header::ETAG], "\"a\"");
        assert_eq!(
            ask("/file", Some("\"a\"")).await.status(),
            StatusCode::NOT_MODIFIED
        );
        assert!(
            !ask("/text", None)
                .await
                .headers()
                .contains_key(header::ETAG)
        );
        assert_eq!(ask("/text", Some("\"a\"")).await.status(), StatusCode::OK);
    }
}
