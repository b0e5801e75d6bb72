//! Allocation: which variation a unit gets.
//!
//! The order in which a unit is looked at is that of GrowthBook's SDKs, so that an SDK in a browser, given the payload of
//! [`crate::payload`], allocates as [`Rule::assign`] does here.

mod namespace;
mod sticky;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

pub use namespace::{Filter, Namespace};
pub use sticky::{StickyBuckets, StickyDocument, assignment_key};

use crate::buckets::{BucketRange, choose};
use crate::condition::{Attributes, Condition, SavedGroups, text, truthy};
use crate::hash::{HashVersion, hash};

/// The attribute that units are known by where an experiment names none.
pub const DEFAULT_ATTRIBUTE: &str = "id";

/// How an experiment shares units out.
#[derive(Clone, Debug)]
pub struct Rule {
    pub(crate) key: String,
    pub(crate) seed: String,
    pub(crate) hash_version: HashVersion,
    pub(crate) hash_attribute: String,
    pub(crate) fallback_attribute: Option<String>,
    /// The variations' keys.
    pub(crate) variations: Vec<String>,
    pub(crate) ranges: Vec<BucketRange>,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) condition: Option<Condition>,
    pub(crate) bucket_version: u32,
    pub(crate) min_bucket_version: u32,
    /// Variations by the units that get them whatever their hash.
    pub(crate) forced: BTreeMap<String, usize>,
}

/// Who is to be allocated.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// What is known of the unit, its identifiers among it.
    pub attributes: &'a Attributes,
    /// The saved groups that conditions may name.
    pub groups: &'a SavedGroups,
    /// What the unit was given before. Without it nothing sticks, and no fallback attribute is looked at.
    pub sticky: Option<&'a StickyBuckets>,
}

/// What a unit gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment<'a> {
    /// The variation's place in the definition.
    pub variation: usize,
    /// Why it gets this one.
    pub origin: Origin,
    /// The attribute that the unit is known by.
    pub attribute: &'a str,
    /// Its value.
    pub unit: Cow<'a, str>,
}

/// Why a unit gets the variation that it gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// Its hash, which lies there between 0 and 1.
    Bucket(f64),
    /// It was given the same before.
    Sticky,
    /// The definition names the unit. It is not part of the experiment: nothing is counted for it.
    Forced,
}

/// Why a unit is not in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Excluded {
    /// The unit has no value for the attribute by which units are known.
    #[error("the unit lacks the attribute by which the experiment knows units")]
    Unknown,
    /// A filter leaves it out.
    #[error("a filter leaves the unit out")]
    Filtered,
    /// It is in another part of the namespace.
    #[error("the unit is in another part of the namespace")]
    OtherNamespace,
    /// The condition doesn't hold for it.
    #[error("the condition doesn't hold for the unit")]
    NotTargeted,
    /// Its hash lies outside what the coverage takes in.
    #[error("the coverage doesn't reach the unit")]
    NotCovered,
    /// It was in a version of the experiment whose units are to be left out.
    #[error("the unit was in a version of the experiment that is blocked")]
    BlockedVersion,
}

impl Rule {
    /// What a unit gets, or why nothing.
    pub fn assign<'a>(&'a self, unit: Unit<'a>) -> Result<Assignment<'a>, Excluded> {
        let (attribute, value) = self.identify(unit)?;
        let assignment = |variation, origin| Assignment {
            variation,
            origin,
            attribute,
            unit: value.clone(),
        };
        if let Some(variation) = self.forced.get(&*value) {
            return Ok(assignment(*variation, Origin::Forced));
        }
        let mut blocked = false;
        if let Some(sticky) = unit.sticky {
            let given = |version| self.given(unit, sticky, &assignment_key(&self.key, version));
            blocked = (0..self.min_bucket_version).any(|version| given(version).is_some());
            let variation = given(self.bucket_version).filter(|_| !blocked);
            // A variation that there isn't any more counts as none.
            if let Some(variation) =
                variation.and_then(|key| self.variations.iter().position(|known| known == key))
            {
                return Ok(assignment(variation, Origin::Sticky));
            }
        }
        self.admit(unit, &value)?;
        if blocked {
            return Err(Excluded::BlockedVersion);
        }
        let point = hash(&self.seed, &value, self.hash_version);
        let variation = choose(point, &self.ranges).ok_or(Excluded::NotCovered)?;
        Ok(assignment(variation, Origin::Bucket(point)))
    }

    /// The unit's document with this assignment in it: what is to be kept so that the unit is never moved.
    pub fn sticky_document(
        &self,
        assignment: &Assignment<'_>,
        known: &StickyBuckets,
    ) -> Option<StickyDocument> {
        let variation = self.variations.get(assignment.variation)?;
        let key = assignment_key(&self.key, self.bucket_version);
        Some(known.with(assignment.attribute, &assignment.unit, key, variation))
    }

    /// The attributes, with their values, by which a unit may have been given something before.
    pub fn names_of<'a>(&'a self, unit: Unit<'a>) -> Vec<(&'a str, Cow<'a, str>)> {
        let mut names: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for attribute in self.sticky_attributes() {
            if let Some(value) = value_of(unit, attribute)
                && names.iter().all(|(known, _)| *known != attribute)
            {
                names.push((attribute, value));
            }
        }
        names
    }

    /// What a unit was given by its first attribute comes before what by the fallback, which is the default attribute where there is
    /// none: so the SDKs do it.
    fn sticky_attributes(&self) -> [&str; 2] {
        let fallback = self.fallback_attribute.as_deref();
        [&self.hash_attribute, fallback.unwrap_or(DEFAULT_ATTRIBUTE)]
    }

    /// The attribute that a unit is known by, and its value.
    fn identify<'a>(&'a self, unit: Unit<'a>) -> Result<(&'a str, Cow<'a, str>), Excluded> {
        let fallback = self
            .fallback_attribute
            .as_deref()
            .filter(|_| unit.sticky.is_some());
        let mut attributes = [Some(self.hash_attribute.as_str()), fallback]
            .into_iter()
            .flatten();
        attributes
            .find_map(|attribute| Some((attribute, value_of(unit, attribute)?)))
            .ok_or(Excluded::Unknown)
    }

    /// What the unit was given under a name.
    fn given<'a>(
        &self,
        unit: Unit<'a>,
        sticky: &'a StickyBuckets,
        assignment: &str,
    ) -> Option<&'a str> {
        self.sticky_attributes().into_iter().find_map(|attribute| {
            let value = value_of(unit, attribute)?;
            sticky.find(attribute, &value, assignment)
        })
    }

    fn admit(&self, unit: Unit<'_>, value: &str) -> Result<(), Excluded> {
        let passes = |filter: &Filter| {
            let attribute = filter.attribute.as_deref().unwrap_or(DEFAULT_ATTRIBUTE);
            value_of(unit, attribute).is_some_and(|value| filter.contains(&value))
        };
        if !self.filters.iter().all(passes) {
            return Err(Excluded::Filtered);
        }
        // Filters are what namespaces became: where there are any, the namespace isn't looked at.
        let namespace = self.namespace.as_ref().filter(|_| self.filters.is_empty());
        if namespace.is_some_and(|namespace| !namespace.contains(value)) {
            return Err(Excluded::OtherNamespace);
        }
        let condition = self.condition.as_ref();
        if condition.is_some_and(|condition| !condition.holds(unit.attributes, unit.groups)) {
            return Err(Excluded::NotTargeted);
        }
        Ok(())
    }
}

/// An attribute's value as text. Empty text, zero and false identify nobody.
fn value_of<'a>(unit: Unit<'a>, attribute: &str) -> Option<Cow<'a, str>> {
    let value: &Value = unit.attributes.get(attribute)?;
    truthy(value).then(|| text(value))
}
