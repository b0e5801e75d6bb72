//! When a receiver wants to be asked again: RFC 9110, section 10.2.3.

use std::time::UNIX_EPOCH;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest that a receiver may put us off: 12 h, in milliseconds.
pub const MAX_RETRY_AFTER_MS: u64 = 12 * 60 * 60 * 1000;

/// What the header `Retry-After` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// So many seconds from now.
    Seconds(u64),
    /// At this time.
    At(Timestamp),
}

impl RetryAfter {
    /// Reads the header's value. What is neither a number of seconds nor a date says nothing: the schedule holds then.
    ///
    /// ```
    /// use domain::Timestamp;
    /// use webhooks::retry::RetryAfter;
    /// assert_eq!(RetryAfter::parse("120"), Some(RetryAfter::Seconds(120)));
    /// assert_eq!(
    ///     RetryAfter::parse("Mon, 23 Nov 2026 10:00:00 GMT"),
    ///     Some(RetryAfter::At(Timestamp(1_795_428_000_000)))
    /// );
    /// assert_eq!(RetryAfter::parse("soon"), None);
    /// ```
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim_matches([' ', '\t']);
        if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
            // More digits than fit mean a very long time.
            return Some(Self::Seconds(value.parse().unwrap_or(u64::MAX)));
        }
        let at = httpdate::parse_http_date(value).ok()?;
        let since = at.duration_since(UNIX_EPOCH).ok()?;
        Some(Self::At(Timestamp(u64::try_from(since.as_millis()).ok()?)))
    }

    /// When to ask again, never before `now` and never more than [`MAX_RETRY_AFTER_MS`] later.
    pub fn at(self, now: Timestamp) -> Timestamp {
        let wait = match self {
            Self::Seconds(seconds) => seconds.saturating_mul(1000),
            Self::At(at) => at.since(now),
        };
        Timestamp(now.0.saturating_add(wait.min(MAX_RETRY_AFTER_MS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    #[test]
    fn all_three_forms_of_date_are_understood() {
        for date in [
            "Mon, 23 Nov 2026 10:02:00 GMT",
            "Monday, 23-Nov-26 10:02:00 GMT",
            "Mon Nov 23 10:02:00 2026",
        ] {
            let at = RetryAfter::parse(date).map(|after| after.at(NOW));
            assert_eq!(at, Some(Timestamp(NOW.0 + 120_000)), "{date}");
        }
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in [
            "",
            " ",
            "-1",
            "1.5",
            "+5",
            "1e3",
            "0x10",
            "120s",
            "soon",
            "Mon, 32 Nov 2026 10:00:00 GMT",
            "2026-11-23T10:00:00Z",
            "１２０",
            "120, 240",
        ] {
            assert_eq!(RetryAfter::parse(value), None, "{value:?}");
        }
    }

    #[test]
    fn nobody_puts_us_off_beyond_the_bound_or_into_the_past() {
        for (value, wait) in [
            ("0", 0),
            ("43200", MAX_RETRY_AFTER_MS),
            ("43201", MAX_RETRY_AFTER_MS),
            ("99999999999999999999999", MAX_RETRY_AFTER_MS),
            ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_MS),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ] {
            let at = RetryAfter::parse(value).map(|after| after.at(NOW));
            assert_eq!(at, Some(Timestamp(NOW.0 + wait)), "{value}");
        }
    }
}
