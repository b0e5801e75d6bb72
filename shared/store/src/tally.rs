//! Tallies: what an experiment's units add up to, by day and variation, over shards that many writers share.
//!
//! Metrics stand there by their place in the definition, which no longer changes once there are tallies: names of attributes must be short,
//! because an expression has at most 4 KB.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use experiments::stats::srm::Period;
use experiments::tally::{Day, Sums, Tallies, Tally};

use crate::attributes::{Attributes, Reader, amount};
use crate::keys::{self, SHARDS};
use crate::request::Change;
use crate::{ExperimentRecord, Store, StoreError};

/// What the units of an experiment's present bucket version add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// By variation and day.
    pub tallies: Tallies,
    /// Conversions of units of which no variation is known.
    pub unassigned: i64,
    /// Units by the weights that stood when they were first seen.
    pub periods: Vec<Period>,
}

/// One of a metric's sums.
type Field = fn(&mut Sums) -> &mut f64;

/// The letters of a metric's sums.
const LETTERS: [(char, Field); 8] = [
    ('a', |sums| &mut sums.sum),
    ('b', |sums| &mut sums.sum_squares),
    ('c', |sums| &mut sums.denominator),
    ('d', |sums| &mut sums.denominator_squares),
    ('e', |sums| &mut sums.denominator_product),
    ('f', |sums| &mut sums.pre),
    ('g', |sums| &mut sums.pre_squares),
    ('h', |sums| &mut sums.pre_product),
];

const DAY: &str = "DAY#";
const PERIOD: &str = "PERIOD#";
const UNASSIGNED: &str = "UNASSIGNED";
const UNITS: &str = "units";
const APART: &str = "apart";

/// What is added to items of one shard, in one transaction with what it is added for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Additions(BTreeMap<String, BTreeMap<String, f64>>);

impl Additions {
    /// What changes in the tallies.
    pub(crate) fn of(experiment: &ExperimentRecord, difference: &Tallies) -> Self {
        let mut additions = Self::default();
        for ((variation, day), tally) in difference {
            let Some(variation) = variation else {
                additions.add(UNASSIGNED.to_owned(), APART.to_owned(), tally.apart as f64);
                continue;
            };
            let place = format!("{DAY}{}#{variation}", day.0);
            additions.add(place.clone(), UNITS.to_owned(), tally.units as f64);
            additions.add(place.clone(), APART.to_owned(), tally.apart as f64);
            for (number, metric) in experiment.definition.metrics.iter().enumerate() {
                let mut sums = tally.sums(&metric.key);
                for (letter, field) in LETTERS {
                    additions.add(
                        place.clone(),
                        format!("{letter}{number}"),
                        *field(&mut sums),
                    );
                }
            }
        }
        additions
    }

    /// One unit more, or less, of a variation in a stretch of the experiment's weights.
    pub(crate) fn count(&mut self, stretch: usize, variation: usize, units: f64) {
        self.add(format!("{PERIOD}{stretch}"), format!("v{variation}"), units);
    }

    fn add(&mut self, place: String, name: String, value: f64) {
        if value == 0.0 {
            return;
        }
        let item = self.0.entry(place).or_default();
        *item.entry(name).or_default() += value;
    }

    /// As operations of a transaction, one an item.
    pub(crate) fn operations(
        mut self,
        store: &Store,
        doing: &str,
        pk: &str,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        for amounts in self.0.values_mut() {
            amounts.retain(|_, value| *value != 0.0);
        }
        self.0.retain(|_, amounts| !amounts.is_empty());
        let operations = self.0.iter().map(|(place, amounts)| {
            let added: Vec<_> = amounts
                .keys()
                .map(|name| format!("#{name} :{name}"))
                .collect();
            store.change_if(Change {
                doing: doing.to_owned(),
                pk: pk.to_owned(),
                sk: place.clone(),
                update: format!("ADD {}", added.join(",")).into(),
                condition: "".into(),
                values: amounts
                    .iter()
                    .map(|(name, value)| (name.as_str(), amount(*value)))
                    .collect(),
            })
        });
        operations.collect()
    }
}

impl Store {
    /// What an experiment's units add up to by now.
    pub async fn observed(&self, experiment: &ExperimentRecord) -> Result<Observed, StoreError> {
        let definition = &experiment.definition;
        let doing = format!("reading the tallies of the experiment {:?}", definition.key);
        let units = vec![0.0; definition.variations.len()];
        let periods = experiment.stretches.iter().map(|stretch| Period {
            units: units.clone(),
            weights: stretch.weights.clone(),
        });
        let mut observed = Observed {
            periods: periods.collect(),
            ..Observed::default()
        };
        for shard in 0..SHARDS {
            let pk = keys::tallies(&definition.key, definition.bucket_version, shard);
            for item in self.partition(&doing, &pk, "").await? {
                observed.add(experiment, &item)?;
            }
        }
        observed.tallies.retain(|_, tally| !tally.is_zero());
        Ok(observed)
    }
}

impl Observed {
    fn add(&mut self, experiment: &ExperimentRecord, item: &Attributes) -> Result<(), StoreError> {
        let reader = Reader(item);
        let place = reader.text("sk")?;
        let unknown = || reader.damaged("it is no place of a tally");
        if place == UNASSIGNED {
            self.unassigned += reader.maybe_number(APART)?.unwrap_or(0);
        } else if let Some(number) = place.strip_prefix(PERIOD) {
            let number: usize = number.parse().map_err(|_| unknown())?;
            let period = self.periods.get_mut(number).ok_or_else(unknown)?;
            for (variation, units) in period.units.iter_mut().enumerate() {
                *units += reader
                    .maybe_number(&format!("v{variation}"))?
                    .unwrap_or(0.0);
            }
        } else if let Some((day, variation)) = place
            .strip_prefix(DAY)
            .and_then(|place| place.split_once('#'))
        {
            let day = Day(day.parse().map_err(|_| unknown())?);
            let tally = read_tally(experiment, item)?;
            *self
                .tallies
                .entry((Some(variation.to_owned()), day))
                .or_default() += &tally;
        } else {
            return Err(unknown());
        }
        Ok(())
    }
}

fn read_tally(experiment: &ExperimentRecord, item: &Attributes) -> Result<Tally, StoreError> {
    let reader = Reader(item);
    let mut tally = Tally {
        units: reader.maybe_number(UNITS)?.unwrap_or(0),
        apart: reader.maybe_number(APART)?.unwrap_or(0),
        ..Tally::default()
    };
    for (number, metric) in experiment.definition.metrics.iter().enumerate() {
        let mut sums = Sums::default();
        for (letter, field) in LETTERS {
            let name = format!("{letter}{number}");
            if let Some(AttributeValue::N(_)) = item.get(&name) {
                *field(&mut sums) = reader.number(&name)?;
            }
        }
        if !sums.is_zero() {
            tally.metrics.insert(metric.key.clone(), sums);
        }
    }
    Ok(tally)
}
