//! The asymptotic confidence sequence: intervals that hold at all looks at once, so that an experiment may be looked at every day
//! and stopped at any time.
//!
//! Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences"
//! (arXiv 2103.06476): the interval is equation 9, the tuning 161, the p-value 155.

use serde::{Deserialize, Serialize};

use super::distributions::normal_upper;
use super::effect::{Effect, Interval, Test};

/// Units for which sequences are tuned where nothing else is planned.
pub const DEFAULT_TUNING: f64 = 5_000.0;

/// Where a confidence sequence is narrowest. Chosen before the first look, and the same at all of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    rho: f64,
}

impl Tuning {
    /// Narrowest at so many units of both variations together, for a test at `alpha`.
    pub fn at(units: f64, alpha: f64) -> Self {
        let doubled = -2.0 * alpha.ln();
        Self {
            rho: ((doubled + doubled.ln_1p()) / units).sqrt(),
        }
    }

    /// The paper's ρ.
    pub fn rho(self) -> f64 {
        self.rho
    }

    /// How far the interval reaches to both sides at so many units, in standard errors.
    pub fn reach(self, units: f64, alpha: f64) -> f64 {
        let growth = units * self.rho * self.rho;
        let log = (growth + 1.0).sqrt().ln() - alpha.ln();
        (2.0 * (growth + 1.0) / growth * log).sqrt()
    }
}

/// The always-valid p-value, and the sequence's interval at 1 − `alpha`.
///
/// The tuning is the same whatever `alpha`, so intervals at a corrected alpha agree with the corrected p-value.
pub fn test(effect: &Effect, tuning: Tuning, alpha: f64) -> Test {
    let Effect {
        estimate,
        standard_error,
        units,
        ..
    } = *effect;
    let growth = units * tuning.rho * tuning.rho;
    let score = (estimate / standard_error).powi(2);
    let ln_evidence = score * growth / (2.0 * (growth + 1.0)) - growth.ln_1p() / 2.0;
    Test {
        p_value: (-ln_evidence).exp().min(1.0),
        interval: Interval::around(estimate, tuning.reach(units, alpha) * standard_error),
    }
}

/// Units of both variations at which the interval reaches no further than `half_width`, if each unit goes on to tell as much as so
/// far; nothing if that would take more than 1e15.
pub fn units_until(effect: &Effect, tuning: Tuning, alpha: f64, half_width: f64) -> Option<f64> {
    let per_unit = effect.standard_error * effect.units.sqrt();
    units_for(
        |units| tuning.reach(units, alpha) * per_unit / units.sqrt(),
        half_width,
    )
}

/// Units of both variations, equally shared, at which a difference is found with a chance of `power`, if it is looked at then.
/// Earlier looks only find it earlier. `deviation` is that of one unit; tuned for the number that comes out or for `tuning`.
pub fn units_for_power(
    difference: f64,
    deviation: f64,
    tuning: Tuning,
    alpha: f64,
    power: f64,
) -> Option<f64> {
    let beyond = normal_upper(1.0 - power);
    // With halves of n units each, the difference has a variance of 4 times one unit's, over n.
    let reach = |units: f64| (tuning.reach(units, alpha) + beyond) * 2.0 * deviation / units.sqrt();
    units_for(reach, difference.abs())
}

/// The least number of units with a reach of at most `target`; the reach falls as units come.
fn units_for(reach: impl Fn(f64) -> f64, target: f64) -> Option<f64> {
    const MOST: f64 = 1e15;
    // Written so that what isn't a number is refused too.
    let reachable = target > 0.0 && reach(MOST) <= target;
    if !reachable {
        return None;
    }
    let (mut too_few, mut enough) = (1.0, MOST);
    while enough - too_few > 0.5 + enough * 1e-12 {
        let middle = f64::midpoint(too_few, enough);
        if reach(middle) <= target {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Some(enough.ceil())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::definition::Lift;
    use crate::stats::Sample;

    fn effect(units: f64) -> Effect {
        let sample = |rate: f64| Sample::proportion(units / 2.0, units / 2.0 * rate);
        Effect::between(&sample(0.10), &sample(0.11), Lift::Absolute).unwrap()
    }

    #[test]
    fn the_units_that_decide_are_those_at_which_the_interval_leaves_nothing_out() {
        let tuning = Tuning::at(DEFAULT_TUNING, 0.05);
        let now = effect(8_000.0);
        let enough = units_until(&now, tuning, 0.05, now.estimate).unwrap();
        assert!(
            test(&effect(enough - 1.0), tuning, 0.05)
                .interval
                .contains(0.0)
        );
        assert!(
            !test(&effect(enough + 1.0), tuning, 0.05)
                .interval
                .contains(0.0)
        );
    }

    #[test]
    fn no_number_of_units_narrows_an_interval_to_nothing() {
        let tuning = Tuning::at(DEFAULT_TUNING, 0.05);
        assert_eq!(units_until(&effect(8_000.0), tuning, 0.05, 0.0), None);
        assert_eq!(units_until(&effect(8_000.0), tuning, 0.05, f64::NAN), None);
    }

    #[test]
    fn a_sequence_takes_more_units_than_a_fixed_test_and_fewer_when_it_is_tuned_for_them() {
        let units =
            |planned| units_for_power(0.01, 0.3, Tuning::at(planned, 0.05), 0.05, 0.8).unwrap();
        // By a fixed test, 2 x 14,128.
        let tuned = units(60_000.0);
        assert!(tuned > 28_256.0 && tuned < units(500.0), "{tuned}");
    }
}
