//! What calls the function: the table's stream, and the clock.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// What the keys of events in the table begin with.
const EVENT: &str = "EVENT#";

/// Why the function is called.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Occasion {
    /// Items were written.
    Written {
        /// Which.
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
    /// A minute has gone by.
    Minute {
        /// EventBridge's word for it.
        #[serde(rename = "detail-type")]
        _kind: Scheduled,
        /// There is nothing in it.
        #[serde(rename = "detail")]
        _detail: IgnoredAny,
    },
}

/// The one kind of event of EventBridge's that is taken.
#[derive(Debug, Deserialize)]
pub(crate) enum Scheduled {
    /// A rule's time has come.
    #[serde(rename = "Scheduled Event")]
    Event,
}

/// An item that was written.
#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    dynamodb: Written,
}

#[derive(Debug, Deserialize)]
struct Written {
    #[serde(rename = "Keys")]
    keys: Keys,
}

#[derive(Debug, Deserialize)]
struct Keys {
    pk: Text,
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

impl Record {
    /// The event's id, if the item is one.
    pub(crate) fn event(&self) -> Option<&str> {
        self.dynamodb.keys.pk.text.strip_prefix(EVENT)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_told_from_what_else_is_written() {
        let record = |pk: &str| json!({ "eventName": "INSERT", "dynamodb": { "Keys": { "pk": { "S": pk }, "sk": { "S": "META" } } } });
        let event = json!({ "Records": [record("EVENT#evt_1"), record("RUN#x")] });
        let Occasion::Written { records } = serde_json::from_value(event).unwrap() else {
            panic!("items were written")
        };
        let events: Vec<_> = records.iter().map(Record::event).collect();
        assert_eq!(events, [Some("evt_1"), None]);
    }

    #[test]
    fn the_example_is_read() {
        let example = include_str!("../../../examples/events/dispatch.json");
        let Occasion::Written { records } = serde_json::from_str(example).unwrap() else {
            panic!("an item was written")
        };
        let id = records[0].event().unwrap();
        assert_eq!(id, "evt_0123456789abcdef0123456789abcdef");
    }

    #[test]
    fn a_minute_is_known_and_nothing_else_is_taken() {
        let minute = json!({ "detail-type": "Scheduled Event", "detail": {} });
        assert!(matches!(
            serde_json::from_value(minute).unwrap(),
            Occasion::Minute { .. }
        ));
        let other =
            json!({ "detail-type": "EC2 Instance State-change Notification", "detail": {} });
        assert!(serde_json::from_value::<Occasion>(other).is_err());
    }
}
