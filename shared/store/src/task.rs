//! What becomes of tasks: planned, renewed, completed, failed, skipped, cancelled.

use domain::{ErrorInfo, Run, RunId, TaskEnd, TaskRecord, TaskStatus, Timestamp};

use crate::attributes::{Attributes, Reader, json, number, text, word};
use crate::expression::Values;
use crate::keys::{self, META};
use crate::request::{Change, Order, Outcome, Rows, Transacted};
use crate::run::run_of;
use crate::task_row::{end_values, identity, pending_item, read_record, set_identity};
use crate::{Store, StoreError, TaskId};

/// A transaction holds this many operations.
const TRANSACTION_LIMIT: usize = 100;

/// Only the attempt that holds the lease has a say; also after the lease's end, as long as nobody took the task over.
const HOLDS: &str = "#status = :running AND #lease_owner = :owner AND #attempt = :attempt";

/// Neither done nor in somebody's hands.
const IS_IDLE: &str = "attribute_not_exists(#pk) OR NOT #status IN (:running, :succeeded, :cached) OR \
     (#status = :running AND #lease_until <= :now)";

impl Store {
    /// Writes a task's row as pending, if it isn't there.
    pub async fn plan_task(&self, id: &TaskId) -> Result<(), StoreError> {
        self.plan_tasks(std::slice::from_ref(id)).await
    }

    /// Writes the rows of many tasks as pending, those that aren't there: one request for each hundred new rows. No id may stand
    /// in the list twice.
    pub async fn plan_tasks(&self, ids: &[TaskId]) -> Result<(), StoreError> {
        for ids in ids.chunks(TRANSACTION_LIMIT) {
            if !self.plan_together(ids).await? {
                // A row that is there cancels all of a transaction, so these go one by one.
                for id in ids {
                    self.plan_together(std::slice::from_ref(id)).await?;
                }
            }
        }
        Ok(())
    }

    /// Whether all rows were new, and were written.
    async fn plan_together(&self, ids: &[TaskId]) -> Result<bool, StoreError> {
        let Some(first) = ids.first() else {
            return Ok(true);
        };
        let doing = format!("planning {first} and {} more", ids.len() - 1);
        let operations = ids
            .iter()
            .map(|id| {
                self.put_if(
                    &doing,
                    pending_item(id),
                    "attribute_not_exists(#pk)",
                    Vec::new(),
                )
            })
            .collect::<Result<_, _>>()?;
        Ok(matches!(
            self.transact(&doing, operations).await?,
            Transacted::Done
        ))
    }

    /// A run with the rows of a round, or of the round that it shows; latest state, in one request (or one for each megabyte of rows).
    pub async fn run_with_tasks(
        &self,
        id: &RunId,
        round: Option<u32>,
    ) -> Result<(Run, Vec<TaskRecord>), StoreError> {
        let doing = format!("reading run {id} with its tasks");
        let items = self
            .rows(Rows {
                doing: &doing,
                keys: "pk = :pk AND sk BETWEEN :meta AND :tasks",
                values: vec![
                    ("pk", text(keys::run(id))),
                    ("meta", text(META)),
                    ("tasks", text(keys::LAST_TASK)),
                ],
                latest: true,
                order: Order::OldestFirst,
            })
            .await?;
        let is_meta = |item: &&Attributes| item.get("sk") == Some(&text(META));
        let run = match items.iter().find(is_meta) {
            Some(meta) => run_of(meta)?,
            None => return Err(StoreError::NotFound(id.clone())),
        };
        let prefix = keys::tasks_of_round(round.unwrap_or_else(|| run.shown_round()));
        let rows = items.iter().filter(|item| {
            item.get("sk")
                .and_then(|sk| sk.as_s().ok())
                .is_some_and(|sk| sk.starts_with(&prefix))
        });
        let rows = rows.map(read_record).collect::<Result<_, _>>()?;
        Ok((run, rows))
    }

    /// All rows of a round, by name and then by item; latest state.
    pub async fn tasks(&self, run: &RunId, round: u32) -> Result<Vec<TaskRecord>, StoreError> {
        let doing = format!("listing the tasks of round {round} of run {run}");
        let round = keys::tasks_of_round(round);
        let rows = self.partition(&doing, &keys::run(run), &round).await?;
        rows.iter().map(read_record).collect()
    }

    /// One row, its latest state.
    pub async fn task(&self, id: &TaskId) -> Result<Option<TaskRecord>, StoreError> {
        let item = self
            .get(&format!("reading {id}"), &keys::run(&id.run), &id.sk())
            .await?;
        item.as_ref().map(read_record).transpose()
    }

    /// Extends the lease of an attempt until `until`.
    pub async fn renew_task(
        &self,
        id: &TaskId,
        owner: &str,
        attempt: u32,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let values = vec![("until", number(until.0))];
        match self
            .while_task_held(id, owner, attempt, "SET #lease_until = :until", values)
            .await?
        {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(item) => Err(fenced(id, owner, item.as_ref())),
        }
    }

    /// Ends an attempt with its output: `status` is [`TaskStatus::Succeeded`] or [`TaskStatus::Cached`]. Doing it again changes
    /// nothing and succeeds.
    pub async fn complete_task(
        &self,
        id: &TaskId,
        owner: &str,
        attempt: u32,
        status: TaskStatus,
        end: &TaskEnd,
        now: Timestamp,
    ) -> Result<TaskRecord, StoreError> {
        if !status.has_output() {
            return Err(wrong_status(
                id,
                status,
                "a completed task is succeeded or cached",
            ));
        }
        let mut values = end_values(end)?;
        values.extend([("status", word(&status)), ("now", number(now.0))]);
        let update = "SET #status = :status, #ended_at = :now, #content_key = :content_key, #output = :output, #facts = :facts, \
             #degraded = :degraded, #cost_usd = :cost_usd, #work_ms = :work_ms REMOVE #lease_until, #error";
        self.end(id, owner, attempt, status, update, values).await
    }

    /// Ends an attempt without an output. `status` says what follows: [`TaskStatus::Pending`] if it will be tried again,
    /// [`TaskStatus::Failed`], [`TaskStatus::Cancelled`], or [`TaskStatus::Skipped`] if its failure is to be passed over. Doing it
    /// again changes nothing and succeeds.
    pub async fn fail_task(
        &self,
        id: &TaskId,
        owner: &str,
        attempt: u32,
        error: &ErrorInfo,
        status: TaskStatus,
        now: Timestamp,
    ) -> Result<TaskRecord, StoreError> {
        if status.has_output() || status == TaskStatus::Running {
            return Err(wrong_status(
                id,
                status,
                "a failed attempt leaves its task pending, failed, cancelled or skipped",
            ));
        }
        let values = vec![
            ("status", word(&status)),
            ("now", number(now.0)),
            ("error", json(error)),
        ];
        let update = "SET #status = :status, #ended_at = :now, #error = :error REMOVE #lease_until";
        self.end(id, owner, attempt, status, update, values).await
    }

    /// Marks a task that won't run because its condition is false. A row that is done stays as it is; one that somebody works on
    /// gives [`StoreError::Busy`].
    pub async fn skip_task(&self, id: &TaskId, now: Timestamp) -> Result<TaskRecord, StoreError> {
        self.set_aside(id, TaskStatus::Skipped, now).await
    }

    /// Marks a task that won't run because the run was stopped. A row that is done stays as it is; one that somebody works on
    /// gives [`StoreError::Busy`]: its worker ends it by [`Store::fail_task`].
    pub async fn cancel_task(&self, id: &TaskId, now: Timestamp) -> Result<TaskRecord, StoreError> {
        self.set_aside(id, TaskStatus::Cancelled, now).await
    }

    async fn set_aside(
        &self,
        id: &TaskId,
        status: TaskStatus,
        now: Timestamp,
    ) -> Result<TaskRecord, StoreError> {
        let mut values = idle_values();
        values.extend(identity(id));
        values.extend([
            ("status", word(&status)),
            ("now", number(now.0)),
            ("zero", number(0_u32)),
        ]);
        let update = format!(
            "{}, #status = :status, #ended_at = :now, #attempt = if_not_exists(#attempt, :zero) REMOVE #lease_until",
            set_identity(id)
        );
        let change = Change {
            doing: format!("marking {id}"),
            pk: keys::run(&id.run),
            sk: id.sk(),
            update: update.into(),
            condition: IS_IDLE.into(),
            values,
        };
        match self.change(change).await? {
            Outcome::Done(item) => read_record(&item),
            Outcome::Refused(None) => Err(StoreError::NoTask(id.clone())),
            Outcome::Refused(Some(item)) => {
                let record = read_record(&item)?;
                match record.lease {
                    Some((owner, until)) => Err(StoreError::Busy {
                        what: id.to_string(),
                        owner,
                        until,
                    }),
                    None => Ok(record),
                }
            }
        }
    }

    async fn end(
        &self,
        id: &TaskId,
        owner: &str,
        attempt: u32,
        status: TaskStatus,
        update: &str,
        values: Values<'_>,
    ) -> Result<TaskRecord, StoreError> {
        let wanted: Vec<_> = values
            .iter()
            .filter(|(name, _)| matches!(*name, "content_key" | "error"))
            .cloned()
            .collect();
        match self
            .while_task_held(id, owner, attempt, update, values)
            .await?
        {
            Outcome::Done(item) => read_record(&item),
            Outcome::Refused(item) => {
                // The same end by the same attempt: the answer to an earlier request was lost.
                let again = item.as_ref().filter(|item| {
                    item.get("lease_owner") == Some(&text(owner))
                        && item.get("attempt") == Some(&number(attempt))
                        && item.get("status") == Some(&word(&status))
                        && wanted
                            .iter()
                            .all(|(name, value)| item.get(*name) == Some(value))
                });
                again.map_or_else(|| Err(fenced(id, owner, item.as_ref())), read_record)
            }
        }
    }

    async fn while_task_held(
        &self,
        id: &TaskId,
        owner: &str,
        attempt: u32,
        update: &str,
        mut values: Values<'_>,
    ) -> Result<Outcome, StoreError> {
        values.extend([
            ("running", word(&TaskStatus::Running)),
            ("owner", text(owner)),
            ("attempt", number(attempt)),
        ]);
        let change = Change {
            doing: format!("updating {id}"),
            pk: keys::run(&id.run),
            sk: id.sk(),
            update: update.into(),
            condition: HOLDS.into(),
            values,
        };
        self.change(change).await
    }
}

fn idle_values() -> Values<'static> {
    [
        TaskStatus::Running,
        TaskStatus::Succeeded,
        TaskStatus::Cached,
    ]
    .into_iter()
    .zip(["running", "succeeded", "cached"])
    .map(|(status, name)| (name, word(&status)))
    .collect()
}

fn fenced(id: &TaskId, owner: &str, item: Option<&Attributes>) -> StoreError {
    let Some(item) = item else {
        return StoreError::NoTask(id.clone());
    };
    let holder = Reader(item)
        .maybe_text("lease_owner")
        .ok()
        .flatten()
        .filter(|holder| *holder != owner);
    StoreError::Fenced {
        what: id.to_string(),
        owner: owner.to_owned(),
        holder: holder.map(ToOwned::to_owned),
    }
}

fn wrong_status(id: &TaskId, status: TaskStatus, reason: &str) -> StoreError {
    StoreError::Invalid {
        what: format!("{id} as {status:?}"),
        reason: reason.to_owned(),
    }
}
