//! Briefs that are sent to the queue.

use domain::RunId;

use crate::brief::begin;
use crate::event::Message;
use crate::{Intake, IntakeError};

/// Takes in one message. One that holds no brief goes to the queue of failures, with the reason; an error means that it is worth
/// another try.
pub(crate) async fn take(intake: &Intake, message: &Message) -> Result<(), IntakeError> {
    let source = format!("{}/{}", message.queue, message.id);
    let begun = begin(&intake.runs, run_of(message), message.body.as_bytes()).await;
    let Err(refusal) = begun else {
        return Ok(());
    };
    if !refusal.is_final() {
        return Err(IntakeError::Later {
            what: source,
            refusal,
        });
    }
    tracing::warn!(source, %refusal, "this is no brief that can be made");
    intake
        .failures
        .put(&message.body, &source, &refusal.to_string())
        .await
        .map_err(|error| IntakeError::Kept {
            what: source,
            error,
        })
}

/// The run of a message: the same each time it is received.
fn run_of(message: &Message) -> RunId {
    let parts = ["sqs", &message.queue, &message.id].map(str::as_bytes);
    RunId::of_message(message.attributes.sent.0, &parts)
}
