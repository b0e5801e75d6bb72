//! The hash that shares units out: FNV-1a of 32 bits, as GrowthBook's SDKs compute it.
//!
//! It runs over UTF-16 code units, because that is what the SDK in browsers sees of a string; for text of one byte a letter that
//! is the same as over bytes.

use serde::{Deserialize, Serialize};
use thiserror::Error;

const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// How a unit's hash is made. A running experiment keeps its version, or its units move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum HashVersion {
    /// A thousand buckets, one pass: slightly uneven, and experiments of similar seeds hang together. For SDKs of old.
    V1,
    /// Ten thousand buckets, hashed twice.
    #[default]
    V2,
}

/// There are two versions of the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("hash version {0} is unknown; use 1 or 2")]
pub struct UnknownHashVersion(pub u8);

impl TryFrom<u8> for HashVersion {
    type Error = UnknownHashVersion;

    fn try_from(version: u8) -> Result<Self, Self::Error> {
        match version {
            1 => Ok(Self::V1),
            2 => Ok(Self::V2),
            other => Err(UnknownHashVersion(other)),
        }
    }
}

impl From<HashVersion> for u8 {
    fn from(version: HashVersion) -> Self {
        match version {
            HashVersion::V1 => 1,
            HashVersion::V2 => 2,
        }
    }
}

/// Where a unit lies between 0 (inclusive) and 1 (exclusive), for a seed.
pub fn hash(seed: &str, unit: &str, version: HashVersion) -> f64 {
    match version {
        HashVersion::V1 => f64::from(fnv(&[unit, seed]) % 1_000) / 1_000.0,
        HashVersion::V2 => {
            let first = fnv(&[seed, unit]);
            f64::from(fnv_of_decimal(first) % 10_000) / 10_000.0
        }
    }
}

fn fnv(parts: &[&str]) -> u32 {
    parts.iter().fold(OFFSET, |hash, part| {
        // A letter of ASCII is one unit, and one byte.
        if part.is_ascii() {
            part.bytes()
                .fold(hash, |hash, byte| step(hash, byte.into()))
        } else {
            part.encode_utf16()
                .fold(hash, |hash, unit| step(hash, unit.into()))
        }
    })
}

/// FNV-1a of a number's decimal digits.
fn fnv_of_decimal(number: u32) -> u32 {
    let digits = number.checked_ilog10().unwrap_or(0);
    (0..=digits).rev().fold(OFFSET, |hash, place| {
        step(hash, u32::from(b'0') + number / 10_u32.pow(place) % 10)
    })
}

fn step(hash: u32, unit: u32) -> u32 {
    (hash ^ unit).wrapping_mul(PRIME)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "every SDK comes to the same digits")]
mod tests {
    use super::*;

    #[test]
    fn a_number_hashes_like_its_decimal_text() {
        for number in [0, 7, 10, 99, 100, 1_234_567_890, u32::MAX] {
            assert_eq!(fnv_of_decimal(number), fnv(&[&number.to_string()]));
        }
    }

    #[test]
    fn letters_beyond_one_byte_are_hashed_by_utf16_units() {
        // Computed with the SDK for JavaScript.
        assert_eq!(
            [
                hash("seed", "zoë", HashVersion::V2),
                hash("seed", "日本", HashVersion::V2),
                hash("seed", "🎬 take 2", HashVersion::V2),
                hash("seed", "🎬 take 2", HashVersion::V1),
            ],
            HASHED_BY_THE_SDK
        );
    }

    const HASHED_BY_THE_SDK: [f64; 4] = [0.9207, 0.9652, 0.2557, 0.251];
}
