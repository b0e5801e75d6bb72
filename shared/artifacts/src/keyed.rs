//! Values found by the content key of what they were made from.

use bytes::Bytes;
use domain::ContentKey;
use object_store::PutPayload;
use object_store::path::Path;

use crate::{ArtifactError, Artifacts};

/// Before the checksum. The number is the envelope's version: another one is not found, and made again.
const MARK: &[u8] = b"reelwright 1 ";

/// Hexadecimal digits of the checksum.
const DIGITS: usize = 64;

impl Artifacts {
    /// Stores a value under a key of a space (`results`, `segments` …: lower-case letters). What was there is replaced in one step.
    pub async fn put_keyed(
        &self,
        space: &str,
        key: &ContentKey,
        value: Bytes,
    ) -> Result<(), ArtifactError> {
        let head = [
            MARK,
            checksum(space, key, &value).as_str().as_bytes(),
            b"\n",
        ]
        .concat();
        let payload: PutPayload = [Bytes::from(head), value].into_iter().collect();
        self.write(&path_of(space, key), payload).await
    }

    /// The value of a key, if it is there and whole.
    pub async fn get_keyed(
        &self,
        space: &str,
        key: &ContentKey,
    ) -> Result<Option<Bytes>, ArtifactError> {
        let found = self.read(&path_of(space, key)).await?;
        Ok(found.and_then(|bytes| open(space, key, &bytes)))
    }
}

/// Space and key go into the checksum, so that a value in another's place is not taken for it.
fn checksum(space: &str, key: &ContentKey, value: &[u8]) -> ContentKey {
    ContentKey::of(&[space.as_bytes(), key.as_str().as_bytes(), value])
}

fn open(space: &str, key: &ContentKey, bytes: &Bytes) -> Option<Bytes> {
    let head = MARK.len() + DIGITS + 1;
    let digits = bytes.strip_prefix(MARK)?.get(..DIGITS)?;
    let value = (bytes.len() >= head).then(|| bytes.slice(head..))?;
    (checksum(space, key, &value).as_str().as_bytes() == digits).then_some(value)
}

fn path_of(space: &str, key: &ContentKey) -> Path {
    let key = key.as_str();
    Path::from(format!("{space}/{}/{key}", &key[..2]))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[tokio::test]
    async fn a_value_cut_off_or_changed_anywhere_is_a_miss() {
        let artifacts = Artifacts::memory();
        let key = ContentKey::of_bytes(b"input");
        artifacts
            .put_keyed("results", &key, Bytes::from_static(b"value"))
            .await
            .unwrap();
        let whole = artifacts
            .read(&path_of("results", &key))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            artifacts.get_keyed("results", &key).await.unwrap().unwrap(),
            "value"
        );

        for at in 0..whole.len() {
            assert_eq!(
                open("results", &key, &whole.slice(..at)),
                None,
                "cut off at {at}"
            );
            let mut changed = whole.to_vec();
            changed[at] ^= 1;
            // The line's end separates head and value for people; nothing is read from it.
            if at != MARK.len() + DIGITS {
                assert_eq!(
                    open("results", &key, &changed.into()),
                    None,
                    "changed at {at}"
                );
            }
        }
        assert_eq!(open("segments", &key, &whole), None);
        assert_eq!(
            open("results", &ContentKey::of_bytes(b"other"), &whole),
            None
        );
    }
}
