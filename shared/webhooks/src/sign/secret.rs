//! What sender and receiver share.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::MessageId;

/// What every secret begins with, so that people and scanners know one when they see it.
const PREFIX: &str = "whsec_";

/// How many bytes a secret may have: Standard Webhooks 1.0, "Signature scheme".
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a text is no secret. What was given isn't told: it may be one with a typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It doesn't begin as secrets do.
    #[error(
        "this is not a webhook's secret: expected whsec_ and base 64, as it was shown when the endpoint was made"
    )]
    Prefix,
    /// What follows is not base 64.
    #[error(
        "what follows whsec_ in this secret is not base 64 with padding: copy the whole of it, without line breaks"
    )]
    Base64,
    /// It is too short to be safe, or longer than receivers expect.
    #[error("this secret has {0} bytes: expected 24 to 64")]
    Length(usize),
}

/// A secret: `whsec_` and 24 to 64 bytes in base 64. `Debug` doesn't show it.
///
/// ```
/// use webhooks::Secret;
/// let secret = Secret::mint(&[7; 32]);
/// assert_eq!(Secret::parse(&secret.reveal())?, secret);
/// assert_eq!(format!("{secret:?}"), "Secret(whsec_...)");
/// # Ok::<(), webhooks::SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret {
    bytes: Vec<u8>,
    /// The key already taken in: that is two of the blocks of every signature.
    keyed: Hmac<Sha256>,
}

impl Secret {
    /// The secret of these random bytes.
    pub fn mint(random: &[u8; 32]) -> Self {
        Self::of(random.to_vec())
    }

    /// Reads a secret as it was shown.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SecretError::Prefix)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SecretError::Base64)?;
        Self::from_bytes(bytes)
    }

    /// Takes the bytes back in, as [`Self::as_bytes`] gave them to be stored.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, SecretError> {
        if BYTES.contains(&bytes.len()) {
            Ok(Self::of(bytes))
        } else {
            Err(SecretError::Length(bytes.len()))
        }
    }

    fn of(bytes: Vec<u8>) -> Self {
        let keyed = Hmac::new_from_slice(&bytes)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"));
        Self { bytes, keyed }
    }

    /// The secret as its owner is shown it, once.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.bytes))
    }

    /// The secret's bytes, to be stored encrypted.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn append_signature(
        &self,
        id: &MessageId,
        timestamp: u64,
        body: &[u8],
        to: &mut String,
    ) {
        let mac = self.over(id.as_str(), &timestamp.to_string(), body);
        STANDARD.encode_string(mac.finalize().into_bytes(), to);
    }

    /// Whether this is the signature of these. Takes the same time however much of it is right.
    pub(super) fn is_signature(
        &self,
        id: &str,
        timestamp: &str,
        body: &[u8],
        signature: &[u8],
    ) -> bool {
        self.over(id, timestamp, body)
            .verify_slice(signature)
            .is_ok()
    }

    fn over(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.keyed.clone();
        mac.update(id.as_bytes());
        mac.update(b".");
        mac.update(timestamp.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(whsec_...)")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_secret_has_24_to_64_bytes() {
        for (length, right) in [(0, false), (23, false), (24, true), (64, true), (65, false)] {
            let text = format!("whsec_{}", STANDARD.encode(vec![b'k'; length]));
            assert_eq!(Secret::parse(&text).is_ok(), right, "{length} bytes");
            if !right {
                assert_eq!(Secret::parse(&text), Err(SecretError::Length(length)));
            }
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_and_never_repeated() {
        let right = Secret::mint(&[3; 32]).reveal();
        for (wrong, error) in [
            (String::new(), SecretError::Prefix),
            (right.replace("whsec_", "whsk_"), SecretError::Prefix),
            (right.replace('=', ""), SecretError::Base64),
            (format!("{right}\n"), SecretError::Base64),
            (format!(" {right}"), SecretError::Prefix),
            (right.replace("AwM", "A-M"), SecretError::Base64),
        ] {
            let told = Secret::parse(&wrong).unwrap_err();
            assert_eq!(told, error, "{wrong:?}");
            assert!(!told.to_string().contains("AwMD"), "{told}");
        }
    }

    #[test]
    fn nothing_that_is_printed_for_debugging_shows_a_secret() {
        let secret = Secret::mint(&[3; 32]);
        let shown = format!("{:?}", crate::Secrets::new(secret));
        assert!(
            !shown.contains("AwMD") && !shown.contains("3, 3"),
            "{shown}"
        );
    }
}
