//! The buckets that durations are counted in: 32 of one width to each power of two, as HDR histograms have them.
//!
//! Every histogram has the same buckets, whatever was recorded first or most. So adding two up moves no count from where it was.

/// How many buckets there are from a power of two to the next: 2 to this power.
const BITS: u32 = 5;
const WITHIN: u64 = 1 << BITS;

/// Durations are told apart below 2 to this power of nanoseconds (2.4 hours); longer ones count as so long.
const LONGEST: u32 = 43;

/// How many buckets there are.
pub(crate) const BUCKETS: usize = ((LONGEST - BITS + 1) as usize) << BITS;

/// How far a quantile may be from the duration that was recorded, as a share of it: half a bucket's width. Below 32 ns, and from 2.4 hours on, it
/// doesn't hold.
pub const RELATIVE_ERROR: f64 = 1.0 / (2 * WITHIN) as f64;

/// The bucket that a duration in nanoseconds is counted in.
pub(crate) fn bucket_of(nanos: u64) -> usize {
    let nanos = nanos.min((1 << LONGEST) - 1);
    if nanos < WITHIN {
        return nanos as usize;
    }
    let power = nanos.ilog2();
    let within = (nanos >> (power - BITS)) - WITHIN;
    (u64::from(power - BITS + 1) * WITHIN + within) as usize
}

/// The middle of a bucket, in nanoseconds.
pub(crate) fn middle_of(bucket: usize) -> u64 {
    let bucket = bucket.min(BUCKETS - 1) as u64;
    let octave = bucket / WITHIN;
    if octave == 0 {
        return bucket;
    }
    let shift = octave - 1;
    let first = (WITHIN + bucket % WITHIN) << shift;
    first + ((1_u64 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buckets_follow_one_another_without_gap_from_nothing_to_the_longest() {
        for bucket in 0..BUCKETS {
            assert_eq!(bucket_of(middle_of(bucket)), bucket);
        }
        assert_eq!((bucket_of(0), bucket_of(31), bucket_of(32)), (0, 31, 32));
        assert_eq!(bucket_of((1 << LONGEST) - 1), BUCKETS - 1);
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
    }

    proptest! {
        #[test]
        fn the_middle_of_its_bucket_is_as_near_as_promised(nanos in 32_u64..(1 << LONGEST)) {
            let middle = middle_of(bucket_of(nanos)) as f64;
            prop_assert!((middle - nanos as f64).abs() <= RELATIVE_ERROR * nanos as f64);
        }

        #[test]
        fn longer_durations_are_in_later_buckets(one in any::<u64>(), other in any::<u64>()) {
            let (short, long) = (one.min(other), one.max(other));
            prop_assert!(bucket_of(short) <= bucket_of(long));
        }
    }
}
