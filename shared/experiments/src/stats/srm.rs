//! Sample ratio mismatch: units that aren't shared out as the weights say point to a fault in the experiment, not to a result.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::distributions::chi_square_above;

/// Below this p-value the shares don't fit.
pub const SRM_ALPHA: f64 = 0.001;

/// Units that were seen first while the weights stood as they are here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Units of each variation.
    pub units: Vec<f64>,
    /// The weight of each.
    pub weights: Vec<f64>,
}

/// How well units fit the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RatioCheck {
    /// Pearson's chi-square.
    pub chi_square: f64,
    /// Its degrees of freedom: variations with weight, less one, for each period.
    pub degrees_of_freedom: f64,
    /// How likely shares as far off would be.
    pub p_value: f64,
    /// Places of variations that have units although their weight is 0 throughout.
    pub unexpected: Vec<usize>,
}

impl RatioCheck {
    /// Whether the shares don't fit.
    pub fn mismatch(&self) -> bool {
        self.p_value < SRM_ALPHA
    }
}

/// Units and weights that don't belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// Another number of units than of weights.
    #[error("{units} variations have units and {weights} have weights; give both for each")]
    Lengths {
        /// Variations with units.
        units: usize,
        /// Variations with weights.
        weights: usize,
    },
    /// Units or weights that are negative or no number.
    #[error("units and weights must be numbers from 0 up")]
    Number,
}

/// Checks units against weights; with several periods, each against its own.
///
/// A variation without weight is no part of the expectation: its units are left out of the test, and it is flagged.
pub fn check(periods: &[Period]) -> Result<RatioCheck, PeriodError> {
    let (mut chi_square, mut degrees_of_freedom) = (0.0, 0.0);
    let mut expected_somewhere = Vec::new();
    let mut seen = Vec::new();
    for Period { units, weights } in periods {
        if units.len() != weights.len() {
            return Err(PeriodError::Lengths {
                units: units.len(),
                weights: weights.len(),
            });
        }
        if !units
            .iter()
            .chain(weights)
            .all(|number| *number >= 0.0 && number.is_finite())
        {
            return Err(PeriodError::Number);
        }
        let weighted = || {
            units
                .iter()
                .zip(weights)
                .filter(|(_, weight)| **weight > 0.0)
        };
        let all_units: f64 = weighted().map(|(units, _)| units).sum();
        let all_weight: f64 = weighted().map(|(_, weight)| weight).sum();
        if all_units > 0.0 {
            degrees_of_freedom += weighted().count().saturating_sub(1) as f64;
            chi_square += weighted()
                .map(|(units, weight)| {
                    let expected = weight / all_weight * all_units;
                    (units - expected).powi(2) / expected
                })
                .sum::<f64>();
        }
        mark(&mut expected_somewhere, weights);
        mark(&mut seen, units);
    }
    let unexpected = seen
        .iter()
        .enumerate()
        .filter(|(place, seen)| **seen && expected_somewhere.get(*place) != Some(&true));
    Ok(RatioCheck {
        chi_square,
        degrees_of_freedom,
        p_value: if degrees_of_freedom > 0.0 {
            chi_square_above(chi_square, degrees_of_freedom)
        } else {
            1.0
        },
        unexpected: unexpected.map(|(place, _)| place).collect(),
    })
}

/// Marks the places that hold more than 0.
fn mark(marks: &mut Vec<bool>, numbers: &[f64]) {
    marks.resize(marks.len().max(numbers.len()), false);
    for (mark, number) in marks.iter_mut().zip(numbers) {
        *mark |= *number > 0.0;
    }
}
