//! Another round of a run whose script or looks a person changed.

use domain::{ArtifactRef, Edited, Run, RunState, Timestamp};

use crate::attributes::{Reader, json, number, text, texts, word};
use crate::keys::{self, META};
use crate::request::{Change, Transacted};
use crate::run::check_schema;
use crate::watch::watch_item;
use crate::{Store, StoreError};

/// A round that is made from what a person changed.
#[derive(Debug, Clone, PartialEq)]
pub struct EditedRound {
    /// The script.
    pub edited: Edited,
    /// The brief with its looks.
    pub brief: ArtifactRef,
    /// What the round that was edited was told to do differently, which holds on: a `Feedback` document.
    pub feedback: Option<ArtifactRef>,
    /// The name of its execution.
    pub execution: String,
}

const EDIT: &str = "SET #state = :running, #updated_at = :now, #round = :next, #execution = :begins, #edited = :edited, \
     #brief = :brief, #degraded = :none";
const FORGET: &str = " REMOVE #failure, #lease_owner, #lease_until, #chosen_round";
const AS_READ: &str = "#state = :was AND #round = :round AND #execution = :execution";
const WAITS_NO_MORE: &str = "REMOVE #gsi1pk, #gsi1sk";

impl Store {
    /// Begins another round of the run, as it was read, from what a person changed. State, watch and the end of its review, if it waited with one,
    /// are written in one transaction, and only while the run stands as it was read and isn't running: else the answer is
    /// [`StoreError::Going`].
    pub async fn edit_run(
        &self,
        run: &Run,
        round: &EditedRound,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = format!("editing run {}", run.id);
        if run.state == RunState::Running {
            return Err(going(run, run.state, run.execution.clone()));
        }
        let mut values = vec![
            ("was", word(&run.state)),
            ("running", word(&RunState::Running)),
            ("round", number(run.round)),
            ("execution", text(&run.execution)),
            ("now", number(now.0)),
            ("next", number(run.round.saturating_add(1))),
            ("begins", text(&round.execution)),
            ("edited", json(&round.edited)),
            ("brief", json(&round.brief)),
            ("none", texts(&[])),
        ];
        let update = match &round.feedback {
            Some(feedback) => {
                values.push(("feedback", json(feedback)));
                format!("{EDIT}, #feedback = :feedback{FORGET}")
            }
            None => format!("{EDIT}{FORGET}, #feedback"),
        };
        let mut operations = vec![
            self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(&run.id),
                sk: META.to_owned(),
                update: update.into(),
                condition: AS_READ.into(),
                values,
            })?,
            self.put(&doing, watch_item(&run.id, now))?,
        ];
        if run.state == RunState::InReview {
            operations.push(self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(&run.id),
                sk: keys::review(run.round),
                update: WAITS_NO_MORE.into(),
                condition: "".into(),
                values: Vec::new(),
            })?);
        }
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { item: None, .. } => Err(StoreError::NotFound(run.id.clone())),
            Transacted::Refused {
                item: Some(item), ..
            } => {
                check_schema(&item)?;
                let reader = Reader(&item);
                let holder = reader.text("execution")?.to_owned();
                Err(going(run, reader.word("state")?, holder))
            }
        }
    }
}

fn going(run: &Run, state: RunState, execution: String) -> StoreError {
    StoreError::Going {
        run: run.id.clone(),
        state,
        execution,
    }
}
