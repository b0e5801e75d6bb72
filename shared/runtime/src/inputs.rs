//! What a task may read: the brief and what earlier tasks of the round made.

use domain::quality::{Feedback, Target};
use domain::{
    ArtifactRef, Asset, Brief, EditedScript, Hook, HookWish, Run, TaskRecord, Timestamp, Variant,
    Varied,
};
use serde::de::DeserializeOwned;

use crate::{Services, TaskError, verdict};

/// How many of a brand's earlier scripts a new one is compared with.
const EARLIER_SCRIPTS: u32 = 50;

/// The task that writes hooks.
pub(crate) const HOOK: &str = "hook";

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

    /// Who speaks, where voices are compared.
    pub fn voice(&self) -> Option<&str> {
        self.run.variant.as_ref()?.voice.as_deref()
    }

    /// Which hook is wanted: of which variant, of the form that the brief asks for, unlike those that open the brief's other videos, and
    /// unlike those that opened the brand's last ones when the run was begun.
    pub async fn hook_wish(&self, brief: &Brief) -> Result<HookWish, TaskError> {
        Ok(HookWish {
            variant: self.varies(Varied::Hook).map(|variant| variant.number),
            form: brief.hook,
            taken: self.hooks_taken().await?,
            seen: self.run.seen.clone(),
        })
    }

    /// How the hooks of the other variants begin, where hooks are compared. Those of first rounds differ by themselves, so that a first round asks
    /// for those of later ones alone. A hook that was written counts what there was by then, so that it is found again. Two that are written at the
    /// same moment don't know of each other.
    async fn hooks_taken(&self) -> Result<Vec<String>, TaskError> {
        let Some(variant) = &self.run.variant else {
            return Ok(Vec::new());
        };
        let written = self.hook_written_in().await?;
        // The others begin when the control's first round is over.
        if variant.of != Varied::Hook || written == 1 && self.run.parent.is_none() {
            return Ok(Vec::new());
        }
        let by = self.hook_begun_at(written).await?;
        let store = &self.services.store;
        let mut taken = Vec::new();
        for id in variant.runs.iter().filter(|id| **id != self.run.id) {
            let other = store.run(id).await?;
            for round in if written == 1 { 2 } else { 1 }..=other.round {
                let rows = store.tasks(id, round).await?;
                let row = done(&rows, HOOK, None);
                let row = row.filter(|row| row.ended_at.is_some_and(|ended| ended <= by));
                let Some(end) = row.and_then(|row| row.end.as_ref()) else {
                    continue;
                };
                let hook: Hook = self.load(&end.output).await?;
                let begins = hook.lines.into_iter().next().map(|line| line.text);
                taken.extend(begins.filter(|text| !taken.contains(text)));
            }
        }
        Ok(taken)
    }

    /// The round in which something new was last asked of the hook: later ones answer by what it made.
    async fn hook_written_in(&self) -> Result<u32, TaskError> {
        let Some(feedback) = &self.run.feedback else {
            return Ok(1);
        };
        let feedback: Feedback = self.load(feedback).await?;
        Ok(feedback.last_for(Target::Hook).map_or(1, |round| round + 1))
    }

    /// When the run's own hook of a round was begun, if it is written; else the end of time.
    async fn hook_begun_at(&self, round: u32) -> Result<Timestamp, TaskError> {
        let earlier;
        let rows = if round == self.run.round {
            self.rows
        } else {
            earlier = self.services.store.tasks(&self.run.id, round).await?;
            &earlier
        };
        let begun = done(rows, HOOK, None).and_then(|row| row.started_at);
        Ok(begun.unwrap_or(Timestamp(u64::MAX)))
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
        done(self.rows, task, item)
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

/// The row of a task, or of an item of it, that has made something.
fn done<'a>(rows: &'a [TaskRecord], task: &str, item: Option<u32>) -> Option<&'a TaskRecord> {
    rows.iter()
        .find(|row| row.task.as_str() == task && row.item == item && row.status.has_output())
}

fn absent(task: &str, item: Option<u32>) -> TaskError {
    let item = item.map_or(String::new(), |item| format!(", item {item}"));
    TaskError::InvalidInput(format!(
        "the output of task {task}{item} is absent, and this task can't do without it"
    ))
}
