//! Saved groups: lists of units and conditions with a name, which conditions refer to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Condition, Problem};

/// Saved groups by their id.
#[derive(Clone, Debug, Default)]
pub struct SavedGroups(BTreeMap<String, Group>);

#[derive(Clone, Debug)]
pub(crate) enum Group {
    /// Values, and the attribute that they are of if the group says so.
    List {
        attribute: Option<Vec<String>>,
        values: Vec<Value>,
    },
    Condition(Condition),
    /// Of a shape that isn't known: matches nobody.
    Unknown,
}

impl SavedGroups {
    /// Reads groups from the payload's form: by id a bare list of values, or an object with `type: "list"` (`attributeKey`,
    /// `values`) or `type: "condition"` (`condition`). Nothing fails: what isn't usable matches nobody, and is among the problems.
    pub fn read(groups: &serde_json::Map<String, Value>) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let groups = groups
            .iter()
            .map(|(id, group)| (id.clone(), read_group(group, &mut problems)))
            .collect();
        (Self(groups), problems)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Group> {
        self.0.get(id)
    }
}

fn read_group(group: &Value, problems: &mut Vec<Problem>) -> Group {
    if let Value::Array(values) = group {
        return Group::List {
            attribute: None,
            values: values.clone(),
        };
    }
    let list = group.get("values").and_then(Value::as_array);
    match (
        group.get("type").and_then(Value::as_str),
        list,
        group.get("condition"),
    ) {
        (Some("list"), Some(values), _) => {
            let attribute = group.get("attributeKey").and_then(Value::as_str);
            Group::List {
                attribute: attribute.map(super::parse::path),
                values: values.clone(),
            }
        }
        (Some("condition"), _, Some(condition @ Value::Object(_))) => {
            let (condition, found) = Condition::read(condition);
            problems.extend(found);
            Group::Condition(condition)
        }
        _ => {
            problems.push(Problem::Shape {
                operator: "saved group".into(),
                expected: "a list of values, a list group or a condition group",
            });
            Group::Unknown
        }
    }
}
