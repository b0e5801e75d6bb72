//! API keys: what they may do, and how their secrets look.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{KeyDigest, KeyId, Timestamp};

/// What a caller is allowed to do. None includes another: a key has every scope it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// See runs, their tasks and their files.
    Read,
    /// Upload files; start, cancel and redrive runs.
    Submit,
    /// Approve and reject what waits for a person.
    Review,
    /// Manage what belongs to everybody.
    Admin,
}

impl Scope {
    /// All scopes, the mildest first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Submit, Self::Review, Self::Admin];

    /// The scope's name: `read`, `submit`, `review` or `admin`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Review => "review",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = AccessError;
    fn from_str(text: &str) -> Result<Self, AccessError> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == text)
            .ok_or_else(|| AccessError::Scope(text.chars().take(40).collect()))
    }
}

/// Why a text is no scope or no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Not a scope.
    #[error("{0:?} is not a scope: expected read, submit, review or admin")]
    Scope(String),
    /// Not a secret. What was given isn't told: it may be one with a typing error.
    #[error(
        "this is not an API key: expected rw_ and 43 letters, digits, '-' or '_', as `reelwright keys add` printed it"
    )]
    Secret,
}

/// An API key as it is stored: without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// Whose it is, for people.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is dead, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// A new key of the secret with this digest.
    pub fn new(
        digest: &KeyDigest,
        name: impl Into<String>,
        scopes: BTreeSet<Scope>,
        now: Timestamp,
    ) -> Self {
        Self {
            id: KeyId::of(digest),
            name: name.into(),
            scopes,
            created_at: now,
            revoked_at: None,
        }
    }

    /// Whether it may still do this.
    pub fn may(&self, scope: Scope) -> bool {
        self.revoked_at.is_none() && self.scopes.contains(&scope)
    }
}

/// The secret of an API key: `rw_` and 32 random bytes in URL-safe base 64. `Debug` doesn't show it.
///
/// ```
/// use domain::KeySecret;
///
/// let secret = KeySecret::new(&[7; 32]);
/// assert_eq!(secret.reveal().len(), 46);
/// assert_eq!(KeySecret::parse(secret.reveal()), Ok(secret.clone()));
/// assert_eq!(format!("{secret:?}"), "KeySecret(rw_...)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(String);

/// What every secret begins with, so that people and scanners know one when they see it.
const PREFIX: &str = "rw_";

/// 32 bytes in base 64 without padding.
const SECRET_CHARACTERS: usize = 43;

const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl KeySecret {
    /// The secret of these random bytes.
    pub fn new(random: &[u8; 32]) -> Self {
        let characters = random.chunks(3).flat_map(|bytes| {
            let bits = bytes
                .iter()
                .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - bytes.len()));
            (0..=bytes.len())
                .map(move |at| char::from(BASE64_URL[(bits >> (18 - 6 * at) & 63) as usize]))
        });
        Self(PREFIX.chars().chain(characters).collect())
    }

    /// Reads what a caller sent.
    pub fn parse(text: &str) -> Result<Self, AccessError> {
        let right = text.strip_prefix(PREFIX).is_some_and(|rest| {
            rest.len() == SECRET_CHARACTERS && rest.bytes().all(|b| BASE64_URL.contains(&b))
        });
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(AccessError::Secret)
        }
    }

    /// The secret itself: for the one who made the key, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of_secret(&self.0)
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(rw_...)")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_secret_is_the_url_safe_base_64_of_its_bytes() {
        // By Python's base64.urlsafe_b64encode, without the padding.
        let counted: [u8; 32] = std::array::from_fn(|at| at as u8 * 8 + 7);
        assert_eq!(
            KeySecret::new(&counted).reveal(),
            "rw_Bw8XHycvNz9HT1dfZ293f4ePl5-nr7e_x8_X3-fv9_8"
        );
        assert_eq!(
            KeySecret::new(&[255; 32]).reveal(),
            format!("rw_{}8", "_".repeat(42))
        );
    }

    #[test]
    fn a_digest_is_the_sha_256_of_the_whole_secret() {
        // By `printf %s rw_AAA... | sha256sum`.
        let secret = KeySecret::new(&[0; 32]);
        assert_eq!(secret.reveal(), format!("rw_{}", "A".repeat(43)));
        let digest = secret.digest();
        assert_eq!(
            digest.as_str(),
            "23f4453b8a1640391003ea6adf094eb8f7528905887b1a690d6c82a257f065cc"
        );
        let id = KeyId::of(&digest);
        assert_eq!(id.as_str(), format!("key_{}", &digest.as_str()[..24]));
        assert_eq!(KeyId::parse(id.as_str()), Ok(id));
    }

    #[test]
    fn what_is_no_secret_is_refused_and_never_repeated() {
        let right = format!("rw_{}", "x".repeat(43));
        assert!(KeySecret::parse(&right).is_ok());
        for wrong in [
            String::new(),
            "rw_".to_owned(),
            right.replace("rw_", "rv_"),
            format!("{right}x"),
            right.replace('x', "+"),
            right.replace('x', "é"),
            format!(" {right}"),
        ] {
            let error = KeySecret::parse(&wrong).unwrap_err();
            assert_eq!(error, AccessError::Secret);
            assert!(!error.to_string().contains("xx"), "{error}");
        }
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.name());
        }
        assert!("Read".parse::<Scope>().is_err());
    }

    #[test]
    fn a_key_may_do_what_its_scopes_say_until_it_is_revoked() {
        let digest = KeySecret::new(&[1; 32]).digest();
        let mut key = ApiKey::new(&digest, "ci", BTreeSet::from([Scope::Submit]), Timestamp(1));
        assert!(key.may(Scope::Submit));
        assert!(!key.may(Scope::Read));
        key.revoked_at = Some(Timestamp(2));
        assert!(!key.may(Scope::Submit));
    }
}
