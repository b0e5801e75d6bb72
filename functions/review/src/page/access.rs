//! Who may look at the page, and by what: the cookie that its link has set.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::RunId;
use runtime::http::Problem;

use super::answer::Refused;
use crate::api::Api;
use crate::links;
use crate::seal::{SESSION_MS, Shut};

/// The cookie's name.
const COOKIE: &str = "reelwright_review";

/// A visitor whose cookie is good for the run that the path names.
pub(crate) struct Visitor {
    pub(crate) run: RunId,
    /// The cookie's value.
    pub(crate) cookie: String,
}

impl Visitor {
    pub(crate) fn of(api: &Api, run: RunId, headers: &HeaderMap) -> Result<Self, Refused> {
        let mut why = Refused::Bare;
        // A browser may hold cookies of this name for other paths or times.
        for cookie in cookies(headers) {
            match api.seal.shows(&run, cookie, (api.runs.clock)()) {
                Ok(()) => {
                    let cookie = cookie.to_owned();
                    return Ok(Self { run, cookie });
                }
                Err(Shut::Foreign) => {}
                Err(shut) => why = shut.into(),
            }
        }
        Err(why)
    }
}

impl FromRequestParts<Api> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refused> {
        let PageRun(run) = PageRun::from_request_parts(parts, api).await?;
        Self::of(api, run, &parts.headers)
    }
}

/// The run that a path of the page names first.
pub(crate) struct PageRun(pub(crate) RunId);

impl<S: Send + Sync> FromRequestParts<S> for PageRun {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let named = path.ok().and_then(|Path(named)| named.into_iter().next());
        named
            .and_then(|(_, id)| RunId::parse(&id).ok())
            .map(Self)
            .ok_or_else(|| Problem::not_found("the address names no run").into())
    }
}

/// The values of the page's cookie, as the browser sends them.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The header that sets the cookie: for this page alone, out of reach of scripts and of other sites.
pub(super) fn set_cookie(run: &RunId, cookie: &str, encrypted: bool) -> String {
    let path = links::page(run);
    let seconds = SESSION_MS / 1000;
    let secure = if encrypted { "; Secure" } else { "" };
    format!("{COOKIE}={cookie}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// The two parts of a link, if the query holds one; nothing if there is no query.
pub(super) fn link_of(query: &str) -> Result<Option<(String, String)>, Refused> {
    if query.is_empty() {
        return Ok(None);
    }
    let (mut expires, mut signature) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let place = match name.as_ref() {
            "expires" => &mut expires,
            "signature" => &mut signature,
            // Mail programs and chats add to links what they like to count.
            _ => continue,
        };
        if place.replace(value.into_owned()).is_some() {
            return Err(Shut::Foreign.into());
        }
    }
    match (expires, signature) {
        (Some(expires), Some(signature)) => Ok(Some((expires, signature))),
        (None, None) => Ok(None),
        _ => Err(Shut::Foreign.into()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_pages_cookie_is_found_among_others() {
        let headers = HeaderMap::from_iter([
            (
                header::COOKIE,
                HeaderValue::from_static("a=1; reelwright_review=x.y; b=2"),
            ),
            (
                header::COOKIE,
                HeaderValue::from_static("reelwright_reviews=no; reelwright_review=z"),
            ),
        ]);
        assert_eq!(cookies(&headers).collect::<Vec<_>>(), ["x.y", "z"]);
    }

    #[test]
    fn a_link_is_read_whatever_was_added_to_it_and_half_a_link_is_refused() {
        let read = |query| link_of(query).ok().map(|link| link.map(|(a, b)| a + &b));
        assert_eq!(read(""), Some(None));
        assert_eq!(read("utm_source=mail"), Some(None));
        assert_eq!(
            read("x=1&expires=5&signature=s"),
            Some(Some("5s".to_owned()))
        );
        assert_eq!(read("expires=5"), None);
        assert_eq!(read("signature=s"), None);
        assert_eq!(read("expires=5&signature=s&expires=6"), None);
    }

    #[test]
    fn the_cookie_is_for_one_page_and_no_script() {
        let run = RunId::parse("01kaqmhk2g0e8v7x2c5d9f3b4n").unwrap();
        assert_eq!(
            set_cookie(&run, "v", true),
            "reelwright_review=v; Path=/review/01kaqmhk2g0e8v7x2c5d9f3b4n; Max-Age=1800; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(!set_cookie(&run, "v", false).contains("Secure"));
    }
}
