//! How long an experiment has to go on.

use serde::{Deserialize, Serialize};

use super::Observations;
use super::compare::{Measured, tuning};
use crate::definition::{Definition, TestKind};
use crate::stats::Effect;
use crate::stats::sequential::units_until;

/// How much longer, as far as can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remaining {
    /// Units over all variations that will decide it, if the difference stays as it looks now; nothing if no number would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<f64>,
    /// Days that those take at the pace so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<f64>,
    /// Units that the plan still has to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_units: Option<f64>,
}

impl Remaining {
    /// Until one of the differences has an interval as narrow as its half-width, whichever comes first.
    pub(super) fn until(
        definition: &Definition,
        measured: &Measured,
        half_widths: &[(Effect, f64)],
        observations: &Observations<'_>,
    ) -> Self {
        // A fixed test has its end, and isn't looked at again.
        if definition.test == TestKind::Fixed {
            return Self::planned(definition, observations);
        }
        let alpha = measured.corrected.alpha;
        // All variations grow alike.
        let factors = half_widths.iter().filter_map(|(effect, half_width)| {
            let enough = units_until(effect, tuning(definition), alpha, *half_width)?;
            Some((enough / effect.units - 1.0).max(0.0))
        });
        let factor = factors.min_by(f64::total_cmp);
        let seen = observations.units();
        Self {
            units: factor.map(|factor| (factor * seen).ceil()),
            days: factor.map(|factor| factor * observations.days),
            ..Self::planned(definition, observations)
        }
    }

    /// Where nothing is measured yet: what the plan has to come.
    pub(super) fn planned(definition: &Definition, observations: &Observations<'_>) -> Self {
        let planned = definition
            .planned_units
            .map(|units| (units as f64 - observations.units()).max(0.0));
        Self {
            planned_units: planned,
            ..Self::default()
        }
    }

    /// The longer of two: both have to be decided.
    pub(super) fn longer(self, other: Self) -> Self {
        let both = |a: Option<f64>, b: Option<f64>| Some(a?.max(b?));
        Self {
            units: both(self.units, other.units),
            days: both(self.days, other.days),
            planned_units: self.planned_units.or(other.planned_units),
        }
    }
}
