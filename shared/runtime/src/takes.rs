//! A recording of a whole script, parted among its scenes.

use std::path::Path;
use std::sync::Arc;

use domain::{Asset, MediaType, RunId, ScriptSheet, SheetRecording};
use providers::{ProviderError, SpeechProvider, SpeechRequest, parted};

use crate::edge::read_take;
use crate::runs::brief_of;
use crate::{EdgeError, RunError, Runs};

/// Words a minute that people read aloud at: the voice speaks so for the comparison.
const READ_WPM: u32 = 150;

/// Why a recording of a whole script can't be parted.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It can't be read, or its parts not be stored.
    #[error(transparent)]
    File(#[from] EdgeError),
    /// The run can't be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What the script says isn't found in it.
    #[error("the recording can't be parted among the scenes: {0}")]
    Speech(#[from] ProviderError),
}

impl Runs {
    /// The script with each scene's part of a file of this machine in which all of it is recorded, from the first sentence to the last. `usual`
    /// is who speaks where neither script nor brief says: the recording is compared with their speech.
    pub async fn part_take(
        &self,
        id: &RunId,
        mut sheet: ScriptSheet,
        take: &Path,
        usual: &Arc<dyn SpeechProvider>,
    ) -> Result<ScriptSheet, PartError> {
        let recording = read_take(take, "--recording").await?;
        let run = self.store.run(id).await.map_err(RunError::from)?;
        let brief = brief_of(&run, &self.artifacts).await?;
        let brief = sheet.look.clone().on(brief);
        let speaker = match &brief.brand.voice {
            Some(name) => usual.named(name)?,
            None => Arc::clone(usual),
        };
        let mut spoken = Vec::new();
        for scene in &sheet.scenes {
            let request = SpeechRequest {
                pronunciations: brief.brand.pronunciations.needed_by(&scene.say),
                lines: scene.say.clone(),
                language: brief.language.clone(),
                planned_wpm: READ_WPM,
            };
            spoken.push(speaker.speak(&request).await?.value);
        }
        let parts = parted(spoken, recording.into()).await?;
        for (scene, part) in sheet.scenes.iter_mut().zip(parts) {
            let stored = self.artifacts.put(part.into(), MediaType::Wav).await;
            scene.recording = Some(SheetRecording {
                number: None,
                file: Some(Asset::Stored(stored.map_err(EdgeError::from)?)),
            });
        }
        Ok(sheet)
    }
}
