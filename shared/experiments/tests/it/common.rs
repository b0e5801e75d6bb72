//! What several suites need.

use experiments::condition::{Attributes, SavedGroups};
use experiments::{Definition, Experiment, Rule, StickyBuckets, Unit};
use serde_json::{Value, json};

/// A running experiment with a proportion for its goal, and whatever else the members say.
pub(crate) fn definition(members: Value) -> Definition {
    let mut definition = json!({
        "key": "hooks",
        "state": "running",
        "variations": [{"key": "control"}, {"key": "question"}],
        "metrics": [{"key": "clicked", "kind": "proportion"}],
    });
    for (key, value) in members.as_object().unwrap() {
        definition[key] = value.clone();
    }
    serde_json::from_value(definition).unwrap()
}

pub(crate) fn experiment(members: Value) -> Experiment {
    Experiment::new(definition(members)).unwrap()
}

pub(crate) fn attributes(id: &str) -> Attributes {
    Attributes::from_iter([("id".to_owned(), id.into())])
}

/// The variation of a unit that is known by nothing but its id.
pub(crate) fn variation(rule: &Rule, id: &str, sticky: Option<&StickyBuckets>) -> Option<usize> {
    let (attributes, groups) = (attributes(id), SavedGroups::default());
    let unit = Unit {
        attributes: &attributes,
        groups: &groups,
        sticky,
    };
    rule.assign(unit)
        .ok()
        .map(|assignment| assignment.variation)
}
