//! The catalogue as a document: what `GET /v1/webhooks/events` answers, and what is committed for subscribers.

use serde::Serialize;
use serde_json::{Value, json};

use super::EventType;
use super::examples::example;
use crate::{MAX_PAYLOAD_BYTES, Payload};

/// What a subscriber has to know of a type of event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventEntry {
    /// The event's name.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The version of its data.
    pub version: u32,
    /// What it tells.
    pub description: &'static str,
    /// The JSON schema (2020-12) of the whole payload.
    pub schema: Value,
    /// A payload.
    pub example: Payload,
}

/// What the catalogue says of a type.
pub fn entry(kind: EventType) -> EventEntry {
    EventEntry {
        kind,
        version: kind.version(),
        description: kind.about(),
        schema: payload_schema(kind),
        example: example(kind),
    }
}

/// The whole catalogue, in its order.
pub fn entries() -> Vec<EventEntry> {
    EventType::ALL.into_iter().map(entry).collect()
}

/// The catalogue as JSON: the limit of a payload in bytes, and the entries.
pub fn document() -> Value {
    json!({ "payload_below_bytes": MAX_PAYLOAD_BYTES, "events": entries() })
}

fn payload_schema(kind: EventType) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:reelwright:webhooks:{kind}:{}", kind.version()),
        "title": kind.name(),
        "description": kind.about(),
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": { "const": kind.name() },
            "timestamp": {
                "description": "When it happened: RFC 3339, UTC, with milliseconds.",
                "type": "string",
                "format": "date-time"
            },
            "data": kind.data_schema()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_stands_alone_and_knows_no_null() {
        for entry in entries() {
            let text = entry.schema.to_string();
            assert!(!text.contains("$ref") && !text.contains("$defs"), "{text}");
            assert!(
                !text.contains("null"),
                "an absent field is left out: {text}"
            );
        }
    }
}
