//! Taking a task: the lease that makes sure one worker at a time has it.

use domain::{ContentKey, RunState, TaskRecord, TaskStatus, Timestamp};

use crate::attributes::{Attributes, Reader, number, text, word};
use crate::keys::{self, META};
use crate::request::{Change, Outcome, Transacted};
use crate::task_row::{FORGET_END, identity, read_record, set_identity};
use crate::{Store, StoreError, TaskId};

/// Who wants a task, and on what terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant<'a> {
    /// Its name: what tells it apart from every other worker.
    pub owner: &'a str,
    /// The time.
    pub now: Timestamp,
    /// How long it may hold the task without renewing, in milliseconds.
    pub lease_ms: u64,
    /// A worker that is known to be dead: its tasks are taken without waiting for their leases to end.
    pub dead_owner: Option<&'a str>,
    /// The execution it works for. If given, the task is taken only while the run is running under it: a worker that
    /// slept through a take-over or a cancellation gets nothing.
    pub execution: Option<&'a str>,
    /// If given, a row that is done counts as done only with this content key; otherwise it is done again.
    pub content_key: Option<&'a ContentKey>,
}

impl<'a> Claimant<'a> {
    /// A worker with a lease of so many milliseconds, and no further terms.
    pub fn new(owner: &'a str, now: Timestamp, lease_ms: u64) -> Self {
        Self {
            owner,
            now,
            lease_ms,
            dead_owner: None,
            execution: None,
            content_key: None,
        }
    }
}

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The task is the caller's: its row as it is now, and the number of this attempt, from 1.
    Taken {
        /// The row.
        record: TaskRecord,
        /// What renewing, completing and failing must name.
        attempt: u32,
    },
    /// It was done before.
    AlreadyDone(TaskRecord),
}

/// A task can be taken unless it is done or somebody's lease on it lasts. A row that failed, was cancelled or was skipped may be begun
/// anew.
const CAN_CLAIM: &str = "attribute_not_exists(#pk) OR NOT #status IN (:running, :succeeded, :cached) OR \
     (#status = :running AND #lease_until <= :now)";

const OR_OWNER_IS_DEAD: &str = " OR (#status = :running AND #lease_owner = :dead)";

const OR_IS_OF_ANOTHER_KEY: &str =
    " OR (#status IN (:succeeded, :cached) AND #content_key <> :wanted)";

const RUN_IS_THIS_EXECUTIONS: &str = "#execution = :execution AND #state = :run_running";

impl Store {
    /// Takes a task, whether or not it was planned: see [`Claimant`] for the terms and [`Claim`] for the answers. While another
    /// worker's lease lasts the answer is [`StoreError::Busy`].
    pub async fn claim_task(
        &self,
        id: &TaskId,
        claimant: &Claimant<'_>,
    ) -> Result<Claim, StoreError> {
        let change = claim_change(id, claimant);
        let Some(execution) = claimant.execution else {
            return match self.change(change).await? {
                Outcome::Done(item) => taken(&item),
                Outcome::Refused(item) => refused(id, claimant, item),
            };
        };
        let doing = change.doing.clone();
        let given = vec![
            ("execution", text(execution)),
            ("run_running", word(&RunState::Running)),
        ];
        let look = self.check(
            &doing,
            (&keys::run(&id.run), META),
            RUN_IS_THIS_EXECUTIONS,
            given,
        )?;
        match self
            .transact(&doing, vec![look, self.change_if(change)?])
            .await?
        {
            // The lease is held, so nobody changes the row between the two requests.
            Transacted::Done => match self.get(&doing, &keys::run(&id.run), &id.sk()).await? {
                Some(item) => taken(&item),
                None => Err(StoreError::NoTask(id.clone())),
            },
            Transacted::Refused { at: 0, item: None } => Err(StoreError::NotFound(id.run.clone())),
            Transacted::Refused {
                at: 0,
                item: Some(run),
            } => {
                let holder = Reader(&run)
                    .maybe_text("lease_owner")?
                    .map(ToOwned::to_owned);
                Err(StoreError::Fenced {
                    what: format!("run {}", id.run),
                    owner: claimant.owner.to_owned(),
                    holder,
                })
            }
            Transacted::Refused { item, .. } => refused(id, claimant, item),
        }
    }
}

fn claim_change<'a>(id: &TaskId, claimant: &Claimant<'_>) -> Change<'a> {
    let mut condition = CAN_CLAIM.to_owned();
    let mut values = identity(id);
    values.extend([
        ("running", word(&TaskStatus::Running)),
        ("succeeded", word(&TaskStatus::Succeeded)),
        ("cached", word(&TaskStatus::Cached)),
        ("owner", text(claimant.owner)),
        ("now", number(claimant.now.0)),
        (
            "until",
            number(claimant.now.0.saturating_add(claimant.lease_ms)),
        ),
        ("zero", number(0_u32)),
        ("one", number(1_u32)),
    ]);
    if let Some(dead) = claimant.dead_owner {
        condition += OR_OWNER_IS_DEAD;
        values.push(("dead", text(dead)));
    }
    if let Some(key) = claimant.content_key {
        condition += OR_IS_OF_ANOTHER_KEY;
        values.push(("wanted", text(key.as_str())));
    }
    let update = format!(
        "{}, #status = :running, #lease_owner = :owner, #lease_until = :until, #started_at = :now, \
         #attempt = if_not_exists(#attempt, :zero) + :one REMOVE {FORGET_END}",
        set_identity(id)
    );
    Change {
        doing: format!("claiming {id}"),
        pk: keys::run(&id.run),
        sk: id.sk(),
        update: update.into(),
        condition: condition.into(),
        values,
    }
}

fn taken(item: &Attributes) -> Result<Claim, StoreError> {
    let record = read_record(item)?;
    let attempt = record.attempt;
    Ok(Claim::Taken { record, attempt })
}

fn refused(
    id: &TaskId,
    claimant: &Claimant<'_>,
    item: Option<Attributes>,
) -> Result<Claim, StoreError> {
    let item = item.ok_or_else(|| StoreError::NoTask(id.clone()))?;
    let record = read_record(&item)?;
    if record.status.has_output() {
        return Ok(Claim::AlreadyDone(record));
    }
    let (owner, until) = record
        .lease
        .unwrap_or_else(|| ("another worker".to_owned(), claimant.now));
    Err(StoreError::Busy {
        what: id.to_string(),
        owner,
        until,
    })
}
