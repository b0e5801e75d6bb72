//! Checking definitions.

use std::collections::BTreeSet;

use super::{
    Definition, DefinitionError, DefinitionProblem as Problem, Metric, MetricKind, Role, State,
    TestKind,
};
use crate::condition::Condition;

pub(super) const MAX_KEY_BYTES: usize = 100;
pub(super) const MAX_VARIATIONS: usize = 50;
pub(super) const MAX_METRICS: usize = 50;
pub(super) const MAX_FORCED: usize = 100;
/// Weights are written as decimals: three times 0.3333333 is near enough to 1, three times 0.333 isn't.
const WEIGHT_TOLERANCE: f64 = 1e-6;

/// Checks all, and hands out the condition, read.
pub(super) fn check(definition: &Definition) -> Result<Option<Condition>, DefinitionError> {
    let mut problems = Vec::new();
    keys(definition, &mut problems);
    shares(definition, &mut problems);
    parts(definition, &mut problems);
    named_variations(definition, &mut problems);
    metrics(definition, &mut problems);
    statistics(definition, &mut problems);
    let condition = definition.condition.as_ref().map(|condition| {
        let (condition, found) = Condition::read(condition);
        problems.extend(found.into_iter().map(Problem::Condition));
        condition
    });
    if problems.is_empty() {
        return Ok(condition);
    }
    Err(DefinitionError {
        key: definition.key.clone(),
        problems,
    })
}

fn keys(definition: &Definition, problems: &mut Vec<Problem>) {
    key("experiment's key", &definition.key, problems);
    let variations: Vec<_> = definition
        .variations
        .iter()
        .map(|variation| variation.key.as_str())
        .collect();
    unique("variations", "variation's key", &variations, problems);
    let metrics: Vec<_> = definition
        .metrics
        .iter()
        .map(|metric| metric.key.as_str())
        .collect();
    unique("metrics", "metric's key", &metrics, problems);
    let fallback = definition.fallback_attribute.as_deref();
    for (name, value) in [
        ("hash_attribute", Some(definition.hash_attribute.as_str())),
        ("fallback_attribute", fallback),
        ("seed", definition.seed.as_deref()),
        (
            "the namespace's name",
            definition
                .namespace
                .as_ref()
                .map(|namespace| namespace.0.as_str()),
        ),
    ] {
        if value == Some("") {
            problems.push(Problem::Empty(name));
        }
    }
    if definition.min_bucket_version > definition.bucket_version {
        let (least, version) = (definition.min_bucket_version, definition.bucket_version);
        problems.push(Problem::BucketVersion { least, version });
    }
}

fn key(of: &'static str, key: &str, problems: &mut Vec<Problem>) {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if key.is_empty() || key.len() > MAX_KEY_BYTES || !key.bytes().all(letter) {
        problems.push(Problem::Key {
            of,
            key: key.chars().take(MAX_KEY_BYTES).collect(),
        });
    }
}

fn unique(all: &'static str, one: &'static str, keys: &[&str], problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for name in keys {
        key(one, name, problems);
        if !seen.insert(name) {
            problems.push(Problem::Duplicate {
                of: all,
                key: (*name).into(),
            });
        }
    }
}

fn shares(definition: &Definition, problems: &mut Vec<Problem>) {
    let variations = definition.variations.len();
    if !(2..=MAX_VARIATIONS).contains(&variations) {
        problems.push(Problem::VariationCount(variations));
    }
    number(
        "coverage",
        definition.coverage,
        "from 0 to 1",
        |value| (0.0..=1.0).contains(&value),
        problems,
    );
    let Some(weights) = &definition.weights else {
        return;
    };
    if weights.len() != variations {
        problems.push(Problem::WeightCount {
            weights: weights.len(),
            variations,
        });
    }
    let wrong = weights
        .iter()
        .filter(|weight| !(0.0..=1.0).contains(*weight));
    let before = problems.len();
    problems.extend(wrong.map(|weight| Problem::Weight(*weight)));
    let sum: f64 = weights.iter().sum();
    if problems.len() == before && (sum - 1.0).abs() > WEIGHT_TOLERANCE {
        problems.push(Problem::WeightSum(sum));
    }
}

fn parts(definition: &Definition, problems: &mut Vec<Problem>) {
    let namespace = definition
        .namespace
        .iter()
        .map(|namespace| (&namespace.0, namespace.1, namespace.2));
    let filters = definition.filters.iter().flat_map(|filter| {
        filter
            .ranges
            .iter()
            .map(|range| (&filter.seed, range.0, range.1))
    });
    for (of, from, to) in namespace.chain(filters) {
        // Written so that what isn't a number is refused too.
        let fits = from >= 0.0 && from < to && to <= 1.0;
        if !fits {
            problems.push(Problem::Part {
                of: of.clone(),
                from,
                to,
            });
        }
    }
    let empty = definition
        .filters
        .iter()
        .filter(|filter| filter.ranges.is_empty());
    problems.extend(empty.map(|filter| Problem::EmptyFilter(filter.seed.clone())));
}

fn named_variations(definition: &Definition, problems: &mut Vec<Problem>) {
    let known = |key: &str| {
        definition
            .variations
            .iter()
            .any(|variation| variation.key == key)
    };
    if definition.forced.len() > MAX_FORCED {
        problems.push(Problem::TooManyForced(definition.forced.len()));
    }
    let forced = definition.forced.iter().map(|(unit, key)| {
        let unit: String = unit.chars().take(MAX_KEY_BYTES).collect();
        (format!("forced unit {unit:?}"), key)
    });
    let winner = definition.winner.iter().map(|key| ("winner".into(), key));
    for (by, key) in forced.chain(winner).filter(|(_, key)| !known(key)) {
        problems.push(Problem::UnknownVariation {
            by,
            key: key.clone(),
        });
    }
    if definition.winner.is_some() && definition.state != State::Concluded {
        problems.push(Problem::EarlyWinner);
    }
}

fn metrics(definition: &Definition, problems: &mut Vec<Problem>) {
    let metrics = &definition.metrics;
    if metrics.is_empty() || metrics.len() > MAX_METRICS {
        problems.push(Problem::MetricCount(metrics.len()));
    } else if !metrics.iter().any(|metric| metric.role == Role::Goal) {
        problems.push(Problem::NoGoal);
    }
    for metric in metrics {
        events(metric, problems);
        if (metric.kind == MetricKind::Ratio) != metric.denominator.is_some() {
            problems.push(Problem::Denominator(metric.key.clone()));
        }
        if metric.kind == MetricKind::Ratio && metric.cuped {
            problems.push(Problem::AdjustedRatio(metric.key.clone()));
        }
        if let Some(margin) = metric
            .margin
            .filter(|margin| !(*margin > 0.0 && margin.is_finite()))
        {
            problems.push(Problem::Margin {
                metric: metric.key.clone(),
                margin,
            });
        }
    }
}

fn events(metric: &Metric, problems: &mut Vec<Problem>) {
    for event in [&metric.event, &metric.denominator].into_iter().flatten() {
        key("name of an event", event, problems);
    }
}

fn statistics(definition: &Definition, problems: &mut Vec<Problem>) {
    let inside = |value: f64| value > 0.0 && value < 1.0;
    number(
        "alpha",
        definition.alpha,
        "above 0 and below 1",
        inside,
        problems,
    );
    if definition.planned_units == Some(0) {
        number("planned_units", 0.0, "above 0", |_| false, problems);
    }
    if definition.test == TestKind::Fixed && definition.planned_units.is_none() {
        problems.push(Problem::FixedWithoutPlan);
    }
    let Some(bandit) = &definition.bandit else {
        return;
    };
    let share = 1.0 / definition.variations.len().max(1) as f64;
    number(
        "the bandit's floor",
        bandit.floor,
        "from 0 to an equal share",
        |value| (0.0..=share).contains(&value),
        problems,
    );
    if let Some(key) = &bandit.metric
        && !definition.metrics.iter().any(|metric| metric.key == *key)
    {
        problems.push(Problem::UnknownMetric(key.clone()));
    }
}

fn number(
    name: &'static str,
    value: f64,
    expected: &'static str,
    fits: impl Fn(f64) -> bool,
    problems: &mut Vec<Problem>,
) {
    if !fits(value) {
        problems.push(Problem::Number {
            name,
            value,
            expected,
        });
    }
}
