//! Takes in briefs that come as objects under `briefs/` in the bucket, or as messages of a queue: each starts a run, once however often
//! its event comes.
//!
//! What is no brief that can be made goes where people find it, with the reason: an object to `failed/`, a message to the queue of
//! failures. What fails for another reason (the table doesn't answer) is tried again by whoever sent the event.

mod brief;
mod event;
mod failures;
mod message;
mod object;

use runtime::lambda::{BatchAnswer, EventError};
use runtime::{Config, Runs, StartError, sdk_config};
use serde_json::Value;

pub use brief::Refusal;
use event::Delivery;
pub use event::DeliveryError;
pub use failures::{FailureQueue, FailureQueueError};

/// What taking in briefs needs.
#[derive(Clone)]
pub struct Intake {
    /// Starts runs. Its artifacts are those of `bucket`.
    pub runs: Runs,
    /// The bucket's name.
    pub bucket: String,
    /// Where messages go that hold no brief.
    pub failures: FailureQueue,
}

/// Why an object or a message was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It can't be read what happened.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The object is in a bucket that isn't this system's.
    #[error(
        "this event is of bucket {bucket}, and REELWRIGHT_BUCKET is {own}: have only that one notify this function"
    )]
    OtherBucket {
        /// The event's bucket.
        bucket: String,
        /// This system's.
        own: String,
    },
    /// The object is no brief at all.
    #[error("this event is of {0:?}: have only objects under briefs/ notify this function")]
    OtherKey(String),
    /// Something that is needed to start the run failed.
    #[error("{what} could not be taken in, and will be tried again: {refusal}")]
    Later {
        /// Where the brief is.
        what: String,
        /// What failed.
        refusal: Refusal,
    },
    /// The message holds no brief, and could not be put where those go.
    #[error("{what} holds no brief, and stays in its queue for now: {error}")]
    Kept {
        /// The queue and the message's id.
        what: String,
        /// What failed.
        error: FailureQueueError,
    },
    /// The reason can't be written down.
    #[error("why {what} holds no brief can't be written down: {error}")]
    Reason {
        /// Where the brief is.
        what: String,
        /// What failed.
        error: serde_json::Error,
    },
}

/// Sets the function up, by its environment.
pub async fn start(config: Config) -> Result<Intake, StartError> {
    // What is missing here is told before AWS is asked for anything.
    let cloud = config.deployed()?;
    let failures = cloud.intake_failures()?;
    let aws = sdk_config().await?;
    Ok(Intake {
        runs: Runs::deployed(&config, &aws)?,
        bucket: cloud.bucket.clone(),
        failures: FailureQueue::new(aws_sdk_sqs::Client::new(&aws), failures),
    })
}

/// Deals with one event of S3's or SQS's.
pub async fn answer(intake: &Intake, event: Value) -> Result<BatchAnswer, EventError> {
    take(intake, event)
        .await
        .map_err(|error| EventError(error.to_string()))
}

async fn take(intake: &Intake, event: Value) -> Result<BatchAnswer, IntakeError> {
    let mut failed = Vec::new();
    match Delivery::read(event)? {
        Delivery::Test => {}
        Delivery::Objects(objects) => {
            // Those that were dealt with are known when S3 sends the event again.
            for object in objects {
                object::take(intake, &object).await?;
            }
        }
        Delivery::Messages(messages) => {
            for message in messages {
                if let Err(error) = message::take(intake, &message).await {
                    tracing::error!(%error, "the queue is to deliver this message again");
                    failed.push(message.id);
                }
            }
        }
    }
    Ok(failed.into_iter().collect())
}
