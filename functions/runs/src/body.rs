//! Briefs and scripts in the bodies of requests: of a media type that the route takes, of a size that it takes, and then what they say.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use domain::{Brief, BriefError, ContentKey, read_brief};
use runtime::http::Problem;
use runtime::http::request::{body, media_type};
use serde::de::IgnoredAny;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Yaml,
}

/// A brief, and the digest of the bytes that it was read from.
pub(crate) struct BriefBody {
    pub(crate) brief: Brief,
    pub(crate) digest: ContentKey,
}

impl<S: Send + Sync> FromRequest<S> for BriefBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (text, digest) = text(request, state, "brief").await?;
        Ok(Self {
            brief: read_brief(&text).map_err(not_a_brief)?,
            digest,
        })
    }
}

/// The text of a body that is sent as JSON or as YAML, and its digest. `what` it is stands in refusals.
pub(crate) async fn text<S: Send + Sync>(
    request: Request,
    state: &S,
    what: &str,
) -> Result<(String, ContentKey), Problem> {
    let form = form(request.headers()).ok_or_else(|| {
        Problem::unsupported(format!(
            "a {what} is sent as application/json or application/yaml"
        ))
    })?;
    let bytes = body(request, state).await?;
    let digest = ContentKey::of_bytes(&bytes);
    let text = String::from_utf8(bytes.into()).map_err(|error| {
        Problem::invalid(format!(
            "the {what} is not UTF-8 text (byte {} is the first that isn't)",
            error.utf8_error().valid_up_to()
        ))
    })?;
    // YAML takes in JSON, so only the other way round is something wrong.
    if form == Form::Json {
        let text = text.trim_start_matches('\u{feff}');
        if !text.trim_start().starts_with('{') {
            return Err(Problem::invalid(format!(
                "the {what} is no JSON object, and was sent as application/json"
            )));
        }
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| {
            Problem::invalid(format!(
                "the {what} is not JSON, and was sent as application/json: {error}"
            ))
        })?;
    }
    Ok((text, digest))
}

/// What the media type says. Its parameters say nothing here: JSON and YAML are UTF-8.
fn form(headers: &HeaderMap) -> Option<Form> {
    match media_type(headers)?.as_str() {
        "application/json" => Some(Form::Json),
        "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some(Form::Yaml),
        _ => None,
    }
}

/// All that is wrong with a brief, field by field.
fn not_a_brief(error: BriefError) -> Problem {
    match error {
        BriefError::TooLarge { .. } => Problem::too_large(error),
        BriefError::Problems(problems) => {
            Problem::invalid("the brief can't be made: see errors").with_fields(&problems)
        }
        other => Problem::invalid(other),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::body::Body;
    use axum::http::header;

    use super::*;

    async fn read(content_type: Option<&str>, body: &str) -> Result<BriefBody, Problem> {
        let mut request = Request::builder();
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        BriefBody::from_request(request, &()).await
    }

    #[tokio::test]
    async fn json_and_yaml_are_read_and_nothing_else() {
        for (content_type, body) in [
            ("application/json", r#"{"topic": "Bees"}"#),
            (
                "Application/JSON; charset=utf-8",
                "\u{feff} {\"topic\": \"Bees\"}",
            ),
            ("application/yaml", "topic: Bees"),
            ("text/x-yaml", r#"{"topic": "Bees"}"#),
        ] {
            let read = read(Some(content_type), body).await;
            assert_eq!(read.map(|body| body.brief.topic), Ok("Bees".to_owned()));
        }
        for content_type in [
            None,
            Some("text/plain"),
            Some("application/jsonx"),
            Some(""),
        ] {
            let problem = read(content_type, r#"{"topic": "Bees"}"#)
                .await
                .err()
                .unwrap();
            assert_eq!(problem.status, 415);
        }
    }

    #[tokio::test]
    async fn yaml_that_says_it_is_json_is_refused() {
        for (body, told) in [
            ("topic: Bees", "no JSON object"),
            ("{topic: Bees}", "not JSON"),
            (r#"{"topic": "Bees"} # busy"#, "not JSON"),
        ] {
            let problem = read(Some("application/json"), body).await.err().unwrap();
            assert_eq!(problem.status, 400);
            assert!(problem.detail.contains(told), "{}", problem.detail);
        }
    }

    #[tokio::test]
    async fn everything_that_is_wrong_with_a_brief_is_named_by_its_field() {
        let body = r#"{"topic": "Bees", "target_seconds": 1, "tone": "loud", "brand": {"palette": {"text": "red"}}}"#;
        let problem = read(Some("application/json"), body).await.err().unwrap();
        let mut fields: Vec<_> = problem
            .errors
            .iter()
            .map(|error| error.field.as_str())
            .collect();
        fields.sort_unstable();
        assert_eq!(fields, ["brand.palette.text", "target_seconds", "tone"]);
    }
}
