//! The path over time: what was known by the end of each day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compare::{Outcome, compare};
use crate::definition::Experiment;
use crate::stats::Interval;
use crate::tally::{Day, Tallies, Tally};

/// One comparison by the end of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathPoint {
    /// The day.
    pub day: Day,
    /// The variation.
    pub variation: String,
    /// The metric.
    pub metric: String,
    /// Units of the variation.
    pub units: f64,
    /// The difference to the control.
    pub estimate: f64,
    /// The interval of the confidence sequence, or of the fixed test where that decides; corrected. Nothing while the control can't be told from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// The interval of the fixed test, not corrected.
    pub fixed: Interval,
}

/// The comparisons of each day that has tallies, where a difference can be told. A bandit has none.
pub fn path(experiment: &Experiment, tallies: &Tallies) -> Vec<PathPoint> {
    if experiment.pay().is_some() {
        return Vec::new();
    }
    let keys: Vec<_> = experiment
        .definition()
        .variations
        .iter()
        .map(|variation| Some(variation.key.clone()))
        .collect();
    let mut by_day: BTreeMap<Day, Vec<(usize, &Tally)>> = BTreeMap::new();
    for ((variation, day), tally) in tallies {
        if let Some(place) = keys.iter().position(|key| key == variation) {
            by_day.entry(*day).or_default().push((place, tally));
        }
    }
    let mut so_far = vec![Tally::default(); keys.len()];
    let mut points = Vec::new();
    for (day, tallies) in by_day {
        for (place, tally) in tallies {
            if let Some(sum) = so_far.get_mut(place) {
                *sum += tally;
            }
        }
        points.extend(
            compare(experiment, &so_far)
                .into_iter()
                .filter_map(|comparison| {
                    let Outcome::Measured(measured) = comparison.outcome else {
                        return None;
                    };
                    Some(PathPoint {
                        day,
                        variation: comparison.variation,
                        metric: comparison.metric,
                        units: comparison.treatment.units,
                        estimate: measured.effect.estimate,
                        interval: measured.interval,
                        fixed: measured.fixed.interval,
                    })
                }),
        );
    }
    points
}
