//! Lists of runs, newest first.

use domain::{RunId, RunState, Timestamp, Variant};
use serde::Serialize;

use crate::attributes::{Attributes, Reader, text};
use crate::cursor::{RunsCursor, not_ours};
use crate::keys::{self, MONTHS};
use crate::request::{Order, Rows};
use crate::run::check_schema;
use crate::tables::INDEX;
use crate::{Store, StoreError};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the list goes on; absent on the last page. Opaque: only to be handed back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a list shows of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunSummary {
    /// Its id.
    pub id: RunId,
    /// The workflow's name.
    pub workflow: String,
    /// What the video is about.
    pub topic: String,
    /// The brand's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Where it stands. The list is read from an index, which may lag a little behind.
    pub state: RunState,
    /// The round being worked on, from 1.
    pub round: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
    /// Why the result is less than was asked for; empty if it isn't.
    pub degraded: Vec<String>,
    /// What was spent on it so far.
    pub cost_usd: f64,
    /// The run of the control, where this one makes another variant of the same brief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<RunId>,
    /// Which variant of its brief it makes, where variants are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
}

impl Store {
    /// Lists runs, newest first: those of `month` (`yyyy-mm`) or all, at most `limit` a page, from where `cursor` left off.
    pub async fn list_runs(
        &self,
        month: Option<&str>,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<RunSummary>, StoreError> {
        let limit = limit.clamp(1, 1000) as usize;
        let after = cursor.map(RunsCursor::decode).transpose()?;
        let mut months = match (month, &after) {
            (Some(month), _) => vec![parse_month(month)?],
            (None, Some(after)) => vec![after.month().to_owned()],
            (None, None) => self.months(None).await?,
        };
        // One more than is shown tells whether there is another page.
        let mut found = Vec::new();
        if let (Some(after), Some(given)) = (after, cursor) {
            // A list goes on in a month that it has.
            if months.first().is_none_or(|month| month != after.month()) {
                return Err(not_ours(given));
            }
            let begins = months.remove(0);
            let start = Some(after.start());
            self.runs_of(&begins, limit + 1, start, &mut found).await?;
            // Which months come before it, only a page that goes on there needs to know.
            if month.is_none() && found.len() <= limit {
                months = self.months(Some(&begins)).await?;
                if months.first() != Some(&begins) {
                    return Err(not_ours(given));
                }
                months.remove(0);
            }
        }
        for month in &months {
            if found.len() > limit {
                break;
            }
            self.runs_of(month, limit + 1, None, &mut found).await?;
        }
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more {
            found.last().map(RunsCursor::at).transpose()?
        } else {
            None
        };
        let items = found.iter().map(read_summary).collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next: next.map(|cursor| cursor.encode()),
        })
    }

    /// The months that have runs, newest first, from `newest` on.
    async fn months(&self, newest: Option<&str>) -> Result<Vec<String>, StoreError> {
        let found = self
            .rows(Rows {
                doing: "listing the months that have runs",
                keys: "pk = :pk AND sk <= :newest",
                values: vec![
                    ("pk", text(MONTHS)),
                    ("newest", text(newest.unwrap_or("9999-99"))),
                ],
                latest: false,
                order: Order::NewestFirst,
            })
            .await?;
        let month = |row| Reader(row).text("sk").map(ToOwned::to_owned);
        found.iter().map(month).collect()
    }

    /// Adds a month's runs to `found` until there are `wanted`.
    async fn runs_of(
        &self,
        month: &str,
        wanted: usize,
        mut start: Option<Attributes>,
        found: &mut Vec<Attributes>,
    ) -> Result<(), StoreError> {
        let doing = format!("listing the runs of {month}");
        let pk = keys::runs_of_month(month);
        while found.len() < wanted {
            let answer = self
                .client()
                .query()
                .table_name(self.table())
                .index_name(INDEX)
                .key_condition_expression("gsi1pk = :pk")
                .expression_attribute_values(":pk", text(&pk))
                .scan_index_forward(false)
                .limit(i32::try_from(wanted - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| self.failed(&doing, error))?;
            found.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(())
    }
}

fn parse_month(month: &str) -> Result<String, StoreError> {
    let right = month.len() == 7
        && month.bytes().enumerate().all(|(at, byte)| {
            if at == 4 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
        && month
            .get(5..)
            .and_then(|number| number.parse().ok())
            .is_some_and(|number: u32| (1..=12).contains(&number));
    if right {
        Ok(month.to_owned())
    } else {
        Err(StoreError::Invalid {
            what: format!("month {:?}", month.chars().take(20).collect::<String>()),
            reason: "write it as yyyy-mm, such as 2026-11".to_owned(),
        })
    }
}

fn read_summary(item: &Attributes) -> Result<RunSummary, StoreError> {
    check_schema(item)?;
    let reader = Reader(item);
    Ok(RunSummary {
        id: reader.parsed("id")?,
        workflow: reader.text("workflow")?.to_owned(),
        topic: reader.text("topic")?.to_owned(),
        brand: reader.maybe_text("brand")?.map(ToOwned::to_owned),
        state: reader.word("state")?,
        round: reader.number("round")?,
        created_at: Timestamp(reader.number("created_at")?),
        updated_at: Timestamp(reader.number("updated_at")?),
        degraded: reader.texts("degraded")?,
        cost_usd: reader.number("cost_usd")?,
        parent: reader.maybe_parsed("parent")?,
        variant: reader.maybe_json("variant")?,
    })
}
