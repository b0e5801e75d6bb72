//! What a receiver does: for `reelwright webhooks listen`, for the tests and for the documentation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;

use super::{Secret, VERSION};

/// How far a message's time may lie from the receiver's, either way: 5 minutes, in milliseconds.
pub const TOLERANCE_MS: u64 = 5 * 60 * 1000;

/// The most signatures of one message that are looked at.
const MAX_SIGNATURES: usize = 16;

/// Why a message isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A header is empty.
    #[error("the header {0} is missing: this is not a signed webhook")]
    Missing(&'static str),
    /// The time is not a number of seconds.
    #[error("the webhook-timestamp {0:?} is not a number of seconds since 1970")]
    Timestamp(String),
    /// The message is from another time than now.
    #[error(
        "the message is of {sent} s, and it is {now} s: more than 5 minutes apart, so it may be an old one sent again; check this machine's clock"
    )]
    Time {
        /// When it was sent, in seconds since 1970.
        sent: u64,
        /// When it was received, in seconds since 1970.
        now: u64,
    },
    /// There is no signature of the kind that is known.
    #[error("the webhook-signature has no signature of version v1")]
    NoSignature,
    /// No signature is right.
    #[error(
        "no signature is right: the secret is another endpoint's, or the body isn't the bytes that were sent (it must not be parsed and written again)"
    )]
    Wrong,
}

/// The headers of a message as they came.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

/// Whether one of the secrets signed this body, not more than [`TOLERANCE_MS`] from `now`. Signatures are compared in constant time.
pub fn verify(
    secrets: &[Secret],
    received: &Received<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), VerifyError> {
    for (name, value) in [
        ("webhook-id", received.id),
        ("webhook-timestamp", received.timestamp),
        ("webhook-signature", received.signature),
    ] {
        if value.is_empty() {
            return Err(VerifyError::Missing(name));
        }
    }
    let now = now.seconds();
    let sent = seconds(received.timestamp)?;
    if sent.abs_diff(now) > TOLERANCE_MS / 1000 {
        return Err(VerifyError::Time { sent, now });
    }
    let mut signatures = received
        .signature
        .split(' ')
        .filter_map(|one| one.split_once(','))
        .filter(|(version, _)| *version == VERSION)
        .map(|(_, encoded)| encoded)
        .take(MAX_SIGNATURES)
        .peekable();
    if signatures.peek().is_none() {
        return Err(VerifyError::NoSignature);
    }
    let right = signatures
        .filter_map(|encoded| STANDARD.decode(encoded).ok())
        .any(|signature| {
            secrets.iter().any(|secret| {
                secret.is_signature(received.id, received.timestamp, body, &signature)
            })
        });
    if right {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

/// Digits only: what is signed is the text, and `+5` is not how a sender writes 5.
fn seconds(text: &str) -> Result<u64, VerifyError> {
    let wrong = || VerifyError::Timestamp(text.chars().take(40).collect());
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| wrong())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::{MessageId, Secrets, sign};

    /// One vector of `tests/data/webhooks`.
    #[derive(Deserialize)]
    struct Vector {
        secret: String,
        id: String,
        timestamp: u64,
        payload: String,
        signature: String,
    }

    #[derive(Deserialize)]
    struct Vectors {
        official_lib_vector: Vector,
        made_by_hand: Vector,
    }

    fn vectors() -> [Vector; 2] {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/data/webhooks/standard-webhooks-vectors.json"
        );
        let text = std::fs::read_to_string(path).unwrap();
        let vectors: Vectors = serde_json::from_str(&text).unwrap();
        [vectors.official_lib_vector, vectors.made_by_hand]
    }

    fn check(
        vector: &Vector,
        received: &Received<'_>,
        body: &[u8],
        now: u64,
    ) -> Result<(), VerifyError> {
        let secret = Secret::parse(&vector.secret).unwrap();
        verify(&[secret], received, body, Timestamp(now * 1000))
    }

    #[test]
    fn the_reference_vectors_are_signed_and_verified_alike() {
        for vector in vectors() {
            let secrets = Secrets::new(Secret::parse(&vector.secret).unwrap());
            let id = MessageId::parse(&vector.id).unwrap();
            let body = vector.payload.as_bytes();
            let headers = sign(
                &secrets,
                &id,
                Timestamp(vector.timestamp * 1000 + 999),
                body,
            );
            assert_eq!(headers.signature, vector.signature);
            let timestamp = vector.timestamp.to_string();
            let received = Received {
                id: &vector.id,
                timestamp: &timestamp,
                signature: &vector.signature,
            };
            assert_eq!(check(&vector, &received, body, vector.timestamp), Ok(()));
        }
    }

    #[test]
    fn a_message_more_than_five_minutes_away_is_refused_either_way() {
        let [vector, _] = vectors();
        let timestamp = vector.timestamp.to_string();
        let received = Received {
            id: &vector.id,
            timestamp: &timestamp,
            signature: &vector.signature,
        };
        let body = vector.payload.as_bytes();
        for (now, right) in [(-301, false), (-300, true), (300, true), (301, false)] {
            let now = vector.timestamp.saturating_add_signed(now);
            let told = check(&vector, &received, body, now);
            assert_eq!(told.is_ok(), right, "{told:?}");
        }
    }

    #[test]
    fn a_right_signature_is_found_among_others_and_other_versions_are_passed_over() {
        let [vector, _] = vectors();
        let timestamp = vector.timestamp.to_string();
        let encoded = vector.signature.split_once(',').unwrap().1;
        let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        for (signature, expected) in [
            (format!("{wrong} {}", vector.signature), Ok(())),
            (format!("v1a,x v2 ,  {}", vector.signature), Ok(())),
            (wrong.to_owned(), Err(VerifyError::Wrong)),
            ("v1,not base 64!".to_owned(), Err(VerifyError::Wrong)),
            (format!("v2,{encoded}"), Err(VerifyError::NoSignature)),
            (encoded.to_owned(), Err(VerifyError::NoSignature)),
            (
                String::new(),
                Err(VerifyError::Missing("webhook-signature")),
            ),
        ] {
            let received = Received {
                id: &vector.id,
                timestamp: &timestamp,
                signature: &signature,
            };
            let told = check(
                &vector,
                &received,
                vector.payload.as_bytes(),
                vector.timestamp,
            );
            assert_eq!(told, expected, "{signature}");
        }
    }

    #[test]
    fn a_time_that_is_no_number_of_seconds_is_refused() {
        let [vector, _] = vectors();
        for timestamp in [
            "now",
            "-5",
            "+1614265330",
            "1614265330.0",
            " 1614265330",
            "99999999999999999999",
        ] {
            let received = Received {
                id: &vector.id,
                timestamp,
                signature: &vector.signature,
            };
            let told = check(
                &vector,
                &received,
                vector.payload.as_bytes(),
                vector.timestamp,
            );
            assert!(
                matches!(told, Err(VerifyError::Timestamp(_))),
                "{timestamp}: {told:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bit_of_what_is_signed_can_be_changed(
            body in proptest::collection::vec(any::<u8>(), 1..200),
            key in any::<[u8; 32]>(),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u32,
        ) {
            let secret = Secret::mint(&key);
            let id = MessageId::parse("evt_1").unwrap();
            let now = Timestamp(1_795_428_000_000);
            let headers = sign(&Secrets::new(secret.clone()), &id, now, &body);
            let timestamp = headers.timestamp.to_string();
            let later = (headers.timestamp + 1).to_string();
            let received = Received { id: id.as_str(), timestamp: &timestamp, signature: &headers.signature };
            let secrets = [secret];
            prop_assert_eq!(verify(&secrets, &received, &body, now), Ok(()));

            let mut changed = body.clone();
            changed[at.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(verify(&secrets, &received, &changed, now), Err(VerifyError::Wrong));
            let other_id = Received { id: "evt_2", ..received };
            prop_assert_eq!(verify(&secrets, &other_id, &body, now), Err(VerifyError::Wrong));
            let other_time = Received { timestamp: &later, ..received };
            prop_assert_eq!(verify(&secrets, &other_time, &body, now), Err(VerifyError::Wrong));
            let mut other_key = key;
            other_key[at.index(32)] ^= 1 << bit;
            prop_assert_eq!(verify(&[Secret::mint(&other_key)], &received, &body, now), Err(VerifyError::Wrong));
        }
    }
}
