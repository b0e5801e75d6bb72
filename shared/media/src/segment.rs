//! One encoded piece of video, as it is kept between runs.
//!
//! The stored form, all numbers little-endian: the eight bytes `RWSEG\0` and the version (u16); width, height and number of frames (u32
//! each); the sequence and the picture parameter set, each after its length (u32); for every frame one byte (1 where decoding can start) and
//! its NAL units as in MP4 (ISO/IEC 14496-15: four-byte big-endian lengths), after their length (u32); blake3 of all that (32 bytes).

use crate::MediaError;
use crate::encode::{AccessUnit, ParameterSets};

const MAGIC: &[u8; 6] = b"RWSEG\0";
const VERSION: u16 = 1;
const DIGEST: usize = 32;

/// One encoded piece of video: closed groups of pictures, so that pieces join without encoding again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Width of a frame in pixels.
    pub width: u32,
    /// Height of a frame in pixels.
    pub height: u32,
    pub(crate) sets: ParameterSets,
    pub(crate) units: Vec<AccessUnit>,
}

/// Reads the stored form piece by piece.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], MediaError> {
        let (head, rest) = self
            .0
            .split_at_checked(count)
            .ok_or_else(|| MediaError::Segment("it ends too early".to_owned()))?;
        self.0 = rest;
        Ok(head)
    }

    fn number(&mut self) -> Result<u32, MediaError> {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(self.take(4)?);
        Ok(u32::from_le_bytes(bytes))
    }

    fn blob(&mut self) -> Result<Vec<u8>, MediaError> {
        let length = self.number()? as usize;
        Ok(self.take(length)?.to_vec())
    }
}

impl Segment {
    /// Length in frames.
    pub fn frames(&self) -> u32 {
        self.units.len() as u32
    }

    /// The stored form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(
            self.units
                .iter()
                .map(|unit| unit.data.len() + 5)
                .sum::<usize>()
                + 256,
        );
        out.extend_from_slice(MAGIC);
        out.extend(VERSION.to_le_bytes());
        for number in [self.width, self.height, self.frames()] {
            out.extend(number.to_le_bytes());
        }
        let mut blob = |head: Option<u8>, bytes: &[u8]| {
            out.extend(head);
            out.extend((bytes.len() as u32).to_le_bytes());
            out.extend_from_slice(bytes);
        };
        blob(None, &self.sets.sps);
        blob(None, &self.sets.pps);
        for unit in &self.units {
            blob(Some(u8::from(unit.key)), &unit.data);
        }
        let digest = blake3::hash(&out);
        out.extend_from_slice(digest.as_bytes());
        out
    }

    /// Reads the stored form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MediaError> {
        let wrong = |what: &str| MediaError::Segment(what.to_owned());
        let body = bytes
            .len()
            .checked_sub(DIGEST)
            .ok_or_else(|| wrong("it is too short"))?;
        let (body, digest) = bytes.split_at(body);
        let mut input = Input(body);
        if input.take(MAGIC.len())? != MAGIC {
            return Err(wrong("it is something else"));
        }
        if input.take(2)? != VERSION.to_le_bytes() {
            return Err(wrong("it is of another version"));
        }
        if blake3::hash(body).as_bytes() != digest {
            return Err(wrong("its checksum is wrong"));
        }
        let (width, height, frames) = (input.number()?, input.number()?, input.number()?);
        let sets = ParameterSets {
            sps: input.blob()?,
            pps: input.blob()?,
        };
        let mut units = Vec::new();
        for _ in 0..frames {
            units.push(AccessUnit {
                key: input.take(1)? == [1],
                data: input.blob()?,
            });
        }
        if input.0.is_empty() {
            Ok(Self {
                width,
                height,
                sets,
                units,
            })
        } else {
            Err(wrong("there is more in it than its frames"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn segment() -> impl proptest::strategy::Strategy<Value = Segment> {
        use proptest::prelude::*;
        let bytes = || proptest::collection::vec(any::<u8>(), 0..40);
        let unit = (any::<bool>(), bytes()).prop_map(|(key, data)| AccessUnit { key, data });
        (
            1..5000_u32,
            1..5000_u32,
            bytes(),
            bytes(),
            proptest::collection::vec(unit, 0..20),
        )
            .prop_map(|(width, height, sps, pps, units)| Segment {
                width,
                height,
                sets: ParameterSets { sps, pps },
                units,
            })
    }

    proptest::proptest! {
        #[test]
        fn what_is_stored_is_what_is_read(segment in segment()) {
            proptest::prop_assert_eq!(Segment::from_bytes(&segment.to_bytes()).unwrap(), segment);
        }

        #[test]
        fn damage_is_found(segment in segment(), at in 0..10_000_usize, cut in 0..10_000_usize) {
            let bytes = segment.to_bytes();
            let mut flipped = bytes.clone();
            flipped[at % bytes.len()] ^= 0x10;
            proptest::prop_assert!(Segment::from_bytes(&flipped).is_err());
            proptest::prop_assert!(Segment::from_bytes(&bytes[..cut % bytes.len()]).is_err());
        }
    }
}
