//! Definitions: what an experiment compares, for whom, and by what it is judged.
//!
//! A [`Definition`] is what people write; an [`Experiment`] is one that was checked, with its rule ready.

mod change;
mod check;
mod metric;
mod problem;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use change::ChangeError;
pub use metric::{Better, Lift, Metric, MetricKind, Role};
pub use problem::{DefinitionError, DefinitionProblem};

use crate::allocation::{DEFAULT_ATTRIBUTE, Filter, Namespace, Rule};
use crate::buckets::{bucket_ranges, equal_weights};
use crate::condition::Condition;
use crate::hash::HashVersion;
use crate::stats::Correction;

/// An experiment as it is written. The first variation is the control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name in URLs, events and payloads: letters, digits, `-`, `_` and `.`, at most 100.
    pub key: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is in its life.
    #[serde(default)]
    pub state: State,
    /// What is compared: 2 to 50.
    pub variations: Vec<Variation>,
    /// The variations' shares, which sum to 1; where none are given, equal ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    /// The part of the units that takes part, 0 to 1.
    #[serde(default = "all")]
    pub coverage: f64,
    /// The attribute by which units are known.
    #[serde(default = "default_attribute")]
    pub hash_attribute: String,
    /// The attribute by which they are known while the first is missing. Works with sticky buckets only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_attribute: Option<String>,
    /// The version of the hash.
    #[serde(default)]
    pub hash_version: HashVersion,
    /// The seed of the hash; where none is given, the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The part of a namespace that it has: experiments with parts that don't overlap share no unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Namespace>,
    /// Further parts that it has, by any attribute. Where there are any, the namespace isn't looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The units that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
    /// Variations by units that get them without taking part.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forced: BTreeMap<String, String>,
    /// Raised to share units out anew, whatever they were given.
    #[serde(default)]
    pub bucket_version: u32,
    /// Units of versions below this are left out.
    #[serde(default)]
    pub min_bucket_version: u32,
    /// What it is judged by.
    pub metrics: Vec<Metric>,
    /// Units that are planned for, over all variations. The confidence sequences are tuned to be narrowest there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_units: Option<u64>,
    /// The rate of false positives that is borne.
    #[serde(default = "default_alpha")]
    pub alpha: f64,
    /// The test that decides.
    #[serde(default)]
    pub test: TestKind,
    /// How comparisons of several metrics and variations are corrected.
    #[serde(default)]
    pub correction: Correction,
    /// Whether units go where it pays, instead of by fixed weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandit: Option<Bandit>,
    /// The variation that everybody gets once it is concluded; where none is named, the control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
}

impl Definition {
    /// A draft with nothing but what every experiment needs; the rest is as if it had been left out.
    pub fn new(key: impl Into<String>, variations: Vec<Variation>, metrics: Vec<Metric>) -> Self {
        Self {
            key: key.into(),
            name: None,
            state: State::Draft,
            variations,
            weights: None,
            coverage: all(),
            hash_attribute: default_attribute(),
            fallback_attribute: None,
            hash_version: HashVersion::default(),
            seed: None,
            namespace: None,
            filters: Vec::new(),
            condition: None,
            forced: BTreeMap::new(),
            bucket_version: 0,
            min_bucket_version: 0,
            metrics,
            planned_units: None,
            alpha: default_alpha(),
            test: TestKind::default(),
            correction: Correction::default(),
            bandit: None,
            winner: None,
        }
    }
}

fn all() -> f64 {
    1.0
}

fn default_attribute() -> String {
    DEFAULT_ATTRIBUTE.into()
}

fn default_alpha() -> f64 {
    0.05
}

/// Where an experiment is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written, seen by nobody.
    #[default]
    Draft,
    /// Taking units in.
    Running,
    /// Taking no new units in; those that were seen keep what they have.
    Paused,
    /// Over: everybody gets the winner.
    Concluded,
}

/// The test that decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// The confidence sequence: may be looked at every day.
    #[default]
    Sequential,
    /// The fixed-horizon test: right only if it is looked at once, when the planned units are in.
    Fixed,
}

/// One of the things that are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// Its name in events and results.
    pub key: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What SDKs hand to the application; where none is given, the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

impl Variation {
    /// What SDKs hand to the application.
    pub fn value(&self) -> Value {
        self.value
            .clone()
            .unwrap_or_else(|| self.key.clone().into())
    }
}

/// How a bandit goes about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bandit {
    /// The metric that pays; where none is named, the first goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The share that every variation keeps, so that it can still prove itself.
    #[serde(default = "default_floor")]
    pub floor: f64,
}

fn default_floor() -> f64 {
    0.01
}

/// A definition that was checked.
#[derive(Clone, Debug)]
pub struct Experiment {
    definition: Definition,
    rule: Option<Rule>,
}

impl Experiment {
    /// Checks a definition. All that is wrong with it is told at once.
    pub fn new(definition: Definition) -> Result<Self, DefinitionError> {
        let condition = check::check(&definition)?;
        let rule = rule(&definition, condition);
        Ok(Self { definition, rule })
    }

    /// As it was written.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// How it shares units out; nothing while it is a draft and once it is concluded.
    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }

    /// The variations' shares.
    pub fn weights(&self) -> Vec<f64> {
        let given = self.definition.weights.clone();
        given.unwrap_or_else(|| equal_weights(self.definition.variations.len()))
    }

    /// The events that its metrics are made of: others tell nothing, and need not be kept.
    pub fn events(&self) -> BTreeSet<&str> {
        let metrics = self.definition.metrics.iter();
        metrics
            .flat_map(|metric| [Some(metric.event()), metric.denominator.as_deref()])
            .flatten()
            .collect()
    }

    /// The metric that a bandit is paid by; nothing where the experiment is none.
    pub fn pay(&self) -> Option<&Metric> {
        let bandit = self.definition.bandit.as_ref()?;
        self.definition
            .metrics
            .iter()
            .find(|metric| match &bandit.metric {
                Some(key) => metric.key == *key,
                None => metric.role == Role::Goal,
            })
    }
}

fn rule(definition: &Definition, condition: Option<Condition>) -> Option<Rule> {
    let coverage = match definition.state {
        State::Running => definition.coverage,
        State::Paused => 0.0,
        State::Draft | State::Concluded => return None,
    };
    let variations: Vec<_> = definition
        .variations
        .iter()
        .map(|variation| variation.key.clone())
        .collect();
    let forced = definition.forced.iter().filter_map(|(unit, key)| {
        let variation = variations.iter().position(|known| known == key)?;
        Some((unit.clone(), variation))
    });
    Some(Rule {
        key: definition.key.clone(),
        seed: definition
            .seed
            .clone()
            .unwrap_or_else(|| definition.key.clone()),
        hash_version: definition.hash_version,
        hash_attribute: definition.hash_attribute.clone(),
        fallback_attribute: definition.fallback_attribute.clone(),
        ranges: bucket_ranges(variations.len(), coverage, definition.weights.as_deref()),
        namespace: definition.namespace.clone(),
        filters: definition.filters.clone(),
        condition,
        bucket_version: definition.bucket_version,
        min_bucket_version: definition.min_bucket_version,
        forced: forced.collect(),
        variations,
    })
}
