//! The weighted sum, in integers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A total of 0.0 to 100.0 with one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Total(u16);

impl Total {
    /// A total from its tenths; more than 1,000 are 1,000.
    pub const fn of_tenths(tenths: u16) -> Self {
        Self(if tenths > 1000 { 1000 } else { tenths })
    }

    /// A total from hundredths, rounded half up: 84.94 is 84.9 and 84.95 is 85.0.
    pub const fn of_hundredths(hundredths: u32) -> Self {
        Self::ratio(hundredths, 100)
    }

    /// The mean of whole scores, each with its weight, rounded once and half up. The weights need not sum to 100: what couldn't be
    /// measured is left out, and what is left keeps its proportions. Without any weight the total is 0.
    pub fn weighed(scores: impl IntoIterator<Item = (u8, u8)>) -> Self {
        let (mut sum, mut weights) = (0_u32, 0_u32);
        for (value, weight) in scores {
            sum += u32::from(value) * u32::from(weight);
            weights += u32::from(weight);
        }
        Self::ratio(sum, weights)
    }

    /// `sum / weights`, to the nearest tenth, halves up.
    const fn ratio(sum: u32, weights: u32) -> Self {
        if weights == 0 {
            return Self(0);
        }
        Self::of_tenths(((sum * 20 + weights) / (2 * weights)) as u16)
    }

    /// In tenths: 849 for 84.9.
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// As a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl Serialize for Total {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Total {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        let tenths = (value * 10.0).round();
        if !(0.0..=1000.0).contains(&tenths) || (value * 10.0 - tenths).abs() > 1e-6 {
            return Err(serde::de::Error::custom(format!(
                "{value} is no total: expected 0 to 100 with one decimal at most"
            )));
        }
        Ok(Self(tenths as u16))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hundredths_are_rounded_half_up_to_tenths() {
        let shown = |hundredths| Total::of_hundredths(hundredths).to_string();
        assert_eq!(
            [8494, 8495, 8500, 6994, 6995, 7000, 0, 10_000].map(shown),
            [
                "84.9", "85.0", "85.0", "69.9", "70.0", "70.0", "0.0", "100.0"
            ]
        );
    }

    #[test]
    fn what_is_not_measured_leaves_the_others_their_proportions() {
        // Without one that weighs 10: (80 * 60 + 50 * 30) / 90 = 70.
        assert_eq!(Total::weighed([(80, 60), (50, 30)]).to_string(), "70.0");
        assert_eq!(Total::weighed([]).to_string(), "0.0");
    }

    #[test]
    fn totals_are_read_as_they_are_written() {
        let read = |text| serde_json::from_str::<Total>(text);
        assert_eq!(read("84.9").unwrap(), Total::of_tenths(849));
        assert_eq!(
            serde_json::to_string(&Total::of_tenths(849)).unwrap(),
            "84.9"
        );
        let error = read("84.95").unwrap_err().to_string();
        assert!(error.starts_with("84.95 is no total"), "{error}");
        assert!(read("-1").is_err() && read("100.1").is_err());
    }

    proptest! {
        #[test]
        fn a_total_is_the_mean_to_within_half_a_tenth(scores in prop::collection::vec((0_u8..=100, 1_u8..=100), 1..12)) {
            let weights: f64 = scores.iter().map(|&(_, weight)| f64::from(weight)).sum();
            let mean = scores.iter().map(|&(value, weight)| f64::from(value) * f64::from(weight)).sum::<f64>() / weights;
            prop_assert!((Total::weighed(scores).value() - mean).abs() <= 0.05 + 1e-9);
        }
    }
}
