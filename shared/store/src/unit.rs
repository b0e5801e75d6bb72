//! Units: who takes part in experiments, known by a digest only, and what each did.

use std::fmt;

use domain::{ContentKey, Timestamp};
use experiments::tally::{UnitRecord, difference};

use crate::attributes::{Attributes, Reader, json, number, text};
use crate::keys;
use crate::tally::Additions;
use crate::{ExperimentRecord, Store, StoreError};

/// A unit, known by the digest of the attribute that names it and of its value. The value itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(ContentKey);

impl UnitId {
    /// The unit that has this value of this attribute.
    pub fn of(attribute: &str, value: &str) -> Self {
        Self(ContentKey::of(&[attribute.as_bytes(), value.as_bytes()]))
    }

    /// The shard of the tallies that it counts in: 0 to 7.
    pub fn shard(&self) -> u32 {
        keys::shard(self.as_str())
    }

    /// The digest.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One unit in one experiment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitRow {
    /// What it did.
    pub record: UnitRecord,
    /// The stretch of weights in which it was given its variation, if it was given one here. One that is known by its exposure alone
    /// counts to the stretch in which that was.
    pub stretch: Option<usize>,
    /// How often it was written; 0 where it wasn't yet.
    pub(crate) version: u64,
}

impl UnitRow {
    /// Where the unit counts in the check of the sample's ratio: the stretch, and its variation's place. Nothing before it is exposed.
    fn counted(&self, experiment: &ExperimentRecord) -> Option<(usize, usize)> {
        let at_ms = self.record.exposed_at_ms()?;
        let variation = self.record.variation()?;
        let variations = &experiment.definition.variations;
        let place = variations.iter().position(|known| known.key == variation)?;
        let stretch = self.stretch.unwrap_or_else(|| experiment.stretch_at(at_ms));
        Some((stretch, place))
    }
}

/// What changes in the tallies when a unit's row changes.
pub(crate) fn additions(
    experiment: &ExperimentRecord,
    before: &UnitRow,
    after: &UnitRow,
) -> Additions {
    let metrics = &experiment.definition.metrics;
    let changed = difference(&before.record, &after.record, metrics);
    let mut additions = Additions::of(experiment, &changed);
    let (from, to) = (before.counted(experiment), after.counted(experiment));
    if from != to {
        if let Some((stretch, variation)) = from {
            additions.count(stretch, variation, -1.0);
        }
        if let Some((stretch, variation)) = to {
            additions.count(stretch, variation, 1.0);
        }
    }
    additions
}

impl Store {
    /// What is known of a unit in an experiment, by bucket version; the latest state.
    pub async fn unit_rows(
        &self,
        experiment: &str,
        unit: &UnitId,
    ) -> Result<Vec<(u32, UnitRow)>, StoreError> {
        let doing = format!("reading a unit of the experiment {experiment:?}");
        let items = self
            .partition(&doing, &keys::unit(unit), &keys::unit_places(experiment))
            .await?;
        items
            .iter()
            .map(|item| Ok((Reader(item).number("bucket_version")?, read_unit(item)?)))
            .collect()
    }

    pub(crate) async fn unit_row(
        &self,
        experiment: &ExperimentRecord,
        unit: &UnitId,
    ) -> Result<UnitRow, StoreError> {
        let definition = &experiment.definition;
        let doing = format!("reading a unit of the experiment {:?}", definition.key);
        let place = keys::unit_place(&definition.key, definition.bucket_version);
        let item = self.get(&doing, &keys::unit(unit), &place).await?;
        item.as_ref()
            .map_or_else(|| Ok(UnitRow::default()), read_unit)
    }
}

/// A unit's row as it is written next.
pub(crate) fn unit_item(
    experiment: &ExperimentRecord,
    unit: &UnitId,
    row: &UnitRow,
    now: Timestamp,
) -> Attributes {
    let definition = &experiment.definition;
    let place = keys::unit_place(&definition.key, definition.bucket_version);
    let mut item = vec![
        ("pk", text(keys::unit(unit))),
        ("sk", text(place)),
        ("experiment", text(&definition.key)),
        ("bucket_version", number(definition.bucket_version)),
        ("record", json(&row.record)),
        ("version", number(row.version.saturating_add(1))),
        ("updated_at", number(now.0)),
    ];
    item.extend(
        row.stretch
            .map(|stretch| ("stretch", number(stretch as u64))),
    );
    item.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

pub(crate) fn read_unit(item: &Attributes) -> Result<UnitRow, StoreError> {
    let reader = Reader(item);
    Ok(UnitRow {
        record: reader.json("record")?,
        stretch: reader.maybe_number("stretch")?,
        version: reader.number("version")?,
    })
}
