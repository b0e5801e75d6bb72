//! What can be believed of a difference, with a flat prior.

use serde::{Deserialize, Serialize};

use super::distributions::{normal_above, normal_below, normal_density, normal_upper};
use super::effect::{Effect, Interval, Undefined};
use super::sample::Sample;
use crate::definition::{Better, Lift};

/// What is believed of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// The chance that the variation is better than the control.
    pub chance_to_win: f64,
    /// What it is expected to bring.
    pub expected: f64,
    /// Where it lies with a chance of 1 − alpha.
    pub interval: Interval,
    /// What is expected to be lost by taking the variation, should it be the worse one.
    pub loss_if_taken: f64,
    /// What is expected to be lost by staying with the control, should that be the worse one.
    pub loss_if_left: f64,
}

impl Belief {
    /// From samples of the control and the variation.
    pub fn between(
        control: &Sample,
        treatment: &Sample,
        lift: Lift,
        better: Better,
        alpha: f64,
    ) -> Result<Self, Undefined> {
        let zero = control.mean == 0.0 || control.unadjusted_mean == 0.0;
        if zero && lift == Lift::Relative {
            return Err(Undefined::ZeroBaseline);
        }
        if control.units == 0.0 || treatment.units == 0.0 {
            return Err(Undefined::NoUnits);
        }
        let effect = Effect::of_any_baseline(control, treatment, lift)?;
        Ok(Self::of(&effect, better, alpha))
    }

    /// Of a difference that is known already.
    pub fn of(effect: &Effect, better: Better, alpha: f64) -> Self {
        let (mean, deviation) = (effect.estimate, effect.standard_error);
        let z = mean / deviation;
        let above = deviation * normal_density(z) + mean * normal_below(z);
        let below = deviation * normal_density(z) - mean * normal_above(z);
        let (chance_to_win, loss_if_taken, loss_if_left) = match better {
            Better::Higher => (normal_below(z), below, above),
            Better::Lower => (normal_above(z), above, below),
        };
        let half_width = normal_upper(alpha / 2.0) * deviation;
        Self {
            chance_to_win,
            expected: mean,
            interval: Interval::around(mean, half_width),
            loss_if_taken,
            loss_if_left,
        }
    }
}
