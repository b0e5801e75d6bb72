//! The port through which deliveries are queued, and its two adapters: queues of SQS's, and the table alone.
//!
//! A message says only which delivery is meant; the table says what is true of it. So a message that comes twice, late or not at all does
//! no harm: what is not due is left alone, and what the queue doesn't bring is missed in the table.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{BuildError, DisplayErrorContext};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Due, Lease, Wait};
use webhooks::{DeliveryId, EndpointId};

/// The longest that SQS keeps a message back, in milliseconds. What is to wait longer is missed in the table when its time comes.
pub const LONGEST_DELAY_MS: u64 = 900_000;

/// How long after its time a delivery counts as missed by the queue, in milliseconds. Long: a queue that is only slow is made no faster by
/// having everything twice in it.
pub const GRACE_MS: u64 = 600_000;

/// How long after a fault of ours a delivery counts as missed, in milliseconds. Its message has gone to the dead letters by then.
const GRACE_AFTER_TROUBLE_MS: u64 = 3_600_000;

/// How long a delivery waits after a fault of ours where there is no queue, in milliseconds.
const AFTER_TROUBLE_MS: u64 = 300_000;

/// How many messages a request sends at most.
const BATCH: usize = 10;

/// Brings deliveries to whoever makes attempts, when they are due.
#[async_trait]
pub trait DeliveryQueue: Send + Sync {
    /// How a delivery that is due at `due_at` is to wait in the table, if it is queued.
    fn wait(&self, now: Timestamp, due_at: Timestamp) -> Wait;

    /// How a delivery is to be taken until a time.
    fn lease(&self, until: Timestamp) -> Lease;

    /// How a delivery is to wait that a fault of ours kept from being tried.
    fn wait_after_trouble(&self, now: Timestamp) -> Wait;

    /// Queues deliveries, each to come when it is due. To queue one twice does no harm.
    async fn put(&self, now: Timestamp, deliveries: &[Due]) -> Result<(), QueueError>;

    /// Queues a delivery to an endpoint that fails where it keeps no other one waiting.
    async fn put_aside(&self, delivery: &Due) -> Result<(), QueueError>;
}

/// Why deliveries could not be queued.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// A message can't be made.
    #[error("the message of a delivery can't be made: {0}")]
    Message(#[from] serde_json::Error),
    /// An entry lacks something.
    #[error("the message of a delivery can't be made: {0}")]
    Entry(#[from] BuildError),
    /// SQS didn't take them.
    #[error("queue {queue} didn't take {count} deliveries: {message}")]
    Refused {
        /// The queue's URL.
        queue: String,
        /// How many it didn't take.
        count: usize,
        /// What SQS said.
        message: String,
    },
}

/// No queue: whoever looks into the table finds what is due.
#[derive(Debug, Clone, Copy, Default)]
pub struct TableAlone;

#[async_trait]
impl DeliveryQueue for TableAlone {
    fn wait(&self, _now: Timestamp, due_at: Timestamp) -> Wait {
        Wait::until(due_at)
    }

    fn lease(&self, until: Timestamp) -> Lease {
        Lease::until(until)
    }

    fn wait_after_trouble(&self, now: Timestamp) -> Wait {
        Wait::until(later(now, AFTER_TROUBLE_MS))
    }

    async fn put(&self, _now: Timestamp, _deliveries: &[Due]) -> Result<(), QueueError> {
        Ok(())
    }

    async fn put_aside(&self, _delivery: &Due) -> Result<(), QueueError> {
        Ok(())
    }
}

/// Two queues of SQS's (standard ones: order means nothing here).
#[derive(Debug, Clone)]
pub struct SqsDeliveries {
    client: Client,
    url: String,
    /// Where deliveries to endpoints that fail wait.
    aside: String,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryMessage {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Its endpoint.
    pub endpoint: EndpointId,
    /// Whether it waits aside already, because its endpoint fails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
}

impl SqsDeliveries {
    /// The queues of these URLs: of all deliveries, and of those to endpoints that fail. Nothing is sent.
    pub fn new(client: Client, url: impl Into<String>, aside: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
            aside: aside.into(),
        }
    }

    async fn send(
        &self,
        queue: &str,
        entries: Vec<SendMessageBatchRequestEntry>,
    ) -> Result<(), QueueError> {
        let count = entries.len();
        let refused = |count, message| QueueError::Refused {
            queue: queue.to_owned(),
            count,
            message,
        };
        let answer = self
            .client
            .send_message_batch()
            .queue_url(queue)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| refused(count, DisplayErrorContext(&error).to_string()))?;
        match answer.failed() {
            [] => Ok(()),
            [first, ..] => {
                let said = first.message().unwrap_or_else(|| first.code());
                Err(refused(answer.failed().len(), said.to_owned()))
            }
        }
    }
}

/// A message that comes after so many milliseconds, rounded up to seconds: what comes too early has to be sent back.
fn entry(
    at: usize,
    due: &Due,
    aside: bool,
    wait_ms: u64,
) -> Result<SendMessageBatchRequestEntry, QueueError> {
    let message = DeliveryMessage {
        delivery: due.id.clone(),
        endpoint: due.endpoint.clone(),
        aside,
    };
    let seconds = wait_ms.div_ceil(1000);
    Ok(SendMessageBatchRequestEntry::builder()
        .id(at.to_string())
        .message_body(serde_json::to_string(&message)?)
        .delay_seconds(i32::try_from(seconds).unwrap_or(i32::MAX))
        .build()?)
}

#[async_trait]
impl DeliveryQueue for SqsDeliveries {
    fn wait(&self, now: Timestamp, due_at: Timestamp) -> Wait {
        if due_at.since(now) > LONGEST_DELAY_MS {
            return Wait::until(due_at);
        }
        Wait {
            due_at,
            missed_at: later(due_at.max(now), GRACE_MS),
        }
    }

    fn lease(&self, until: Timestamp) -> Lease {
        // Whoever dies has left its message in the queue.
        Lease {
            until,
            missed_at: None,
        }
    }

    fn wait_after_trouble(&self, now: Timestamp) -> Wait {
        // Its message comes again by itself, until it has come too often.
        Wait {
            due_at: now,
            missed_at: later(now, GRACE_AFTER_TROUBLE_MS),
        }
    }

    async fn put(&self, now: Timestamp, deliveries: &[Due]) -> Result<(), QueueError> {
        let soon: Vec<&Due> = deliveries
            .iter()
            .filter(|due| due.due_at.since(now) <= LONGEST_DELAY_MS)
            .collect();
        for batch in soon.chunks(BATCH) {
            let entries = batch.iter().enumerate();
            let entries = entries.map(|(at, due)| entry(at, due, false, due.due_at.since(now)));
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            self.send(&self.url, entries).await?;
        }
        Ok(())
    }

    async fn put_aside(&self, delivery: &Due) -> Result<(), QueueError> {
        let entries = vec![entry(0, delivery, true, 0)?];
        self.send(&self.aside, entries).await
    }
}

fn later(at: Timestamp, ms: u64) -> Timestamp {
    Timestamp(at.0.saturating_add(ms))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use aws_sdk_sqs::config::BehaviorVersion;
    use webhooks::MessageId;

    use super::*;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn queue() -> SqsDeliveries {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .build();
        SqsDeliveries::new(
            Client::from_conf(config),
            "http://localhost/queue",
            "http://localhost/aside",
        )
    }

    fn due(wait_ms: u64) -> Due {
        let endpoint = EndpointId::new(NOW.0, 7);
        let message = MessageId::parse("evt_1").unwrap();
        Due {
            id: DeliveryId::of(&message, &endpoint),
            endpoint,
            due_at: later(NOW, wait_ms),
        }
    }

    #[test]
    fn what_the_queue_holds_is_missed_only_long_after_its_time() {
        for wait_ms in [0, 5_000, LONGEST_DELAY_MS] {
            let wait = queue().wait(NOW, later(NOW, wait_ms));
            assert_eq!(wait.due_at, later(NOW, wait_ms));
            assert_eq!(wait.missed_at, later(NOW, wait_ms + GRACE_MS));
        }
        // One whose time has long come is not missed at once.
        let wait = queue().wait(NOW, Timestamp(0));
        assert_eq!(wait.missed_at, later(NOW, GRACE_MS));
        // What SQS can't keep so long is told of by the table when it is due.
        let far = later(NOW, LONGEST_DELAY_MS + 1);
        assert_eq!(queue().wait(NOW, far), Wait::until(far));
    }

    #[test]
    fn a_message_comes_no_sooner_than_its_delivery_is_due() {
        for (wait_ms, seconds) in [
            (0, 0),
            (1, 1),
            (1000, 1),
            (1001, 2),
            (LONGEST_DELAY_MS, 900),
        ] {
            let entry = entry(0, &due(wait_ms), false, wait_ms).unwrap();
            assert_eq!(entry.delay_seconds(), Some(seconds), "{wait_ms}");
            let message: DeliveryMessage = serde_json::from_str(entry.message_body()).unwrap();
            assert_eq!(message.delivery, due(0).id);
        }
    }
}
