//! Names that can't hold a wrong value.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is wrong with a name or an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a run id.
    #[error(
        "{0:?} is not a run id: expected 26 characters of 0-9 and a-z, as `reelwright list` prints them"
    )]
    Run(String),
    /// Not a task name.
    #[error(
        "{0:?} is not a task name: expected 1 to 64 characters, a letter first, then letters, digits, '_', '-' or '.'"
    )]
    Task(String),
    /// Not a content key.
    #[error("{0:?} is not a content key: expected 64 hexadecimal digits")]
    Content(String),
    /// Not the id of an uploaded file.
    #[error(
        "{0:?} is not an asset's id: expected ast_ and 26 characters of 0-9 and a-z, as an upload was given it"
    )]
    Asset(String),
    /// Not the id of an API key.
    #[error(
        "{0:?} is not a key's id: expected key_ and 24 hexadecimal digits, as `reelwright keys list` prints them"
    )]
    Key(String),
    /// Not the digest of an API key.
    #[error("{0:?} is not a key's digest: expected 64 hexadecimal digits")]
    Digest(String),
}

/// Crockford's base 32 in lower case: no i, l, o, u.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A ULID in lower case from milliseconds since 1970 and 80 bits (the low ones of `random`).
fn ulid(millis: u64, random: u128) -> String {
    let bits = (u128::from(millis) & 0xffff_ffff_ffff) << 80 | (random & ((1 << 80) - 1));
    (0..26)
        .rev()
        .map(|digit| char::from(CROCKFORD[(bits >> (digit * 5) & 31) as usize]))
        .collect()
}

fn is_ulid(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|b| CROCKFORD.contains(&b))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Shortens what a person typed so that an error message stays readable.
fn excerpt(text: &str) -> String {
    if text.chars().count() <= 80 {
        text.to_owned()
    } else {
        text.chars().take(77).chain("...".chars()).collect()
    }
}

/// What every id that is a text has besides `parse`, the only way in: `text_id!(Name, NameError)`, where `Name` holds a `String` and
/// `Name::parse(&str)` may fail with `NameError`.
#[macro_export]
macro_rules! text_id {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }
    };
}

/// One run: a ULID in lower case, so ids sort by the time they were made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);
text_id!(RunId, IdError);

impl RunId {
    /// Makes an id from the time in milliseconds since 1970 and 80 random bits (the low ones of `random`).
    ///
    /// ```
    /// let id = domain::RunId::new(1_763_856_000_000, 42);
    /// assert_eq!(id.as_str().len(), 26);
    /// assert!(id < domain::RunId::new(1_763_856_000_001, 0));
    /// ```
    pub fn new(millis: u64, random: u128) -> Self {
        Self(ulid(millis, random))
    }

    /// Makes the id of a run that a message started: the same however often the message is delivered. `parts` are what names the
    /// message, such as bucket, key and version; `millis` is its own time, in milliseconds since 1970, not that of its arrival.
    ///
    /// ```
    /// use domain::RunId;
    /// let first = RunId::of_message(1_763_856_000_000, &[b"queue", b"message 7"]);
    /// assert_eq!(first, RunId::of_message(1_763_856_000_000, &[b"queue", b"message 7"]));
    /// assert_ne!(first, RunId::of_message(1_763_856_000_000, &[b"queue", b"message 8"]));
    /// ```
    pub fn of_message(millis: u64, parts: &[&[u8]]) -> Self {
        let digest = ContentKey::of(parts);
        let random = u128::from_str_radix(&digest.0[..32], 16).unwrap_or_default();
        Self::new(millis, random)
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if is_ulid(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Run(excerpt(text)))
        }
    }
}

/// The name of a task in a workflow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskName(String);
text_id!(TaskName, IdError);

impl TaskName {
    /// Reads a name: 1 to 64 characters, a letter first, then letters, digits, `_`, `-` or `.`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut bytes = text.bytes();
        let ok = text.len() <= 64
            && bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Task(excerpt(text)))
        }
    }
}

/// What a result is known by: a blake3 digest of everything that went into it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentKey(String);
text_id!(ContentKey, IdError);

impl ContentKey {
    /// Digests the parts, each with its length before it, so that no two lists of parts give the same bytes.
    ///
    /// ```
    /// use domain::ContentKey;
    /// assert_ne!(ContentKey::of(&[b"ab", b"c"]), ContentKey::of(&[b"a", b"bc"]));
    /// ```
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().to_hex().to_string())
    }

    /// Digests plain bytes: the name of a blob is the blake3 of what is in it.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(blake3::hash(bytes).to_hex().to_string())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if is_hex(text, 64) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Content(excerpt(text)))
        }
    }

    /// The first eight digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

/// A file that somebody uploads for their briefs: `ast_` and a ULID in lower case.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^ast_[0-9a-hjkmnp-tv-z]{26}$"))]
pub struct AssetId(String);
text_id!(AssetId, IdError);

impl AssetId {
    /// Makes an id from the time in milliseconds since 1970 and 80 random bits (the low ones of `random`).
    ///
    /// ```
    /// let id = domain::AssetId::new(1_763_856_000_000, 42);
    /// assert_eq!(domain::AssetId::parse(id.as_str()), Ok(id));
    /// ```
    pub fn new(millis: u64, random: u128) -> Self {
        Self(format!("ast_{}", ulid(millis, random)))
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.strip_prefix("ast_").is_some_and(is_ulid) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Asset(excerpt(text)))
        }
    }
}

/// An API key, without its secret: `key_` and the first 24 digits of its digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);
text_id!(KeyId, IdError);

impl KeyId {
    /// The id of the key with this digest: 96 bits of it, so that no two keys share one.
    pub fn of(digest: &KeyDigest) -> Self {
        Self(format!("key_{}", &digest.0[..24]))
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text
            .strip_prefix("key_")
            .is_some_and(|digits| is_hex(digits, 24))
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Key(excerpt(text)))
        }
    }
}

/// What is stored of an API key's secret: the SHA-256 of the whole of it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyDigest(String);
text_id!(KeyDigest, IdError);

impl KeyDigest {
    /// Digests a secret.
    pub(crate) fn of_secret(secret: &str) -> Self {
        let mut digits = String::with_capacity(64);
        for byte in Sha256::digest(secret.as_bytes()) {
            // Writing into a text can't fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Self(digits)
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if is_hex(text, 64) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Digest(excerpt(text)))
        }
    }
}
