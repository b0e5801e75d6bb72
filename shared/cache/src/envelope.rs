//! How an entry is written in a shared level.
//!
//! A mark with the form's version, a checksum, then what is known of the value, then the value, compressed if that makes it smaller. The
//! checksum goes over the value's name too, so that a value in another's place is not taken for it. Whatever is read that is not exactly
//! what was written is [`Unreadable`]: to the cache, a miss.

use bytes::Bytes;
use domain::{ContentKey, Timestamp};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::entry::{Body, Entry};
use crate::{Name, Tag};

/// What every envelope begins with; the last byte is the form's version.
const MARK: [u8; 4] = *b"rwc\x01";
const CHECKSUM: usize = 16;
/// Values up to this size are written as they are.
const COMPRESS_OVER: usize = 1024;
/// Of miniz_oxide's levels, the quickest that finds repetitions.
const LEVEL: u8 = 1;
/// No value is larger: larger ones lie elsewhere.
const LARGEST: usize = 1 << 20;

const PLAIN: u8 = 0;
const COMPRESSED: u8 = 1;
const NOTHING: u8 = 2;
const ELSEWHERE: u8 = 3;

/// Why bytes are not taken for an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// They are of another version of this form, or of something else.
    Foreign,
    /// They are not what was written.
    Damaged,
}

/// Writes an entry.
pub(crate) fn seal(name: &Name, entry: &Entry) -> Bytes {
    let packed;
    let (form, length, body): (u8, usize, &[u8]) = match &entry.body {
        Body::Nothing => (NOTHING, 0, &[]),
        Body::Elsewhere(key) => (ELSEWHERE, key.as_str().len(), key.as_str().as_bytes()),
        Body::Value(value) => {
            packed = if value.len() <= COMPRESS_OVER {
                Vec::new()
            } else {
                compress_to_vec(value, LEVEL)
            };
            if packed.is_empty() || packed.len() >= value.len() {
                (PLAIN, value.len(), value)
            } else {
                (COMPRESSED, value.len(), &packed)
            }
        }
    };
    let mut out =
        Vec::with_capacity(MARK.len() + CHECKSUM + 48 + entry.tags.len() * 24 + body.len());
    out.extend(MARK);
    out.extend([0; CHECKSUM]);
    out.push(form);
    out.extend(entry.made_at.0.to_le_bytes());
    out.extend(entry.fresh_until.0.to_le_bytes());
    out.extend(entry.stale_until.0.to_le_bytes());
    out.extend(entry.source_ms.to_le_bytes());
    out.extend(entry.price_nanos.to_le_bytes());
    out.extend((length as u32).to_le_bytes());
    out.extend((entry.tags.len() as u32).to_le_bytes());
    for (tag, version) in &entry.tags {
        out.extend(tag.digest());
        out.extend(version.to_le_bytes());
    }
    out.extend(body);
    let checksum = checksum(name, out.get(MARK.len() + CHECKSUM..).unwrap_or_default());
    if let Some(place) = out.get_mut(MARK.len()..MARK.len() + CHECKSUM) {
        place.copy_from_slice(&checksum);
    }
    out.into()
}

/// Reads an entry.
pub(crate) fn open(name: &Name, bytes: &Bytes) -> Result<Entry, Unreadable> {
    let rest = bytes.strip_prefix(&MARK).ok_or(Unreadable::Foreign)?;
    let (written, rest) = rest
        .split_first_chunk::<CHECKSUM>()
        .ok_or(Unreadable::Damaged)?;
    if *written != checksum(name, rest) {
        return Err(Unreadable::Damaged);
    }
    read(bytes, rest).ok_or(Unreadable::Damaged)
}

/// Reads what stands behind the checksum; `bytes` is the whole envelope, which a plain value remains a part of.
fn read(bytes: &Bytes, rest: &[u8]) -> Option<Entry> {
    let mut rest = rest;
    let [form] = take(&mut rest)?;
    let mut entry = Entry {
        body: Body::Nothing,
        made_at: Timestamp(u64::from_le_bytes(take(&mut rest)?)),
        fresh_until: Timestamp(u64::from_le_bytes(take(&mut rest)?)),
        stale_until: Timestamp(u64::from_le_bytes(take(&mut rest)?)),
        source_ms: u32::from_le_bytes(take(&mut rest)?),
        price_nanos: u64::from_le_bytes(take(&mut rest)?),
        tags: Vec::new(),
    };
    let length = u32::from_le_bytes(take(&mut rest)?) as usize;
    for _ in 0..u32::from_le_bytes(take(&mut rest)?) {
        let tag = Tag::from_digest(take(&mut rest)?);
        entry.tags.push((tag, u64::from_le_bytes(take(&mut rest)?)));
    }
    entry.body = match form {
        NOTHING => rest.is_empty().then_some(Body::Nothing)?,
        ELSEWHERE => {
            let text = std::str::from_utf8(rest).ok()?;
            Body::Elsewhere(ContentKey::parse(text).ok()?)
        }
        PLAIN => Body::Value(bytes.slice_ref(rest)),
        COMPRESSED if length <= LARGEST => {
            let value = decompress_to_vec_with_limit(rest, length).ok()?;
            (value.len() == length).then_some(Body::Value(value.into()))?
        }
        _ => return None,
    };
    Some(entry)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

fn checksum(name: &Name, content: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.digest());
    hasher.update(content);
    let mut sum = [0; CHECKSUM];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Kind;

    fn name() -> Name {
        Name::new(Kind::Media, b"key")
    }

    fn bodies() -> impl Strategy<Value = Body> {
        let noise = prop::collection::vec(any::<u8>(), 0..3000);
        let text = ("[a-e ]{1,40}", 1_usize..200).prop_map(|(text, times)| text.repeat(times));
        prop_oneof![
            Just(Body::Nothing),
            any::<u64>().prop_map(|n| Body::Elsewhere(ContentKey::of_bytes(&n.to_le_bytes()))),
            noise.prop_map(|bytes| Body::Value(bytes.into())),
            text.prop_map(|text| Body::Value(text.into_bytes().into())),
        ]
    }

    prop_compose! {
        fn entries()(
            body in bodies(),
            times in any::<[u64; 3]>(),
            source_ms in any::<u32>(),
            price_nanos in any::<u64>(),
            tags in prop::collection::vec((any::<[u8; 16]>(), any::<u64>()), 0..4),
        ) -> Entry {
            Entry {
                body,
                made_at: Timestamp(times[0]),
                fresh_until: Timestamp(times[1]),
                stale_until: Timestamp(times[2]),
                source_ms,
                price_nanos,
                tags: tags.into_iter().map(|(tag, version)| (Tag::from_digest(tag), version)).collect(),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_written_is_read(entry in entries()) {
            prop_assert_eq!(open(&name(), &seal(&name(), &entry)), Ok(entry));
        }

        #[test]
        fn a_change_anywhere_is_seen(entry in entries(), flip in 1_u8..) {
            let sealed = seal(&name(), &entry);
            for at in 0..sealed.len() {
                let mut changed = sealed.to_vec();
                changed[at] ^= flip;
                let expected = if at < MARK.len() { Unreadable::Foreign } else { Unreadable::Damaged };
                prop_assert_eq!(open(&name(), &changed.into()), Err(expected), "changed at {}", at);
                prop_assert!(open(&name(), &sealed.slice(..at)).is_err(), "cut off at {}", at);
            }
            let mut longer = sealed.to_vec();
            longer.push(0);
            prop_assert!(open(&name(), &longer.into()).is_err());
        }

        #[test]
        fn whatever_lies_in_a_level_never_stops_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), length in any::<u32>()) {
            // Behind a checksum that is right, too: nobody but the checksum says that this is ours.
            let mut forged = MARK.to_vec();
            forged.extend(checksum(&name(), &bytes));
            forged.extend(&bytes);
            let _ = open(&name(), &forged.into());
            let mut lies = seal(&name(), &Entry { body: Body::Value("x".repeat(2000).into()), ..some_entry() }).to_vec();
            let at = MARK.len() + CHECKSUM + 37;
            lies[at..at + 4].copy_from_slice(&length.to_le_bytes());
            let sum = checksum(&name(), &lies[MARK.len() + CHECKSUM..]);
            lies[MARK.len()..MARK.len() + CHECKSUM].copy_from_slice(&sum);
            prop_assert_eq!(open(&name(), &lies.into()).is_ok(), length == 2000);
        }
    }

    fn some_entry() -> Entry {
        Entry {
            body: Body::Nothing,
            made_at: Timestamp(1),
            fresh_until: Timestamp(2),
            stale_until: Timestamp(3),
            source_ms: 4,
            price_nanos: 5,
            tags: Vec::new(),
        }
    }

    #[test]
    fn a_value_in_the_place_of_another_is_not_taken_for_it() {
        let sealed = seal(&name(), &some_entry());
        let other = Name::new(Kind::Media, b"other");
        assert_eq!(open(&other, &sealed), Err(Unreadable::Damaged));
    }

    #[test]
    fn repetitive_values_over_a_kibibyte_are_compressed_and_small_ones_are_not() {
        let length = |bytes: usize| {
            let body = Body::Value("a".repeat(bytes).into());
            seal(
                &name(),
                &Entry {
                    body,
                    ..some_entry()
                },
            )
            .len()
        };
        assert!(length(1024) > 1024);
        assert!(length(1025) < 200);
        assert!(length(200_000) < 2000);
    }
}
