//! The payload from which GrowthBook's SDKs allocate by themselves: one feature an experiment, under the experiment's key.

use serde_json::{Map, Value, json};

use crate::definition::{Definition, Experiment, State};

/// The features payload of a client key.
///
/// Drafts are left out. A paused experiment covers nobody new. A concluded one is its winner's value for everybody. Units that are
/// forced get their value by rules ahead of the experiment's, so that SDKs don't report them as exposed. `updated_at` is RFC 3339;
/// `saved_groups` is handed through.
pub fn features<'a>(
    experiments: impl IntoIterator<Item = &'a Experiment>,
    saved_groups: &Map<String, Value>,
    updated_at: &str,
) -> Value {
    let features: Map<_, _> = experiments
        .into_iter()
        .filter_map(|experiment| Some((experiment.definition().key.clone(), feature(experiment)?)))
        .collect();
    let mut payload = json!({"status": 200, "features": features, "dateUpdated": updated_at});
    if !saved_groups.is_empty() {
        payload["savedGroups"] = Value::Object(saved_groups.clone());
    }
    payload
}

fn feature(experiment: &Experiment) -> Option<Value> {
    let definition = experiment.definition();
    let value = |key: Option<&String>| {
        let named = definition
            .variations
            .iter()
            .find(|variation| Some(&variation.key) == key);
        named
            .or(definition.variations.first())
            .map(super::definition::Variation::value)
    };
    match definition.state {
        State::Draft => None,
        State::Concluded => Some(json!({"defaultValue": value(definition.winner.as_ref())})),
        State::Running | State::Paused => {
            let mut rules = forced_rules(definition);
            rules.push(experiment_rule(experiment));
            Some(json!({"defaultValue": value(None), "rules": rules}))
        }
    }
}

fn forced_rules(definition: &Definition) -> Vec<Value> {
    let rules = definition.variations.iter().filter_map(|variation| {
        let forced = definition
            .forced
            .iter()
            .filter(|(_, key)| **key == variation.key);
        let units: Vec<Value> = forced.flat_map(|(unit, _)| spellings(unit)).collect();
        let condition = json!({&definition.hash_attribute: {"$in": units}});
        (!units.is_empty()).then(|| json!({"condition": condition, "force": variation.value()}))
    });
    rules.collect()
}

/// A unit's identifier as text and, where it could have been sent as one, as a number: SDKs tell the two apart.
fn spellings(unit: &str) -> Vec<Value> {
    let number = unit
        .parse::<i64>()
        .ok()
        .filter(|number| number.to_string() == unit);
    [Some(unit.into()), number.map(Value::from)]
        .into_iter()
        .flatten()
        .collect()
}

fn experiment_rule(experiment: &Experiment) -> Value {
    let definition = experiment.definition();
    let paused = definition.state == State::Paused;
    let meta = definition
        .variations
        .iter()
        .map(|variation| match &variation.name {
            Some(name) => json!({"key": variation.key, "name": name}),
            None => json!({"key": variation.key}),
        });
    let values: Vec<_> = definition
        .variations
        .iter()
        .map(super::definition::Variation::value)
        .collect();
    let mut rule = json!({
        "key": definition.key,
        "seed": definition.seed.as_ref().unwrap_or(&definition.key),
        "hashVersion": definition.hash_version,
        "hashAttribute": definition.hash_attribute,
        "variations": values,
        "meta": meta.collect::<Vec<_>>(),
        "weights": experiment.weights(),
        "coverage": if paused { 0.0 } else { definition.coverage },
        "bucketVersion": definition.bucket_version,
        "minBucketVersion": definition.min_bucket_version,
    });
    let filters = (!definition.filters.is_empty()).then_some(&definition.filters);
    for (field, value) in [
        ("name", definition.name.as_ref().map(|name| json!(name))),
        (
            "fallbackAttribute",
            definition
                .fallback_attribute
                .as_ref()
                .map(|name| json!(name)),
        ),
        (
            "namespace",
            definition
                .namespace
                .as_ref()
                .map(|namespace| json!(namespace)),
        ),
        ("filters", filters.map(|filters| json!(filters))),
        ("condition", definition.condition.clone()),
    ] {
        if let Some(value) = value {
            rule[field] = value;
        }
    }
    rule
}
