//! The queue of messages that hold no brief.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{BuildError, DisplayErrorContext};
use aws_sdk_sqs::types::MessageAttributeValue;

/// What SQS lets a message have, body and attributes together, in bytes.
const MESSAGE_BYTES: usize = 1_048_576;

/// The longest reason, in bytes. People read it; the body says the rest.
const REASON_BYTES: usize = 8_192;

/// The shortest reason that is worth sending, in bytes.
const LEAST_REASON_BYTES: usize = 64;

/// Why a message could not be put into the queue of failures.
#[derive(Debug, thiserror::Error)]
pub enum FailureQueueError {
    /// The message leaves no room for the reason.
    #[error(
        "the message has {body} bytes, which leaves no room for the reason: the queue's own redrive policy moves it, without the reason"
    )]
    TooLong {
        /// How long the message is.
        body: usize,
    },
    /// An attribute lacks something.
    #[error("the message's attributes can't be made: {0}")]
    Attribute(#[from] BuildError),
    /// SQS didn't take it.
    #[error("queue {queue} didn't take the message: {message}")]
    Refused {
        /// The queue's URL.
        queue: String,
        /// What SQS said.
        message: String,
    },
}

/// The queue that messages go to which hold no brief that can be made.
#[derive(Debug, Clone)]
pub struct FailureQueue {
    client: Client,
    url: String,
}

impl FailureQueue {
    /// The queue of this URL. Nothing is sent.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }

    /// Puts a message in, as it came, with where it came from and the reason as its attributes.
    pub(crate) async fn put(
        &self,
        body: &str,
        source: &str,
        reason: &str,
    ) -> Result<(), FailureQueueError> {
        // Names and types of the attributes count too.
        let others = ["source", source, "reason", "String", "String"];
        let taken = body.len() + others.iter().map(|part| part.len()).sum::<usize>();
        let room = MESSAGE_BYTES.saturating_sub(taken).min(REASON_BYTES);
        if room < LEAST_REASON_BYTES {
            return Err(FailureQueueError::TooLong { body: body.len() });
        }
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .message_attributes("source", attribute(source)?)
            .message_attributes("reason", attribute(&fit(reason, room))?)
            .send()
            .await
            .map_err(|error| FailureQueueError::Refused {
                queue: self.url.clone(),
                message: DisplayErrorContext(&error).to_string(),
            })?;
        Ok(())
    }
}

fn attribute(text: &str) -> Result<MessageAttributeValue, BuildError> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(text)
        .build()
}

/// A text of at most `room` bytes, without what SQS takes for no text.
fn fit(text: &str, room: usize) -> String {
    const MORE: &str = "...";
    let text: String = text
        .chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => c,
            '\u{fffe}' | '\u{ffff}' => '?',
            c if c.is_control() => '?',
            c => c,
        })
        .collect();
    if text.len() <= room {
        return text;
    }
    let end = text.floor_char_boundary(room.saturating_sub(MORE.len()));
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}{MORE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        assert_eq!(fit("short", 64), "short");
        let cut = fit(&"é".repeat(100), 64);
        assert_eq!(cut, format!("{}...", "é".repeat(30)));
        assert!(cut.len() <= 64);
    }

    #[test]
    fn what_sqs_takes_for_no_text_is_replaced() {
        assert_eq!(fit("a\u{0}b\nc\u{ffff}", 64), "a?b\nc?");
    }
}
