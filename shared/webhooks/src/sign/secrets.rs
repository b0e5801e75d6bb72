//! The secrets of an endpoint: the one in use, and those that were replaced a short while ago.

use domain::Timestamp;

use super::Secret;

/// How long a replaced secret stays valid, so that receivers can be changed without losing a message: 24 h, in milliseconds.
pub const OVERLAP_MS: u64 = 24 * 60 * 60 * 1000;

/// The most replaced secrets that are valid at once: each lengthens the header.
const MAX_REPLACED: usize = 3;

/// Why a secret can't be replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// It was replaced too often.
    #[error(
        "{MAX_REPLACED} replaced secrets of this endpoint are still valid: rotate it again after {}, or replace the secret at once if it leaked",
        .0.rfc3339()
    )]
    TooOften(Timestamp),
    /// The new secret is one of the old.
    #[error("the new secret of this endpoint is one that it has already: make another")]
    Same,
}

/// The secrets that an endpoint's messages are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    current: Secret,
    /// Each with the time at which it ends, the newest first.
    replaced: Vec<(Secret, Timestamp)>,
}

impl Secrets {
    /// One secret.
    pub fn new(current: Secret) -> Self {
        Self {
            current,
            replaced: Vec::new(),
        }
    }

    /// Takes back what was stored: the secret in use, and the replaced ones with their ends, the newest first.
    pub fn restore(current: Secret, replaced: Vec<(Secret, Timestamp)>) -> Self {
        Self { current, replaced }
    }

    /// The secret in use.
    pub fn current(&self) -> &Secret {
        &self.current
    }

    /// The replaced secrets with their ends, the newest first.
    pub fn replaced(&self) -> &[(Secret, Timestamp)] {
        &self.replaced
    }

    /// Replaces the secret. The old one stays valid for [`OVERLAP_MS`]; what is no longer valid at `now` is dropped.
    pub fn rotate(&self, fresh: Secret, now: Timestamp) -> Result<Self, RotationError> {
        if self.valid_at(now).any(|secret| *secret == fresh) {
            return Err(RotationError::Same);
        }
        let ends = Timestamp(now.0.saturating_add(OVERLAP_MS));
        let mut replaced = vec![(self.current.clone(), ends)];
        replaced.extend(
            self.replaced
                .iter()
                .filter(|(_, ends)| *ends > now)
                .cloned(),
        );
        if replaced.len() > MAX_REPLACED {
            let first = replaced.iter().map(|(_, ends)| *ends).min();
            return Err(RotationError::TooOften(first.unwrap_or(now)));
        }
        Ok(Self {
            current: fresh,
            replaced,
        })
    }

    /// Replaces the secret at once: for one that leaked. No old one is valid any more.
    #[must_use]
    pub fn replace(fresh: Secret) -> Self {
        Self::new(fresh)
    }

    /// The secrets that are valid at `now`, the one in use first.
    pub fn valid_at(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let replaced = self.replaced.iter().filter(move |(_, ends)| *ends > now);
        std::iter::once(&self.current).chain(replaced.map(|(secret, _)| secret))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{MessageId, Received, sign, verify};

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn later(ms: u64) -> Timestamp {
        Timestamp(NOW.0 + ms)
    }

    fn secret(byte: u8) -> Secret {
        Secret::mint(&[byte; 32])
    }

    /// Whether a receiver that knows only this secret takes what is signed with these at `now`.
    fn accepts(known: &Secret, secrets: &Secrets, now: Timestamp) -> bool {
        let id = MessageId::parse("evt_1").unwrap();
        let body = "{\"note\":\"naïve ✓\"}".as_bytes();
        let headers = sign(secrets, &id, now, body);
        let timestamp = headers.timestamp.to_string();
        let received = Received {
            id: id.as_str(),
            timestamp: &timestamp,
            signature: &headers.signature,
        };
        verify(std::slice::from_ref(known), &received, body, now).is_ok()
    }

    #[test]
    fn receivers_with_the_old_and_with_the_new_secret_are_served_for_a_day() {
        let rotated = Secrets::new(secret(1)).rotate(secret(2), NOW).unwrap();
        for at in [NOW, later(OVERLAP_MS - 1)] {
            assert!(accepts(&secret(1), &rotated, at) && accepts(&secret(2), &rotated, at));
        }
        assert!(!accepts(&secret(1), &rotated, later(OVERLAP_MS)));
        assert!(accepts(&secret(2), &rotated, later(OVERLAP_MS)));
        assert!(!accepts(&secret(3), &rotated, NOW));
    }

    #[test]
    fn a_leaked_secret_is_worth_nothing_once_replaced() {
        let replaced = Secrets::replace(secret(2));
        assert!(!accepts(&secret(1), &replaced, NOW) && accepts(&secret(2), &replaced, NOW));
    }

    #[test]
    fn rotating_too_often_is_refused_until_an_old_secret_has_ended() {
        let mut secrets = Secrets::new(secret(1));
        for byte in 2..=4 {
            secrets = secrets
                .rotate(secret(byte), later(u64::from(byte)))
                .unwrap();
        }
        assert_eq!(
            secrets.rotate(secret(5), later(5)),
            Err(RotationError::TooOften(later(2 + OVERLAP_MS)))
        );
        let rotated = secrets.rotate(secret(5), later(2 + OVERLAP_MS)).unwrap();
        assert_eq!(rotated.replaced().len(), 3);
        assert_eq!(rotated.current(), &secret(5));
    }

    #[test]
    fn a_secret_is_not_replaced_by_itself() {
        let secrets = Secrets::new(secret(1)).rotate(secret(2), NOW).unwrap();
        for byte in [1, 2] {
            assert_eq!(secrets.rotate(secret(byte), NOW), Err(RotationError::Same));
        }
    }
}
