//! Names that can't hold a wrong value.

use std::fmt;

use serde::{Deserialize, Serialize};

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
}

/// Crockford's base 32 in lower case: no i, l, o, u.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Shortens what a person typed so that an error message stays readable.
fn excerpt(text: &str) -> String {
    if text.chars().count() <= 80 {
        text.to_owned()
    } else {
        text.chars().take(77).chain("...".chars()).collect()
    }
}

macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    };
}

/// One run: a ULID in lower case, so ids sort by the time they were made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);
text_id!(RunId);

impl RunId {
    /// Makes an id from the time in milliseconds since 1970 and 80 random bits (the low ones of `random`).
    ///
    /// ```
    /// let id = domain::RunId::new(1_763_856_000_000, 42);
    /// assert_eq!(id.as_str().len(), 26);
    /// assert!(id < domain::RunId::new(1_763_856_000_001, 0));
    /// ```
    pub fn new(millis: u64, random: u128) -> Self {
        let bits = (u128::from(millis) & 0xffff_ffff_ffff) << 80 | (random & ((1 << 80) - 1));
        let text = (0..26)
            .rev()
            .map(|digit| char::from(CROCKFORD[(bits >> (digit * 5) & 31) as usize]))
            .collect();
        Self(text)
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let ok = text.len() == 26 && text.bytes().all(|b| CROCKFORD.contains(&b));
        if ok {
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
text_id!(TaskName);

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
text_id!(ContentKey);

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
        let ok = text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if ok {
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
