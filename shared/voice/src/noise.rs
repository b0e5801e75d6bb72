//! The chance in a voice, without chance: normal deviates from a seed.

/// Normal deviates: the sum of twelve uniform ones less six (Irwin-Hall), each from splitmix64
/// (Steele, Lea and Flood 2014). Only additions of exact fractions, so every machine draws the same.
pub(crate) struct Noise(u64);

impl Noise {
    /// A stream of its own for each text.
    pub(crate) fn for_ids(ids: &[i32]) -> Self {
        let fold = |hash: u64, id: &i32| {
            (hash ^ u64::from(id.unsigned_abs())).wrapping_mul(0x0000_0100_0000_01b3)
        };
        Self(ids.iter().fold(0xcbf2_9ce4_8422_2325, fold))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next deviate: mean 0, variance 1, within -6 and 6.
    pub(crate) fn normal(&mut self) -> f32 {
        // Four 16-bit uniforms from each of three words.
        let sum: u64 = (0..3)
            .map(|_| self.bits())
            .map(|word| {
                (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48)
            })
            .sum();
        // Each uniform stands for the middle of its step, so the mean is exactly zero.
        (sum as f32 + 6.0) / 65536.0 - 6.0
    }

    pub(crate) fn fill(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.normal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;

    #[test]
    fn deviates_have_mean_zero_and_variance_one() {
        let values = Noise::for_ids(&[1, 2, 3]).fill(100_000);
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.01, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.02, "variance {variance}");
    }

    #[test]
    fn another_text_draws_another_stream() {
        assert_ne!(
            Noise::for_ids(&[1, 2]).fill(4),
            Noise::for_ids(&[2, 1]).fill(4)
        );
        assert_eq!(
            Noise::for_ids(&[1, 2]).fill(4),
            Noise::for_ids(&[1, 2]).fill(4)
        );
    }
}
