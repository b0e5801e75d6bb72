//! Adding up what features give and cost.

use super::{Feature, Reading};

/// A reading in the making: where it starts from, and each feature with its points.
#[derive(Debug)]
pub(crate) struct Sheet {
    start: f64,
    raw: f64,
    features: Vec<Feature>,
}

impl Sheet {
    /// Starts from a number of points.
    pub(crate) const fn from(points: f64) -> Self {
        Self {
            start: points,
            raw: points,
            features: Vec::new(),
        }
    }

    /// Adds a feature with the points that it gives or costs.
    pub(crate) fn add(&mut self, name: &'static str, value: f64, points: f64) {
        self.raw += points;
        self.features.push(Feature::new(name, value, points));
    }

    /// Adds a feature whose points lie on a curve.
    pub(crate) fn along(&mut self, name: &'static str, value: f64, curve: &[(f64, f64)]) {
        self.add(name, value, at(curve, value));
    }

    /// The points so far.
    pub(crate) const fn raw(&self) -> f64 {
        self.raw
    }

    /// The points drawn onto a scale; what each feature gave is drawn along, so that it still adds up.
    #[must_use]
    pub(crate) fn scaled(mut self, scale: &[(f64, f64)]) -> Self {
        let (from, to) = (at(scale, self.start), at(scale, self.raw));
        let moved = self.raw - self.start;
        let slope = if moved.abs() > 1e-9 {
            (to - from) / moved
        } else {
            1.0
        };
        for feature in &mut self.features {
            feature.contribution *= slope;
        }
        (self.start, self.raw) = (from, to);
        self
    }

    /// The reading, its points taken as they are.
    pub(crate) fn reading(self, confidence: f64) -> Reading {
        Reading::new(self.raw, self.features, confidence)
    }
}

/// The value at `x` of a curve that joins points by straight lines; beyond its ends it is level. The points are in order of x.
pub(crate) fn at(curve: &[(f64, f64)], x: f64) -> f64 {
    let (Some(&first), Some(&last)) = (curve.first(), curve.last()) else {
        return 0.0;
    };
    if x.is_nan() || x <= first.0 {
        return first.1;
    }
    curve
        .windows(2)
        .find_map(|pair| match *pair {
            [(x0, y0), (x1, y1)] if x <= x1 => Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0)),
            _ => None,
        })
        .unwrap_or(last.1)
}

/// How sure a reading of so many words (or other things) can be, if `enough` are enough.
pub(crate) fn sure(seen: usize, enough: usize) -> f64 {
    (seen as f64 / enough as f64).min(1.0)
}

/// The mean; 0 of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        0.0
    } else {
        values.iter().sum::<f64>() / values.len() as f64
    }
}

/// The standard deviation; 0 of less than two.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "the points of a curve are exact")]

    use super::*;

    #[test]
    fn a_curve_is_straight_between_its_points_and_level_beyond() {
        let curve = [(1.0, 10.0), (2.0, 20.0), (4.0, 0.0)];
        assert_eq!(
            [0.0, 1.5, 3.0, 9.0, f64::NAN].map(|x| at(&curve, x)),
            [10.0, 15.0, 10.0, 0.0, 10.0]
        );
        assert_eq!(at(&[], 1.0), 0.0);
    }
}
