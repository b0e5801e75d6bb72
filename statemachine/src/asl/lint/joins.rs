//! What a machine's states do with joins.

use serde_json::Value;

use super::map::{Machine, State};
use crate::asl::joined::{PUT, UPDATE, WAIT, WAKE};

/// What a state does with joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role<'a> {
    /// Writes their items: each join with what is pending.
    Writes(Vec<(&'a str, Vec<&'a str>)>),
    /// Waits for one.
    Waits(&'a str),
    /// Takes something off what one waits for.
    Tells(&'a str, &'a str),
}

/// The role of a state, if it has one.
pub(super) fn role<'a>(state: &State<'a>) -> Option<Role<'a>> {
    let value = state.value;
    match value["Resource"].as_str() {
        Some(PUT) => {
            let items = value["Arguments"]["TransactItems"].as_array()?;
            let written: Vec<_> = items
                .iter()
                .filter_map(|item| {
                    let item = &item["Put"]["Item"];
                    let pending = item["pending"]["M"].as_object()?;
                    Some((join(item)?, pending.keys().map(String::as_str).collect()))
                })
                .collect();
            (!written.is_empty()).then_some(Role::Writes(written))
        }
        Some(WAIT) => join(&value["Arguments"]["Key"]).map(Role::Waits),
        Some(UPDATE) => {
            let arguments = &value["Arguments"];
            let me = arguments["ExpressionAttributeNames"]["#me"].as_str()?;
            let takes_off = arguments["UpdateExpression"]
                .as_str()
                .is_some_and(|update| update.contains("REMOVE #pending.#me"));
            takes_off
                .then(|| join(&arguments["Key"]))
                .flatten()
                .map(|join| Role::Tells(join, me))
        }
        _ => None,
    }
}

fn join(key: &Value) -> Option<&str> {
    key["sk"]["S"].as_str()?.strip_prefix("JOIN#")
}

/// Whether what follows a telling wakes the token.
pub(super) fn wakes(map: &Machine<'_>, teller: &State<'_>) -> bool {
    let find = |name: Option<&str>| name.and_then(|name| map.find(teller.scope, name));
    find(teller.text("Next")).is_some_and(|choice| {
        let mut rules = map.states[choice].rules("Choices").iter();
        rules.any(|rule| {
            find(rule["Next"].as_str())
                .is_some_and(|next| map.states[next].text("Resource") == Some(WAKE))
        })
    })
}
