//! Names of values and of what they hang on.

use std::fmt;

use domain::RunId;

use crate::Kind;

/// The name of a value: its kind and the digest of its key, so a key may be of any length and hold any characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name {
    kind: Kind,
    digest: [u8; 32],
}

impl Name {
    /// The name of a key of a kind.
    pub fn new(kind: Kind, key: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        // The kind's names hold no zero, so no two pairs run into one.
        hasher.update(kind.name().as_bytes());
        hasher.update(&[0]);
        hasher.update(key);
        Self {
            kind,
            digest: hasher.finalize().into(),
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The digest of kind and key.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// `llm_response:` and the digest in hexadecimal digits.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind)?;
        hex(f, &self.digest)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What values hang on: invalidating it makes all of them misses.
///
/// ```
/// use cache::Tag;
/// assert_ne!(Tag::brand("Acme"), Tag::provider("Acme"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag([u8; 16]);

impl Tag {
    /// All that was made for a brand.
    pub fn brand(name: &str) -> Self {
        Self::new("brand", name)
    }

    /// All that tells of a run.
    pub fn run(id: &RunId) -> Self {
        Self::new("run", id.as_str())
    }

    /// All that came from a provider.
    pub fn provider(name: &str) -> Self {
        Self::new("provider", name)
    }

    fn new(space: &str, name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(space.as_bytes());
        hasher.update(&[0]);
        hasher.update(name.as_bytes());
        let mut digest = [0; 16];
        hasher.finalize_xof().fill(&mut digest);
        Self(digest)
    }

    /// The digest of what it is and of its name.
    pub fn digest(&self) -> &[u8; 16] {
        &self.0
    }

    pub(crate) fn from_digest(digest: [u8; 16]) -> Self {
        Self(digest)
    }
}

/// `tag:` and the digest in hexadecimal digits.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tag:")?;
        hex(f, &self.0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    for byte in bytes {
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_of_any_form_have_names_of_one_form() {
        let long = "k".repeat(10_000);
        let keys = ["", " ", "a b", "a\nb", "a\r\nGET x", "{a}", "\0", &long];
        let names: HashSet<String> = keys
            .iter()
            .flat_map(|key| Kind::ALL.map(|kind| Name::new(kind, key.as_bytes()).to_string()))
            .collect();
        assert_eq!(names.len(), keys.len() * Kind::ALL.len());
        for name in names {
            let (kind, digest) = name.split_once(':').expect("a colon");
            assert!(kind.parse::<Kind>().is_ok(), "{name}");
            assert!(
                digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()),
                "{name}"
            );
        }
    }
}
