//! Buckets: which part of the line from 0 to 1 belongs to which variation.

use serde::{Deserialize, Serialize};

/// A part of the line from 0 to 1: from the first, inclusive, to the second, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BucketRange(pub f64, pub f64);

impl BucketRange {
    /// Whether a point lies in it.
    pub fn contains(self, point: f64) -> bool {
        point >= self.0 && point < self.1
    }
}

/// The same weight for each of `count` variations.
pub fn equal_weights(count: usize) -> Vec<f64> {
    vec![1.0 / count as f64; count]
}

/// One range a variation. Each begins where it would with full coverage, so that more coverage takes units in and moves none.
///
/// As in the SDKs, what can't be used is replaced: coverage outside 0 to 1 by the nearer end, weights of another number than the
/// variations or that don't sum to 1 (within 0.01) by equal ones. A checked definition holds neither.
pub fn bucket_ranges(count: usize, coverage: f64, weights: Option<&[f64]>) -> Vec<BucketRange> {
    let coverage = coverage.clamp(0.0, 1.0);
    let weights = match weights {
        Some(weights) if weights.len() == count && sums_to_about_one(weights) => weights.to_vec(),
        _ => equal_weights(count),
    };
    weights
        .iter()
        .scan(0.0, |used, weight| {
            let start = *used;
            *used += weight;
            Some(BucketRange(start, start + coverage * weight))
        })
        .collect()
}

fn sums_to_about_one(weights: &[f64]) -> bool {
    (0.99..=1.01).contains(&weights.iter().sum::<f64>())
}

/// The variation whose range holds the point.
pub fn choose(point: f64, ranges: &[BucketRange]) -> Option<usize> {
    ranges.iter().position(|range| range.contains(point))
}
