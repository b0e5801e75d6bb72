//! Comparing each variation with the control.

use serde::{Deserialize, Serialize};

use super::sample;
use crate::definition::{Definition, Experiment, Metric, Role, TestKind};
use crate::stats::sequential::{DEFAULT_TUNING, Tuning};
use crate::stats::{
    Belief, Corrected, Correction, Effect, Interval, Sample, Test, Undefined, fixed, sequential,
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
    /// The fixed-horizon test: right at one look only.
    pub fixed: Test,
    /// The confidence sequence: right at any look.
    pub sequential: Test,
    /// What is likely.
    pub belief: Belief,
    /// The p-value of the test that decides, corrected for all comparisons of goals and guardrails.
    pub corrected: Corrected,
    /// Its interval, agreeing with the corrected p-value.
    pub interval: Interval,
}

/// The tuning of an experiment's confidence sequences.
pub(super) fn tuning(definition: &Definition) -> Tuning {
    let planned = definition
        .planned_units
        .map_or(DEFAULT_TUNING, |units| units as f64);
    Tuning::at(planned, definition.alpha)
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
    let alpha = definition.alpha;
    let (control, treatment) = samples(metric, control, treatment);
    let outcome = Effect::between(&control, &treatment, metric.lift).map_or_else(
        Outcome::Undefined,
        |effect| {
            let fixed = fixed::test(&effect, alpha);
            let sequential = sequential::test(&effect, tuning(definition), alpha);
            let test = deciding(definition, &fixed, &sequential);
            Outcome::Measured(Measured {
                effect,
                fixed,
                sequential,
                belief: Belief::of(&effect, metric.better, alpha),
                corrected: Corrected {
                    p_value: test.p_value,
                    significant: test.p_value <= alpha,
                    alpha,
                },
                interval: test.interval,
            })
        },
    );
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

fn deciding<'a>(definition: &Definition, fixed: &'a Test, sequential: &'a Test) -> &'a Test {
    match definition.test {
        TestKind::Sequential => sequential,
        TestKind::Fixed => fixed,
    }
}

/// Corrects what decides, all of it together; metrics that decide nothing are told as they are.
fn correct(definition: &Definition, comparisons: &mut [Comparison]) {
    let mut family: Vec<&mut Measured> = comparisons
        .iter_mut()
        .filter(|comparison| comparison.role != Role::Secondary)
        .filter_map(|comparison| match &mut comparison.outcome {
            Outcome::Measured(measured) => Some(measured),
            Outcome::Undefined(_) => None,
        })
        .collect();
    let correction: Correction = definition.correction;
    let p_values: Vec<f64> = family
        .iter()
        .map(|measured| measured.corrected.p_value)
        .collect();
    for (measured, corrected) in family
        .iter_mut()
        .zip(correction.apply(&p_values, definition.alpha))
    {
        measured.corrected = corrected;
        measured.interval = match definition.test {
            TestKind::Sequential => {
                sequential::test(&measured.effect, tuning(definition), corrected.alpha).interval
            }
            TestKind::Fixed => fixed::test(&measured.effect, corrected.alpha).interval,
        };
    }
}
