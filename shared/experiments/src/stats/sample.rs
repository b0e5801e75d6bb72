//! What a test needs to know of one variation: how many units, their mean, its variance.

use serde::{Deserialize, Serialize};

use crate::definition::MetricKind;
use crate::tally::Sums;

/// One variation's sample of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Units.
    pub units: f64,
    /// The mean over units; of a ratio, the ratio.
    pub mean: f64,
    /// The mean before noise was taken out of it: what relative lift is relative to.
    pub unadjusted_mean: f64,
    /// The variance of one unit: divided by the number of units, that of the mean.
    pub variance: f64,
}

impl Sample {
    /// Of units that did or didn't: variance p(1 − p).
    pub fn proportion(units: f64, successes: f64) -> Self {
        let mean = ratio(successes, units);
        Self {
            units,
            mean,
            unadjusted_mean: mean,
            variance: mean * (1.0 - mean),
        }
    }

    /// Of units with a value each: the variance of a sample.
    pub fn mean(units: f64, sums: &Sums) -> Self {
        let mean = ratio(sums.sum, units);
        let variance = covariance(units, sums.sum_squares, sums.sum, sums.sum);
        Self {
            units,
            mean,
            unadjusted_mean: mean,
            variance,
        }
    }

    /// Of a ratio of two sums over units, by the delta method: units are what is random, not their events.
    pub fn ratio(units: f64, sums: &Sums) -> Self {
        let mean = ratio(sums.sum, sums.denominator);
        let (above, below) = (ratio(sums.sum, units), ratio(sums.denominator, units));
        let above_variance = covariance(units, sums.sum_squares, sums.sum, sums.sum);
        let below_variance = covariance(
            units,
            sums.denominator_squares,
            sums.denominator,
            sums.denominator,
        );
        let both = covariance(units, sums.denominator_product, sums.sum, sums.denominator);
        let variance = if below == 0.0 {
            0.0
        } else {
            (above_variance - 2.0 * both * mean + mean * mean * below_variance) / (below * below)
        };
        let unadjusted_mean = if below == 0.0 { 0.0 } else { above / below };
        Self {
            units,
            mean,
            unadjusted_mean,
            variance,
        }
    }

    /// Of units with a value each, less what a value from before the experiment explains (CUPED, Deng et al. 2013).
    pub fn adjusted(units: f64, sums: &Sums, theta: f64) -> Self {
        let plain = Self::mean(units, sums);
        let pre_variance = covariance(units, sums.pre_squares, sums.pre, sums.pre);
        let both = covariance(units, sums.pre_product, sums.sum, sums.pre);
        Self {
            mean: plain.mean - theta * ratio(sums.pre, units),
            variance: plain.variance + theta * theta * pre_variance - 2.0 * theta * both,
            ..plain
        }
    }
}

/// The sample of a metric of some kind.
pub fn sample_of(kind: MetricKind, units: f64, sums: &Sums) -> Sample {
    match kind {
        MetricKind::Proportion => Sample::proportion(units, sums.sum),
        MetricKind::Mean => Sample::mean(units, sums),
        MetricKind::Ratio => Sample::ratio(units, sums),
    }
}

/// By what a unit's value rises with its value from before, in both variations together; 0 where one of the two never varies, so that
/// nothing is to be taken out.
pub fn theta(control: (f64, &Sums), treatment: (f64, &Sums)) -> f64 {
    let units = control.0 + treatment.0;
    let both = *control.1 + *treatment.1;
    let pre_variance = covariance(units, both.pre_squares, both.pre, both.pre);
    let variance = covariance(units, both.sum_squares, both.sum, both.sum);
    if pre_variance <= 0.0 || variance <= 0.0 {
        return 0.0;
    }
    covariance(units, both.pre_product, both.sum, both.pre) / pre_variance
}

fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { 0.0 } else { above / below }
}

/// The sample's covariance, from the sum of products and the sums.
fn covariance(units: f64, products: f64, a: f64, b: f64) -> f64 {
    if units <= 1.0 {
        return 0.0;
    }
    (products - a * b / units) / (units - 1.0)
}
