//! What S3 and SQS send.

use domain::Timestamp;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// What one invocation brings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Objects that were written.
    Objects(Vec<Object>),
    /// Messages of a queue.
    Messages(Vec<Message>),
    /// S3 tries out a notification that was set up.
    Test,
}

/// Why an event can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It is neither of S3 nor of SQS.
    #[error(
        "this is no event of S3 (ObjectCreated) or of SQS, the two that this function deals with: {0}"
    )]
    Unknown(String),
    /// It comes from S3 and from SQS at once, so that there is no way to answer it.
    #[error("the event holds records of S3 and of SQS: send one kind at a time")]
    Mixed,
}

/// An object that was written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ObjectRecord")]
pub(crate) struct Object {
    /// When, by S3's clock: the same in each event of one writing.
    pub at: Timestamp,
    /// In which bucket.
    pub bucket: String,
    /// Its key, decoded.
    pub key: String,
    /// The version that was written, in a bucket that has versions.
    pub version: Option<String>,
    /// The entity tag of what was written.
    pub tag: String,
}

/// A message of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Message {
    /// Its id, the same each time it is received.
    #[serde(rename = "messageId")]
    pub id: String,
    /// What it holds.
    pub body: String,
    /// What the queue notes about it.
    pub attributes: MessageAttributes,
    /// The queue's ARN.
    #[serde(rename = "eventSourceARN")]
    pub queue: String,
}

/// What a queue notes about a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct MessageAttributes {
    /// When it was sent.
    #[serde(rename = "SentTimestamp", deserialize_with = "millis")]
    pub sent: Timestamp,
}

#[derive(Deserialize)]
#[serde(tag = "eventSource")]
enum Record {
    #[serde(rename = "aws:s3")]
    Object(Object),
    #[serde(rename = "aws:sqs")]
    Message(Message),
}

#[derive(Deserialize)]
struct Records {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectRecord {
    #[serde(deserialize_with = "rfc3339")]
    event_time: Timestamp,
    event_name: String,
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: BucketName,
    object: ObjectEntity,
}

#[derive(Deserialize)]
struct BucketName {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectEntity {
    #[serde(deserialize_with = "form_decoded")]
    key: String,
    // What was removed has none.
    e_tag: Option<String>,
    version_id: Option<String>,
}

impl TryFrom<ObjectRecord> for Object {
    type Error = String;
    fn try_from(record: ObjectRecord) -> Result<Self, String> {
        let name = record.event_name;
        let object = record.s3.object;
        match object.e_tag {
            Some(tag) if name.starts_with("ObjectCreated:") => Ok(Self {
                at: record.event_time,
                bucket: record.s3.bucket.name,
                key: object.key,
                version: object.version_id,
                tag,
            }),
            Some(_) => Err(format!("{name} tells of nothing that was written")),
            None => Err(format!("{name} without an eTag")),
        }
    }
}

impl Delivery {
    /// Reads an event.
    pub(crate) fn read(event: Value) -> Result<Self, DeliveryError> {
        if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            return Ok(Self::Test);
        }
        let Records { records } = serde_json::from_value(event)
            .map_err(|error| DeliveryError::Unknown(error.to_string()))?;
        let (mut objects, mut messages) = (Vec::new(), Vec::new());
        for record in records {
            match record {
                Record::Object(object) => objects.push(object),
                Record::Message(message) => messages.push(message),
            }
        }
        match (objects.is_empty(), messages.is_empty()) {
            (false, false) => Err(DeliveryError::Mixed),
            (true, true) => Err(DeliveryError::Unknown("it has no records".to_owned())),
            (false, true) => Ok(Self::Objects(objects)),
            (true, false) => Ok(Self::Messages(messages)),
        }
    }
}

/// A key as events have it: a space is a plus sign, and all that is special is percent-encoded.
fn form_decoded<'de, D: Deserializer<'de>>(key: D) -> Result<String, D::Error> {
    let key = String::deserialize(key)?.replace('+', " ");
    let decoded = percent_decode_str(&key).decode_utf8();
    Ok(decoded.map_err(de::Error::custom)?.into_owned())
}

fn rfc3339<'de, D: Deserializer<'de>>(at: D) -> Result<Timestamp, D::Error> {
    let at = String::deserialize(at)?;
    Timestamp::parse(&at).ok_or_else(|| {
        de::Error::custom(format!(
            "{at:?} is no time such as 2026-11-23T10:00:00.000Z"
        ))
    })
}

fn millis<'de, D: Deserializer<'de>>(at: D) -> Result<Timestamp, D::Error> {
    let at = String::deserialize(at)?;
    at.parse()
        .map(Timestamp)
        .map_err(|_| de::Error::custom(format!("{at:?} are no milliseconds since 1970")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn example(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn object() -> Value {
        example(include_str!("../../../examples/events/intake.json"))
    }

    fn message() -> Value {
        example(include_str!("../../../examples/events/intake-sqs.json"))
    }

    #[test]
    fn an_object_is_told_by_its_bucket_key_and_version() {
        let Delivery::Objects(objects) = Delivery::read(object()).unwrap() else {
            panic!("these are objects")
        };
        assert_eq!(objects[0].at, Timestamp(1_795_428_000_000));
        assert_eq!(objects[0].tag, "c11a8f7fa32ef2ae3b45d89f8fbf494c");
        assert_eq!(objects[0].version, None);
        let mut versioned = object();
        versioned["Records"][0]["s3"]["object"]["versionId"] = json!("v7");
        let Delivery::Objects(objects) = Delivery::read(versioned).unwrap() else {
            panic!("these are objects")
        };
        assert_eq!(objects[0].version.as_deref(), Some("v7"));
    }

    #[test]
    fn a_key_is_decoded_as_forms_are() {
        for (encoded, key) in [
            ("briefs/two+words.yaml", "briefs/two words.yaml"),
            ("briefs/1%2B1%3D2.yaml", "briefs/1+1=2.yaml"),
            (
                "briefs/caf%C3%A9+%28draft%29.json",
                "briefs/café (draft).json",
            ),
            ("briefs/100%25.json", "briefs/100%.json"),
        ] {
            let mut event = object();
            event["Records"][0]["s3"]["object"]["key"] = json!(encoded);
            let Delivery::Objects(objects) = Delivery::read(event).unwrap() else {
                panic!("these are objects")
            };
            assert_eq!(objects[0].key, key);
        }
    }

    #[test]
    fn a_message_is_told_by_its_queue_and_id() {
        let Delivery::Messages(messages) = Delivery::read(message()).unwrap() else {
            panic!("these are messages")
        };
        assert_eq!(messages[0].id, "059f36b4-87a3-44ab-83d2-661975830a7d");
        assert!(messages[0].queue.starts_with("arn:aws:sqs:"));
        assert_eq!(messages[0].attributes.sent, Timestamp(1_795_428_000_000));
    }

    #[test]
    fn a_test_of_s3_is_known_as_one() {
        let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b" });
        assert_eq!(Delivery::read(test), Ok(Delivery::Test));
    }

    #[test]
    fn what_is_neither_is_refused_in_words() {
        let mut mixed = object();
        mixed["Records"]
            .as_array_mut()
            .unwrap()
            .push(message()["Records"][0].clone());
        assert_eq!(Delivery::read(mixed), Err(DeliveryError::Mixed));
        let mut late = object();
        late["Records"][0]["eventTime"] = json!("yesterday");
        let mut removed = object();
        removed["Records"][0]["eventName"] = json!("ObjectRemoved:Delete");
        for (event, says) in [
            (json!({}), "missing field `Records`"),
            (json!({ "Records": [] }), "no records"),
            (json!("a brief"), "invalid type: string"),
            (
                json!({ "Records": [{ "eventSource": "aws:kinesis" }] }),
                "aws:kinesis",
            ),
            (
                json!({ "Records": [{ "eventSource": "aws:s3" }] }),
                "eventTime",
            ),
            (late, "\"yesterday\" is no time"),
            (
                removed,
                "ObjectRemoved:Delete tells of nothing that was written",
            ),
        ] {
            let error = Delivery::read(event).unwrap_err().to_string();
            assert!(
                error.contains("no event of S3") && error.contains(says),
                "{error}"
            );
        }
    }
}
