//! The verdict: what follows from the comparisons.

use serde::{Deserialize, Serialize};

use super::Observations;
use super::compare::{Comparison, Outcome};
use super::remaining::Remaining;
use crate::definition::{Better, Definition, Experiment, Metric, Role, TestKind};
use crate::stats::srm::RatioCheck;
use crate::stats::{Effect, Interval};

/// Units that a variation needs before it is judged: intervals of fewer rest on too little to be normal.
pub const LEAST_UNITS: f64 = 100.0;

/// Where one variation stands against the control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariationVerdict {
    /// The variation.
    pub variation: String,
    /// Where it stands.
    pub standing: Standing,
    /// The metrics by which it stands there.
    pub by: Vec<String>,
    /// How long it will take, while it has to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Remaining>,
}

/// Where a variation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Better by a goal, worse by none, and no guardrail is harmed.
    Winner,
    /// Worse by a goal, or it harms a guardrail.
    Loser,
    /// By every goal within the margin.
    NoDifference,
    /// Not decided.
    KeepRunning,
}

/// What follows for the experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Decision {
    /// A variation is better than the control: of several, the one that is so by most, in the first goal.
    Winner {
        /// The variation.
        variation: String,
    },
    /// All variations are worse than the control.
    Loser {
        /// The variations.
        variations: Vec<String>,
    },
    /// None is better, and those that aren't worse differ from the control by less than the margin.
    NoDifference {
        /// Those that aren't worse.
        variations: Vec<String>,
    },
    /// Not decided.
    KeepRunning {
        /// How long it will take.
        remaining: Remaining,
    },
    /// The data can't be trusted.
    Invalid {
        /// Why.
        reason: Invalid,
    },
}

/// Why data can't be trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// Units aren't shared out as the weights say, so variations differ by more than what is compared.
    SampleRatioMismatch {
        /// How likely shares as far off would be.
        p_value: f64,
    },
}

/// Where each variation but the control stands.
pub(super) fn standings(
    experiment: &Experiment,
    comparisons: &[Comparison],
    observations: &Observations<'_>,
) -> Vec<VariationVerdict> {
    let definition = experiment.definition();
    let metrics = definition.metrics.len();
    comparisons
        .chunks(metrics.max(1))
        .filter_map(|comparisons| {
            let variation = comparisons.first()?.variation.clone();
            let findings = comparisons.iter().zip(&definition.metrics);
            let findings: Vec<_> = findings
                .map(|(comparison, metric)| finding(comparison, metric, definition, observations))
                .collect();
            Some(standing(variation, &definition.metrics, &findings))
        })
        .collect()
}

/// What one metric says of a variation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Finding {
    Better,
    Worse,
    /// The difference doesn't matter; of a guardrail: it isn't harmed.
    Fine,
    Unsure(Remaining),
    /// The metric has no say.
    Silent,
}

fn finding(
    comparison: &Comparison,
    metric: &Metric,
    definition: &Definition,
    observations: &Observations<'_>,
) -> Finding {
    let waits = comparison.control.units < LEAST_UNITS
        || comparison.treatment.units < LEAST_UNITS
        || before_the_end(definition, observations);
    let measured = match &comparison.outcome {
        _ if metric.role == Role::Secondary => return Finding::Silent,
        Outcome::Measured(measured) if !waits => measured,
        // What happened to no unit harmed none.
        Outcome::Undefined(_)
            if metric.role == Role::Guardrail && !waits && nothing_happened(comparison) =>
        {
            return Finding::Fine;
        }
        _ => return Finding::Unsure(Remaining::planned(definition, observations)),
    };
    let unsure = |half_widths: &[(Effect, f64)]| {
        Finding::Unsure(Remaining::until(
            definition,
            measured,
            half_widths,
            observations,
        ))
    };
    let (effect, absolute) = (measured.effect, measured.absolute);
    let ahead = oriented(absolute.estimate, metric.better) > 0.0;
    let significant = measured.corrected.significant;
    let interval = measured.interval.map(|interval| match metric.better {
        Better::Higher => interval,
        Better::Lower => interval.reversed(),
    });
    match metric.role {
        Role::Secondary => Finding::Silent,
        Role::Goal => {
            let margin = metric.margin.unwrap_or(0.0);
            let within = |Interval(low, high)| -margin <= low && high <= margin;
            match significant {
                _ if interval.is_some_and(within) => Finding::Fine,
                true if ahead => Finding::Better,
                true => Finding::Worse,
                false => unsure(&[
                    (absolute, absolute.estimate.abs()),
                    (effect, margin - effect.estimate.abs()),
                ]),
            }
        }
        // A guardrail without a margin only has to show no harm; with one, harm beyond it has to be ruled out.
        Role::Guardrail => match (metric.margin, interval) {
            (None, _) if significant && !ahead => Finding::Worse,
            (None, _) => Finding::Fine,
            (Some(margin), Some(Interval(_, high))) if high < -margin => Finding::Worse,
            (Some(margin), Some(Interval(low, _))) if low > -margin => Finding::Fine,
            (Some(margin), _) => {
                let distance = oriented(effect.estimate, metric.better) + margin;
                unsure(&[(effect, distance.abs())])
            }
        },
    }
}

/// Whether a fixed test isn't to be looked at yet.
fn before_the_end(definition: &Definition, observations: &Observations<'_>) -> bool {
    let planned = definition.planned_units.map_or(0.0, |units| units as f64);
    definition.test == TestKind::Fixed && observations.units() < planned
}

fn nothing_happened(comparison: &Comparison) -> bool {
    comparison.control.mean == 0.0 && comparison.treatment.mean == 0.0
}

/// A difference as better is above 0.
fn oriented(difference: f64, better: Better) -> f64 {
    match better {
        Better::Higher => difference,
        Better::Lower => -difference,
    }
}

fn standing(variation: String, metrics: &[Metric], findings: &[Finding]) -> VariationVerdict {
    let by = |wanted: fn(&Finding) -> bool| -> Vec<String> {
        let named = metrics
            .iter()
            .zip(findings)
            .filter(|(_, finding)| wanted(finding));
        named.map(|(metric, _)| metric.key.clone()).collect()
    };
    let (worse, better) = (
        by(|finding| *finding == Finding::Worse),
        by(|finding| *finding == Finding::Better),
    );
    let unsure = by(|finding| matches!(finding, Finding::Unsure(_)));
    let unsure_guardrail = metrics
        .iter()
        .any(|metric| metric.role == Role::Guardrail && unsure.contains(&metric.key));
    let (standing, by) = if !worse.is_empty() {
        (Standing::Loser, worse)
    } else if !better.is_empty() && !unsure_guardrail {
        (Standing::Winner, better)
    } else if !unsure.is_empty() {
        (Standing::KeepRunning, unsure)
    } else {
        (
            Standing::NoDifference,
            by(|finding| *finding == Finding::Fine),
        )
    };
    let remaining = findings.iter().filter_map(|finding| match finding {
        Finding::Unsure(remaining) => Some(*remaining),
        _ => None,
    });
    let remaining = remaining
        .reduce(Remaining::longer)
        .filter(|_| standing == Standing::KeepRunning);
    VariationVerdict {
        variation,
        standing,
        by,
        remaining,
    }
}

/// What follows for the experiment.
pub(super) fn decide(
    experiment: &Experiment,
    ratio: &RatioCheck,
    comparisons: &[Comparison],
    variations: &[VariationVerdict],
) -> Decision {
    let metrics = &experiment.definition().metrics;
    let gain = |verdict: &VariationVerdict| gain(verdict, metrics, comparisons);
    if ratio.mismatch() {
        return Decision::Invalid {
            reason: Invalid::SampleRatioMismatch {
                p_value: ratio.p_value,
            },
        };
    }
    let at = |standing| {
        variations
            .iter()
            .filter(move |verdict| verdict.standing == standing)
    };
    let names = |standing| {
        at(standing)
            .map(|verdict| verdict.variation.clone())
            .collect()
    };
    if let Some(winner) = at(Standing::Winner).max_by(|a, b| gain(a).total_cmp(&gain(b))) {
        return Decision::Winner {
            variation: winner.variation.clone(),
        };
    }
    let undecided = at(Standing::KeepRunning).filter_map(|verdict| verdict.remaining);
    if let Some(remaining) = undecided.reduce(Remaining::longer) {
        return Decision::KeepRunning { remaining };
    }
    if at(Standing::NoDifference).next().is_some() {
        return Decision::NoDifference {
            variations: names(Standing::NoDifference),
        };
    }
    Decision::Loser {
        variations: names(Standing::Loser),
    }
}

/// How far a variation is ahead in the first goal.
fn gain(verdict: &VariationVerdict, metrics: &[Metric], comparisons: &[Comparison]) -> f64 {
    let goal = metrics.iter().find(|metric| metric.role == Role::Goal);
    let comparison = |goal: &Metric| {
        comparisons.iter().find(|comparison| {
            comparison.variation == verdict.variation && comparison.metric == goal.key
        })
    };
    let gain = goal.and_then(|goal| match comparison(goal)?.outcome {
        Outcome::Measured(measured) => Some(oriented(measured.absolute.estimate, goal.better)),
        Outcome::Undefined(_) => None,
    });
    gain.unwrap_or(f64::NEG_INFINITY)
}
