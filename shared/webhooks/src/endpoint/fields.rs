//! Which fields events can be filtered by: read from the catalogue's schemas.

use serde_json::Value;

use crate::catalogue::EventType;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// One of these words.
    Choice(Vec<String>),
    /// A whole number.
    Whole,
}

impl FieldKind {
    /// What a filter's value must be.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Whole => "a whole number".to_owned(),
        }
    }
}

/// The fields of a type's data that can be compared with a value, each by its path with dots between. Links, lists and amounts can't.
pub fn fields(kind: EventType) -> Vec<(String, FieldKind)> {
    let mut found = Vec::new();
    collect(kind.data_schema().as_value(), "", &mut found);
    found
}

fn collect(schema: &Value, above: &str, found: &mut Vec<(String, FieldKind)>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = if above.is_empty() {
            name.clone()
        } else {
            format!("{above}.{name}")
        };
        if property.get("properties").is_some() {
            if path != "links" {
                collect(property, &path, found);
            }
        } else if let Some(kind) = kind_of(property) {
            found.push((path, kind));
        }
    }
}

fn kind_of(schema: &Value) -> Option<FieldKind> {
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        let words = choices
            .iter()
            .filter_map(|choice| choice.get("const").and_then(Value::as_str))
            .map(str::to_owned);
        return Some(FieldKind::Choice(words.collect()));
    }
    match schema.get("type").and_then(Value::as_str)? {
        "string" => Some(FieldKind::Text),
        "integer" => Some(FieldKind::Whole),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_choices_and_whole_numbers_can_be_filtered_by_and_links_and_amounts_cannot() {
        let fields = fields(EventType::ContentApproved);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                "brand",
                "decided_by",
                "note",
                "reviewer",
                "round",
                "run",
                "topic",
                "workflow"
            ]
        );
        let kind = |name| {
            fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, kind)| kind)
        };
        assert_eq!(kind("round"), Some(&FieldKind::Whole));
        assert_eq!(kind("topic"), Some(&FieldKind::Text));
        let words = ["score", "person"].map(str::to_owned).to_vec();
        assert_eq!(kind("decided_by"), Some(&FieldKind::Choice(words)));
    }

    #[test]
    fn a_field_within_a_field_has_a_path() {
        let fields = fields(EventType::WorkflowFailed);
        assert!(
            fields.contains(&("failure.error".to_owned(), FieldKind::Text)),
            "{fields:?}"
        );
    }
}
