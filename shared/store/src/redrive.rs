//! Going on with a run that ended before its video was made, and noting what became of it on the way.

use domain::{RunId, RunState, Timestamp};

use crate::attributes::{Attributes, Reader, number, text, texts, word};
use crate::keys::{self, META};
use crate::request::{Change, Outcome, Transacted};
use crate::run::check_schema;
use crate::watch::watch_item;
use crate::{SCHEMA, Store, StoreError};

const REDRIVE: &str = "SET #state = :running, #execution = :execution, #updated_at = :now, #degraded = :none \
     REMOVE #failure, #lease_owner, #lease_until";

const CAN_REDRIVE: &str =
    "attribute_exists(#pk) AND #schema <= :schema AND #state IN (:failed, :cancelled)";

impl Store {
    /// Sets a run that failed or was cancelled going again, under a new execution of the same round: it is running, its failure and
    /// what degraded it are forgotten, and it is looked after, in one transaction. While it is running already the answer is
    /// [`StoreError::Going`], after success [`StoreError::Ended`]. Doing it again under the same execution changes nothing and succeeds.
    pub async fn redrive(
        &self,
        run: &RunId,
        execution: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = format!("redriving run {run}");
        let change = Change {
            doing: doing.clone(),
            pk: keys::run(run),
            sk: META.to_owned(),
            update: REDRIVE.into(),
            condition: CAN_REDRIVE.into(),
            values: vec![
                ("running", word(&RunState::Running)),
                ("failed", word(&RunState::Failed)),
                ("cancelled", word(&RunState::Cancelled)),
                ("schema", number(SCHEMA)),
                ("execution", text(execution)),
                ("now", number(now.0)),
                ("none", texts(&[])),
            ],
        };
        let operations = vec![
            self.change_if(change)?,
            self.put(&doing, watch_item(run, now))?,
        ];
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { item: None, .. } => Err(StoreError::NotFound(run.clone())),
            Transacted::Refused {
                item: Some(item), ..
            } => why_not(run, execution, &item),
        }
    }

    /// Notes why a run's result will be less than was asked for: once each reason, and only while the run is this execution's.
    pub async fn note_degraded(
        &self,
        run: &RunId,
        execution: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("noting what degrades run {run}"),
            pk: keys::run(run),
            sk: META.to_owned(),
            update: "SET #degraded = list_append(if_not_exists(#degraded, :none), :reasons)".into(),
            condition:
                "#execution = :execution AND #state = :running AND NOT contains(#degraded, :reason)"
                    .into(),
            values: vec![
                ("execution", text(execution)),
                ("running", word(&RunState::Running)),
                ("reason", text(reason)),
                ("reasons", texts(&[reason.to_owned()])),
                ("none", texts(&[])),
            ],
        };
        let item = match self.change(change).await? {
            Outcome::Done(_) => return Ok(()),
            Outcome::Refused(None) => return Err(StoreError::NotFound(run.clone())),
            Outcome::Refused(Some(item)) => item,
        };
        let reader = Reader(&item);
        let holder = reader.text("execution")?;
        let running = reader.word::<RunState>("state")? == RunState::Running;
        if running && holder == execution {
            // The reason is there already.
            return Ok(());
        }
        Err(StoreError::Fenced {
            what: format!("run {run}"),
            owner: execution.to_owned(),
            holder: (holder != execution).then(|| holder.to_owned()),
        })
    }
}

fn why_not(run: &RunId, execution: &str, item: &Attributes) -> Result<(), StoreError> {
    check_schema(item)?;
    let reader = Reader(item);
    let state: RunState = reader.word("state")?;
    let holder = reader.text("execution")?;
    match state {
        RunState::Running if holder == execution => Ok(()),
        _ if state.is_made() => Err(StoreError::Ended {
            run: run.clone(),
            state,
        }),
        _ => Err(StoreError::Going {
            run: run.clone(),
            state,
            execution: holder.to_owned(),
        }),
    }
}
