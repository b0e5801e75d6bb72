//! Corrections for many comparisons: the more is compared, the more seems to differ by chance.
//!
//! A correction raises p-values; the intervals that agree with the raised p-values are those of [`Corrected::alpha`].

use serde::{Deserialize, Serialize};

/// How many comparisons at once are corrected for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Not at all.
    None,
    /// Every comparison as if it were the best of all: bounds the chance of any false positive.
    Bonferroni,
    /// Step by step from the smallest p-value (Holm 1979): bounds the same, and never finds less than Bonferroni.
    #[default]
    Holm,
    /// Bounds the share of false ones among the positives (Benjamini and Hochberg 1995), for comparisons that don't hang
    /// together or do so positively.
    BenjaminiHochberg,
    /// The same, however comparisons hang together (Benjamini and Yekutieli 2001).
    BenjaminiYekutieli,
}

/// A p-value among others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// The p-value, corrected.
    pub p_value: f64,
    /// Whether it is significant among the others.
    pub significant: bool,
    /// The alpha of the interval that agrees: at 1 − alpha it leaves 0 out exactly where the comparison is significant.
    pub alpha: f64,
}

impl Correction {
    /// Corrects p-values of comparisons that are made together, at a rate of false positives `alpha`. In the order given.
    ///
    /// The agreeing alpha is, step by step for Holm, the one at which the comparison was accepted or the steps ended. For the two
    /// of Benjamini it is that of the last one accepted: the intervals of Benjamini and Yekutieli (2005), whose rate of false
    /// coverage is bounded by alpha.
    pub fn apply(self, p_values: &[f64], alpha: f64) -> Vec<Corrected> {
        let mut order: Vec<usize> = (0..p_values.len()).collect();
        let p = |place: &usize| p_values.get(*place).copied().unwrap_or(1.0);
        order.sort_by(|a, b| p(a).total_cmp(&p(b)));
        let sorted: Vec<f64> = order.iter().map(p).collect();
        let corrected = self.sorted(&sorted, alpha);
        let mut result = vec![
            Corrected {
                p_value: 1.0,
                significant: false,
                alpha
            };
            p_values.len()
        ];
        for (place, corrected) in order.into_iter().zip(corrected) {
            if let Some(slot) = result.get_mut(place) {
                *slot = corrected;
            }
        }
        result
    }

    /// The same for p-values in rising order.
    fn sorted(self, p_values: &[f64], alpha: f64) -> Vec<Corrected> {
        let count = p_values.len() as f64;
        let factors: Vec<f64> = (1..=p_values.len())
            .map(|rank| self.factor(rank as f64, count))
            .collect();
        let mut raised: Vec<f64> = p_values
            .iter()
            .zip(&factors)
            .map(|(p, factor)| (p * factor).min(1.0))
            .collect();
        match self {
            Self::None | Self::Bonferroni => {}
            Self::Holm => running(raised.iter_mut(), f64::max),
            Self::BenjaminiHochberg | Self::BenjaminiYekutieli => {
                running(raised.iter_mut().rev(), f64::min);
            }
        }
        let accepted = raised.iter().filter(|p| **p <= alpha).count();
        let last = factors
            .get(accepted.saturating_sub(1))
            .copied()
            .unwrap_or(1.0);
        let ending = factors.get(accepted).copied().unwrap_or(1.0);
        let places = raised.into_iter().zip(factors).enumerate();
        places
            .map(|(place, (p_value, factor))| {
                let significant = place < accepted;
                let factor = match self {
                    Self::None | Self::Bonferroni => factor,
                    Self::Holm => {
                        if significant {
                            factor
                        } else {
                            ending
                        }
                    }
                    Self::BenjaminiHochberg | Self::BenjaminiYekutieli => last,
                };
                Corrected {
                    p_value,
                    significant,
                    alpha: alpha / factor,
                }
            })
            .collect()
    }

    /// By what the p-value of a rank (from 1, rising) is raised.
    fn factor(self, rank: f64, count: f64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Bonferroni => count,
            Self::Holm => count - rank + 1.0,
            Self::BenjaminiHochberg => count / rank,
            Self::BenjaminiYekutieli => {
                let harmonic: f64 = (1..=count as u64).map(|i| 1.0 / i as f64).sum();
                harmonic * count / rank
            }
        }
    }
}

/// Replaces each value by the greatest, or least, up to it.
fn running<'a>(values: impl Iterator<Item = &'a mut f64>, choose: fn(f64, f64) -> f64) {
    let mut so_far: Option<f64> = None;
    for value in values {
        *value = so_far.map_or(*value, |so_far| choose(so_far, *value));
        so_far = Some(*value);
    }
}
