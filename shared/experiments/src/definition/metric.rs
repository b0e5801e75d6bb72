//! What an experiment is judged by.

use serde::{Deserialize, Serialize};

/// A metric: what is measured on each unit, and what it is measured for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Its name, unique in the experiment.
    pub key: String,
    /// How a unit's events become a number.
    pub kind: MetricKind,
    /// The event that it counts or sums; where none is named, the one called like the metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The event below the line of a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub role: Role,
    /// Which way it gets better.
    #[serde(default)]
    pub better: Better,
    /// How lift is told, which is also the unit of the margin.
    #[serde(default)]
    pub lift: Lift,
    /// A goal: differences up to this don't matter. A guardrail: harm up to this is borne. In the unit of the lift, above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// Whether exposures bring a value from before the experiment, by which noise is taken out (CUPED).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cuped: bool,
}

impl Metric {
    /// A goal that is better the higher it is; the rest is as if it had been left out.
    pub fn new(key: impl Into<String>, kind: MetricKind) -> Self {
        Self {
            key: key.into(),
            kind,
            event: None,
            denominator: None,
            role: Role::default(),
            better: Better::default(),
            lift: Lift::default(),
            margin: None,
            cuped: false,
        }
    }

    /// The event that it counts or sums.
    pub fn event(&self) -> &str {
        self.event.as_deref().unwrap_or(&self.key)
    }
}

/// How a unit's events become a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// Whether the unit had any: a share of units.
    Proportion,
    /// The sum of the unit's values: a mean over units.
    Mean,
    /// The sum of one event over the sum of another, over all units.
    Ratio,
}

/// What a metric is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A winner must win by it.
    #[default]
    Goal,
    /// A winner must not harm it.
    Guardrail,
    /// To be looked at; decides nothing.
    Secondary,
}

/// Which way a metric gets better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More is better.
    #[default]
    Higher,
    /// Less is better.
    Lower,
}

/// How the difference to the control is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lift {
    /// As a part of the control's value: 0.1 is 10% more.
    #[default]
    Relative,
    /// In the metric's own unit.
    Absolute,
}
