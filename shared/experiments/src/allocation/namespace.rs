//! Exclusive groups: experiments with parts of one namespace that don't overlap share no unit.

use serde::{Deserialize, Serialize};

use crate::buckets::BucketRange;
use crate::hash::{HashVersion, hash};

/// A part of a namespace: its name, where the part begins (inclusive) and where it ends (exclusive).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Namespace(pub String, pub f64, pub f64);

impl Namespace {
    /// Whether a unit is in this part.
    pub fn contains(&self, unit: &str) -> bool {
        let Self(name, from, to) = self;
        BucketRange(*from, *to).contains(hash(&format!("__{name}"), unit, HashVersion::V1))
    }
}

/// Takes in the units whose hash lies in one of the ranges: a namespace that may be hashed by any attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
    /// The attribute that is hashed; `id` where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The seed of its hash.
    pub seed: String,
    /// The version of its hash.
    #[serde(default)]
    pub hash_version: HashVersion,
    /// The parts of the line from 0 to 1 that are taken in.
    pub ranges: Vec<BucketRange>,
}

impl Filter {
    /// Whether a unit is taken in.
    pub fn contains(&self, unit: &str) -> bool {
        let point = hash(&self.seed, unit, self.hash_version);
        self.ranges.iter().any(|range| range.contains(point))
    }
}
