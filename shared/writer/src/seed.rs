//! Choices that look free but follow from the brief's seed.

use domain::ContentKey;

/// A stream of numbers: `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    state: u64,
}

impl Choice {
    /// A stream of its own for each `purpose`, so that one more draw in one place changes nothing elsewhere.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let key = ContentKey::of(&[&seed.to_le_bytes(), purpose.as_bytes()]);
        let state = u64::from_str_radix(&key.as_str()[..16], 16).unwrap_or(seed);
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A seed of the stream's own, for choices that are to differ from those of the brief's.
    pub(crate) fn seed(mut self) -> u64 {
        self.next()
    }

    /// A number in 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of the items; none of an empty list.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = (self.unit() * items.len() as f64) as usize;
        items.get(at.min(items.len().saturating_sub(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_stream() {
        let (mut a, mut b, mut other) = (
            Choice::new(7, "hook"),
            Choice::new(7, "hook"),
            Choice::new(7, "script"),
        );
        let left: Vec<f64> = (0..20).map(|_| a.unit()).collect();
        assert_eq!(left, (0..20).map(|_| b.unit()).collect::<Vec<_>>());
        assert_ne!(left, (0..20).map(|_| other.unit()).collect::<Vec<_>>());
        assert!(left.iter().all(|x| (0.0..1.0).contains(x)));
    }

    #[test]
    fn an_empty_list_offers_nothing() {
        assert_eq!(Choice::new(1, "x").pick::<u8>(&[]), None);
        assert_eq!(Choice::new(1, "x").pick(&[9]), Some(&9));
    }
}
