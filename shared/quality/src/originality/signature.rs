//! How near two scripts are: MinHash (Broder, "On the resemblance and containment of documents", 1997).

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How many hashes a signature holds: the estimate's standard error is at most 0.5 / sqrt(64) = 0.06.
const HASHES: usize = 64;

/// How many words a shingle has.
const SHINGLE: usize = 3;

/// The MinHash signature of a script's words, to be kept with a run and compared with later ones of the same brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Signature([u32; HASHES]);

/// Numbers that are no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a signature has {HASHES} numbers, not {0}: take it from an earlier score as it is")]
pub struct SignatureError(usize);

impl Signature {
    /// The signature of a text; `None` if it has fewer than three words.
    pub fn of(text: &Text<'_>) -> Option<Self> {
        if text.words.len() < SHINGLE {
            return None;
        }
        let hashes: Vec<u64> = text.words.iter().map(|word| fnv(&word.form)).collect();
        let mut least = [u32::MAX; HASHES];
        for shingle in hashes.windows(SHINGLE) {
            let shingle = shingle.iter().fold(0_u64, |hash, word| mixed(hash ^ word));
            let mut hash = shingle;
            for least in &mut least {
                hash = mixed(hash.wrapping_add(0x9e37_79b9_7f4a_7c15));
                *least = (*least).min((hash >> 32) as u32);
            }
        }
        Some(Self(least))
    }

    /// Which share of their shingles two texts have in common, as estimated: 0 to 1.
    pub fn nearness(&self, other: &Self) -> f64 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f64 / HASHES as f64
    }
}

impl TryFrom<Vec<u32>> for Signature {
    type Error = SignatureError;
    fn try_from(numbers: Vec<u32>) -> Result<Self, SignatureError> {
        let count = numbers.len();
        numbers
            .try_into()
            .map(Self)
            .map_err(|_| SignatureError(count))
    }
}

impl From<Signature> for Vec<u32> {
    fn from(signature: Signature) -> Self {
        signature.0.to_vec()
    }
}

/// FNV-1a, 64 bits.
fn fnv(form: &str) -> u64 {
    form.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
const fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn signature(prefix: char, words: std::ops::Range<u32>) -> Signature {
        let text: Vec<String> = words.map(|word| format!("{prefix}{word}")).collect();
        Signature::of(&Text::parse(&text.join(" "))).unwrap()
    }

    #[test]
    fn nearness_is_the_share_of_what_is_common() {
        let first = signature('w', 0..300);
        assert!((first.nearness(&first) - 1.0).abs() < 1e-9);
        assert!(first.nearness(&signature('w', 1000..1300)) < 0.05);
        // 198 shingles in common of 398; the mean of ten estimates.
        let near: f64 = ('a'..='j')
            .map(|prefix| signature(prefix, 0..300).nearness(&signature(prefix, 100..400)))
            .sum();
        assert!((near / 10.0 - 0.4975).abs() < 0.06, "{near}");
    }

    #[test]
    fn a_signature_survives_being_written() {
        let signature = signature('w', 0..50);
        let written = serde_json::to_string(&signature).unwrap();
        assert_eq!(
            serde_json::from_str::<Signature>(&written).unwrap(),
            signature
        );
        assert!(serde_json::from_str::<Signature>("[1,2]").is_err());
    }
}
