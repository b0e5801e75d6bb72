//! Sticky buckets: what a unit was given once, it keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What one unit was given, in the form in which GrowthBook's SDKs keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StickyDocument {
    /// The attribute that the unit is known by.
    pub attribute_name: String,
    /// Its value.
    pub attribute_value: String,
    /// Variation keys by `experiment__bucketVersion`.
    pub assignments: BTreeMap<String, String>,
}

/// The documents of all the attributes that a unit is known by.
#[derive(Clone, Debug, Default)]
pub struct StickyBuckets(BTreeMap<(String, String), StickyDocument>);

impl StickyBuckets {
    /// Adds a document, in place of one for the same attribute and value.
    pub fn insert(&mut self, document: StickyDocument) {
        let key = (
            document.attribute_name.clone(),
            document.attribute_value.clone(),
        );
        self.0.insert(key, document);
    }

    /// What the unit of this attribute and value was given.
    pub(crate) fn find(&self, attribute: &str, value: &str, assignment: &str) -> Option<&str> {
        let document = self.0.get(&(attribute.to_owned(), value.to_owned()))?;
        document.assignments.get(assignment).map(String::as_str)
    }

    /// The unit's document with one more assignment.
    pub(crate) fn with(
        &self,
        attribute: &str,
        value: &str,
        assignment: String,
        variation: &str,
    ) -> StickyDocument {
        let known = self.0.get(&(attribute.to_owned(), value.to_owned()));
        let mut document = known.cloned().unwrap_or_else(|| StickyDocument {
            attribute_name: attribute.into(),
            attribute_value: value.into(),
            assignments: BTreeMap::new(),
        });
        document.assignments.insert(assignment, variation.into());
        document
    }
}

impl FromIterator<StickyDocument> for StickyBuckets {
    fn from_iter<T: IntoIterator<Item = StickyDocument>>(documents: T) -> Self {
        let mut buckets = Self::default();
        documents
            .into_iter()
            .for_each(|document| buckets.insert(document));
        buckets
    }
}

/// The name under which an experiment's assignment is kept.
pub fn assignment_key(experiment: &str, bucket_version: u32) -> String {
    format!("{experiment}__{bucket_version}")
}
