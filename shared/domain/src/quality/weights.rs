//! What each criterion counts for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Criterion;

/// Why weights can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A criterion has no weight.
    #[error("the weight of {} is missing: give all ten in whole percent (0 leaves one out)", .0.name())]
    Missing(Criterion),
    /// A weight is below 0, above 100 or no whole number.
    #[error("the weight of {} is {given}: expected a whole percentage of 0 to 100", .criterion.name())]
    OutOfRange {
        /// Whose.
        criterion: Criterion,
        /// What was given.
        given: String,
    },
    /// They don't sum to 100.
    #[error("the weights sum to {0}: they must sum to 100 percent")]
    Sum(u32),
    /// A name that is no criterion.
    #[error(transparent)]
    Unknown(#[from] super::UnknownCriterion),
}

/// What each criterion counts for, in whole percent: they sum to 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<String, serde_number::Number>",
    into = "BTreeMap<&'static str, u8>"
)]
pub struct Weights([u8; 10]);

/// A number as JSON and YAML write it, so that a wrong one is told by name.
mod serde_number {
    use std::fmt;

    use serde::Deserialize;

    #[derive(Debug, Clone, Copy, Deserialize)]
    #[serde(untagged)]
    pub(super) enum Number {
        Whole(i64),
        Broken(f64),
    }

    impl fmt::Display for Number {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Whole(number) => number.fmt(f),
                Self::Broken(number) => number.fmt(f),
            }
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self([12, 15, 12, 10, 10, 8, 10, 10, 8, 5])
    }
}

impl Weights {
    /// Weights in the order of [`Criterion::ALL`].
    pub fn new(percent: [u8; 10]) -> Result<Self, WeightsError> {
        for (criterion, weight) in Criterion::ALL.into_iter().zip(percent) {
            if weight > 100 {
                return Err(WeightsError::OutOfRange {
                    criterion,
                    given: weight.to_string(),
                });
            }
        }
        let sum = percent.iter().map(|&weight| u32::from(weight)).sum();
        if sum == 100 {
            Ok(Self(percent))
        } else {
            Err(WeightsError::Sum(sum))
        }
    }

    /// The weight of a criterion in percent.
    pub fn of(&self, criterion: Criterion) -> u8 {
        self.iter()
            .find_map(|(at, weight)| (at == criterion).then_some(weight))
            .unwrap_or_default()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Criterion, u8)> + '_ {
        Criterion::ALL.into_iter().zip(self.0)
    }
}

impl TryFrom<BTreeMap<String, serde_number::Number>> for Weights {
    type Error = WeightsError;
    fn try_from(given: BTreeMap<String, serde_number::Number>) -> Result<Self, WeightsError> {
        let mut percent = [None; 10];
        for (name, number) in given {
            let criterion: Criterion = name.parse()?;
            let weight = match number {
                serde_number::Number::Whole(weight) => u8::try_from(weight).ok(),
                serde_number::Number::Broken(weight) => (weight.fract() == 0.0
                    && (0.0..=100.0).contains(&weight))
                .then_some(weight as u8),
            };
            let Some(weight) = weight.filter(|&weight| weight <= 100) else {
                return Err(WeightsError::OutOfRange {
                    criterion,
                    given: number.to_string(),
                });
            };
            let places = Criterion::ALL.into_iter().zip(&mut percent);
            for (_, place) in places.filter(|(at, _)| *at == criterion) {
                *place = Some(weight);
            }
        }
        let mut all = [0; 10];
        for ((criterion, place), weight) in Criterion::ALL.into_iter().zip(percent).zip(&mut all) {
            *weight = place.ok_or(WeightsError::Missing(criterion))?;
        }
        Self::new(all)
    }
}

impl From<Weights> for BTreeMap<&'static str, u8> {
    fn from(weights: Weights) -> Self {
        weights
            .iter()
            .map(|(criterion, weight)| (criterion.name(), weight))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read(text: &str) -> Result<Weights, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn all_but_technical(technical: &str) -> String {
        format!(
            r#"{{"clarity":12,"engagement":15,"hook":12,"tone":10,"pacing":10,"grammar":8,"originality":10,"emotion":10,"brand":8{technical}}}"#
        )
    }

    #[test]
    fn the_given_weights_sum_to_100() {
        assert_eq!(Weights::new(Weights::default().0), Ok(Weights::default()));
        assert_eq!(
            read(&all_but_technical(r#","technical":5"#)),
            Ok(Weights::default())
        );
    }

    #[test]
    fn weights_that_sum_to_99_are_refused() {
        let error = read(&all_but_technical(r#","technical":4"#)).unwrap_err();
        assert!(
            error.starts_with("the weights sum to 99: they must sum to 100 percent"),
            "{error}"
        );
    }

    #[test]
    fn each_wrong_weight_is_named() {
        let cases = [
            (String::new(), "the weight of technical is missing"),
            (
                r#","technical":-5"#.to_owned(),
                "the weight of technical is -5: expected a whole percentage",
            ),
            (
                r#","technical":4.5"#.to_owned(),
                "the weight of technical is 4.5",
            ),
            (
                r#","technical":101"#.to_owned(),
                "the weight of technical is 101",
            ),
            (
                r#","technical":5,"charm":0"#.to_owned(),
                "\"charm\" is no criterion",
            ),
        ];
        for (given, expected) in cases {
            let error = read(&all_but_technical(&given)).unwrap_err();
            assert!(error.contains(expected), "{given}: {error}");
        }
    }
}
