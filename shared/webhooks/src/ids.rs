//! What endpoints, deliveries and messages are called.

use domain::{ContentKey, RunId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is wrong with an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookIdError {
    /// Not the id of an endpoint.
    #[error(
        "{0:?} is not an endpoint's id: expected ep_ and 26 characters of 0-9 and a-z, as `reelwright webhooks list` prints them"
    )]
    Endpoint(String),
    /// Not the id of a delivery.
    #[error(
        "{0:?} is not a delivery's id: expected dlv_ and 32 hexadecimal digits, as `reelwright webhooks deliveries` prints them"
    )]
    Delivery(String),
    /// Not the id of a message.
    #[error(
        "{0:?} is not a message's id: expected 1 to 128 letters, digits, '_' or '-'; a dot would make two signed texts look the same"
    )]
    Message(String),
}

fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A subscriber's endpoint: `ep_` and a ULID in lower case, so ids sort by the time they were made.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline, extend("pattern" = "^ep_[0-9a-hjkmnp-tv-z]{26}$"))]
pub struct EndpointId(String);
domain::text_id!(EndpointId, WebhookIdError);

impl EndpointId {
    /// Makes an id from the time in milliseconds since 1970 and 80 random bits (the low ones of `random`).
    ///
    /// ```
    /// let id = webhooks::EndpointId::new(1_795_428_000_000, 42);
    /// assert_eq!(webhooks::EndpointId::parse(id.as_str()), Ok(id));
    /// ```
    pub fn new(millis: u64, random: u128) -> Self {
        Self(format!("ep_{}", RunId::new(millis, random)))
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, WebhookIdError> {
        match text.strip_prefix("ep_").map(RunId::parse) {
            Some(Ok(_)) => Ok(Self(text.to_owned())),
            _ => Err(WebhookIdError::Endpoint(excerpt(text))),
        }
    }
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeliveryId(String);
domain::text_id!(DeliveryId, WebhookIdError);

impl DeliveryId {
    /// The delivery of an event to an endpoint: the same however often it is made, so that an event dispatched twice is delivered once.
    pub fn of(message: &MessageId, endpoint: &EndpointId) -> Self {
        let key = ContentKey::of(&[message.as_str().as_bytes(), endpoint.as_str().as_bytes()]);
        Self(format!("dlv_{}", key.as_str().split_at(32).0))
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, WebhookIdError> {
        let right = text.strip_prefix("dlv_").is_some_and(|digits| {
            digits.len() == 32
                && digits
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        });
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(WebhookIdError::Delivery(excerpt(text)))
        }
    }
}

/// The `webhook-id` of a message: the event's id. It is the same at every attempt and every endpoint, so that receivers know what they
/// have seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);
domain::text_id!(MessageId, WebhookIdError);

impl MessageId {
    /// Reads an id, such as that of a [`domain::Event`].
    pub fn parse(text: &str) -> Result<Self, WebhookIdError> {
        let right = (1..=128).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(WebhookIdError::Message(excerpt(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use domain::{Event, EventKind, Timestamp};

    use super::*;

    #[test]
    fn an_events_own_id_is_a_messages_id() {
        let event = Event::new(
            EventKind::WorkflowCompleted,
            RunId::new(1, 2),
            1,
            "x-r1-1",
            Timestamp(5),
        );
        assert_eq!(MessageId::parse(&event.id).unwrap().as_str(), event.id);
    }

    #[test]
    fn an_id_that_could_blur_what_is_signed_is_refused() {
        for wrong in ["", "a.b", "a\nb", "é", &"x".repeat(129)] {
            assert!(MessageId::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_delivery_is_one_for_each_pair_of_event_and_endpoint() {
        let (event, other) = (
            MessageId::parse("evt_1").unwrap(),
            MessageId::parse("evt_2").unwrap(),
        );
        let (here, there) = (EndpointId::new(1, 1), EndpointId::new(1, 2));
        let id = DeliveryId::of(&event, &here);
        assert_eq!(id, DeliveryId::of(&event, &here));
        assert_ne!(id, DeliveryId::of(&event, &there));
        assert_ne!(id, DeliveryId::of(&other, &here));
        assert_eq!(DeliveryId::parse(id.as_str()), Ok(id));
        for wrong in ["dlv_", "ep_1", "dlv_0123"] {
            assert!(DeliveryId::parse(wrong).is_err() && EndpointId::parse(wrong).is_err());
        }
    }
}
