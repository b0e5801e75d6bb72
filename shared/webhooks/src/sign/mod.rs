//! Signatures by Standard Webhooks 1.0: HMAC-SHA256 over the message's id, the time of the attempt and the body.

mod secret;
mod secrets;
mod verify;

use domain::Timestamp;

pub use secret::{Secret, SecretError};
pub use secrets::{OVERLAP_MS, RotationError, Secrets};
pub use verify::{Received, TOLERANCE_MS, VerifyError, verify};

use crate::MessageId;

/// What tells symmetric signatures from others.
const VERSION: &str = "v1";

/// What an attempt sends beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `webhook-id`: the same at every attempt.
    pub id: MessageId,
    /// `webhook-timestamp`: seconds since 1970, of this attempt.
    pub timestamp: u64,
    /// `webhook-signature`: one for each secret, with spaces between.
    pub signature: String,
}

impl SignedHeaders {
    /// The name of the header with the id.
    pub const ID: &'static str = "webhook-id";
    /// The name of the header with the time.
    pub const TIMESTAMP: &'static str = "webhook-timestamp";
    /// The name of the header with the signatures.
    pub const SIGNATURE: &'static str = "webhook-signature";

    /// The headers' names and values.
    pub fn pairs(&self) -> [(&'static str, String); 3] {
        [
            (Self::ID, self.id.to_string()),
            (Self::TIMESTAMP, self.timestamp.to_string()),
            (Self::SIGNATURE, self.signature.clone()),
        ]
    }
}

/// Signs a body for one attempt, with every secret that is valid then. `body` is exactly what is sent.
///
/// ```
/// use domain::Timestamp;
/// use webhooks::{MessageId, Secret, Secrets, sign};
///
/// let secrets = Secrets::new(Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?);
/// let id = MessageId::parse("msg_p5jXN8AQM9LWM0D4loKWxJek")?;
/// let headers = sign(&secrets, &id, Timestamp(1_614_265_330_000), br#"{"test": 2432232314}"#);
/// assert_eq!(headers.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(secrets: &Secrets, id: &MessageId, now: Timestamp, body: &[u8]) -> SignedHeaders {
    let timestamp = now.seconds();
    let mut signature = String::new();
    for secret in secrets.valid_at(now) {
        if !signature.is_empty() {
            signature.push(' ');
        }
        signature.push_str(VERSION);
        signature.push(',');
        secret.append_signature(id, timestamp, body, &mut signature);
    }
    SignedHeaders {
        id: id.clone(),
        timestamp,
        signature,
    }
}
