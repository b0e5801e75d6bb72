//! Answers of the page: every one is HTML, under a policy that lets nothing in but what the page itself names.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quality::report::{STYLE, escape};
use runtime::http::Problem;
use sha2::{Digest as _, Sha256};
use store::StoreError;

use crate::seal::Shut;

/// The page's own style sheet: what the pieces of the report don't have.
const OWN_STYLE: &str = include_str!("style.css");

/// The whole style sheet, and the digest by which the policy knows it.
fn style() -> &'static (String, String) {
    static STYLE_AND_HASH: OnceLock<(String, String)> = OnceLock::new();
    STYLE_AND_HASH.get_or_init(|| {
        let style = format!("{STYLE}{OWN_STYLE}");
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        (style, hash)
    })
}

/// A page.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    /// What stands in its body.
    pub(crate) body: String,
    /// Where a browser goes by itself, at once.
    pub(crate) goes_to: Option<String>,
    /// Where media may come from beside this server: `https://bucket.example`.
    pub(crate) media_from: Option<String>,
    /// The cookie that it sets.
    pub(crate) cookie: Option<String>,
}

impl Page {
    pub(crate) fn new(title: impl Into<String>, body: String) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            body,
            goes_to: None,
            media_from: None,
            cookie: None,
        }
    }

    /// A page that says why there is nothing else to be seen, and what to do.
    pub(crate) fn refusal(status: StatusCode, title: &str, what_to_do: &str) -> Self {
        let body = format!(
            "<main><h1>{}</h1>\n<p>{}</p></main>\n",
            escape(title),
            escape(what_to_do)
        );
        Self {
            status,
            ..Self::new(title, body)
        }
    }

    fn html(&self) -> String {
        let (style, _) = style();
        let mut out = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n",
        );
        // Writing to a string can't fail.
        if let Some(to) = &self.goes_to {
            let _ = writeln!(
                out,
                "<meta http-equiv=\"refresh\" content=\"0; url={}\">",
                escape(to)
            );
        }
        let _ = write!(
            out,
            "<title>{}</title>\n<style>{style}</style>\n</head>\n<body class=\"q-page\">\n{}</body>\n</html>\n",
            escape(&self.title),
            self.body
        );
        out
    }

    fn policy(&self) -> String {
        let (_, hash) = style();
        let bucket = self
            .media_from
            .as_ref()
            .map(|origin| format!(" {origin}"))
            .unwrap_or_default();
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self'{bucket}; media-src 'self'{bucket}; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut headers = guarded();
        let text = [
            (
                header::CONTENT_TYPE,
                Some("text/html; charset=utf-8".to_owned()),
            ),
            (header::CONTENT_SECURITY_POLICY, Some(self.policy())),
            (header::SET_COOKIE, self.cookie.clone()),
        ];
        for (name, value) in text {
            match value.map(HeaderValue::try_from) {
                None => {}
                Some(Ok(value)) => drop(headers.insert(name, value)),
                Some(Err(error)) => return Problem::internal(&error).into_response(),
            }
        }
        (self.status, headers, self.html()).into_response()
    }
}

/// The headers of everything under the page's path: kept by nobody, told to nobody.
pub(crate) fn guarded() -> HeaderMap {
    HeaderMap::from_iter([
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ])
}

/// Why the page isn't shown, or a form doesn't count.
pub(crate) enum Refused {
    /// No good link, no good cookie.
    Shut(Shut),
    /// Neither link nor cookie was sent.
    Bare,
    /// A form that this visitor's page didn't send.
    Forged,
    /// Anything else.
    Problem(Problem),
}

impl From<Shut> for Refused {
    fn from(shut: Shut) -> Self {
        Self::Shut(shut)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let ask = "Ask whoever sent it for a new one: `reelwright review link RUN` makes it.";
        let page = match self {
            Self::Shut(Shut::Expired) => Page::refusal(
                StatusCode::FORBIDDEN,
                "This link is no longer good",
                &format!(
                    "Its time is up, or this page was open for more than half an hour. Open the link again; if that doesn't help: {ask}"
                ),
            ),
            Self::Shut(Shut::Foreign) => Page::refusal(
                StatusCode::FORBIDDEN,
                "This link doesn't open this page",
                &format!(
                    "It is incomplete, or was made for another video. Check that you opened the whole of it. {ask}"
                ),
            ),
            Self::Bare => Page::refusal(
                StatusCode::FORBIDDEN,
                "This page opens by a link only",
                &format!(
                    "Open the link that you were sent, in a browser that keeps cookies. {ask}"
                ),
            ),
            Self::Forged => Page::refusal(
                StatusCode::FORBIDDEN,
                "Nothing was decided",
                "The form wasn't sent from the page that you have open. Open the link that you were sent again, and decide there.",
            ),
            Self::Problem(problem) => {
                let status = StatusCode::from_u16(problem.status)
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let fields = problem.errors.iter().map(|error| error.message.as_str());
                let told: Vec<&str> = [problem.detail.as_str()]
                    .into_iter()
                    .chain(fields)
                    .collect();
                Page::refusal(status, &problem.title, &told.join(": "))
            }
        };
        page.into_response()
    }
}
