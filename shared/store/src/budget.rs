//! What a run has cost, and what it may: money is put aside before it is spent.

use domain::{RunId, RunState};

use crate::attributes::{Attributes, Reader, money, text, word};
use crate::keys::{self, META};
use crate::request::{Change, Outcome, Transacted};
use crate::run::check_schema;
use crate::{Store, StoreError};

/// What became of a wish to spend.
#[derive(Debug, Clone, PartialEq)]
pub enum Reservation {
    /// The sum counts as spent from now on.
    Reserved,
    /// It would have passed the limit; nothing was put aside.
    OverBudget {
        /// What is spent and put aside so far, in US dollars.
        spent_usd: f64,
    },
    /// The run doesn't run under this execution; nothing was put aside.
    NotRunning {
        /// The run's state.
        state: RunState,
        /// The execution that has it.
        execution: String,
    },
}

/// What the runs of a family have spent together, on the control's run.
pub(crate) const FAMILY_USD: &str = "family_usd";

const RUNNING: &str = "#state = :running AND #execution = :execution";

impl Store {
    /// Puts a sum aside for a call that is about to be made: the run's cost grows by it, if the run is running under this execution and
    /// stays within `limit_usd`. One conditional update, so that any number of workers together never pass the limit.
    ///
    /// Where a request is repeated because its answer was lost, the sum may count twice: what is told as spent is never too little.
    pub async fn reserve(
        &self,
        run: &RunId,
        execution: &str,
        usd: f64,
        limit_usd: Option<f64>,
    ) -> Result<Reservation, StoreError> {
        let doing = format!("reserving ${usd} for run {run}");
        let mut values = vec![
            ("running", word(&RunState::Running)),
            ("execution", text(execution)),
            ("usd", money(&doing, usd)?),
        ];
        let condition = match limit_usd {
            Some(limit) => {
                // Rounded, because 0.3 - 0.1 is a little less than 0.2 to a computer.
                values.push(("room", money(&doing, nano(limit - usd))?));
                format!("{RUNNING} AND #cost_usd <= :room")
            }
            None => RUNNING.to_owned(),
        };
        let change = Change {
            pk: keys::run(run),
            sk: META.to_owned(),
            update: "ADD #cost_usd :usd".into(),
            condition: condition.into(),
            values,
            doing,
        };
        match self.change(change).await? {
            Outcome::Done(_) => Ok(Reservation::Reserved),
            Outcome::Refused(None) => Err(StoreError::NotFound(run.clone())),
            Outcome::Refused(Some(item)) => why_not(&item, execution),
        }
    }

    /// Puts a sum aside as [`Self::reserve`] does, for one of several runs that have a limit together: what they have spent stands on the run of
    /// `control`, and all of them stay within `limit_usd`.
    pub async fn reserve_shared(
        &self,
        control: &RunId,
        run: &RunId,
        execution: &str,
        usd: f64,
        limit_usd: f64,
    ) -> Result<Reservation, StoreError> {
        let doing = format!("reserving ${usd} for run {run}");
        let sum = money(&doing, usd)?;
        let room = money(&doing, nano(limit_usd - usd))?;
        let own = |update: &'static str, condition: String| Change {
            doing: doing.clone(),
            pk: keys::run(run),
            sk: META.to_owned(),
            update: update.into(),
            condition: condition.into(),
            values: vec![
                ("running", word(&RunState::Running)),
                ("execution", text(execution)),
                ("usd", sum.clone()),
                ("room", room.clone()),
            ],
        };
        if run == control {
            let within = format!("{RUNNING} AND #family_usd <= :room");
            let change = own("ADD #cost_usd :usd, #family_usd :usd", within);
            return match self.change(change).await? {
                Outcome::Done(_) => Ok(Reservation::Reserved),
                Outcome::Refused(None) => Err(StoreError::NotFound(run.clone())),
                Outcome::Refused(Some(item)) => why_not_shared(&item, execution),
            };
        }
        let together = Change {
            doing: doing.clone(),
            pk: keys::run(control),
            sk: META.to_owned(),
            update: "ADD #family_usd :usd".into(),
            condition: "#family_usd <= :room".into(),
            values: vec![("usd", sum.clone()), ("room", room.clone())],
        };
        let operations = vec![
            self.change_if(own("ADD #cost_usd :usd", RUNNING.to_owned()))?,
            self.change_if(together)?,
        ];
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(Reservation::Reserved),
            Transacted::Refused { item: None, at: 0 } => Err(StoreError::NotFound(run.clone())),
            Transacted::Refused { item: None, .. } => Err(StoreError::NotFound(control.clone())),
            Transacted::Refused {
                item: Some(item),
                at: 0,
            } => why_not(&item, execution),
            Transacted::Refused {
                item: Some(item), ..
            } => Ok(Reservation::OverBudget {
                spent_usd: Reader(&item).number(FAMILY_USD)?,
            }),
        }
    }

    /// Corrects what was put aside by [`Self::reserve_shared`] to what was spent, however the runs stand by now.
    pub async fn settle_shared(
        &self,
        control: &RunId,
        run: &RunId,
        reserved_usd: f64,
        spent_usd: f64,
    ) -> Result<(), StoreError> {
        let doing = format!("settling what run {run} spent");
        let usd = money(&doing, nano(spent_usd - reserved_usd))?;
        let add = |of: &RunId, update: &'static str| {
            self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(of),
                sk: META.to_owned(),
                update: update.into(),
                condition: "attribute_exists(#pk)".into(),
                values: vec![("usd", usd.clone())],
            })
        };
        let operations = if run == control {
            vec![add(run, "ADD #cost_usd :usd, #family_usd :usd")?]
        } else {
            vec![
                add(run, "ADD #cost_usd :usd")?,
                add(control, "ADD #family_usd :usd")?,
            ]
        };
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { at: 0, .. } => Err(StoreError::NotFound(run.clone())),
            Transacted::Refused { .. } => Err(StoreError::NotFound(control.clone())),
        }
    }

    /// Corrects what was put aside to what was spent, however the run stands by now.
    pub async fn settle(
        &self,
        run: &RunId,
        reserved_usd: f64,
        spent_usd: f64,
    ) -> Result<(), StoreError> {
        let doing = format!("settling what run {run} spent");
        let change = Change {
            pk: keys::run(run),
            sk: META.to_owned(),
            update: "ADD #cost_usd :usd".into(),
            condition: "attribute_exists(#pk)".into(),
            values: vec![("usd", money(&doing, nano(spent_usd - reserved_usd))?)],
            doing,
        };
        match self.change(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(_) => Err(StoreError::NotFound(run.clone())),
        }
    }
}

/// To a billionth of a dollar: differences of sums that people write keep as few digits.
fn nano(usd: f64) -> f64 {
    (usd * 1e9).round() / 1e9
}

/// Why nothing was put aside for a control: what counts is what its family has spent.
fn why_not_shared(item: &Attributes, execution: &str) -> Result<Reservation, StoreError> {
    Ok(match why_not(item, execution)? {
        Reservation::OverBudget { .. } => Reservation::OverBudget {
            spent_usd: Reader(item).number(FAMILY_USD)?,
        },
        other => other,
    })
}

fn why_not(item: &Attributes, execution: &str) -> Result<Reservation, StoreError> {
    check_schema(item)?;
    let reader = Reader(item);
    let state: RunState = reader.word("state")?;
    let holder = reader.text("execution")?;
    if state == RunState::Running && holder == execution {
        return Ok(Reservation::OverBudget {
            spent_usd: reader.number("cost_usd")?,
        });
    }
    Ok(Reservation::NotRunning {
        state,
        execution: holder.to_owned(),
    })
}
