//! What an attempt came to, and what that means.

use serde::{Deserialize, Serialize};

use super::RetryAfter;

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The receiver answered.
    Answered {
        /// The status.
        status: u16,
        /// Its `Retry-After`, if it said one that can be understood.
        retry_after: Option<RetryAfter>,
    },
    /// It gave no whole answer within the time.
    TimedOut,
    /// It couldn't be reached, or broke off: name, connection, TLS, HTTP.
    Unreachable,
    /// Its address is none that may be called.
    Refused,
}

/// What an outcome means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It didn't: try again.
    Failed,
    /// It didn't, because the endpoint has too much to do: try again, and send it less for a while.
    TooMuch,
    /// The endpoint is gone for good.
    Gone,
}

impl Outcome {
    /// An answer without `Retry-After`.
    pub const fn answered(status: u16) -> Self {
        Self::Answered {
            status,
            retry_after: None,
        }
    }

    /// What it means. A redirection is a failure like others: following it would lead to an address that nobody checked.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Answered { status, .. } => match status {
                200..=299 => Verdict::Delivered,
                410 => Verdict::Gone,
                429 | 502 | 504 => Verdict::TooMuch,
                _ => Verdict::Failed,
            },
            Self::TimedOut | Self::Unreachable | Self::Refused => Verdict::Failed,
        }
    }

    /// When the receiver wants to be asked again, if it said so.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Answered { retry_after, .. } => *retry_after,
            Self::TimedOut | Self::Unreachable | Self::Refused => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_the_verdict_of_the_documentation() {
        for status in 0..=u16::MAX {
            let expected = match status {
                410 => Verdict::Gone,
                429 | 502 | 504 => Verdict::TooMuch,
                _ if status / 100 == 2 => Verdict::Delivered,
                _ => Verdict::Failed,
            };
            assert_eq!(Outcome::answered(status).verdict(), expected, "{status}");
        }
        for outcome in [Outcome::TimedOut, Outcome::Unreachable, Outcome::Refused] {
            assert_eq!(outcome.verdict(), Verdict::Failed);
        }
    }
}
