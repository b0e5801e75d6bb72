//! Counts that are kept as things happen, so that statistics need no scan: a day's rounds, by brand and over all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::quality::{Criterion, RoundScore, Tier};
use domain::{Run, Timestamp};

use crate::attributes::{Attributes, Reader, number, text};
use crate::keys::{self, SHARDS};
use crate::request::{Change, Order, Rows};
use crate::{Store, StoreError};

/// A day's rounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayOfRounds {
    /// How many were judged.
    pub rounds: u64,
    /// How many by tier.
    pub tiers: BTreeMap<Tier, u64>,
    /// The sum of their totals, in tenths of a point.
    pub total_tenths: u64,
    /// By criterion: how many were judged by it, and the sum of their scores.
    pub criteria: BTreeMap<Criterion, (u64, u64)>,
}

impl DayOfRounds {
    fn add(&mut self, item: &Attributes) -> Result<(), StoreError> {
        let reader = Reader(item);
        let count = |name: &str| {
            reader
                .maybe_number::<u64>(name)
                .map(Option::unwrap_or_default)
        };
        self.rounds += count("rounds")?;
        self.total_tenths += count("total_tenths")?;
        for tier in Tier::ALL {
            let found = count(tier.name())?;
            if found > 0 {
                *self.tiers.entry(tier).or_default() += found;
            }
        }
        for criterion in Criterion::ALL {
            let judged = count(&format!("{criterion}_n"))?;
            if judged > 0 {
                let entry = self.criteria.entry(criterion).or_default();
                entry.0 += judged;
                entry.1 += count(&format!("{criterion}_sum"))?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// The rounds judged on the days from `first` to `last` (`yyyy-mm-dd` in UTC, both included), of one brand or of all, by day.
    pub async fn rounds_by_day(
        &self,
        brand: Option<&str>,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, DayOfRounds>, StoreError> {
        let found = self
            .rows(Rows {
                doing: "reading the counts of rounds",
                keys: "pk = :pk AND sk BETWEEN :first AND :last",
                values: vec![
                    ("pk", text(keys::round_counts(brand))),
                    ("first", text(first)),
                    ("last", text(format!("{last}#~"))),
                ],
                latest: false,
                order: Order::OldestFirst,
            })
            .await?;
        let mut days: BTreeMap<String, DayOfRounds> = BTreeMap::new();
        for item in &found {
            let sk = Reader(item).text("sk")?;
            let day = sk.split('#').next().unwrap_or(sk).to_owned();
            days.entry(day).or_default().add(item)?;
        }
        Ok(days)
    }
}

/// What a round's end adds to the counts of its day. The run's shard spreads the writers.
pub(crate) fn round_counts(
    run: &Run,
    score: &RoundScore,
    now: Timestamp,
    doing: &str,
) -> Vec<Change<'static>> {
    let shard = keys::shard(run.id.as_str()) % SHARDS;
    let day: String = now.rfc3339().chars().take(10).collect();
    let mut update = format!(
        "ADD #rounds :one, #total_tenths :total, #{tier} :one",
        tier = score.tier.name()
    );
    for criterion in score.scores.keys() {
        // Writing to a string can't fail.
        let _ = write!(
            update,
            ", #{criterion}_n :one, #{criterion}_sum :{criterion}"
        );
    }
    let change = |pk: String| {
        let mut values = vec![
            ("one", number(1_u32)),
            ("total", number(score.total.tenths())),
        ];
        values.extend(
            score
                .scores
                .iter()
                .map(|(criterion, &value)| (criterion.name(), number(value))),
        );
        Change {
            doing: doing.to_owned(),
            pk,
            sk: format!("{day}#{shard}"),
            update: update.clone().into(),
            condition: "".into(),
            values,
        }
    };
    let mut changes = vec![change(keys::round_counts(None))];
    changes.extend(
        run.brand
            .as_deref()
            .map(|brand| change(keys::round_counts(Some(brand)))),
    );
    changes
}
