//! What a task may read: the brief and what earlier tasks of the round made.

use domain::quality::{Feedback, Target};
use domain::{ArtifactRef, Asset, Brief, EditedScript, Run, TaskRecord, Variant, Varied};
use serde::de::DeserializeOwned;

use crate::{Services, TaskError, verdict};

/// How many of a brand's earlier scripts a new one is compared with.
const EARLIER_SCRIPTS: u32 = 50;

/// The round's brief and outputs, loaded when asked for.
pub struct Inputs<'a> {
    services: &'a Services,
    run: &'a Run,
    rows: &'a [TaskRecord],
}

impl<'a> Inputs<'a> {
    /// The inputs of one round, from the rows of its tasks.
    pub fn new(services: &'a Services, run: &'a Run, rows: &'a [TaskRecord]) -> Self {
        Self {
            services,
            run,
            rows,
        }
    }

    /// The brief.
    pub async fn brief(&self) -> Result<Brief, TaskError> {
        self.load(&self.run.brief).await
    }

    /// What a person wrote for the round, in place of what its writers would write; nothing where nobody did.
    pub async fn edited(&self) -> Result<Option<EditedScript>, TaskError> {
        match &self.run.edited {
            Some(edited) => Ok(Some(self.load(&edited.script).await?)),
            None => Ok(None),
        }
    }

    /// Which variant is to be made, if the variants differ in this and it isn't the control.
    pub fn varies(&self, of: Varied) -> Option<&Variant> {
        self.run.varies(of)
    }

    /// Who speaks, where another voice than the usual one was asked for.
    pub fn voice(&self) -> Option<&str> {
        self.run.variant.as_ref()?.voice.as_deref()
    }

    /// What the tasks of this process work with.
    pub fn services(&self) -> &Services {
        self.services
    }

    /// The output of a task that runs once.
    pub async fn one<T: DeserializeOwned>(&self, task: &str) -> Result<T, TaskError> {
        self.optional(task).await?.ok_or_else(|| absent(task, None))
    }

    /// The output of a task that runs once; nothing if it was skipped.
    pub async fn optional<T: DeserializeOwned>(&self, task: &str) -> Result<Option<T>, TaskError> {
        match self.output(task, None) {
            Some(output) => Ok(Some(self.load(output).await?)),
            None => Ok(None),
        }
    }

    /// The outputs of a task that runs once an item: items 0 to `count`, each of which must be there.
    pub async fn each<T: DeserializeOwned>(
        &self,
        task: &str,
        count: usize,
    ) -> Result<Vec<T>, TaskError> {
        let mut all = Vec::with_capacity(count);
        for item in 0..count as u32 {
            let output = self
                .output(task, Some(item))
                .ok_or_else(|| absent(task, Some(item)))?;
            all.push(self.load(output).await?);
        }
        Ok(all)
    }

    /// What a task is to do differently in this round; nothing in the first one, or where its work was good.
    pub async fn feedback(&self, task: Target) -> Result<Option<Feedback>, TaskError> {
        match &self.run.feedback {
            Some(feedback) => Ok(self.load::<Feedback>(feedback).await?.of(task)),
            None => Ok(None),
        }
    }

    /// Why the round's result is less than was asked for; each reason once.
    pub fn degraded(&self) -> Vec<String> {
        let mut reasons = verdict(self.rows).degraded;
        for reason in &self.run.degraded {
            if !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
        reasons
    }

    /// The signatures of the brand's earlier scripts, as JSON text, the newest first.
    pub async fn earlier_signatures(&self) -> Result<Vec<String>, TaskError> {
        let store = &self.services.store;
        Ok(store.earlier_signatures(self.run, EARLIER_SCRIPTS).await?)
    }

    /// A stored asset that the brief names, such as a logo. Before it comes here, the edge has stored every path.
    pub fn asset(asset: Option<&Asset>) -> Result<Option<ArtifactRef>, TaskError> {
        match asset {
            None => Ok(None),
            Some(Asset::Stored(stored)) => Ok(Some(stored.clone())),
            Some(Asset::Uploaded { asset }) => Err(TaskError::InvalidInput(format!(
                "the brief names the upload {asset}, which was never taken in: start the run again from the brief"
            ))),
            Some(Asset::Path(path)) => Err(TaskError::InvalidInput(format!(
                "the brief names the file {path:?}, which was never stored: start the run again from the brief"
            ))),
        }
    }

    fn output(&self, task: &str, item: Option<u32>) -> Option<&ArtifactRef> {
        self.rows
            .iter()
            .find(|row| row.task.as_str() == task && row.item == item && row.status.has_output())
            .and_then(|row| row.end.as_ref())
            .map(|end| &end.output)
    }

    async fn load<T: DeserializeOwned>(&self, stored: &ArtifactRef) -> Result<T, TaskError> {
        let bytes = self.services.artifacts.get(stored).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            TaskError::Permanent(format!(
                "artifact {} can't be read as {}: {error}; it was made by another version of this program: start a new run",
                stored.key,
                std::any::type_name::<T>()
            ))
        })
    }
}

fn absent(task: &str, item: Option<u32>) -> TaskError {
    let item = item.map_or(String::new(), |item| format!(", item {item}"));
    TaskError::InvalidInput(format!(
        "the output of task {task}{item} is absent, and this task can't do without it"
    ))
}
