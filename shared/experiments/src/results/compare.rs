//! Comparing each variation with the control.

use serde::{Deserialize, Serialize};

use super::sample;
use crate::definition::{Definition, Experiment, Lift, Metric, Role, TestKind};
use crate::stats::sequential::{DEFAULT_TUNING, Tuning};
use crate::stats::{
    Belief, Corrected, Effect, Interval, Sample, Test, Undefined, fixed, relative, sequential,
    theta,
};
use crate::tally::Tally;

/// A variation and the control, by one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The variation.
    pub variation: String,
    /// The metric.
    pub metric: String,
    /// What the metric is for.
    pub role: Role,
    /// The control's sample, noise taken out where the metric says so.
    pub control: Sample,
    /// The variation's.
    pub treatment: Sample,
    /// What comes out.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What comes out of a comparison.
#[expect(
    clippy::large_enum_variant,
    reason = "there are few comparisons, and most are measured"
)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A difference.
    Measured(Measured),
    /// None that could be told.
    Undefined(Undefined),
}

/// A difference, by every method.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The difference, and how it is told.
    pub effect: Effect,
    /// The absolute difference, on which the verdict rests.
    pub absolute: Effect,
    /// The fixed-horizon test, of relative lift by the delta method: right at one look only.
    pub fixed: Test,
    /// The confidence sequence, of relative lift by the delta method: right at any look.
    pub sequential: Test,
    /// What is likely.
    pub belief: Belief,
    /// The p-value of the test that decides, of the absolute difference, corrected for all comparisons of goals and guardrails.
    pub corrected: Corrected,
    /// The interval of differences that agrees with it; of relative lift Fieller's. Nothing while the control can't be told from
    /// 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// The tuning of an experiment's confidence sequences: each compares two of its variations, so it sees their part of the plan.
pub(super) fn tuning(definition: &Definition) -> Tuning {
    let pair = 2.0 / definition.variations.len() as f64;
    let planned = definition.planned_units.map(|units| units as f64 * pair);
    Tuning::at(planned.unwrap_or(DEFAULT_TUNING), definition.alpha)
}

/// Every variation but the control, by every metric, in the order of the definition.
pub(super) fn compare(experiment: &Experiment, tallies: &[Tally]) -> Vec<Comparison> {
    let definition = experiment.definition();
    let empty = Tally::default();
    let control = tallies.first().unwrap_or(&empty);
    let treatments = definition.variations.iter().enumerate().skip(1);
    let mut comparisons: Vec<_> = treatments
        .flat_map(|(place, variation)| {
            let treatment = tallies.get(place).unwrap_or(&empty);
            definition
                .metrics
                .iter()
                .map(|metric| measure(definition, metric, &variation.key, control, treatment))
        })
        .collect();
    correct(definition, &mut comparisons);
    comparisons
}

fn measure(
    definition: &Definition,
    metric: &Metric,
    variation: &str,
    control: &Tally,
    treatment: &Tally,
) -> Comparison {
    let (control, treatment) = samples(metric, control, treatment);
    let outcome = measured(definition, metric, &control, &treatment);
    let outcome = outcome.map_or_else(Outcome::Undefined, Outcome::Measured);
    Comparison {
        variation: variation.into(),
        metric: metric.key.clone(),
        role: metric.role,
        control,
        treatment,
        outcome,
    }
}

fn samples(metric: &Metric, control: &Tally, treatment: &Tally) -> (Sample, Sample) {
    if metric.cuped {
        let (a, b) = (control.sums(&metric.key), treatment.sums(&metric.key));
        let (units_a, units_b) = (control.units as f64, treatment.units as f64);
        let theta = theta((units_a, &a), (units_b, &b));
        // Where nothing explains anything, the plain sample stays, with a share's own variance.
        if theta != 0.0 {
            return (
                Sample::adjusted(units_a, &a, theta),
                Sample::adjusted(units_b, &b, theta),
            );
        }
    }
    (sample(metric, control), sample(metric, treatment))
}

fn measured(
    definition: &Definition,
    metric: &Metric,
    control: &Sample,
    treatment: &Sample,
) -> Result<Measured, Undefined> {
    let alpha = definition.alpha;
    let absolute = Effect::between(control, treatment, Lift::Absolute)?;
    let effect = Effect::between(control, treatment, metric.lift)?;
    let p_value = match definition.test {
        TestKind::Sequential => sequential::test(&absolute, tuning(definition), alpha).p_value,
        TestKind::Fixed => fixed::p_value(&absolute),
    };
    Ok(Measured {
        effect,
        absolute,
        fixed: fixed::test(&effect, alpha),
        sequential: sequential::test(&effect, tuning(definition), alpha),
        belief: Belief::of(&effect, metric.better, alpha),
        corrected: Corrected {
            p_value,
            significant: p_value <= alpha,
            alpha,
        },
        interval: interval(
            definition,
            &absolute,
            effect.lift,
            control,
            treatment,
            alpha,
        ),
    })
}

/// The interval of the test that decides, told as the metric's lift.
fn interval(
    definition: &Definition,
    absolute: &Effect,
    lift: Lift,
    control: &Sample,
    treatment: &Sample,
    alpha: f64,
) -> Option<Interval> {
    let reach = match definition.test {
        TestKind::Sequential => tuning(definition).reach(absolute.units, alpha),
        TestKind::Fixed => fixed::reach(absolute, alpha),
    };
    match lift {
        Lift::Relative => relative::interval(control, treatment, reach),
        Lift::Absolute => {
            let half_width = reach * absolute.standard_error;
            Some(Interval::around(absolute.estimate, half_width))
        }
    }
}

/// Corrects what decides, all of it together; metrics that decide nothing are told as they are.
fn correct(definition: &Definition, comparisons: &mut [Comparison]) {
    let p_values: Vec<f64> = family(comparisons)
        .map(|(_, measured)| measured.corrected.p_value)
        .collect();
    let corrected = definition.correction.apply(&p_values, definition.alpha);
    for ((samples, measured), corrected) in family(comparisons).zip(corrected) {
        measured.corrected = corrected;
        let lift = measured.effect.lift;
        measured.interval = interval(
            definition,
            &measured.absolute,
            lift,
            &samples.0,
            &samples.1,
            corrected.alpha,
        );
    }
}

/// What is corrected together, with the samples.
fn family(
    comparisons: &mut [Comparison],
) -> impl Iterator<Item = ((Sample, Sample), &mut Measured)> {
    let decisive = comparisons
        .iter_mut()
        .filter(|comparison| comparison.role != Role::Secondary);
    decisive.filter_map(|comparison| match &mut comparison.outcome {
        Outcome::Measured(measured) => Some(((comparison.control, comparison.treatment), measured)),
        Outcome::Undefined(_) => None,
    })
}
