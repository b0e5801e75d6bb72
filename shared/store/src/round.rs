//! The end of a round: what it scored, and what follows.

use domain::quality::RoundScore;
use domain::{ArtifactRef, Event, EventKind, Opener, Run, RunState, Timestamp};

use crate::attributes::{json, number, text, texts, word};
use crate::event::event_item;
use crate::expression::Values;
use crate::keys::{self, META, WATCH};
use crate::request::{Change, Transacted};
use crate::review::review_item;
use crate::stat::round_counts;
use crate::watch::{watch_at, watch_item};
use crate::{Store, StoreError};

/// What follows from a round's score.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// The video of this round (the best so far) is published.
    Approve {
        /// Whose video is the run's.
        chosen: u32,
    },
    /// A person is asked.
    Review {
        /// Whose video is shown to them.
        chosen: u32,
        /// Until when it waits for them.
        due_at: Timestamp,
    },
    /// Another round is made.
    Again(Again),
}

/// Another round of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The name of its execution.
    pub execution: String,
    /// What it is to do differently: a `Feedback` document.
    pub feedback: ArtifactRef,
}

/// How a round ended.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundEnd {
    /// What it scored.
    pub score: RoundScore,
    /// What follows.
    pub next: Next,
    /// Why the video that is shown is less than was asked for.
    pub degraded: Vec<String>,
    /// What later scripts of the brand are compared with: the script's signature as JSON text.
    pub signature: Option<String>,
    /// What later hooks of the brand are held apart from.
    pub opener: Option<Opener>,
}

const CONDITION: &str = "#execution = :execution AND #round = :round AND #state = :running";
const DECIDED: &str = "SET #state = :state, #updated_at = :now, #rounds = :rounds, #chosen_round = :chosen, #degraded = :degraded \
     REMOVE #failure, #lease_owner, #lease_until";
pub(crate) const AGAIN: &str = "SET #state = :running, #updated_at = :now, #round = :next, #execution = :begins, \
     #feedback = :feedback, #degraded = :none REMOVE #failure, #lease_owner, #lease_until, #chosen_round";

impl Store {
    /// Ends the round that `run`, as it was read, works on. Its score and state, the events that announce them, the review or the next
    /// round's watch and the counts of the day are written in one transaction. Done only while the run is this execution's; afterwards
    /// the answer is [`StoreError::Fenced`], for a repetition too.
    pub async fn end_round(
        &self,
        run: &Run,
        end: &RoundEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = format!("ending round {} of run {}", run.round, run.id);
        let mut rounds = run.rounds.clone();
        rounds.retain(|score| score.round != end.score.round);
        rounds.push(end.score.clone());
        let mut values = vec![
            ("execution", text(&run.execution)),
            ("round", number(run.round)),
            ("running", word(&RunState::Running)),
            ("now", number(now.0)),
            ("rounds", json(&rounds)),
        ];
        let watch = match &end.next {
            Next::Approve { .. } => self.delete(&doing, (&keys::run(&run.id), WATCH))?,
            Next::Review { due_at, .. } => self.put(&doing, watch_at(&run.id, *due_at))?,
            Next::Again(_) => self.put(&doing, watch_item(&run.id, now))?,
        };
        let update = match &end.next {
            Next::Approve { chosen } => {
                decided(&mut values, RunState::Approved, *chosen, &end.degraded)
            }
            Next::Review { chosen, .. } => {
                decided(&mut values, RunState::InReview, *chosen, &end.degraded)
            }
            Next::Again(again) => {
                values.extend(again_values(run.round, again));
                AGAIN.replace("SET ", "SET #rounds = :rounds, ")
            }
        };
        let mut operations = vec![
            self.change_if(Change {
                doing: doing.clone(),
                pk: keys::run(&run.id),
                sk: META.to_owned(),
                update: update.into(),
                condition: CONDITION.into(),
                values,
            })?,
            watch,
        ];
        for kind in [EventKind::WorkflowCompleted]
            .into_iter()
            .chain(announced(&end.next))
        {
            let event = Event::new(kind, run.id.clone(), run.round, &run.execution, now);
            operations.push(self.put(&doing, event_item(&event))?);
        }
        if let Next::Review { chosen, due_at } = &end.next {
            let shown = rounds.iter().find(|score| score.round == *chosen);
            let shown = shown.unwrap_or(&end.score);
            operations.push(self.put(&doing, review_item(run, shown, now, *due_at))?);
        }
        for count in round_counts(run, &end.score, now, &doing) {
            operations.push(self.change_if(count)?);
        }
        if let Some(brand) = &run.brand {
            operations.push(self.change_if(said(run, brand, end, &doing))?);
        }
        match self.transact(&doing, operations).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused { item: None, .. } => Err(StoreError::NotFound(run.id.clone())),
            Transacted::Refused { item: Some(_), .. } => Err(StoreError::Fenced {
                what: format!("round {} of run {}", run.round, run.id),
                owner: run.execution.clone(),
                holder: None,
            }),
        }
    }
}

fn decided(values: &mut Values<'_>, state: RunState, chosen: u32, degraded: &[String]) -> String {
    values.extend([
        ("state", word(&state)),
        ("chosen", number(chosen)),
        ("degraded", texts(degraded)),
    ]);
    DECIDED.to_owned()
}

/// What the next round's update speaks of.
pub(crate) fn again_values<'a>(round: u32, again: &Again) -> Values<'a> {
    vec![
        ("next", number(round.saturating_add(1))),
        ("begins", text(&again.execution)),
        ("feedback", json(&again.feedback)),
        ("none", texts(&[])),
    ]
}

/// What is announced beside the round's completion.
fn announced(next: &Next) -> Option<EventKind> {
    match next {
        Next::Approve { .. } => Some(EventKind::ContentApproved),
        Next::Review { .. } => Some(EventKind::ContentReviewRequired),
        Next::Again(_) => None,
    }
}

/// What was said goes to the brand's list of runs, where later ones look for it.
fn said<'a>(run: &Run, brand: &str, end: &RoundEnd, doing: &str) -> Change<'a> {
    let mut update =
        "SET #run = :run, #created_at = :created_at, #brief = :brief, #topic = :topic".to_owned();
    let mut values = vec![
        ("run", text(run.id.as_str())),
        ("created_at", number(run.created_at.0)),
        ("brief", text(run.brief.key.as_str())),
        ("topic", text(&run.topic)),
    ];
    if let Some(signature) = &end.signature {
        update.push_str(", #signature = :signature");
        values.push(("signature", text(signature)));
    }
    if let Some(opener) = &end.opener {
        update.push_str(", #opener = :opener");
        values.push(("opener", json(opener)));
    }
    Change {
        doing: doing.to_owned(),
        pk: keys::brand(brand),
        sk: keys::brand_run(run.created_at, &run.id),
        update: update.into(),
        condition: "".into(),
        values,
    }
}
