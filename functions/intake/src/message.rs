//! Briefs that are sent to the queue.

use domain::RunId;

use crate::brief::begin;
use crate::event::Message;
use crate::{Intake, IntakeError};

/// Takes in one message. One that holds no brief goes to the queue of failures, with the reason; an error means that it is worth
/// another try.
pub(crate) async fn take(intake: &Intake, message: &Message) -> Result<(), IntakeError> {
    let source = format!("{}/{}", message.queue, message.message_id);
    let refusal = match begin(&intake.runs, run_of(message), message.body.as_bytes()).await {
        Ok(_) => return Ok(()),
        Err(refusal) => refusal,
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
    let Message {
        queue, message_id, ..
    } = message;
    RunId::of_message(
        message.attributes.sent.0,
        &[b"sqs", queue.as_bytes(), message_id.as_bytes()],
    )
}
