//! What sources give, and what requests are answered with.

use std::sync::Arc;

use bytes::Bytes;
use domain::Timestamp;

/// What a source made.
///
/// ```
/// use cache::Made;
/// let answer = Made::new("a hook".into()).costing(0.002);
/// # let _ = answer;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub(crate) value: Option<Bytes>,
    pub(crate) price_nanos: u64,
    pub(crate) keep: bool,
}

impl Made {
    /// A value.
    pub fn new(value: Bytes) -> Self {
        Self {
            value: Some(value),
            price_nanos: 0,
            keep: true,
        }
    }

    /// The source was asked and has no such thing. That too is kept, for as long as the kind's policy says.
    pub fn nothing() -> Self {
        Self {
            value: None,
            price_nanos: 0,
            keep: true,
        }
    }

    /// What asking the source cost, in dollars: what each hit saves. Less than nothing, or no number, is nothing.
    #[must_use]
    pub fn costing(mut self, usd: f64) -> Self {
        // The cast takes what is out of range to the nearest end, and what is no number to nothing.
        self.price_nanos = (usd * 1e9).round() as u64;
        self
    }

    /// Not to be kept: a stand-in for what was asked for, made by another provider than the key says.
    #[must_use]
    pub fn passing(mut self) -> Self {
        self.keep = false;
        self
    }
}

/// Where an answer came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From this process.
    L1,
    /// From the shared level.
    L2,
    /// From another request of this process, that was under way.
    Joined,
    /// From the source.
    Source,
    /// It is older than it should be, and stands in for a source that failed with these words.
    Stale(Arc<str>),
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The value; nothing if the source has no such thing.
    pub value: Option<Bytes>,
    /// Where it came from.
    pub origin: Origin,
    /// When it was made.
    pub made_at: Timestamp,
    /// How long the source took for it, in milliseconds.
    pub(crate) source_ms: u32,
    /// What the source cost for it, in billionths of a dollar.
    pub(crate) price_nanos: u64,
}

impl Answer {
    /// Whether it is older than it should be: whoever hands it on says so.
    pub fn is_stale(&self) -> bool {
        matches!(self.origin, Origin::Stale(_))
    }

    /// What the call that made it cost, in dollars, whoever paid it.
    pub fn price_usd(&self) -> f64 {
        self.price_nanos as f64 / 1e9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_that_are_none_are_nothing() {
        for (usd, nanos) in [
            (0.002, 2_000_000),
            (0.000_000_15, 150),
            (-1.0, 0),
            (f64::NAN, 0),
        ] {
            assert_eq!(Made::nothing().costing(usd).price_nanos, nanos);
        }
    }
}
