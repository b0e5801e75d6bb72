//! Addresses in the API, which events carry instead of content.

use std::borrow::Cow;
use std::fmt;

use domain::RunId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::EndpointId;

/// What stands for itself in a segment of a path: RFC 3986, unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The most characters of an API's root.
const MAX_ROOT: usize = 500;

/// A root that no link can be made with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the root of an API: expected http or https, a host, and perhaps a path, such as https://api.example.com"
)]
pub struct ApiRootError(String);

/// Where the API is: links begin with it.
///
/// ```
/// use webhooks::ApiRoot;
/// let run = domain::RunId::new(1, 2);
/// let root = ApiRoot::parse("https://api.example.com/")?;
/// assert_eq!(root.run(&run).as_str(), format!("https://api.example.com/v1/runs/{run}"));
/// assert_eq!(ApiRoot::relative().run(&run).as_str(), format!("/v1/runs/{run}"));
/// # Ok::<(), webhooks::ApiRootError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRoot(String);

impl ApiRoot {
    /// Links relative to the API's root, for a server that doesn't know its own name.
    pub const fn relative() -> Self {
        Self(String::new())
    }

    /// Reads a root.
    pub fn parse(text: &str) -> Result<Self, ApiRootError> {
        let wrong = || ApiRootError(text.chars().take(80).collect());
        let url = Url::parse(text).map_err(|_| wrong())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.as_str().len() <= MAX_ROOT
            // They end a link in a message to Slack or Discord.
            && !url.as_str().contains(['|', '(', ')']);
        if plain {
            Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
        } else {
            Err(wrong())
        }
    }

    /// A run.
    pub fn run(&self, id: &RunId) -> Link {
        self.link(&["runs", id.as_str()])
    }

    /// A run's video.
    pub fn video(&self, id: &RunId) -> Link {
        self.link(&["runs", id.as_str(), "files", "final.mp4"])
    }

    /// What a person decides about a run.
    pub fn review(&self, id: &RunId) -> Link {
        self.link(&["reviews", id.as_str()])
    }

    /// An experiment.
    pub fn experiment(&self, key: &str) -> Link {
        self.link(&["experiments", key])
    }

    /// A webhook's endpoint.
    pub fn endpoint(&self, id: &EndpointId) -> Link {
        self.link(&["webhooks", "endpoints", id.as_str()])
    }

    fn link(&self, path: &[&str]) -> Link {
        let mut link = format!("{}/v1", self.0);
        for segment in path {
            link.push('/');
            link.extend(utf8_percent_encode(segment, SEGMENT));
        }
        Link(link)
    }
}

/// An address in the API. It takes the same key as every other request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names its host.
    pub fn is_absolute(&self) -> bool {
        !self.0.starts_with('/')
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for Link {
    fn schema_name() -> Cow<'static, str> {
        "Link".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uri-reference" })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_key_stays_one_segment_whatever_is_in_it() {
        let root = ApiRoot::parse("https://api.example.com/stage").unwrap();
        assert_eq!(
            root.experiment("../runs?x=1#ü|>").as_str(),
            "https://api.example.com/stage/v1/experiments/..%2Fruns%3Fx%3D1%23%C3%BC%7C%3E"
        );
    }

    #[test]
    fn a_root_that_is_none_is_refused() {
        for wrong in [
            "",
            "api.example.com",
            "ftp://example.com",
            "https://user:pass@example.com",
            "https://example.com?x=1",
            "https://example.com#x",
            "https://example.com/a|b",
        ] {
            assert!(ApiRoot::parse(wrong).is_err(), "{wrong}");
        }
    }
}
