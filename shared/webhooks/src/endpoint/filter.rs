//! Conditions on an event's data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::{FieldKind, fields};
use super::{Problem, TypePattern};
use crate::catalogue::EventType;

/// The most conditions of one endpoint.
pub const MAX_FILTERS: usize = 20;

/// The longest text to compare with, in bytes.
const MAX_TEXT: usize = 1000;

/// What a field must be equal to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FilterValue {
    /// A whole number.
    Whole(u64),
    /// A text.
    Text(String),
}

impl FilterValue {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_u64().map(Self::Whole),
            Value::String(text) if text.len() <= MAX_TEXT => Some(Self::Text(text.clone())),
            _ => None,
        }
    }

    fn fits(&self, kind: &FieldKind) -> bool {
        match (self, kind) {
            (Self::Whole(_), FieldKind::Whole) | (Self::Text(_), FieldKind::Text) => true,
            (Self::Text(text), FieldKind::Choice(words)) => words.contains(text),
            _ => false,
        }
    }

    fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Whole(number) => value.as_u64() == Some(*number),
            Self::Text(text) => value.as_str() == Some(text),
        }
    }
}

/// Conditions that all hold for an event that is wanted: a field, by its path in the data, equals a value. An event without the field
/// isn't wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(BTreeMap<String, FilterValue>);

impl Filters {
    /// Checks conditions against the fields of the types that are subscribed to.
    pub(super) fn check(
        written: &BTreeMap<String, Value>,
        types: &[TypePattern],
        problems: &mut Vec<Problem>,
    ) -> Self {
        if written.len() > MAX_FILTERS {
            problems.push(Problem::new(
                "filters",
                format!(
                    "{} conditions: expected at most {MAX_FILTERS}",
                    written.len()
                ),
            ));
            return Self::default();
        }
        let subscribed = |kind: &EventType| types.iter().any(|pattern| pattern.matches(*kind));
        let known: Vec<(String, FieldKind)> = if written.is_empty() {
            Vec::new()
        } else {
            let subscribed = EventType::ALL.into_iter().filter(subscribed);
            subscribed.flat_map(fields).collect()
        };
        let mut filters = BTreeMap::new();
        for (path, value) in written {
            match condition(path, value, &known) {
                Ok(value) => {
                    filters.insert(path.clone(), value);
                }
                Err(problem) => problems.push(problem),
            }
        }
        Self(filters)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The conditions by their fields' paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FilterValue)> {
        self.0.iter().map(|(path, value)| (path.as_str(), value))
    }

    /// Whether all hold for this data.
    pub(super) fn match_data(&self, data: &Value) -> bool {
        self.0.iter().all(|(path, expected)| {
            path.split('.')
                .try_fold(data, |value, name| value.get(name))
                .is_some_and(|value| expected.equals(value))
        })
    }
}

fn condition(
    path: &str,
    value: &Value,
    known: &[(String, FieldKind)],
) -> Result<FilterValue, Problem> {
    let shown: String = path.chars().take(80).collect();
    let problem = |message| Err(Problem::new(format!("filters.{shown}"), message));
    let kinds: Vec<&FieldKind> = known
        .iter()
        .filter(|(name, _)| name == path)
        .map(|(_, kind)| kind)
        .collect();
    if kinds.is_empty() {
        let mut names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        return problem(format!(
            "no event that this endpoint subscribes to has this field: expected one of {}",
            names.join(", ")
        ));
    }
    match FilterValue::of(value) {
        Some(value) if kinds.iter().any(|kind| value.fits(kind)) => Ok(value),
        _ => {
            let mut expected: Vec<String> = kinds.iter().map(|kind| kind.expected()).collect();
            expected.sort_unstable();
            expected.dedup();
            problem(format!(
                "no event would ever match: expected {} (at most {MAX_TEXT} bytes)",
                expected.join(", or ")
            ))
        }
    }
}
