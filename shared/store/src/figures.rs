//! What processes recorded of themselves, kept by minute and by day.
//!
//! A row holds what all processes recorded in its time. A process adds to it by reading it, adding up and writing it back under the condition that
//! nobody else wrote meanwhile; who meets somebody else's write goes on to another shard of the same time. So nothing is lost however many write,
//! a lonely process has one row a minute, and only many at once make more rows. A row names who added to it last: an addition that was written though
//! its answer got lost is recognised, and not made twice.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use domain::Timestamp;
use monitor::Figures;

use crate::attributes::{Attributes, Reader, number, text, texts};
use crate::keys::{SHARDS, shard};
use crate::request::{Order, Rows, key};
use crate::{Store, StoreError};

/// How many of the last additions a row names: more than can be made while one waits for its answer.
const REMEMBERED: usize = 16;

/// How often an addition is tried, each time in another place, before it is given up for now.
const TRIES: u32 = 24;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 86_400_000;

/// How finely time is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// By minute, for two days.
    Minute,
    /// By day in UTC, for 400 days.
    Day,
}

impl Grain {
    /// The length of one, in milliseconds.
    pub fn length_ms(self) -> u64 {
        match self {
            Self::Minute => MINUTE_MS,
            Self::Day => DAY_MS,
        }
    }

    /// When the one that `at` is in begins.
    pub fn begin(self, at: Timestamp) -> Timestamp {
        Timestamp(at.0 - at.0 % self.length_ms())
    }

    fn partition(self) -> &'static str {
        match self {
            Self::Minute => "STAT#figures#minutes",
            Self::Day => "STAT#figures#days",
        }
    }

    /// How a time stands in keys: as far as this tells times apart.
    fn place(self, at: Timestamp) -> String {
        let digits = match self {
            Self::Minute => 16,
            Self::Day => 10,
        };
        at.rfc3339().chars().take(digits).collect()
    }

    fn read(self, place: &str) -> Option<Timestamp> {
        let rest = match self {
            Self::Minute => ":00.000Z",
            Self::Day => "T00:00:00.000Z",
        };
        Timestamp::parse(&format!("{place}{rest}"))
    }

    /// The second after which a row may be removed.
    fn expires_at(self, begin: Timestamp) -> u64 {
        let days = match self {
            Self::Minute => 2,
            Self::Day => 400,
        };
        (begin.0 + days * DAY_MS) / 1000
    }
}

/// What a process adds to the figures of a time.
#[derive(Debug)]
pub struct Addition<'a> {
    /// By minute or by day.
    pub grain: Grain,
    /// Which: a time in it.
    pub at: Timestamp,
    /// What was recorded.
    pub figures: &'a Figures,
    /// Names this addition: no other has the same.
    pub token: &'a str,
    /// Whether it was tried before, and may have been made.
    pub again: bool,
}

impl Store {
    /// Adds to the figures of a time, once however often it is asked. What keeping figures takes of the tables is not itself recorded.
    pub async fn add_figures(&self, addition: &Addition<'_>) -> Result<(), StoreError> {
        let grain = addition.grain;
        let place = grain.place(addition.at);
        let doing = format!("adding to the figures of {place}");
        if addition.again && self.made(grain, &place, addition.token, &doing).await? {
            return Ok(());
        }
        for turn in 0..TRIES {
            // Whoever is alone, and that is nearly everybody, stays in the first shard.
            let shard = match turn {
                0 => 0,
                turn => shard(&format!("{}#{turn}", addition.token)) % SHARDS,
            };
            let sk = format!("{place}#{shard}");
            if self.add_to_row(addition, &sk, &doing).await? {
                return Ok(());
            }
        }
        Err(StoreError::Throttled {
            doing,
            message: format!("others wrote to each of {TRIES} places just then"),
        })
    }

    /// Whether an addition was made, in whichever shard.
    async fn made(
        &self,
        grain: Grain,
        place: &str,
        token: &str,
        doing: &str,
    ) -> Result<bool, StoreError> {
        let (first, last) = (format!("{place}#"), format!("{place}#~"));
        let client = self.unmeasured();
        let rows = self
            .figure_rows(client, grain, first, last, true, doing)
            .await?;
        for row in &rows {
            if remembers(row, token)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds to one row, unless somebody else writes to it just then.
    async fn add_to_row(
        &self,
        addition: &Addition<'_>,
        sk: &str,
        doing: &str,
    ) -> Result<bool, StoreError> {
        let Addition {
            grain, at, token, ..
        } = *addition;
        // It need not be the latest: if it isn't, the condition says so.
        let there = self
            .unmeasured()
            .get_item()
            .table_name(self.table())
            .set_key(Some(key(grain.partition(), sk)))
            .send()
            .await
            .map_err(|error| self.failed(doing, error))?
            .item;
        let (mut figures, version, mut last) = match &there {
            None => (Figures::default(), None, Vec::new()),
            Some(row) => {
                let reader = Reader(row);
                (
                    read_figures(row)?,
                    Some(reader.number::<u64>("version")?),
                    reader.texts("last")?,
                )
            }
        };
        if last.iter().any(|known| known == token) {
            return Ok(true);
        }
        figures.merge(addition.figures);
        last.push(token.to_owned());
        last.drain(..last.len().saturating_sub(REMEMBERED));
        let written = figures.to_json().map_err(|error| StoreError::Invalid {
            what: doing.to_owned(),
            reason: error.to_string(),
        })?;
        let put = self
            .unmeasured()
            .put_item()
            .table_name(self.table())
            .item("pk", text(grain.partition()))
            .item("sk", text(sk))
            .item("figures", text(written))
            .item("version", number(version.unwrap_or_default() + 1))
            .item("last", texts(&last))
            .item("expires_at", number(grain.expires_at(grain.begin(at))));
        let put = match version {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(version) => put
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(version)),
        };
        let put = put
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused))
                if refused.err().is_conditional_check_failed_exception() =>
            {
                // The SDK tries again by itself: then it is its own first try that it meets.
                match refused.into_err() {
                    PutItemError::ConditionalCheckFailedException(met) => {
                        met.item.map_or(Ok(false), |row| remembers(&row, token))
                    }
                    _ => Ok(false),
                }
            }
            Err(error) => Err(self.failed(doing, error)),
        }
    }

    /// The figures from one time to another, both included, by when each minute or day begins. Times in which nothing was recorded aren't there.
    pub async fn figures(
        &self,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<BTreeMap<Timestamp, Figures>, StoreError> {
        let (first, last) = (grain.place(from), format!("{}#~", grain.place(to)));
        let doing = format!("reading the figures from {first}");
        let client = self.client();
        let rows = self
            .figure_rows(client, grain, first, last, false, &doing)
            .await?;
        let mut found: BTreeMap<Timestamp, Figures> = BTreeMap::new();
        for row in &rows {
            let reader = Reader(row);
            let sk = reader.text("sk")?;
            let begin = sk.split('#').next().and_then(|place| grain.read(place));
            let begin = begin.ok_or_else(|| reader.damaged("its time can't be read"))?;
            found.entry(begin).or_default().merge(&read_figures(row)?);
        }
        Ok(found)
    }

    async fn figure_rows(
        &self,
        client: &Client,
        grain: Grain,
        first: String,
        last: String,
        latest: bool,
        doing: &str,
    ) -> Result<Vec<Attributes>, StoreError> {
        let asked = Rows {
            doing,
            keys: "pk = :pk AND sk BETWEEN :first AND :last",
            values: vec![
                ("pk", text(grain.partition())),
                ("first", text(first)),
                ("last", text(last)),
            ],
            latest,
            order: Order::OldestFirst,
        };
        self.rows_by(client, asked).await
    }
}

fn remembers(row: &Attributes, token: &str) -> Result<bool, StoreError> {
    let last = Reader(row).texts("last")?;
    Ok(last.iter().any(|known| known == token))
}

fn read_figures(row: &Attributes) -> Result<Figures, StoreError> {
    let reader = Reader(row);
    Figures::from_json(reader.text("figures")?).map_err(|error| reader.damaged(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_keys_as_they_were_written() {
        // 2026-11-23T10:02:03.004Z.
        let at = Timestamp(1_795_428_123_004);
        for (grain, place) in [
            (Grain::Minute, "2026-11-23T10:02"),
            (Grain::Day, "2026-11-23"),
        ] {
            assert_eq!(grain.place(at), place);
            assert_eq!(grain.read(place), Some(grain.begin(at)));
        }
        assert_eq!(Grain::Minute.read("2026-11-23"), None);
    }
}
