//! What can be done with experiments: making, starting, pausing and changing them.

use experiments::definition::{ChangeError, State};
use experiments::{Definition, Experiment};
use runtime::Clock;
use runtime::http::request::patched;
use serde_json::{Map, Value};
use store::{ExperimentRecord, Page, Store, StoreError};
use webhooks::ApiRoot;

use crate::AssignError;
use crate::retry::Patience;

/// Fields of a definition that have ways of their own.
const STEERED: [&str; 3] = ["key", "state", "winner"];

/// Experiments, and what is known of them.
#[derive(Clone)]
pub struct Experiments {
    /// Where they are kept.
    pub store: Store,
    /// What links in events begin with.
    pub root: ApiRoot,
    /// The time.
    pub clock: Clock,
}

impl Experiments {
    /// Makes an experiment, as a draft.
    pub async fn create(&self, definition: Definition) -> Result<ExperimentRecord, AssignError> {
        if definition.state != State::Draft {
            return Err(AssignError::Unread(
                "state: a new experiment is a draft; leave it out, and start it".to_owned(),
            ));
        }
        let record = ExperimentRecord::new(definition, (self.clock)())?;
        self.store.put_experiment(&record).await?;
        Ok(record)
    }

    /// An experiment.
    pub async fn get(&self, key: &str) -> Result<ExperimentRecord, StoreError> {
        self.store.experiment(key).await
    }

    /// Experiments, newest first.
    pub async fn list(
        &self,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<ExperimentRecord>, StoreError> {
        self.store.list_experiments(limit, cursor).await
    }

    /// Takes units in, from now on or again.
    pub async fn start(&self, key: &str) -> Result<ExperimentRecord, AssignError> {
        self.become_state(key, State::Running).await
    }

    /// Takes no new units in.
    pub async fn pause(&self, key: &str) -> Result<ExperimentRecord, AssignError> {
        self.become_state(key, State::Paused).await
    }

    async fn become_state(&self, key: &str, state: State) -> Result<ExperimentRecord, AssignError> {
        let before = self.get(key).await?;
        if before.definition.state == state {
            return Ok(before);
        }
        let is_start = (before.definition.state, state) == (State::Draft, State::Running);
        let definition = if is_start {
            self.to_start(&before).await?
        } else {
            before.definition.clone()
        };
        let next = Definition {
            state,
            ..definition
        };
        self.write(&before.changed(next, (self.clock)())?).await
    }

    /// Changes fields of an experiment's definition: what is null is as if it had never been said.
    pub async fn change(
        &self,
        key: &str,
        fields: Map<String, Value>,
    ) -> Result<ExperimentRecord, AssignError> {
        if let Some(name) = STEERED.iter().find(|name| fields.contains_key(**name)) {
            return Err(AssignError::Unread(format!(
                "{name} isn't changed so: an experiment is started, paused and concluded by requests of their own"
            )));
        }
        let before = self.get(key).await?;
        let definition = patched(&before.definition, fields)
            .map_err(|error| AssignError::Unread(error.to_string()))?;
        self.write(&before.changed(definition, (self.clock)())?)
            .await
    }

    async fn write(&self, changed: &ExperimentRecord) -> Result<ExperimentRecord, AssignError> {
        let written = self.store.change_experiment(changed, None).await?;
        written.ok_or_else(|| AssignError::Raced(changed.definition.key.clone()))
    }

    /// An experiment of which something may be counted: started, and not over.
    pub(crate) async fn under_way(
        &self,
        key: &str,
    ) -> Result<(ExperimentRecord, Experiment), AssignError> {
        let record = self.get(key).await?;
        match record.definition.state {
            State::Draft => Err(AssignError::Draft(record.definition.key)),
            State::Concluded => Err(AssignError::Concluded(record.definition.key)),
            State::Running | State::Paused => {
                let experiment = record.experiment()?;
                Ok((record, experiment))
            }
        }
    }

    /// Erases a unit from all experiments.
    pub async fn erase(&self, attribute: &str, unit: &str) -> Result<store::Erased, StoreError> {
        let unit = store::UnitId::of(attribute, unit);
        let mut patience = Patience::default();
        loop {
            match self.store.erase_unit(&unit).await {
                Err(error) if patience.lasts(&error).await => {}
                erased => return erased,
            }
        }
    }
}

/// That an experiment is over, as a change says it.
pub(crate) fn over(key: &str) -> AssignError {
    ChangeError::Concluded(key.to_owned()).into()
}
