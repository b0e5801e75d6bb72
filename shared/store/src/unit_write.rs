//! Writing what units are given and do: a unit's row, the events it comes from and the tallies it changes, all or nothing.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::Timestamp;
use experiments::Definition;
use experiments::tally::{EventError, Exposure, UnitRecord};

use crate::attributes::{Attributes, Reader, number, text};
use crate::request::{Transacted, key};
use crate::unit::{additions, read_unit, unit_item};
use crate::{ExperimentRecord, Store, StoreError, UnitId, UnitRow, keys};

/// What happened to a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEvent {
    /// The sender's own name for it: what comes again under the same name is the same event.
    pub id: String,
    /// What happened.
    pub what: Occurrence,
}

/// What can happen to a unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Occurrence {
    /// It saw a variation; where none is named, the one it was given.
    Exposed {
        /// The variation.
        variation: Option<String>,
        /// When, and what is known from before.
        exposure: Exposure,
    },
    /// It did something.
    Converted {
        /// What.
        event: String,
        /// How much that counts.
        value: f64,
        /// When, in milliseconds since 1970-01-01T00:00:00Z.
        at_ms: i64,
    },
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It counts.
    New,
    /// It was there already.
    Known,
    /// It can't be taken.
    Refused(EventError),
    /// It doesn't say which variation the unit saw, and none is known.
    NoVariation,
}

/// What was erased of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Its rows: one for each experiment and bucket version.
    pub rows: usize,
    /// The events that were remembered of it.
    pub events: usize,
}

/// The most operations of a transaction.
const MAX_OPERATIONS: usize = 100;

/// How many events of a unit are written at once, if what they change leaves room.
const EVENTS_AT_ONCE: usize = 40;

/// How often a row is read again that somebody else wrote meanwhile.
const ATTEMPTS: u32 = 20;

/// How long an event is known again.
const REMEMBERED_S: u64 = 90 * 86_400;

const IS_THIS_VERSION: &str = "#version = :version";
const IS_NEW: &str = "attribute_not_exists(#pk)";

impl Store {
    /// Gives a unit a variation, unless it has one: says what it has now.
    pub async fn assign_unit(
        &self,
        experiment: &ExperimentRecord,
        unit: &UnitId,
        variation: &str,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let doing = doing("assigning a unit of", &experiment.definition);
        let mut before = UnitRow::default();
        for _ in 0..ATTEMPTS {
            if let Some(known) = before.record.variation() {
                return Ok(known.to_owned());
            }
            let mut after = before.clone();
            after.record.assign(variation);
            after.stretch = experiment.stretches.len().checked_sub(1);
            let operations =
                self.row_operations(&doing, experiment, unit, (&before, &after), now)?;
            match self.transact(&doing, operations).await? {
                Transacted::Done => return Ok(variation.to_owned()),
                Transacted::Refused { .. } => before = self.unit_row(experiment, unit).await?,
            }
        }
        Err(contended(doing))
    }

    /// Takes a unit's events: the answers stand in their order. Those that can't be taken leave the others alone.
    pub async fn take_events(
        &self,
        experiment: &ExperimentRecord,
        unit: &UnitId,
        events: &[UnitEvent],
        now: Timestamp,
    ) -> Result<Vec<Taken>, StoreError> {
        let mut taken: Vec<Option<Taken>> = vec![None; events.len()];
        let mut names = BTreeSet::new();
        for (event, taken) in events.iter().zip(&mut taken) {
            if !names.insert(event.id.as_str()) {
                *taken = Some(Taken::Known);
            }
        }
        let mut attempts = 0;
        while let Some(written) = self
            .take_some(experiment, unit, (events, &mut taken), now)
            .await?
        {
            attempts = if written { 0 } else { attempts + 1 };
            if attempts == ATTEMPTS {
                return Err(contended(doing("taking events of", &experiment.definition)));
            }
        }
        Ok(taken.into_iter().flatten().collect())
    }

    /// Takes as many of the events as go into a transaction. Nothing if there are none left; else whether it got on.
    async fn take_some(
        &self,
        experiment: &ExperimentRecord,
        unit: &UnitId,
        (events, taken): (&[UnitEvent], &mut [Option<Taken>]),
        now: Timestamp,
    ) -> Result<Option<bool>, StoreError> {
        let doing = doing("taking events of", &experiment.definition);
        if taken.iter().all(Option::is_some) {
            return Ok(None);
        }
        let before = self.unit_row(experiment, unit).await?;
        let mut at_once = EVENTS_AT_ONCE;
        let (included, operations) = loop {
            let mut after = before.clone();
            let mut included = Vec::new();
            for (place, (event, taken)) in events.iter().zip(taken.iter_mut()).enumerate() {
                if taken.is_none() && included.len() < at_once {
                    match apply(&mut after.record, &event.what) {
                        Taken::New => included.push(place),
                        refused => *taken = Some(refused),
                    }
                }
            }
            if included.is_empty() {
                return Ok(Some(true));
            }
            let mut operations = Vec::new();
            for place in &included {
                if let Some(event) = events.get(*place) {
                    let item = event_item(&experiment.definition.key, unit, &event.id, now);
                    operations.push(self.put_if(&doing, item, IS_NEW, Vec::new())?);
                }
            }
            operations.extend(self.row_operations(
                &doing,
                experiment,
                unit,
                (&before, &after),
                now,
            )?);
            if operations.len() <= MAX_OPERATIONS {
                break (included, operations);
            }
            // One event with all that it changes always fits: see `MAX_DAYS`.
            at_once = included.len() / 2;
        };
        match self.transact(&doing, operations).await? {
            Transacted::Done => {
                for place in included {
                    if let Some(taken) = taken.get_mut(place) {
                        *taken = Some(Taken::New);
                    }
                }
                Ok(Some(true))
            }
            // An event that is there already, or somebody else wrote the row.
            Transacted::Refused { at, .. } => {
                let known = included.get(at).and_then(|place| taken.get_mut(*place));
                Ok(Some(match known {
                    Some(taken) => {
                        *taken = Some(Taken::Known);
                        true
                    }
                    None => false,
                }))
            }
        }
    }

    /// Erases all that is kept of a unit, and takes it out of the tallies. Repeating it changes nothing.
    pub async fn erase_unit(&self, unit: &UnitId) -> Result<Erased, StoreError> {
        let doing = "erasing a unit";
        let pk = keys::unit(unit);
        let mut erased = Erased::default();
        for item in self.partition(doing, &pk, "IN#").await? {
            self.erase_row(unit, item).await?;
            erased.rows += 1;
        }
        // Only when nothing counts any more may its events be forgotten: until then one that comes again must be known.
        for item in self.partition(doing, &pk, "EVENT#").await? {
            self.client()
                .delete_item()
                .table_name(self.table())
                .set_key(Some(key(&pk, Reader(&item).text("sk")?)))
                .send()
                .await
                .map_err(|error| self.failed(doing, error))?;
            erased.events += 1;
        }
        Ok(erased)
    }

    async fn erase_row(&self, unit: &UnitId, mut item: Attributes) -> Result<(), StoreError> {
        let doing = "erasing a unit";
        let (pk, sk) = (keys::unit(unit), Reader(&item).text("sk")?.to_owned());
        for _ in 0..ATTEMPTS {
            let reader = Reader(&item);
            let before = read_unit(&item)?;
            let gone = UnitRow::default();
            let mut operations = vec![self.delete_if(
                doing,
                (&pk, &sk),
                IS_THIS_VERSION,
                vec![("version", number(before.version))],
            )?];
            if let Some(mut experiment) = self.maybe_experiment(reader.text("experiment")?).await? {
                experiment.definition.bucket_version = reader.number("bucket_version")?;
                let tallies = tallies_of(&experiment.definition, unit);
                let changed = additions(&experiment, &before, &gone);
                operations.extend(changed.operations(self, doing, &tallies)?);
            }
            match self.transact(doing, operations).await? {
                Transacted::Done => return Ok(()),
                Transacted::Refused { .. } => match self.get(doing, &pk, &sk).await? {
                    Some(changed) => item = changed,
                    None => return Ok(()),
                },
            }
        }
        Err(contended(doing.to_owned()))
    }

    /// The row as it shall be, where it still is as it was, and what that changes in the tallies.
    fn row_operations(
        &self,
        doing: &str,
        experiment: &ExperimentRecord,
        unit: &UnitId,
        (before, after): (&UnitRow, &UnitRow),
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let item = unit_item(experiment, unit, after, now);
        let (condition, values) = match before.version {
            0 => (IS_NEW, Vec::new()),
            version => (IS_THIS_VERSION, vec![("version", number(version))]),
        };
        let mut operations = vec![self.put_if(doing, item, condition, values)?];
        let tallies = tallies_of(&experiment.definition, unit);
        let changed = additions(experiment, before, after);
        operations.extend(changed.operations(self, doing, &tallies)?);
        Ok(operations)
    }
}

fn doing(what: &str, definition: &Definition) -> String {
    format!("{what} the experiment {:?}", definition.key)
}

fn contended(doing: String) -> StoreError {
    StoreError::Throttled {
        doing,
        message: "others kept writing the same unit".to_owned(),
    }
}

/// The partition of the tallies that a unit counts in.
fn tallies_of(definition: &Definition, unit: &UnitId) -> String {
    keys::tallies(&definition.key, definition.bucket_version, unit.shard())
}

fn apply(record: &mut UnitRecord, what: &Occurrence) -> Taken {
    let done = match what {
        Occurrence::Exposed {
            variation,
            exposure,
        } => {
            let known = record.variation().map(ToOwned::to_owned);
            match variation.clone().or(known) {
                Some(variation) => record.expose(&variation, exposure.clone()),
                None => return Taken::NoVariation,
            }
        }
        Occurrence::Converted {
            event,
            value,
            at_ms,
        } => record.convert(event, *value, *at_ms),
    };
    done.map_or_else(Taken::Refused, |()| Taken::New)
}

fn event_item(experiment: &str, unit: &UnitId, id: &str, now: Timestamp) -> Attributes {
    [
        ("pk", text(keys::unit(unit))),
        ("sk", text(keys::unit_event(experiment, id))),
        (
            "expires_at",
            number(now.seconds().saturating_add(REMEMBERED_S)),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
