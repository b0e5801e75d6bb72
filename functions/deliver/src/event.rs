//! What SQS sends.

use runtime::lambda::EventError;
use serde::Deserialize;
use serde_json::Value;

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Message {
    /// Its id, the same each time it comes.
    #[serde(rename = "messageId")]
    pub(crate) id: String,
    /// Which delivery it is about, as JSON.
    pub(crate) body: String,
}

#[derive(Deserialize)]
#[serde(tag = "eventSource")]
enum Record {
    #[serde(rename = "aws:sqs")]
    Message(Message),
}

#[derive(Deserialize)]
struct Records {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

/// The messages of an event.
pub(crate) fn read(event: Value) -> Result<Vec<Message>, EventError> {
    let Records { records } = serde_json::from_value(event).map_err(|error| {
        EventError(format!(
            "this is no event of SQS, the only kind that this function deals with: {error}"
        ))
    })?;
    Ok(records
        .into_iter()
        .map(|Record::Message(message)| message)
        .collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use runtime::DeliveryMessage;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_example_is_read() {
        let example = include_str!("../../../examples/events/deliver.json");
        let messages = read(serde_json::from_str(example).unwrap()).unwrap();
        assert_eq!(messages.len(), 1);
        assert!(serde_json::from_str::<DeliveryMessage>(&messages[0].body).is_ok());
    }

    #[test]
    fn nothing_but_messages_of_a_queue_is_read() {
        for event in [
            json!({}),
            json!({ "detail-type": "Scheduled Event", "detail": {} }),
            json!({ "Records": [{ "eventSource": "aws:s3" }] }),
        ] {
            assert!(read(event.clone()).is_err(), "{event}");
        }
    }
}
