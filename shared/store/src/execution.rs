//! Who works on a run, and how that ends.

use domain::{ErrorInfo, Event, EventKind, RunId, RunState, TaskName, Timestamp};

use crate::attributes::{Attributes, Reader, json, number, text, texts, word};
use crate::event::event_item;
use crate::expression::Values;
use crate::keys::{self, META, WATCH};
use crate::request::{Change, Outcome, Transacted};
use crate::run::check_schema;
use crate::{SCHEMA, Store, StoreError};

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Succeeded, failed or cancelled; not running.
    pub state: RunState,
    /// What made it fail.
    pub failure: Option<(TaskName, ErrorInfo)>,
    /// Why the result is less than was asked for.
    pub degraded: Vec<String>,
}

const START: &str = "SET #state = :running, #execution = :execution, #lease_owner = :owner, #lease_until = :until, \
     #updated_at = :now REMOVE #failure";

/// A run can be started if this program understands it, its video is not made, and nobody holds it. Whoever started it under the same
/// execution may say so again.
const CAN_START: &str = "attribute_exists(#pk) AND #schema <= :schema AND #state IN (:running, :failed, :cancelled) AND \
     (attribute_not_exists(#lease_until) OR #lease_until <= :now OR (#lease_owner = :owner AND #execution = :execution))";

const CAN_TAKE_OVER: &str = "attribute_exists(#pk) AND #schema <= :schema AND #state IN (:running, :failed, :cancelled) AND #lease_owner = :dead";

const CAN_CLAIM: &str = "attribute_exists(#pk) AND #schema <= :schema AND #state = :running AND #execution = :execution AND \
     (attribute_not_exists(#lease_until) OR #lease_until <= :now OR #lease_owner IN (:owner, :dead))";

const HOLDS: &str = "#execution = :execution AND #lease_owner = :owner AND #state = :running AND attribute_exists(#lease_until)";

impl Store {
    /// Claims a run for one worker process until `now + lease_ms`, under the name of a new execution; the run is then running. While
    /// somebody else's lease lasts, the answer is [`StoreError::Busy`]; after success, [`StoreError::Ended`].
    pub async fn start_execution(
        &self,
        run: &RunId,
        execution: &str,
        owner: &str,
        now: Timestamp,
        lease_ms: u64,
    ) -> Result<(), StoreError> {
        let values = start_values(execution, owner, now, lease_ms);
        self.start(run, CAN_START, values, now).await
    }

    /// Claims a run whose owner is known to be dead, without waiting for its lease to end. Done only if the lease is still
    /// `dead_owner`'s.
    pub async fn take_over(
        &self,
        run: &RunId,
        dead_owner: &str,
        execution: &str,
        owner: &str,
        now: Timestamp,
        lease_ms: u64,
    ) -> Result<(), StoreError> {
        let mut values = start_values(execution, owner, now, lease_ms);
        values.push(("dead", text(dead_owner)));
        self.start(run, CAN_TAKE_OVER, values, now).await
    }

    /// Claims a run for one worker process until `now + lease_ms`, under the execution that it has: one that others may have started and
    /// stopped meanwhile. Once it has ended the answer is [`StoreError::Ended`], once the run is another execution's
    /// [`StoreError::Fenced`], and while the lease of an owner lasts who isn't `dead_owner`, [`StoreError::Busy`].
    pub async fn claim_execution(
        &self,
        run: &RunId,
        execution: &str,
        owner: &str,
        dead_owner: Option<&str>,
        now: Timestamp,
        lease_ms: u64,
    ) -> Result<(), StoreError> {
        let mut values = start_values(execution, owner, now, lease_ms);
        values.push(("dead", text(dead_owner.unwrap_or(owner))));
        match self.start(run, CAN_CLAIM, values, now).await {
            Err(busy @ StoreError::Busy { .. }) => {
                let now = self.run(run).await?;
                if now.execution != execution {
                    return Err(StoreError::Fenced {
                        what: format!("run {run}"),
                        owner: execution.to_owned(),
                        holder: Some(now.execution),
                    });
                }
                if now.state != RunState::Running {
                    return Err(StoreError::Ended {
                        run: run.clone(),
                        state: now.state,
                    });
                }
                Err(busy)
            }
            claimed => claimed,
        }
    }

    async fn start(
        &self,
        run: &RunId,
        condition: &str,
        values: Values<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change {
            doing: format!("starting run {run}"),
            pk: keys::run(run),
            sk: META.to_owned(),
            update: START.into(),
            condition: condition.into(),
            values,
        };
        match self.change(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(None) => Err(StoreError::NotFound(run.clone())),
            Outcome::Refused(Some(item)) => Err(why_not_started(run, &item, now)?),
        }
    }

    /// Holds on to a run until `until`. Once somebody else has taken it over, the answer is [`StoreError::Fenced`].
    pub async fn renew_execution(
        &self,
        run: &RunId,
        execution: &str,
        owner: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.while_run_held(
            run,
            execution,
            owner,
            "SET #lease_until = :until",
            vec![("until", number(until.0))],
        )
        .await
    }

    /// Lets go of a run without ending it: it stays running, and anybody may start it at once.
    pub async fn release_execution(
        &self,
        run: &RunId,
        execution: &str,
        owner: &str,
    ) -> Result<(), StoreError> {
        self.while_run_held(
            run,
            execution,
            owner,
            "REMOVE #lease_until, #lease_owner",
            Vec::new(),
        )
        .await
    }

    async fn while_run_held(
        &self,
        run: &RunId,
        execution: &str,
        owner: &str,
        update: &str,
        mut values: Values<'_>,
    ) -> Result<(), StoreError> {
        values.extend([
            ("execution", text(execution)),
            ("owner", text(owner)),
            ("running", word(&RunState::Running)),
        ]);
        let change = Change {
            doing: format!("renewing or releasing run {run}"),
            pk: keys::run(run),
            sk: META.to_owned(),
            update: update.into(),
            condition: HOLDS.into(),
            values,
        };
        match self.change(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(None) => Err(StoreError::NotFound(run.clone())),
            Outcome::Refused(Some(item)) => Err(fenced(run, owner, &item)?),
        }
    }

    /// Ends an execution: the run's new state and the event that announces it are written in one transaction. Done only while the
    /// run is this execution's; doing it again changes nothing and succeeds. The lease ends with it, and the watch.
    pub async fn close_run(
        &self,
        run: &RunId,
        execution: &str,
        ending: &Ending,
        now: Timestamp,
    ) -> Result<Event, StoreError> {
        let doing = format!("closing run {run}");
        let kind = match ending.state {
            RunState::Succeeded => EventKind::WorkflowCompleted,
            RunState::Failed => EventKind::WorkflowFailed,
            RunState::Cancelled => EventKind::WorkflowCancelled,
            _ => {
                let reason = "an execution ends as succeeded, failed or cancelled".to_owned();
                return Err(StoreError::Invalid {
                    what: doing,
                    reason,
                });
            }
        };
        let before = self
            .get(&doing, &keys::run(run), META)
            .await?
            .ok_or_else(|| StoreError::NotFound(run.clone()))?;
        check_schema(&before)?;
        let event = Event::new(
            kind,
            run.clone(),
            Reader(&before).number("round")?,
            execution,
            now,
        );
        let operations = vec![
            self.change_if(close_change(run, execution, ending, now, doing.clone()))?,
            self.put_if(
                &doing,
                event_item(&event),
                "attribute_not_exists(#pk)",
                Vec::new(),
            )?,
            self.delete(&doing, (&keys::run(run), WATCH))?,
        ];
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(event),
            Transacted::Refused { item, .. } => {
                // The first operation's refusal comes first, so this is the run; if it is closed as was asked, it was closed before.
                let item = item.ok_or_else(|| StoreError::NotFound(run.clone()))?;
                let reader = Reader(&item);
                let closed = reader.maybe_text("execution")? == Some(execution)
                    && item.get("state") == Some(&word(&ending.state));
                match self.event(&event.id).await? {
                    Some(written) if closed => Ok(written),
                    _ => Err(fenced(run, execution, &item)?),
                }
            }
        }
    }
}

fn start_values<'a>(execution: &str, owner: &str, now: Timestamp, lease_ms: u64) -> Values<'a> {
    vec![
        ("running", word(&RunState::Running)),
        ("failed", word(&RunState::Failed)),
        ("cancelled", word(&RunState::Cancelled)),
        ("schema", number(SCHEMA)),
        ("execution", text(execution)),
        ("owner", text(owner)),
        ("until", number(now.0.saturating_add(lease_ms))),
        ("now", number(now.0)),
    ]
}

fn close_change<'a>(
    run: &RunId,
    execution: &str,
    ending: &Ending,
    now: Timestamp,
    doing: String,
) -> Change<'a> {
    let mut values = vec![
        ("execution", text(execution)),
        ("running", word(&RunState::Running)),
        ("state", word(&ending.state)),
        ("now", number(now.0)),
        ("degraded", texts(&ending.degraded)),
    ];
    let update = match &ending.failure {
        Some(failure) => {
            values.push(("failure", json(failure)));
            "SET #state = :state, #updated_at = :now, #degraded = :degraded, #failure = :failure REMOVE #lease_owner, #lease_until"
        }
        None => {
            "SET #state = :state, #updated_at = :now, #degraded = :degraded REMOVE #failure, #lease_owner, #lease_until"
        }
    };
    let condition = "#execution = :execution AND #state = :running".into();
    Change {
        doing,
        pk: keys::run(run),
        sk: META.to_owned(),
        update: update.into(),
        condition,
        values,
    }
}

fn why_not_started(
    run: &RunId,
    item: &Attributes,
    now: Timestamp,
) -> Result<StoreError, StoreError> {
    check_schema(item)?;
    let reader = Reader(item);
    let state: RunState = reader.word("state")?;
    if state.is_made() {
        return Ok(StoreError::Ended {
            run: run.clone(),
            state,
        });
    }
    Ok(StoreError::Busy {
        what: format!("run {run}"),
        owner: reader
            .maybe_text("lease_owner")?
            .unwrap_or("nobody")
            .to_owned(),
        until: Timestamp(reader.maybe_number("lease_until")?.unwrap_or(now.0)),
    })
}

fn fenced(run: &RunId, owner: &str, item: &Attributes) -> Result<StoreError, StoreError> {
    let holder = Reader(item)
        .maybe_text("lease_owner")?
        .map(ToOwned::to_owned);
    Ok(StoreError::Fenced {
        what: format!("run {run}"),
        owner: owner.to_owned(),
        holder,
    })
}
