//! What can go wrong, and what to do about it.

use domain::quality::{Decided, Decision};
use domain::{KeyId, RunId, RunState, Timestamp};

use webhooks::{DeliveryId, EndpointId};

use crate::{DeliveryState, TaskId};

/// Why the store could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No such run.
    #[error("there is no run {0}: `reelwright list` shows the runs of this store")]
    NotFound(RunId),

    /// A run of this id was written before.
    #[error("there is a run {0} already: make a new id for a new run")]
    Exists(RunId),

    /// Somebody else holds the lease.
    #[error("{what} is being worked on by {owner} until {until}: wait for it to end, or stop that process", until = .until.rfc3339())]
    Busy {
        /// The run or the task.
        what: String,
        /// Who holds the lease.
        owner: String,
        /// When the lease ends if it isn't renewed.
        until: Timestamp,
    },

    /// The caller held a lease and lost it: what it has to say comes too late and was not written.
    #[error("{what} was taken over from {owner}{}: its late answer is dropped", .holder.as_ref().map(|who| format!(" by {who}")).unwrap_or_default())]
    Fenced {
        /// The run or the task.
        what: String,
        /// Who is late.
        owner: String,
        /// Who holds it now, if somebody does.
        holder: Option<String>,
    },

    /// The run has ended in a way that leaves nothing to work on.
    #[error("run {run} has {}", ended(*state))]
    Ended {
        /// The run.
        run: RunId,
        /// How it ended.
        state: RunState,
    },

    /// The run doesn't wait for a person: it never did, or somebody decided already.
    #[error("run {run} waits for nobody{}", already(*state, decided.as_ref()))]
    NotWaiting {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: RunState,
        /// What was decided last, if anything was.
        decided: Option<Decided>,
    },

    /// The run is being worked on, so it can't be begun again.
    #[error(
        "run {run} is {state:?} under execution {execution}: wait for its end, or cancel it first"
    )]
    Going {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: RunState,
        /// The execution that works on it.
        execution: String,
    },

    /// A request came again under the same idempotency key, but asks for something else.
    #[error(
        "the idempotency key {key:?} was used for another request: repeat that one unchanged, or take a new key"
    )]
    Conflict {
        /// The key, its first 80 characters.
        key: String,
    },

    /// No such API key.
    #[error("there is no key {0}: `reelwright keys list` shows the keys of this store")]
    NoKey(KeyId),

    /// No such endpoint of a subscriber.
    #[error("there is no endpoint {0}: `reelwright webhooks list` shows those of this store")]
    NoEndpoint(EndpointId),

    /// No such delivery.
    #[error(
        "there is no delivery {0}: `reelwright webhooks deliveries` shows those of an endpoint"
    )]
    NoDelivery(DeliveryId),

    /// No such experiment.
    #[error("there is no experiment {0:?}: `reelwright experiment list` shows those of this store")]
    NoExperiment(String),

    /// An experiment of this key was written before.
    #[error("there is an experiment {0:?} already: give the new one another key")]
    ExperimentExists(String),

    /// The delivery needs no replay, or can't have one yet.
    #[error("delivery {delivery} can't be replayed: {}", not_replayed(*state))]
    NotReplayed {
        /// The delivery.
        delivery: DeliveryId,
        /// Where it stands.
        state: DeliveryState,
    },

    /// The task's row is not there: it was never planned or claimed.
    #[error("there is no row of {0}: plan or claim it first")]
    NoTask(TaskId),

    /// Written by a later version of this program.
    #[error(
        "{item} was written by a newer version (its schema is {found}, this program reads up to {supported}): update reelwright"
    )]
    NewerSchema {
        /// Which item.
        item: String,
        /// Its schema version.
        found: u32,
        /// The newest that is understood.
        supported: u32,
    },

    /// An item lacks what it must have, or holds something else.
    #[error(
        "item {item} is damaged: {reason}: restore the table from a backup, or delete the item"
    )]
    Damaged {
        /// Its keys.
        item: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The caller asked for something that can't be.
    #[error("{what}: {reason}")]
    Invalid {
        /// What was asked.
        what: String,
        /// Why it can't be, and what to do.
        reason: String,
    },

    /// The table is not there.
    #[error(
        "table {table} does not exist (while {doing}): create it, or check the configured table name and region"
    )]
    NoTable {
        /// Its name.
        table: String,
        /// What was being done.
        doing: String,
    },

    /// Too many requests, or two transactions at one item.
    #[error("the store is too busy for {doing}: {message}: try again after a pause")]
    Throttled {
        /// What was being done.
        doing: String,
        /// The store's own words.
        message: String,
    },

    /// No answer in time, or no connection. A write may or may not have happened; every write here can be repeated.
    #[error(
        "the store did not answer while {doing}: {message}: try again, and check the network and the endpoint if it goes on"
    )]
    Unavailable {
        /// What was being done.
        doing: String,
        /// What is known.
        message: String,
    },

    /// The store refused for a reason that a repetition won't change.
    #[error("the store refused {doing}: {message}")]
    Refused {
        /// What was being done.
        doing: String,
        /// The store's own words.
        message: String,
    },
}

/// How a run ended, and what can be done with it now.
fn ended(state: RunState) -> &'static str {
    match state {
        RunState::Succeeded => "succeeded: start a new run to make another video",
        RunState::Failed => "failed: redrive it to go on with it",
        RunState::Cancelled => "been cancelled: redrive it to go on with it",
        RunState::Approved => "been approved: start a new run to make another video",
        RunState::InReview => {
            "a video that waits for a person: `reelwright review regenerate` asks for another round"
        }
        RunState::Rejected => "been rejected: start a new run to make another video",
        RunState::Expired => "expired in review: start a new run to make another video",
        RunState::Running => "not ended",
    }
}

/// Why a delivery isn't sent again.
fn not_replayed(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Delivered => "it arrived",
        DeliveryState::Waiting => "it is still being tried",
        DeliveryState::Exhausted | DeliveryState::Stopped => "it was changed meanwhile: try again",
    }
}

/// Why nothing is to be decided about a run.
fn already(state: RunState, decided: Option<&Decided>) -> String {
    let Some(Decided {
        decision, by, at, ..
    }) = decided
    else {
        return format!(": it is {}", state.name());
    };
    let what = match decision {
        Decision::Approve => "approved it",
        Decision::Reject => "rejected it",
        Decision::Regenerate => "asked for another round",
    };
    format!(
        ": {by} {what} at {}, and it is {} now",
        at.rfc3339(),
        state.name()
    )
}

impl StoreError {
    /// Whether the same request may succeed after a pause.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. })
    }
}
