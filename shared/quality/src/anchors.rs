//! Anchors: which score a figure of a model is worth.
//!
//! The anchors are percentiles of a committed corpus, found before anyone looked at a tier: of texts of published quality, a tenth lie
//! below 70 and 38 in a hundred below 85, as content of the earlier system did; texts spoilt on purpose lie at 40 in their middle.

use crate::score::{Feature, Reading, at};

/// A scale from a model's sum to points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchors {
    /// Sums with their points, rising in both.
    pub(crate) points: &'static [(f64, f64)],
    /// The sum of a text that is average in everything: contributions are counted from there.
    pub(crate) average: f64,
}

impl Anchors {
    /// The points of a sum.
    pub(crate) fn score(&self, sum: f64) -> f64 {
        at(self.points, sum)
    }

    /// How many points a unit of the sum is worth, between the average text and this one.
    pub(crate) fn slope(&self, sum: f64) -> f64 {
        let far = sum - self.average;
        if far.abs() > 1e-3 {
            (self.score(sum) - self.score(self.average)) / far
        } else {
            (self.score(self.average + 0.05) - self.score(self.average - 0.05)) / 0.1
        }
    }

    /// The reading of a sum that is made up of these parts (name, value, share of the sum).
    pub(crate) fn reading(
        &self,
        sum: f64,
        parts: impl Iterator<Item = (&'static str, f64, f64)>,
        confidence: f64,
    ) -> Reading {
        let slope = self.slope(sum);
        let mut features: Vec<Feature> = parts
            .map(|(name, value, part)| Feature::new(name, value, part * slope))
            .collect();
        features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        Reading::new(self.score(sum), features, confidence)
    }
}
