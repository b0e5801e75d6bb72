//! Changing the script or the looks of a run whose video is there: another round, in which only what depends on the change is made.

use std::path::Path;

use artifacts::{ArtifactError, Artifacts};
use domain::{
    ArtifactRef, Asset, Edited, Hook, Line, MediaType, Role, Run, RunId, RunState, Script,
    ScriptSheet, SheetError, Story, TaskRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{EditedRound, StoreError};

use crate::edge::{store_look, store_picture, store_recording};
use crate::gate::feedback_of;
use crate::runs::brief_of;
use crate::{EdgeError, Files, RunError, Runs, execution_name, store_brief};

/// Why a run can't be edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The script can't be made.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// What the looks name can't be used.
    #[error(transparent)]
    Look(#[from] EdgeError),
    /// The run never came to a script.
    #[error("run {run} has no script to edit: it is {}, and its {task} is not made", state.name())]
    NoScript {
        /// The run.
        run: RunId,
        /// Where it stands.
        state: RunState,
        /// The task that left nothing.
        task: &'static str,
    },
    /// The run can't be read or written, or doesn't allow it.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A document can't be read or kept.
    #[error("{what} of run {run}: {cause}")]
    Document {
        /// Which.
        what: &'static str,
        /// The run.
        run: RunId,
        /// Why not.
        cause: String,
    },
}

impl From<StoreError> for EditError {
    fn from(error: StoreError) -> Self {
        Self::Run(error.into())
    }
}

/// What came of an edit.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Another round.
    Round(Box<Run>),
    /// Nothing: the script and the looks are those that the run has.
    Nothing(Box<Run>),
}

/// A run with what an edit starts from.
struct Present {
    run: Run,
    story: Story,
    script: Script,
    hook: Hook,
}

async fn made<T: DeserializeOwned>(
    artifacts: &Artifacts,
    run: &Run,
    rows: &[TaskRecord],
    task: &'static str,
) -> Result<T, EditError> {
    let end = rows
        .iter()
        .find(|row| row.task.as_str() == task && row.status.has_output())
        .and_then(|row| row.end.as_ref())
        .ok_or_else(|| EditError::NoScript {
            run: run.id.clone(),
            state: run.state,
            task,
        })?;
    let unread = |cause: String| EditError::Document {
        what: task,
        run: run.id.clone(),
        cause,
    };
    let bytes = artifacts
        .get(&end.output)
        .await
        .map_err(|error: ArtifactError| unread(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| unread(error.to_string()))
}

async fn keep(
    artifacts: &Artifacts,
    run: &RunId,
    what: &'static str,
    document: &impl Serialize,
) -> Result<ArtifactRef, EditError> {
    let unkept = |cause: String| EditError::Document {
        what,
        run: run.clone(),
        cause,
    };
    let bytes = serde_json::to_vec(document).map_err(|error| unkept(error.to_string()))?;
    let kept = artifacts.put(bytes.into(), MediaType::Json).await;
    kept.map_err(|error| unkept(error.to_string()))
}

impl Runs {
    /// The script of the round that is shown, as people read it.
    pub async fn script(&self, id: &RunId) -> Result<ScriptSheet, EditError> {
        let Present {
            run, script, hook, ..
        } = self.present(id).await?;
        let brief = brief_of(&run, &self.artifacts).await?;
        Ok(ScriptSheet::of(&script, &hook, &brief))
    }

    /// Makes another round of a run from a script that a person changed, in place of what its writers wrote, and starts it. Everything that the
    /// round that is shown was told to do differently holds on, so what the script leaves as it is has the content keys that it has there.
    pub async fn edit(
        &self,
        id: &RunId,
        sheet: ScriptSheet,
        files: Files<'_>,
        by: &str,
    ) -> Result<Edit, EditError> {
        let (artifacts, now) = (&self.artifacts, (self.clock)());
        let Present {
            run,
            story,
            script,
            hook,
        } = self.present(id).await?;
        if run.state == RunState::Running {
            return Err(StoreError::Going {
                run: run.id,
                state: run.state,
                execution: run.execution,
            }
            .into());
        }
        let suited = |lines: &[Line]| writer::scene(Role::Payoff, lines.to_vec(), &story).visual;
        let edited = sheet.edited(&script, &hook, suited)?;
        let before = brief_of(&run, artifacts).await?;
        let mut pictures = sheet.pictures(&before.pictures)?;
        for picture in &mut pictures {
            if !matches!(picture.file, Asset::Stored(_)) {
                let field = format!("scenes[{}].picture.file", picture.scene.unwrap_or(1) - 1);
                store_picture(picture, &field, files, artifacts).await?;
            }
        }
        let mut recordings = sheet.recordings(&before.recordings)?;
        for recording in &mut recordings {
            if !matches!(recording.file, Asset::Stored(_)) {
                let field = format!("scenes[{}].recording.file", recording.scene - 1);
                store_recording(recording, &field, files, artifacts).await?;
            }
        }
        let look = store_look(sheet.look, files, artifacts).await?;
        let mut looked = look.on(before.clone());
        // Where each picture is shown is settled by the script that a person has looked at.
        if edited.script != script || pictures != before.placed_pictures(&script) {
            looked.pictures = pictures;
        }
        looked.recordings = recordings;
        looked.check().map_err(EdgeError::from)?;
        let same = edited.script == script && edited.hook == hook && looked == before;
        if same && run.state.is_made() {
            return Ok(Edit::Nothing(Box::new(run)));
        }
        // Its files are stored, here or before.
        let (_, brief) = store_brief(looked, Files::Beside(Path::new("")), artifacts).await?;
        let next = run.round.saturating_add(1);
        let round = EditedRound {
            edited: Edited {
                script: keep(artifacts, id, "the edited script", &edited).await?,
                round: next,
                by: by.to_owned(),
                at: now,
            },
            brief,
            feedback: made_by(artifacts, &run).await?,
            execution: execution_name(id, next, now),
        };
        self.store.edit_run(&run, &round, now).await?;
        let run = self.store.run(id).await?;
        let facts = self.facts_of(&run).await?;
        self.set_going(&run, facts).await?;
        Ok(Edit::Round(Box::new(run)))
    }

    async fn present(&self, id: &RunId) -> Result<Present, EditError> {
        let artifacts = &self.artifacts;
        let run = self.store.run(id).await?;
        let rows = self.store.tasks(id, run.shown_round()).await?;
        Ok(Present {
            story: made(artifacts, &run, &rows, "story").await?,
            script: made(artifacts, &run, &rows, "script").await?,
            hook: made(artifacts, &run, &rows, "hook").await?,
            run,
        })
    }
}

/// What the round that is shown was told to do differently.
async fn made_by(artifacts: &Artifacts, run: &Run) -> Result<Option<ArtifactRef>, EditError> {
    let feedback = feedback_of(artifacts, run).await?;
    match feedback.and_then(|feedback| feedback.that_made(run.shown_round())) {
        Some(made_by) => Ok(Some(
            keep(artifacts, &run.id, "the feedback", &made_by).await?,
        )),
        None => Ok(None),
    }
}
