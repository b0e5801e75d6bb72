//! What units did: read, checked one by one, and counted.

use std::collections::BTreeMap;

use domain::Timestamp;
use experiments::Experiment;
use experiments::tally::Exposure;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{ExperimentRecord, Occurrence, Store, Taken, UnitEvent, UnitId};
use tokio::task::JoinSet;
use utoipa::ToSchema;

use crate::assignments::{LONGEST_UNIT, too_long};
use crate::retry::Patience;
use crate::{AssignError, Experiments};

/// The most events of a batch.
pub(crate) const MOST_EVENTS: usize = 500;

/// The longest id of an event, in bytes.
const LONGEST_ID: usize = 200;

/// How far ahead an event's time may be: clocks are a day off.
const MOST_AHEAD_MS: u64 = 2 * 86_400_000;

/// An event as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ExperimentEvent)]
pub(crate) enum Sent {
    /// A unit saw its variation.
    Exposure {
        /// The sender's own name for the event: what comes again under it counts once.
        #[schema(min_length = 1, max_length = 200)]
        id: String,
        /// The unit: the value of the attribute.
        #[schema(min_length = 1, max_length = 1024)]
        unit: String,
        /// The attribute; where none is named, the experiment's own.
        attribute: Option<String>,
        /// The variation that it saw; not needed if the unit was assigned here.
        variation: Option<String>,
        /// Values from before the experiment, by metric, for those that have cuped.
        #[serde(default)]
        #[schema(value_type = Object)]
        pre: BTreeMap<String, f64>,
        /// When; where it isn't said, now.
        #[schema(format = DateTime)]
        at: Option<String>,
    },
    /// A unit did something.
    Conversion {
        /// The sender's own name for the event.
        #[schema(min_length = 1, max_length = 200)]
        id: String,
        /// The unit: the value of the attribute.
        #[schema(min_length = 1, max_length = 1024)]
        unit: String,
        /// The attribute; where none is named, the experiment's own.
        attribute: Option<String>,
        /// What it did: the event of a metric.
        event: String,
        /// How much that counts.
        #[serde(default = "one")]
        #[schema(minimum = 0, default = 1.0)]
        value: f64,
        /// When; where it isn't said, now.
        #[schema(format = DateTime)]
        at: Option<String>,
    },
}

fn one() -> f64 {
    1.0
}

/// What became of events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EventsOutcome)]
pub struct Outcome {
    /// How many count.
    pub taken: usize,
    /// How many were there already.
    pub known: usize,
    /// Those that can't be taken.
    pub refused: Vec<Refused>,
}

/// An event that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RefusedEvent)]
pub struct Refused {
    /// Its place in what was sent, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// A unit's events, with their places in the batch.
type OfUnit = (UnitId, Vec<(usize, UnitEvent)>);

impl Experiments {
    /// Counts events of an experiment. Those that can't be taken leave the others alone; all may be sent again.
    pub async fn take(&self, key: &str, sent: Vec<Value>) -> Result<Outcome, AssignError> {
        if sent.is_empty() || sent.len() > MOST_EVENTS {
            return Err(AssignError::Events(format!(
                "there are {}; send 1 to {MOST_EVENTS} at once",
                sent.len()
            )));
        }
        let (record, experiment) = self.under_way(key).await?;
        let now = (self.clock)();
        let mut outcome = Outcome::default();
        let mut units: BTreeMap<UnitId, Vec<(usize, UnitEvent)>> = BTreeMap::new();
        for (index, event) in sent.into_iter().enumerate() {
            match read(&experiment, event, now) {
                Ok((unit, event)) => units.entry(unit).or_default().push((index, event)),
                Err(reason) => outcome.refused.push(Refused { index, reason }),
            }
        }
        self.write_all(&record, units.into_iter().collect(), now, &mut outcome)
            .await?;
        outcome.refused.sort_by_key(|refused| refused.index);
        Ok(outcome)
    }

    /// Writes each shard's units one after the other: side by side they would meet at the shard's tallies.
    async fn write_all(
        &self,
        record: &ExperimentRecord,
        units: Vec<OfUnit>,
        now: Timestamp,
        outcome: &mut Outcome,
    ) -> Result<(), AssignError> {
        let mut lanes: BTreeMap<u32, Vec<OfUnit>> = BTreeMap::new();
        for of_unit in units {
            lanes.entry(of_unit.0.shard()).or_default().push(of_unit);
        }
        let mut writing = JoinSet::new();
        for units in lanes.into_values() {
            writing.spawn(write(self.store.clone(), record.clone(), units, now));
        }
        while let Some(written) = writing.join_next().await {
            for (index, taken) in written?? {
                outcome.count(index, taken);
            }
        }
        Ok(())
    }
}

async fn write(
    store: Store,
    record: ExperimentRecord,
    units: Vec<OfUnit>,
    now: Timestamp,
) -> Result<Vec<(usize, Taken)>, AssignError> {
    let mut written = Vec::new();
    for (unit, events) in units {
        let (places, events): (Vec<usize>, Vec<UnitEvent>) = events.into_iter().unzip();
        let mut patience = Patience::default();
        let taken = loop {
            match store.take_events(&record, &unit, &events, now).await {
                Err(error) if patience.lasts(&error).await => {}
                taken => break taken?,
            }
        };
        written.extend(places.into_iter().zip(taken));
    }
    Ok(written)
}

impl Outcome {
    fn count(&mut self, index: usize, taken: Taken) {
        let reason = match taken {
            Taken::New => {
                self.taken += 1;
                return;
            }
            Taken::Known => {
                self.known += 1;
                return;
            }
            Taken::Refused(error) => error.to_string(),
            Taken::NoVariation => {
                "the unit was assigned nothing here: name the variation that it saw".to_owned()
            }
        };
        self.refused.push(Refused { index, reason });
    }
}

/// Reads an event and checks it against the experiment.
fn read(
    experiment: &Experiment,
    event: Value,
    now: Timestamp,
) -> Result<(UnitId, UnitEvent), String> {
    let definition = experiment.definition();
    let sent: Sent = serde_json::from_value(event).map_err(|error| error.to_string())?;
    let (id, unit, attribute, what) = match sent {
        Sent::Exposure {
            id,
            unit,
            attribute,
            variation,
            pre,
            at,
        } => {
            let there = |key: &String| definition.variations.iter().any(|known| known.key == *key);
            if let Some(unknown) = variation.as_ref().filter(|key| !there(key)) {
                return Err(format!("the experiment has no variation {unknown:?}"));
            }
            let adjusted = |key: &String| {
                let mut metrics = definition.metrics.iter();
                metrics.any(|metric| metric.cuped && metric.key == *key)
            };
            if let Some(unknown) = pre.keys().find(|key| !adjusted(key)) {
                return Err(format!(
                    "pre: the experiment has no metric {unknown:?} with cuped"
                ));
            }
            let at_ms = time(at.as_deref(), now)?;
            let exposure = Exposure { at_ms, pre };
            let what = Occurrence::Exposed {
                variation,
                exposure,
            };
            (id, unit, attribute, what)
        }
        Sent::Conversion {
            id,
            unit,
            attribute,
            event,
            value,
            at,
        } => {
            if !experiment.events().contains(event.as_str()) {
                return Err(format!(
                    "no metric of the experiment has the event {event:?}"
                ));
            }
            let at_ms = time(at.as_deref(), now)?;
            let what = Occurrence::Converted {
                event,
                value,
                at_ms,
            };
            (id, unit, attribute, what)
        }
    };
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(format!("id: it must have 1 to {LONGEST_ID} bytes"));
    }
    if unit.is_empty() {
        return Err("unit: it must not be empty".to_owned());
    }
    if unit.len() > LONGEST_UNIT {
        return Err(format!("unit: {}", too_long(&unit)));
    }
    let attribute = attribute.unwrap_or_else(|| definition.hash_attribute.clone());
    let known = [
        Some(&definition.hash_attribute),
        definition.fallback_attribute.as_ref(),
    ];
    if !known.contains(&Some(&attribute)) {
        return Err(format!(
            "the experiment doesn't know units by {attribute:?}"
        ));
    }
    if definition.forced.contains_key(&unit) {
        return Err("the unit is forced, so nothing is counted for it".to_owned());
    }
    Ok((UnitId::of(&attribute, &unit), UnitEvent { id, what }))
}

/// An event's time in milliseconds since 1970.
fn time(at: Option<&str>, now: Timestamp) -> Result<i64, String> {
    let at = match at {
        None => now,
        Some(text) => Timestamp::parse(text)
            .ok_or_else(|| format!("at: {text:?} is no time such as 2026-11-23T10:00:00.000Z"))?,
    };
    if at.0 > now.0.saturating_add(MOST_AHEAD_MS) {
        return Err("at: it lies more than two days ahead".to_owned());
    }
    i64::try_from(at.0).map_err(|error| format!("at: {error}"))
}
