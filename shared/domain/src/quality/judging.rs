//! What a judge, a model that was asked, says of a round: beside the built-in scores, never in their place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Criterion;

/// The criteria that a judge speaks on: those that words alone tell badly.
pub const JUDGED: [Criterion; 3] = [
    Criterion::Engagement,
    Criterion::Originality,
    Criterion::Emotion,
];

/// A number that is no weight of a judge.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0} is no weight of a judge: give 0 to 1 with two decimals at most")]
pub struct JudgeWeightError(pub f64);

/// How much a judge's scores count against the built-in ones, in whole percent; written as a share of 0 to 1. At 0 they are reported, and
/// count for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct JudgeWeight(u8);

impl JudgeWeight {
    /// A weight from a share of 0 to 1.
    pub fn of_share(share: f64) -> Result<Self, JudgeWeightError> {
        let percent = share * 100.0;
        if (0.0..=1.0).contains(&share) && (percent - percent.round()).abs() < 1e-6 {
            // 0 to 100: the cast loses nothing.
            Ok(Self(percent.round() as u8))
        } else {
            Err(JudgeWeightError(share))
        }
    }

    /// As a share of 0 to 1.
    pub fn share(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Whether it counts for anything.
    pub const fn counts(self) -> bool {
        self.0 > 0
    }
}

impl TryFrom<f64> for JudgeWeight {
    type Error = JudgeWeightError;
    fn try_from(share: f64) -> Result<Self, JudgeWeightError> {
        Self::of_share(share)
    }
}

impl From<JudgeWeight> for f64 {
    fn from(weight: JudgeWeight) -> Self {
        weight.share()
    }
}

/// What a judge says on one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Its score: 0 to 100.
    pub value: u8,
    /// Why, in its own words.
    pub reason: String,
}

/// A judge's score beside the built-in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedScore {
    /// The judge's: 0 to 100.
    pub value: u8,
    /// The built-in one: 0 to 100.
    pub built_in: u8,
    /// Why, in the judge's own words.
    pub reason: String,
}

/// What came of asking a judge about a round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judging {
    /// Who was asked, for people.
    pub by: String,
    /// What its scores count for.
    pub weight: JudgeWeight,
    /// What it said.
    #[serde(flatten)]
    pub outcome: Judged,
}

/// What a judge said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Judged {
    /// Its scores.
    Judged {
        /// Those of [`JUDGED`] that have a built-in one too.
        scores: BTreeMap<Criterion, JudgedScore>,
    },
    /// Nothing that can be used: the built-in scores stand.
    NotJudged {
        /// Why.
        reason: String,
    },
}

impl Judging {
    /// Why there is no judgement, if there is none.
    pub fn lacks(&self) -> Option<&str> {
        match &self.outcome {
            Judged::Judged { .. } => None,
            Judged::NotJudged { reason } => Some(reason),
        }
    }

    /// Who was asked, what that counts for, and why there is no judgement if there is none: for people.
    pub fn sentence(&self) -> String {
        let counts = if self.weight.counts() {
            format!("which counts for {:.0}%", self.weight.share() * 100.0)
        } else {
            "which counts for nothing".to_owned()
        };
        match self.lacks() {
            None => format!("Judged by {}, {counts}.", self.by),
            Some(reason) => format!("Not judged: {reason} (asked: {}, {counts}).", self.by),
        }
    }

    /// What it said, to be weighed again.
    pub fn said(&self) -> Result<BTreeMap<Criterion, Opinion>, String> {
        let opinion = |told: &JudgedScore| Opinion {
            value: told.value,
            reason: told.reason.clone(),
        };
        match &self.outcome {
            Judged::Judged { scores } => Ok(scores
                .iter()
                .map(|(criterion, told)| (*criterion, opinion(told)))
                .collect()),
            Judged::NotJudged { reason } => Err(reason.clone()),
        }
    }

    /// Its score of a criterion.
    pub fn score(&self, criterion: Criterion) -> Option<&JudgedScore> {
        match &self.outcome {
            Judged::Judged { scores } => scores.get(&criterion),
            Judged::NotJudged { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_weight_is_a_share_of_whole_percents() {
        let read = |text| serde_json::from_str::<JudgeWeight>(text);
        for (text, percent) in [("0", 0), ("0.29", 29), ("0.3", 30), ("1", 100)] {
            assert_eq!(read(text).unwrap(), JudgeWeight(percent), "{text}");
        }
        for wrong in ["-0.01", "1.01", "30", "0.255"] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("give 0 to 1"), "{wrong}: {error}");
        }
        assert!(JudgeWeight::of_share(f64::NAN).is_err());
        assert!(!JudgeWeight::default().counts());
    }

    #[test]
    fn what_a_judge_said_is_told_flat_and_read_again() {
        let score = JudgedScore {
            value: 80,
            built_in: 61,
            reason: "it asks before it tells".to_owned(),
        };
        let judging = |outcome| Judging {
            by: "small at 127.0.0.1".to_owned(),
            weight: JudgeWeight(30),
            outcome,
        };
        let judged = judging(Judged::Judged {
            scores: BTreeMap::from([(Criterion::Engagement, score.clone())]),
        });
        let told = json!({"by": "small at 127.0.0.1", "weight": 0.3, "outcome": "judged",
            "scores": {"engagement": {"value": 80, "built_in": 61, "reason": "it asks before it tells"}}});
        assert_eq!(serde_json::to_value(&judged).unwrap(), told);
        assert_eq!(serde_json::from_value::<Judging>(told).unwrap(), judged);
        assert_eq!(judged.score(Criterion::Engagement), Some(&score));
        let silent = judging(Judged::NotJudged {
            reason: "it took too long".to_owned(),
        });
        let told = serde_json::to_value(&silent).unwrap();
        assert_eq!(told["outcome"], "not_judged");
        assert_eq!(serde_json::from_value::<Judging>(told).unwrap(), silent);
        assert_eq!(silent.lacks(), Some("it took too long"));
    }
}
