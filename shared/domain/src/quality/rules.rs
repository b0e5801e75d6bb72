//! How a brand wants its rounds judged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Criterion, JudgeWeight, JudgeWeightError, Thresholds, ThresholdsError, Total, Weights,
    WeightsError,
};

/// So many rounds are made by themselves where the brand says nothing else.
pub const MAX_ROUNDS: u32 = 2;

/// So many hours a person has for a review where the brand says nothing else.
pub const REVIEW_HOURS: u32 = 72;

/// The most rounds that may be asked for.
const MOST_ROUNDS: u32 = 5;

/// The most hours that a review may wait: a year.
const MOST_HOURS: u32 = 8_760;

/// What each criterion counts for, in whole percent: all ten, and they sum to 100.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are the criteria, documented there")]
pub struct WeightTable {
    #[schemars(range(max = 100))]
    pub clarity: Option<u32>,
    #[schemars(range(max = 100))]
    pub engagement: Option<u32>,
    #[schemars(range(max = 100))]
    pub hook: Option<u32>,
    #[schemars(range(max = 100))]
    pub tone: Option<u32>,
    #[schemars(range(max = 100))]
    pub pacing: Option<u32>,
    #[schemars(range(max = 100))]
    pub grammar: Option<u32>,
    #[schemars(range(max = 100))]
    pub originality: Option<u32>,
    #[schemars(range(max = 100))]
    pub emotion: Option<u32>,
    #[schemars(range(max = 100))]
    pub brand: Option<u32>,
    #[schemars(range(max = 100))]
    pub technical: Option<u32>,
}

impl WeightTable {
    /// The weights, if all ten are there and sum to 100.
    pub fn weights(&self) -> Result<Weights, WeightsError> {
        let given = [
            self.clarity,
            self.engagement,
            self.hook,
            self.tone,
            self.pacing,
            self.grammar,
            self.originality,
            self.emotion,
            self.brand,
            self.technical,
        ];
        let mut percent = [0; 10];
        for ((criterion, given), place) in Criterion::ALL.into_iter().zip(given).zip(&mut percent) {
            let weight = given.ok_or(WeightsError::Missing(criterion))?;
            *place = u8::try_from(weight).map_err(|_| WeightsError::OutOfRange {
                criterion,
                given: weight.to_string(),
            })?;
        }
        Weights::new(percent)
    }
}

/// How a brand wants its rounds judged. What isn't said is as the defaults have it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualityRules {
    /// What each criterion counts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightTable>,
    /// From this total on a round is approved without a person: 0 to 100, one decimal. 85 if it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub approve: Option<f64>,
    /// From this total on a person is asked, below it the round is made again: 0 to 100, one decimal, less than `approve`. 70 if it
    /// isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub review: Option<f64>,
    /// How many rounds are made before a person is asked: 1 to 5. 2 if it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5))]
    pub max_rounds: Option<u32>,
    /// For how many hours a review waits for a person before it expires: 1 to 8,760. 72 if it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 8_760))]
    pub review_hours: Option<u32>,
    /// What a judge's scores count for against the built-in ones: 0 (they are only reported) to 1, two decimals. As the system is set up if
    /// it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub judge_weight: Option<f64>,
}

impl QualityRules {
    /// Whether nothing is said.
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// What each criterion counts for.
    pub fn weights(&self) -> Result<Weights, WeightsError> {
        self.weights
            .as_ref()
            .map_or_else(|| Ok(Weights::default()), WeightTable::weights)
    }

    /// Where the tiers begin.
    pub fn thresholds(&self) -> Result<Thresholds, ThresholdsError> {
        let total = |given: Option<f64>, default: u16| {
            // What is out of range was refused with the brief.
            given.map_or(Total::of_tenths(default), |given| {
                Total::of_tenths((given * 10.0).round() as u16)
            })
        };
        Thresholds::new(total(self.approve, 850), total(self.review, 700))
    }

    /// How many rounds are made before a person is asked.
    pub fn max_rounds(&self) -> u32 {
        self.max_rounds.unwrap_or(MAX_ROUNDS)
    }

    /// For how many milliseconds a review waits for a person.
    pub fn review_ms(&self) -> u64 {
        u64::from(self.review_hours.unwrap_or(REVIEW_HOURS)) * 3_600_000
    }

    /// What a judge's scores count for, if the brand says it.
    pub fn judge_weight(&self) -> Result<Option<JudgeWeight>, JudgeWeightError> {
        self.judge_weight.map(JudgeWeight::of_share).transpose()
    }

    /// What is wrong with it: the field within these rules and what to do.
    pub(crate) fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if let Err(error) = self.weights() {
            problems.push(("weights", error.to_string()));
        }
        let mut in_range = true;
        for (field, given) in [("approve", self.approve), ("review", self.review)] {
            let Some(given) = given else { continue };
            let tenths = given * 10.0;
            if !(0.0..=100.0).contains(&given) || (tenths - tenths.round()).abs() > 1e-6 {
                in_range = false;
                problems.push((
                    field,
                    format!("{given} is no total: give 0 to 100 with one decimal at most"),
                ));
            }
        }
        if in_range && let Err(error) = self.thresholds() {
            problems.push(("review", error.to_string()));
        }
        if let Err(error) = self.judge_weight() {
            problems.push(("judge_weight", error.to_string()));
        }
        let counts = [
            ("max_rounds", self.max_rounds, MOST_ROUNDS),
            ("review_hours", self.review_hours, MOST_HOURS),
        ];
        for (field, given, most) in counts {
            if let Some(given) = given.filter(|given| !(1..=most).contains(given)) {
                problems.push((field, format!("{given} is out of range: give 1 to {most}")));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn problems(text: &str) -> Vec<(&'static str, String)> {
        serde_json::from_str::<QualityRules>(text)
            .unwrap()
            .problems()
    }

    #[test]
    fn what_is_not_said_is_the_default() {
        let rules = QualityRules::default();
        assert_eq!(rules.weights(), Ok(Weights::default()));
        assert_eq!(rules.thresholds(), Ok(Thresholds::default()));
        assert_eq!((rules.max_rounds(), rules.review_ms()), (2, 259_200_000));
        assert!(rules.is_silent() && rules.problems().is_empty());
    }

    #[test]
    fn each_wrong_rule_is_named_with_what_to_do() {
        let cases = [
            (
                r#"{"weights": {"clarity": 100}}"#,
                "weights",
                "the weight of engagement is missing",
            ),
            (r#"{"approve": 101}"#, "approve", "101 is no total"),
            (r#"{"review": 69.95}"#, "review", "69.95 is no total"),
            (
                r#"{"approve": 60}"#,
                "review",
                "70.0, is not below that for approval, 60.0",
            ),
            (
                r#"{"judge_weight": 30}"#,
                "judge_weight",
                "30 is no weight of a judge: give 0 to 1",
            ),
            (r#"{"max_rounds": 0}"#, "max_rounds", "give 1 to 5"),
            (
                r#"{"review_hours": 9000}"#,
                "review_hours",
                "give 1 to 8760",
            ),
        ];
        for (given, field, expected) in cases {
            let found = problems(given);
            let [(at, message)] = found.as_slice() else {
                panic!("{given}: {found:?}")
            };
            assert_eq!(*at, field, "{given}");
            assert!(message.contains(expected), "{given}: {message}");
        }
    }

    #[test]
    fn weights_that_sum_to_100_are_taken() {
        let rules: QualityRules = serde_json::from_str(
            r#"{"weights": {"clarity": 50, "engagement": 50, "hook": 0, "tone": 0, "pacing": 0, "grammar": 0,
                "originality": 0, "emotion": 0, "brand": 0, "technical": 0}, "approve": 90.5}"#,
        )
        .unwrap();
        assert_eq!(rules.problems(), []);
        assert_eq!(rules.weights().unwrap().of(Criterion::Engagement), 50);
    }
}
