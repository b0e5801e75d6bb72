//! Since when: a time as people and programs write it.

use domain::Timestamp;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time in any form of RFC 3339, since 1970.
///
/// ```
/// use subscribe::Since;
/// let since = Since::parse("2026-11-23T11:00:00+01:00")?;
/// assert_eq!(since, Since::parse("2026-11-23T10:00:00.000Z")?);
/// assert_eq!(since.0, domain::Timestamp(1_795_428_000_000));
/// assert!(Since::parse("2026-11-23").is_err());
/// assert!(Since::parse("1969-12-31T23:59:59Z").is_err());
/// # Ok::<(), subscribe::SinceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Since(pub Timestamp);

/// A text that is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time: expected RFC 3339 since 1970, such as 2026-11-23T10:00:00Z")]
pub struct SinceError(String);

impl Since {
    /// Reads a time. What is smaller than a millisecond is dropped.
    pub fn parse(text: &str) -> Result<Self, SinceError> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(|at| u64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok())
            .map(|at| Self(Timestamp(at)))
            .ok_or_else(|| SinceError(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for Since {
    type Error = SinceError;
    fn try_from(text: String) -> Result<Self, SinceError> {
        Self::parse(&text)
    }
}
