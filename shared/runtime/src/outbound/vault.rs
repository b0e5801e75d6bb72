//! Subscribers' secrets, encrypted: who reads the table can sign nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use webhooks::{EndpointId, Secret, SecretError, Secrets};

/// What sealed secrets begin with: says how they are sealed.
const VERSION: &str = "v1:";

/// What the key is derived for: no other use of the same secret gives the same key (RFC 5869, section 3.2).
const PURPOSE: &[u8] = b"reelwright subscribers' secrets v1";

/// Why secrets can't be sealed or opened. What is sealed isn't told.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system gives no random bytes, or the cipher refused.
    #[error("the secrets of {endpoint} can't be encrypted: {what}")]
    Unsealed {
        /// Whose.
        endpoint: EndpointId,
        /// What failed.
        what: &'static str,
    },
    /// They were sealed with another key, for another endpoint, or changed since.
    #[error(
        "the secrets of {0} can't be decrypted: they were encrypted with another REELWRIGHT_WEBHOOK_SECRET, or changed: set the one that they were \
         made with, or rotate the endpoint's secret"
    )]
    Sealed(EndpointId),
    /// What was sealed is no secret.
    #[error("the secrets of {endpoint} are none: {source}: rotate the endpoint's secret")]
    Secret {
        /// Whose.
        endpoint: EndpointId,
        /// What is wrong.
        source: SecretError,
    },
}

/// Seals and opens subscribers' secrets, with AES-256-GCM under a key derived from one secret of the system's.
#[derive(Debug)]
pub struct Vault {
    key: LessSafeKey,
}

/// Secrets as they are sealed: in base 64, the replaced ones with their ends.
#[derive(Serialize, Deserialize)]
struct Kept {
    current: String,
    replaced: Vec<(String, Timestamp)>,
}

impl Vault {
    /// The vault that this secret opens. It is to have 32 random characters or more: it is not made harder to guess here.
    pub fn new(secret: &str) -> Self {
        let derived = Salt::new(HKDF_SHA256, &[]).extract(secret.as_bytes());
        let Ok(expanded) = derived.expand(&[PURPOSE], &AES_256_GCM) else {
            unreachable!("HKDF gives a key of 32 bytes")
        };
        let key = UnboundKey::from(expanded);
        Self {
            key: LessSafeKey::new(key),
        }
    }

    /// Seals an endpoint's secrets: they can be opened for this endpoint only.
    pub fn seal(&self, endpoint: &EndpointId, secrets: &Secrets) -> Result<String, VaultError> {
        let unsealed = |what| VaultError::Unsealed {
            endpoint: endpoint.clone(),
            what,
        };
        let kept = Kept {
            current: STANDARD.encode(secrets.current().as_bytes()),
            replaced: secrets
                .replaced()
                .iter()
                .map(|(secret, ends)| (STANDARD.encode(secret.as_bytes()), *ends))
                .collect(),
        };
        let mut sealed = serde_json::to_vec(&kept).map_err(|_| unsealed("they are no JSON"))?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| unsealed("the system gives no random bytes"))?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(endpoint.as_str()),
                &mut sealed,
            )
            .map_err(|_| unsealed("the cipher refused"))?;
        let mut text = VERSION.to_owned();
        STANDARD.encode_string([nonce.as_slice(), &sealed].concat(), &mut text);
        Ok(text)
    }

    /// Opens what [`Self::seal`] sealed for this endpoint.
    pub fn open(&self, endpoint: &EndpointId, sealed: &str) -> Result<Secrets, VaultError> {
        let kept = self
            .kept(endpoint, sealed)
            .ok_or_else(|| VaultError::Sealed(endpoint.clone()))?;
        let secret = |text: &str| {
            STANDARD
                .decode(text)
                .map_err(|_| SecretError::Base64)
                .and_then(Secret::from_bytes)
                .map_err(|source| VaultError::Secret {
                    endpoint: endpoint.clone(),
                    source,
                })
        };
        let replaced = kept
            .replaced
            .iter()
            .map(|(text, ends)| Ok((secret(text)?, *ends)))
            .collect::<Result<_, VaultError>>()?;
        Ok(Secrets::restore(secret(&kept.current)?, replaced))
    }

    fn kept(&self, endpoint: &EndpointId, sealed: &str) -> Option<Kept> {
        let bytes = STANDARD.decode(sealed.strip_prefix(VERSION)?).ok()?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let opened = self
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(endpoint.as_str()),
                &mut rest,
            )
            .ok()?;
        serde_json::from_slice(opened).ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn secrets() -> Secrets {
        Secrets::new(Secret::mint(&[1; 32]))
            .rotate(Secret::mint(&[2; 32]), Timestamp(5))
            .unwrap()
    }

    #[test]
    fn what_was_sealed_is_opened_again_replaced_secrets_and_all() {
        let endpoint = EndpointId::new(1, 2);
        let sealed = Vault::new(SECRET).seal(&endpoint, &secrets()).unwrap();
        assert_eq!(
            Vault::new(SECRET).open(&endpoint, &sealed).unwrap(),
            secrets()
        );
        assert!(!sealed.contains(&STANDARD.encode([1; 32])));
        let again = Vault::new(SECRET).seal(&endpoint, &secrets()).unwrap();
        assert_ne!(sealed, again, "a nonce is used once");
    }

    #[test]
    fn neither_another_key_nor_another_endpoint_nor_a_changed_text_opens_it() {
        let (vault, endpoint) = (Vault::new(SECRET), EndpointId::new(1, 2));
        let sealed = vault.seal(&endpoint, &secrets()).unwrap();
        let other = Vault::new(&SECRET.replace('0', "1"));
        assert!(other.open(&endpoint, &sealed).is_err());
        assert!(vault.open(&EndpointId::new(1, 3), &sealed).is_err());
        for at in VERSION.len()..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(vault.open(&endpoint, &changed).is_err(), "{at}");
        }
        assert!(vault.open(&endpoint, "").is_err());
    }
}
