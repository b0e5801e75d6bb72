//! What an experiment's tallies say.

use std::collections::BTreeMap;

use domain::Timestamp;
use experiments::results::{
    BanditResults, Observations, PathPoint, Results, analyse, path, totals,
};
use serde::Serialize;
use serde_json::{Value, json};
use store::{ExperimentRecord, Observed};
use utoipa::ToSchema;

use crate::{AssignError, Experiments};

const DAY_MS: f64 = 86_400_000.0;

/// What is known of an experiment, and what it says.
#[derive(Debug, Clone)]
pub struct Found {
    /// The experiment.
    pub record: ExperimentRecord,
    /// What was counted.
    pub observed: Observed,
    /// What that says.
    pub results: Results,
    /// What was known by the end of each day.
    pub path: Vec<PathPoint>,
    /// When it was counted.
    pub at: Timestamp,
}

/// Results, as they are told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExperimentResults)]
pub struct Told {
    /// The experiment's key.
    experiment: String,
    /// Its state.
    state: String,
    /// When this was counted.
    #[schema(format = DateTime)]
    at: String,
    /// How long it has been running, in days.
    days: f64,
    /// Units by variation.
    units: BTreeMap<String, i64>,
    /// Conversions that don't count, because their unit wasn't exposed by their day.
    apart: i64,
    /// The verdict with its tests, intervals and beliefs; of a bandit its arms.
    #[schema(value_type = Object)]
    results: Value,
    /// What was known by the end of each day, for each variation and metric.
    #[schema(value_type = Vec<Object>)]
    path: Vec<Value>,
}

impl Experiments {
    /// What an experiment's tallies say by now.
    pub async fn results(&self, key: &str) -> Result<Found, AssignError> {
        let record = self.get(key).await?;
        self.results_of(record).await
    }

    pub(crate) async fn results_of(&self, record: ExperimentRecord) -> Result<Found, AssignError> {
        let observed = self.store.observed(&record).await?;
        let experiment = record.experiment()?;
        let at = (self.clock)();
        let tallies = totals(&experiment, &observed.tallies);
        let observations = Observations {
            tallies: &tallies,
            periods: &observed.periods,
            days: days(&record, at),
            // The same figures are drawn the same way.
            seed: tallies.iter().map(|tally| tally.units.unsigned_abs()).sum(),
        };
        let results = analyse(&experiment, &observations)?;
        let path = path(&experiment, &observed.tallies);
        Ok(Found {
            record,
            observed,
            results,
            path,
            at,
        })
    }
}

/// How long it has been running, in days.
fn days(record: &ExperimentRecord, now: Timestamp) -> f64 {
    let until = record.concluded.as_ref().map_or(now, |end| end.at);
    let ran = |from: Timestamp| until.since(from) as f64 / DAY_MS;
    record.started_at().map_or(0.0, ran)
}

impl Found {
    /// As it is told.
    pub fn told(&self) -> Told {
        let definition = &self.record.definition;
        let mut units: BTreeMap<String, i64> = definition
            .variations
            .iter()
            .map(|variation| (variation.key.clone(), 0))
            .collect();
        let mut apart = self.observed.unassigned;
        for ((variation, _), tally) in &self.observed.tallies {
            apart += tally.apart;
            if let Some(units) = variation.as_ref().and_then(|key| units.get_mut(key)) {
                *units += tally.units;
            }
        }
        Told {
            experiment: definition.key.clone(),
            state: crate::view::state(definition.state).to_owned(),
            at: self.at.rfc3339(),
            days: days(&self.record, self.at),
            units,
            apart,
            results: json!(self.results),
            path: self.path.iter().map(point).collect(),
        }
    }

    /// Its arms, if it is a bandit.
    pub fn bandit(&self) -> Option<&BanditResults> {
        match &self.results {
            Results::Bandit(bandit) => Some(bandit),
            Results::Fixed(_) => None,
        }
    }
}

/// A point of the path, its day as people write it.
fn point(point: &PathPoint) -> Value {
    let mut told = json!(point);
    told["day"] = json!(date(point));
    told
}

/// A point's day, as `yyyy-mm-dd`.
pub fn date(point: &PathPoint) -> String {
    let start = u64::try_from(point.day.0).unwrap_or(0) * 86_400_000;
    Timestamp(start).rfc3339().chars().take(10).collect()
}
