//! The shapes of what is analysed.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::tally::Sums;

/// Reads an entry, whatever results it holds already.
pub(super) fn read<T: DeserializeOwned>(entry: &Value) -> Result<T, String> {
    T::deserialize(entry).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
pub(super) struct Split {
    pub(super) users: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

#[derive(Deserialize)]
pub(super) struct PValues {
    pub(super) p: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Plan {
    TwoProportions {
        baseline: f64,
        relative_mde: f64,
        alpha: f64,
        power: f64,
    },
    TwoMeansT {
        cohen_d: f64,
        alpha: f64,
        power: f64,
    },
}

/// Totals of two variations, `a` the control.
#[derive(Deserialize)]
#[serde(tag = "kind", content = "input", rename_all = "snake_case")]
pub(super) enum Totals {
    Proportion(Proportions),
    Mean(Means),
    Ratio(Ratios),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proportions {
    pub(super) n_a: f64,
    pub(super) x_a: f64,
    pub(super) n_b: f64,
    pub(super) x_b: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Means {
    pub(super) n_a: f64,
    sum_a: f64,
    sum_sq_a: f64,
    pub(super) n_b: f64,
    sum_b: f64,
    sum_sq_b: f64,
    pub(super) cuped: Option<Pre>,
}

/// Totals of values from before the experiment.
#[expect(clippy::struct_field_names, reason = "they are keys of the input")]
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pre {
    pre_sum_a: f64,
    pre_sum_sq_a: f64,
    post_pre_a: f64,
    pre_sum_b: f64,
    pre_sum_sq_b: f64,
    post_pre_b: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ratios {
    pub(super) n_a: f64,
    sum_a: f64,
    sum_sq_a: f64,
    denominator_sum_a: f64,
    denominator_sum_sq_a: f64,
    sum_denominator_a: f64,
    pub(super) n_b: f64,
    sum_b: f64,
    sum_sq_b: f64,
    denominator_sum_b: f64,
    denominator_sum_sq_b: f64,
    sum_denominator_b: f64,
}

impl Means {
    /// The sums of both, the control's first.
    pub(super) fn sums(&self) -> (Sums, Sums) {
        let a = Sums {
            sum: self.sum_a,
            sum_squares: self.sum_sq_a,
            ..Sums::default()
        };
        let b = Sums {
            sum: self.sum_b,
            sum_squares: self.sum_sq_b,
            ..Sums::default()
        };
        match self.cuped {
            None => (a, b),
            Some(pre) => (
                Sums {
                    pre: pre.pre_sum_a,
                    pre_squares: pre.pre_sum_sq_a,
                    pre_product: pre.post_pre_a,
                    ..a
                },
                Sums {
                    pre: pre.pre_sum_b,
                    pre_squares: pre.pre_sum_sq_b,
                    pre_product: pre.post_pre_b,
                    ..b
                },
            ),
        }
    }
}

impl Ratios {
    /// The sums of both, the control's first.
    pub(super) fn sums(&self) -> (Sums, Sums) {
        let a = Sums {
            sum: self.sum_a,
            sum_squares: self.sum_sq_a,
            denominator: self.denominator_sum_a,
            denominator_squares: self.denominator_sum_sq_a,
            denominator_product: self.sum_denominator_a,
            ..Sums::default()
        };
        let b = Sums {
            sum: self.sum_b,
            sum_squares: self.sum_sq_b,
            denominator: self.denominator_sum_b,
            denominator_squares: self.denominator_sum_sq_b,
            denominator_product: self.sum_denominator_b,
            ..Sums::default()
        };
        (a, b)
    }
}

impl Totals {
    /// Tells what totals can't be: fewer than no units, more successes than units.
    pub(super) fn check(&self) -> Result<(), String> {
        let (n_a, n_b) = match self {
            Self::Proportion(totals) => (totals.n_a, totals.n_b),
            Self::Mean(totals) => (totals.n_a, totals.n_b),
            Self::Ratio(totals) => (totals.n_a, totals.n_b),
        };
        if n_a < 0.0 || n_b < 0.0 {
            return Err("n_a and n_b must be 0 or more".into());
        }
        if let Self::Proportion(Proportions { n_a, x_a, n_b, x_b }) = self
            && !((0.0..=*n_a).contains(x_a) && (0.0..=*n_b).contains(x_b))
        {
            return Err("x_a and x_b must lie from 0 to n_a and n_b".into());
        }
        Ok(())
    }
}
