//! The difference between a variation and the control, and how sure it is.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::sample::Sample;
use crate::definition::Lift;

/// A difference to the control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// How it is told.
    pub lift: Lift,
    /// The difference.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Welch's and Satterthwaite's degrees of freedom, of the absolute difference.
    pub degrees_of_freedom: f64,
    /// Units of both variations.
    pub units: f64,
}

/// Why there is no difference to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// The control's value is 0, so nothing can be told in parts of it.
    #[error("the control's value is 0; wait for its first conversions")]
    ZeroBaseline,
    /// A variation's value never varies.
    #[error("a variation's value never varies; wait for more units")]
    ZeroVariance,
    /// A variation has no units.
    #[error("a variation has no units; wait for its first")]
    NoUnits,
}

impl Effect {
    /// The difference of a variation to the control; the variance of relative lift by the delta method.
    ///
    /// A control whose value is 0 is refused for absolute lift too: its variance would be put at 0, which it isn't.
    pub fn between(control: &Sample, treatment: &Sample, lift: Lift) -> Result<Self, Undefined> {
        if control.mean == 0.0 || control.unadjusted_mean == 0.0 {
            return Err(Undefined::ZeroBaseline);
        }
        Self::of_any_baseline(control, treatment, lift)
    }

    /// The same for a control whose value may be 0, which relative lift can't be told of.
    pub(crate) fn of_any_baseline(
        control: &Sample,
        treatment: &Sample,
        lift: Lift,
    ) -> Result<Self, Undefined> {
        // Written so that what isn't a number is refused too.
        let varies = control.variance > 0.0 && treatment.variance > 0.0;
        if !varies {
            return Err(Undefined::ZeroVariance);
        }
        let of_control = control.variance / control.units;
        let of_treatment = treatment.variance / treatment.units;
        let difference = treatment.mean - control.mean;
        let base = control.unadjusted_mean;
        let (estimate, variance) = match lift {
            Lift::Absolute => (difference, of_treatment + of_control),
            Lift::Relative => {
                let ratio = treatment.unadjusted_mean / base;
                (
                    difference / base,
                    (of_treatment + of_control * ratio * ratio) / (base * base),
                )
            }
        };
        let degrees_of_freedom = (of_treatment + of_control).powi(2)
            / (of_treatment.powi(2) / (treatment.units - 1.0)
                + of_control.powi(2) / (control.units - 1.0));
        Ok(Self {
            lift,
            estimate,
            standard_error: variance.sqrt(),
            degrees_of_freedom,
            units: control.units + treatment.units,
        })
    }
}

/// An interval of differences.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval(pub f64, pub f64);

impl Interval {
    /// So far to both sides.
    pub(crate) fn around(center: f64, half_width: f64) -> Self {
        Self(center - half_width, center + half_width)
    }

    /// Whether a difference lies in it.
    pub fn contains(self, difference: f64) -> bool {
        self.0 <= difference && difference <= self.1
    }

    /// The same seen from a metric of which less is better.
    pub(crate) fn reversed(self) -> Self {
        Self(-self.1, -self.0)
    }
}

/// What a test says of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// How likely a difference as large would be if there were none; two-sided.
    pub p_value: f64,
    /// The differences that can't be ruled out.
    pub interval: Interval,
}
