//! Where a list goes on: opaque to whoever holds it.

use std::fmt::Write as _;

use domain::{ApiKey, ContentKey, KeyId, RunId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use webhooks::EndpointId;

use crate::StoreError;
use crate::attributes::{Attributes, Reader, json_text, text};
use crate::keys::{self, ENDPOINTS, EXPERIMENTS, KEYS, META, REVIEWS};
use crate::request::key;

/// Hexadecimal digits of the checksum at a cursor's end.
const CHECK: usize = 16;

/// The last item of a page of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunsCursor {
    /// Its place in the list.
    created_at: String,
    /// The run.
    run: RunId,
}

impl RunsCursor {
    /// Where a run's item stands.
    pub(crate) fn at(item: &Attributes) -> Result<Self, StoreError> {
        let reader = Reader(item);
        Ok(Self {
            created_at: reader.text("gsi1sk")?.to_owned(),
            run: reader.parsed("id")?,
        })
    }

    pub(crate) fn encode(&self) -> String {
        encode("runs", self)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        decode("runs", text)
            .filter(|cursor: &Self| Timestamp::parse(&cursor.created_at).is_some())
            .ok_or_else(|| not_ours(text))
    }

    /// The month it stands in.
    pub(crate) fn month(&self) -> &str {
        self.created_at.get(..7).unwrap_or_default()
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        let month = keys::runs_of_month(self.month());
        start(month, self.created_at, keys::run(&self.run))
    }
}

/// The last item of a page of API keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysCursor {
    /// Its place in the list, in milliseconds since 1970.
    created_at: Timestamp,
    /// The key.
    key: KeyId,
}

impl KeysCursor {
    /// Where a key stands.
    pub(crate) fn at(key: &ApiKey) -> Self {
        Self {
            created_at: key.created_at,
            key: key.id.clone(),
        }
    }

    pub(crate) fn encode(&self) -> String {
        encode("keys", self)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        decode("keys", text).ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        start(
            KEYS.to_owned(),
            self.created_at.rfc3339(),
            keys::api_key(&self.key),
        )
    }
}

/// The last item of a page of reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewsCursor {
    /// Since when it waits.
    since: String,
    /// The run.
    run: RunId,
    /// The key of its review.
    review: String,
}

impl ReviewsCursor {
    /// Where a review stands.
    pub(crate) fn at(item: &Attributes) -> Result<Self, StoreError> {
        let reader = Reader(item);
        Ok(Self {
            since: reader.text("gsi1sk")?.to_owned(),
            run: reader.parsed("run")?,
            review: reader.text("sk")?.to_owned(),
        })
    }

    pub(crate) fn encode(&self) -> String {
        encode("reviews", self)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        decode("reviews", text).ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        let mut start = start(REVIEWS.to_owned(), self.since, keys::run(&self.run));
        start.insert("sk".to_owned(), text(self.review));
        start
    }
}

/// The last item of a page of endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointsCursor {
    /// Its place in the list, in milliseconds since 1970.
    pub(crate) created_at: Timestamp,
    /// The endpoint.
    pub(crate) endpoint: EndpointId,
}

impl EndpointsCursor {
    pub(crate) fn encode(&self) -> String {
        encode("endpoints", self)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        decode("endpoints", text).ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        start(
            ENDPOINTS.to_owned(),
            self.created_at.rfc3339(),
            keys::endpoint(&self.endpoint),
        )
    }
}

/// The last item of a page of experiments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExperimentsCursor {
    /// Its place in the list, in milliseconds since 1970.
    pub(crate) created_at: Timestamp,
    /// The experiment.
    pub(crate) experiment: String,
}

impl ExperimentsCursor {
    pub(crate) fn encode(&self) -> String {
        encode("experiments", self)
    }

    pub(crate) fn decode(text: &str) -> Result<Self, StoreError> {
        decode("experiments", text).ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        start(
            EXPERIMENTS.to_owned(),
            self.created_at.rfc3339(),
            keys::experiment(&self.experiment),
        )
    }
}

/// The last delivery of a page of an endpoint's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveriesCursor {
    /// Whose list it is.
    endpoint: EndpointId,
    /// Its place in the list.
    place: String,
}

impl DeliveriesCursor {
    pub(crate) fn new(endpoint: &EndpointId, place: &str) -> Self {
        Self {
            endpoint: endpoint.clone(),
            place: place.to_owned(),
        }
    }

    pub(crate) fn encode(&self) -> String {
        encode("deliveries", self)
    }

    /// Reads a cursor of this endpoint's list.
    pub(crate) fn decode(endpoint: &EndpointId, text: &str) -> Result<Self, StoreError> {
        decode("deliveries", text)
            .filter(|cursor: &Self| cursor.endpoint == *endpoint)
            .ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        key(&keys::endpoint(&self.endpoint), &self.place)
    }
}

/// The last delivery of a page of those of an endpoint since a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SinceCursor {
    /// Whose list it is.
    pub(crate) endpoint: EndpointId,
    /// Since when.
    pub(crate) since: Timestamp,
    /// Its place in the list.
    pub(crate) place: String,
}

impl SinceCursor {
    pub(crate) fn encode(&self) -> String {
        encode("deliveries since", self)
    }

    /// Reads a cursor of this list.
    pub(crate) fn decode(
        endpoint: &EndpointId,
        since: Timestamp,
        text: &str,
    ) -> Result<Self, StoreError> {
        decode("deliveries since", text)
            .filter(|cursor: &Self| cursor.endpoint == *endpoint && cursor.since == since)
            .ok_or_else(|| not_ours(text))
    }

    /// The key after which the next page begins.
    pub(crate) fn start(self) -> Attributes {
        key(&keys::endpoint(&self.endpoint), &self.place)
    }
}

/// What is said of a cursor that this list never gave out.
pub(crate) fn not_ours(text: &str) -> StoreError {
    StoreError::Invalid {
        what: format!("cursor {:?}", text.chars().take(40).collect::<String>()),
        reason: "it was not given out by this list: start without a cursor".to_owned(),
    }
}

fn start(partition: String, place: String, pk: String) -> Attributes {
    [
        ("gsi1pk", partition),
        ("gsi1sk", place),
        ("pk", pk),
        ("sk", META.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), text(value)))
    .collect()
}

/// The list's name goes into the checksum, so that another list's cursor is not taken for one of its own. It finds what was changed by
/// chance or by hand; there is nothing secret about it, and nothing to win: a cursor names only a place in a list.
fn check(list: &str, json: &str) -> String {
    let digest = ContentKey::of(&[list.as_bytes(), json.as_bytes()]);
    digest.as_str().chars().take(CHECK).collect()
}

fn encode<T: Serialize>(list: &str, cursor: &T) -> String {
    let json = json_text(cursor);
    hex(&json) + &check(list, &json)
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut digits, byte| {
        // Writing into a text can't fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn decode<T: Serialize + DeserializeOwned>(list: &str, text: &str) -> Option<T> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .get(..digits.len().checked_sub(CHECK)?)?
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    let cursor = serde_json::from_slice(&bytes).ok()?;
    // Nothing but what was given out: no other spelling of it either.
    (encode(list, &cursor) == text).then_some(cursor)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn cursor() -> RunsCursor {
        RunsCursor {
            created_at: "2026-11-23T10:00:00.000Z".into(),
            run: RunId::new(1, 2),
        }
    }

    #[test]
    fn a_cursor_survives_the_way_out_and_back() {
        assert_eq!(RunsCursor::decode(&cursor().encode()), Ok(cursor()));
        assert_eq!(cursor().month(), "2026-11");
    }

    #[test]
    fn a_cursor_changed_anywhere_is_refused() {
        let right = cursor().encode();
        for at in 0..right.len() {
            for other in ["0", "f", "F", "z", "é", ""] {
                let changed = format!("{}{other}{}", &right[..at], &right[at + 1..]);
                if changed != right {
                    let answer = RunsCursor::decode(&changed);
                    assert!(
                        matches!(answer, Err(StoreError::Invalid { .. })),
                        "{changed}"
                    );
                }
            }
            assert!(RunsCursor::decode(&right[..at]).is_err());
        }
        assert!(RunsCursor::decode(&right.to_uppercase()).is_err());
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let forged = |json: &str| hex(json) + &check("runs", json);
        let run = RunId::new(1, 2);
        let place = r#""created_at":"2026-11-23T10:00:00.000Z""#;
        assert!(RunsCursor::decode(&forged(&format!(r#"{{{place},"run":"{run}"}}"#))).is_ok());
        let wrong = [
            format!(r#"{{{place},"run":"../{run}"}}"#),
            format!(r#"{{"created_at":"2026-13-23T10:00:00.000Z","run":"{run}"}}"#),
            format!(r#"{{"created_at":"","run":"{run}"}}"#),
            format!(r#"{{{place},"run":"{run}","more":1}}"#),
            format!(r#"{{ {place},"run":"{run}"}}"#),
            "{}".to_owned(),
        ];
        for text in wrong
            .iter()
            .map(|json| forged(json))
            .chain(["", "zz", "abc", "7b7d", "é", "page 2"].map(ToOwned::to_owned))
        {
            assert!(
                matches!(RunsCursor::decode(&text), Err(StoreError::Invalid { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn another_lists_cursor_is_refused() {
        let key = KeysCursor {
            created_at: Timestamp(1),
            key: KeyId::parse(&format!("key_{}", "0".repeat(24))).unwrap(),
        };
        assert_eq!(KeysCursor::decode(&key.encode()), Ok(key.clone()));
        assert!(RunsCursor::decode(&key.encode()).is_err());
        assert!(KeysCursor::decode(&cursor().encode()).is_err());
    }
}
