//! Deliveries that a queue brings, a batch at a time.

use std::time::Duration;

use domain::Timestamp;
use runtime::DeliveryMessage;
use runtime::lambda::BatchAnswer;
use store::Due;
use tokio::task::JoinSet;

use crate::attempt::{attempt, put_off};
use crate::event::Message;
use crate::lanes::{Entered, Lanes};
use crate::{Deliver, DeliverError};

/// How long a message waits for a place in its endpoint's lane. What would wait longer goes back into the queue, so that a batch ends soon
/// after its attempts do.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tries the deliveries that messages name.
#[derive(Clone)]
pub struct Consumer {
    deliver: Deliver,
    lanes: Lanes,
}

impl Consumer {
    /// One of so many that are at work at once: each keeps to its share of what an endpoint wants at most.
    pub fn new(deliver: Deliver, workers: u32) -> Self {
        Self {
            deliver,
            lanes: Lanes::shared_by(workers),
        }
    }

    /// Tries the deliveries of a batch, all at once as far as their endpoints' lanes let them. Names those messages that have to come
    /// again, by a fault of ours; what an endpoint does wrong is no such fault.
    pub(crate) async fn take(&self, messages: Vec<Message>) -> BatchAnswer {
        let mut going = JoinSet::new();
        let mut left: Vec<String> = Vec::new();
        for message in messages {
            left.push(message.id.clone());
            let consumer = self.clone();
            going.spawn(async move {
                let dealt = consumer.deal_with(&message).await;
                (message.id, dealt)
            });
        }
        while let Some(ended) = going.join_next().await {
            match ended {
                Ok((id, Ok(()))) => left.retain(|one| *one != id),
                Ok((id, Err(error))) => {
                    tracing::error!(%id, %error, "the queue is to bring this message again");
                }
                Err(error) => tracing::error!(%error, "an attempt ended in a fault"),
            }
        }
        left.into_iter().collect()
    }

    async fn deal_with(&self, message: &Message) -> Result<(), DeliverError> {
        let DeliveryMessage {
            delivery,
            endpoint,
            aside,
        } = serde_json::from_str(&message.body).map_err(DeliverError::Message)?;
        let now = (self.deliver.clock)();
        let due = Due {
            id: delivery,
            endpoint,
            due_at: now,
        };
        let lane = self.lanes.known(&due.endpoint);
        match lane.enter_within(PATIENCE).await {
            Entered::Place(_place) => {
                if let Some(limits) = attempt(&self.deliver, &due, aside).await? {
                    self.lanes.lane(&due.endpoint, limits);
                }
                Ok(())
            }
            Entered::Full { wait } => {
                let now = (self.deliver.clock)();
                let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                let later = Timestamp(now.0.saturating_add(ms));
                put_off(&self.deliver, &due, now, later).await
            }
        }
    }
}
