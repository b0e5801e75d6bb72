//! What is sent: an event's type, its time and its data.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Moment;
use crate::catalogue::{EventData, EventType, UnknownEvent};

/// A payload is smaller than this many bytes: 20 kB, which every receiver takes.
pub const MAX_PAYLOAD_BYTES: usize = 20_000;

/// Why a payload can't be sent or read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// It is too large.
    #[error(
        "the {event} event has {bytes} bytes, and must have fewer than {MAX_PAYLOAD_BYTES}: link to what is large instead of sending it"
    )]
    TooLarge {
        /// The event's type.
        event: EventType,
        /// Its size.
        bytes: usize,
    },
    /// It holds what JSON can't.
    #[error("the {event} event can't be written as JSON: {source}")]
    Unwritable {
        /// The event's type.
        event: EventType,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It is no payload.
    #[error("this is no payload: expected an object of type, timestamp and data: {0}")]
    Malformed(serde_json::Error),
    /// Its type is not in the catalogue.
    #[error(transparent)]
    Unknown(#[from] UnknownEvent),
    /// Its data isn't what its type has.
    #[error("the data of this {event} event can't be read: {source}")]
    Data {
        /// The event's type.
        event: EventType,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// An event as subscribers get it.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// When it happened.
    pub at: Timestamp,
    /// What it tells.
    pub data: EventData,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "type")]
    kind: EventType,
    timestamp: Moment,
    data: &'a EventData,
}

#[derive(Deserialize)]
struct Read {
    #[serde(rename = "type")]
    kind: String,
    timestamp: Moment,
    data: Value,
}

impl Serialize for Payload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            kind: self.event_type(),
            timestamp: Moment(self.at),
            data: &self.data,
        }
        .serialize(serializer)
    }
}

impl Payload {
    /// The event's type.
    pub fn event_type(&self) -> EventType {
        self.data.event_type()
    }

    /// The text that is signed and sent. It is made once, and kept: every attempt sends the same bytes.
    pub fn body(&self) -> Result<String, PayloadError> {
        let event = self.event_type();
        let body = serde_json::to_string(self)
            .map_err(|source| PayloadError::Unwritable { event, source })?;
        if body.len() < MAX_PAYLOAD_BYTES {
            Ok(body)
        } else {
            Err(PayloadError::TooLarge {
                event,
                bytes: body.len(),
            })
        }
    }

    /// Reads what was received. Fields that this version doesn't know are passed over, as every subscriber should do.
    pub fn parse(body: &[u8]) -> Result<Self, PayloadError> {
        let read: Read = serde_json::from_slice(body).map_err(PayloadError::Malformed)?;
        let event = EventType::parse(&read.kind)?;
        let data = EventData::read(event, read.data)
            .map_err(|source| PayloadError::Data { event, source })?;
        Ok(Self {
            at: read.timestamp.0,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::ApiRoot;
    use crate::catalogue::entries;
    use crate::filled::filled;

    proptest! {
        // Each case writes and reads every event.
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_is_written_into_an_event_it_stays_below_the_limit_and_is_read_as_it_was_written(
            text in "\\PC{0,1200}|[\\x00-\\x1f\"\\\\]{0,1200}|[😀-🙏]{900,1200}",
        ) {
            for entry in entries() {
                let payload = filled(entry.example, &text);
                let body = payload.body().unwrap();
                prop_assert_eq!(Payload::parse(body.as_bytes()).unwrap(), payload);
            }
        }
    }

    #[test]
    fn type_timestamp_and_data_come_in_this_order() {
        for entry in entries() {
            let body = entry.example.body().unwrap();
            let start = format!(
                "{{\"type\":\"{}\",\"timestamp\":\"2026-11-23T10:00:00.000Z\",\"data\":{{",
                entry.kind
            );
            assert!(body.starts_with(&start), "{body}");
        }
    }

    #[test]
    fn an_event_over_the_limit_is_refused_where_it_is_made() {
        let mut payload = crate::catalogue::entry(EventType::ExperimentConcluded).example;
        let EventData::ExperimentConcluded(data) = &mut payload.data else {
            panic!("{payload:?}");
        };
        data.links.experiment = ApiRoot::relative().experiment("");
        let rest = payload.body().unwrap().len();
        let EventData::ExperimentConcluded(data) = &mut payload.data else {
            panic!("{payload:?}");
        };
        data.links.experiment =
            ApiRoot::relative().experiment(&"x".repeat(MAX_PAYLOAD_BYTES - rest - 1));
        assert_eq!(payload.body().unwrap().len(), MAX_PAYLOAD_BYTES - 1);
        let EventData::ExperimentConcluded(data) = &mut payload.data else {
            panic!("{payload:?}");
        };
        data.links.experiment =
            ApiRoot::relative().experiment(&"x".repeat(MAX_PAYLOAD_BYTES - rest));
        let error = payload.body().unwrap_err().to_string();
        assert!(
            error.contains("experiment.concluded") && error.contains("20000"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_payload_is_told_from_one_of_an_unknown_type() {
        assert!(matches!(
            Payload::parse(b"[]"),
            Err(PayloadError::Malformed(_))
        ));
        let unknown = br#"{"type":"x","timestamp":"2026-11-23T10:00:00.000Z","data":{}}"#;
        assert!(matches!(
            Payload::parse(unknown),
            Err(PayloadError::Unknown(_))
        ));
        let empty = br#"{"type":"webhook.test","timestamp":"2026-11-23T10:00:00.000Z","data":{}}"#;
        let error = Payload::parse(empty).unwrap_err().to_string();
        assert!(
            error.contains("webhook.test") && error.contains("endpoint"),
            "{error}"
        );
    }
}
