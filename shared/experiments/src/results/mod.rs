//! Results: from an experiment's tallies to what they say.

mod compare;
mod path;
mod remaining;
mod verdict;

use serde::{Deserialize, Serialize};

pub use compare::{Comparison, Measured, Outcome};
pub use path::{PathPoint, path};
pub use remaining::Remaining;
pub use verdict::{Decision, Invalid, LEAST_UNITS, Standing, VariationVerdict};

use crate::definition::{Experiment, Metric, MetricKind};
use crate::stats::bandit::{BURN_IN_UNITS, Posterior, chances, weights};
use crate::stats::srm::{Period, PeriodError, RatioCheck, check};
use crate::stats::{Sample, sample_of};
use crate::tally::{Tallies, Tally};

/// Draws from which a bandit's chances come: their error is below half a percent.
const DRAWS: u32 = 10_000;

/// What is known of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Observations<'a> {
    /// One tally a variation, in the order of the definition; missing ones count as empty.
    pub tallies: &'a [Tally],
    /// Units by the weights that stood when they were first seen.
    pub periods: &'a [Period],
    /// How long it has been running, in days.
    pub days: f64,
    /// For the draws of a bandit.
    pub seed: u64,
}

impl Observations<'_> {
    /// Units of all variations.
    fn units(&self) -> f64 {
        self.tallies.iter().map(|tally| tally.units as f64).sum()
    }
}

/// An experiment's tallies over all days, in the order of its variations.
pub fn totals(experiment: &Experiment, tallies: &Tallies) -> Vec<Tally> {
    let variations = experiment.definition().variations.iter();
    let total = |key: &String| {
        let mut total = Tally::default();
        for ((variation, _day), tally) in tallies {
            if variation.as_ref() == Some(key) {
                total += tally;
            }
        }
        total
    };
    variations.map(|variation| total(&variation.key)).collect()
}

/// What an experiment's tallies say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "allocation", rename_all = "snake_case")]
pub enum Results {
    /// Of fixed weights.
    Fixed(FixedResults),
    /// Of weights that follow the results.
    Bandit(BanditResults),
}

/// The results of an experiment with fixed weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedResults {
    /// Whether units are shared out as the weights say.
    pub ratio: RatioCheck,
    /// Every variation but the control, by every metric.
    pub comparisons: Vec<Comparison>,
    /// Where each variation stands.
    pub variations: Vec<VariationVerdict>,
    /// What follows.
    pub decision: Decision,
}

/// The results of a bandit: no interval and no p-value, which its moving weights would falsify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BanditResults {
    /// Whether units are shared out as the weights said at their time.
    pub ratio: RatioCheck,
    /// The metric that pays.
    pub metric: String,
    /// Its variations, the control first.
    pub arms: Vec<Arm>,
}

/// One variation of a bandit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// The variation.
    pub variation: String,
    /// Its units.
    pub units: i64,
    /// What is believed of its value.
    pub posterior: Posterior,
    /// The chance that it is the best.
    pub chance_to_be_best: f64,
    /// The weight that it should have from now on.
    pub weight: f64,
}

/// What the tallies say.
pub fn analyse(
    experiment: &Experiment,
    observations: &Observations<'_>,
) -> Result<Results, PeriodError> {
    let ratio = check(observations.periods)?;
    if let Some(metric) = experiment.pay() {
        return Ok(Results::Bandit(bandit(
            experiment,
            metric,
            observations,
            ratio,
        )));
    }
    let comparisons = compare::compare(experiment, observations.tallies);
    let variations = verdict::standings(experiment, &comparisons, observations);
    let decision = verdict::decide(experiment, &ratio, &comparisons, &variations);
    Ok(Results::Fixed(FixedResults {
        ratio,
        comparisons,
        variations,
        decision,
    }))
}

fn bandit(
    experiment: &Experiment,
    metric: &Metric,
    observations: &Observations<'_>,
    ratio: RatioCheck,
) -> BanditResults {
    let variations = &experiment.definition().variations;
    let empty = Tally::default();
    let tallies: Vec<_> = (0..variations.len())
        .map(|place| observations.tallies.get(place).unwrap_or(&empty))
        .collect();
    let posteriors: Vec<_> = tallies
        .iter()
        .map(|tally| posterior(metric, tally))
        .collect();
    let warm = tallies
        .iter()
        .all(|tally| tally.units as f64 >= BURN_IN_UNITS);
    let equal = vec![1.0 / variations.len() as f64; variations.len()];
    let chances = if warm {
        chances(&posteriors, metric.better, DRAWS, observations.seed)
    } else {
        equal
    };
    let floor = experiment
        .definition()
        .bandit
        .as_ref()
        .map_or(0.0, |bandit| bandit.floor);
    let weights = weights(&chances, floor);
    let arms = variations
        .iter()
        .zip(tallies)
        .zip(posteriors)
        .zip(chances)
        .zip(weights);
    let arms = arms.map(
        |((((variation, tally), posterior), chance_to_be_best), weight)| Arm {
            variation: variation.key.clone(),
            units: tally.units,
            posterior,
            chance_to_be_best,
            weight,
        },
    );
    BanditResults {
        ratio,
        metric: metric.key.clone(),
        arms: arms.collect(),
    }
}

fn posterior(metric: &Metric, tally: &Tally) -> Posterior {
    let sums = tally.sums(&metric.key);
    match metric.kind {
        MetricKind::Proportion => Posterior::of_share(sums.sum, tally.units as f64),
        MetricKind::Mean | MetricKind::Ratio => {
            Posterior::of_mean(&sample_of(metric.kind, tally.units as f64, &sums))
        }
    }
}

/// What a test needs of a metric and a variation.
fn sample(metric: &Metric, tally: &Tally) -> Sample {
    sample_of(metric.kind, tally.units as f64, &tally.sums(&metric.key))
}
