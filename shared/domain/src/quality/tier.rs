//! What follows from a total.

use serde::{Deserialize, Serialize};

use super::Total;

/// What is to be done with a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Make it again.
    Regenerate,
    /// Ask a person.
    Review,
    /// Publish it.
    Approve,
}

impl Tier {
    /// All three, worst first.
    pub const ALL: [Self; 3] = [Self::Regenerate, Self::Review, Self::Approve];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regenerate => "regenerate",
            Self::Review => "review",
            Self::Approve => "approve",
        }
    }
}

/// Why a round isn't approved without a person, however good its total is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Hold {
    /// Something is less than was asked for.
    Degraded {
        /// What.
        reason: String,
    },
    /// The text can't be judged: it is in another language, too short, or no text.
    Unjudged {
        /// Why not.
        reason: String,
    },
    /// A judge's score that counts lies so far from the built-in one that one of them is wrong.
    Disputed {
        /// Which, and how far.
        reason: String,
    },
    /// It must not be published as it is.
    Unpublishable {
        /// What must not be in it, or is missing.
        reason: String,
    },
}

impl Hold {
    /// The reason in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Degraded { reason }
            | Self::Unjudged { reason }
            | Self::Disputed { reason }
            | Self::Unpublishable { reason } => reason,
        }
    }
}

/// Why thresholds can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the threshold for review, {review}, is not below that for approval, {approve}: lower it")]
pub struct ThresholdsError {
    /// From where on a person is asked.
    pub review: Total,
    /// From where on nobody is.
    pub approve: Total,
}

/// Where the tiers begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Limits", into = "Limits")]
pub struct Thresholds {
    approve: Total,
    review: Total,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    approve: Total,
    review: Total,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            approve: Total::of_tenths(850),
            review: Total::of_tenths(700),
        }
    }
}

impl Thresholds {
    /// Approval from `approve` on, review from `review` on, below that another round.
    pub fn new(approve: Total, review: Total) -> Result<Self, ThresholdsError> {
        if review < approve {
            Ok(Self { approve, review })
        } else {
            Err(ThresholdsError { review, approve })
        }
    }

    /// The tier of a total. What is held back is never approved, but may still be made again.
    pub fn tier(&self, total: Total, holds: &[Hold]) -> Tier {
        if total < self.review {
            Tier::Regenerate
        } else if total < self.approve || !holds.is_empty() {
            Tier::Review
        } else {
            Tier::Approve
        }
    }
}

impl TryFrom<Limits> for Thresholds {
    type Error = ThresholdsError;
    fn try_from(limits: Limits) -> Result<Self, ThresholdsError> {
        Self::new(limits.approve, limits.review)
    }
}

impl From<Thresholds> for Limits {
    fn from(thresholds: Thresholds) -> Self {
        Self {
            approve: thresholds.approve,
            review: thresholds.review,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_tier_comes_from_the_rounded_total() {
        let tier = |hundredths| Thresholds::default().tier(Total::of_hundredths(hundredths), &[]);
        let table = [
            (8494, Tier::Review),
            (8495, Tier::Approve),
            (8500, Tier::Approve),
            (6994, Tier::Regenerate),
            (6995, Tier::Review),
            (7000, Tier::Review),
        ];
        for (hundredths, expected) in table {
            assert_eq!(tier(hundredths), expected, "{hundredths}");
        }
    }

    #[test]
    fn a_degraded_run_is_never_approved_automatically() {
        let degraded = [Hold::Degraded {
            reason: "the voice speaks no Finnish".to_owned(),
        }];
        let tier = |total| Thresholds::default().tier(Total::of_hundredths(total), &degraded);
        assert_eq!(tier(9900), Tier::Review);
        assert_eq!(tier(6900), Tier::Regenerate);
    }

    #[test]
    fn thresholds_that_leave_nothing_to_review_are_refused() {
        let read = |text| serde_json::from_str::<Thresholds>(text);
        assert!(read(r#"{"approve": 90.0, "review": 60.5}"#).is_ok());
        let error = read(r#"{"approve": 70.0, "review": 70.0}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("70.0, is not below"), "{error}");
    }
}
