//! The spread of waits between attempts: a draw that needs no random source.

use statemachine::Instance;

/// A draw from 0 to 1 that depends on the seed, the instance and the attempt alone: FNV-1a, stirred by the finaliser of SplitMix64.
pub(super) fn jitter(seed: u64, instance: &Instance, attempt: u32) -> f64 {
    let numbers = [instance.item.map_or(0, |item| item + 1), attempt];
    let bytes = instance
        .task
        .as_str()
        .bytes()
        .chain(numbers.into_iter().flat_map(u32::to_le_bytes));
    let mut hash = bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop")]

    use domain::TaskName;

    use super::*;

    #[test]
    fn jitter_is_spread_and_repeatable() {
        let instance = |item| Instance {
            task: TaskName::parse("images").unwrap(),
            item,
        };
        let draws: Vec<f64> = (0..1_000)
            .map(|item| jitter(7, &instance(Some(item)), 1))
            .collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        let mean = draws.iter().sum::<f64>() / 1_000.0;
        assert!((0.46..0.54).contains(&mean), "{mean}");
        assert_eq!(
            jitter(7, &instance(None), 1).to_bits(),
            jitter(7, &instance(None), 1).to_bits()
        );
        assert_ne!(
            jitter(7, &instance(None), 1).to_bits(),
            jitter(8, &instance(None), 1).to_bits()
        );
        assert_ne!(
            jitter(7, &instance(None), 1).to_bits(),
            jitter(7, &instance(None), 2).to_bits()
        );
    }
}
