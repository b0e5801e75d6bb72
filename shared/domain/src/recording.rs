//! Narration that a person recorded, in place of a voice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief_rules::BriefProblem;
use crate::sheet::{choice_problem, chosen};
use crate::{Asset, Brief, ScriptSheet, SheetError};

/// A person's recording of what one scene says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The sound: WAV, MP3, Ogg Vorbis or FLAC on its way in, WAV of one channel once it is stored.
    pub file: Asset,
    /// The number of the scene that it says, from 1.
    pub scene: u32,
}

/// A recording in place of the voice: one that is there already, or another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetRecording {
    /// Which of the recordings that the video has, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 40))]
    pub number: Option<u32>,
    /// Another recording, in place of a number: all that the scene says, by one person, as WAV, MP3, Ogg Vorbis or FLAC of at most two minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Asset>,
}

impl SheetRecording {
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        choice_problem("recording", self.number, self.file.as_ref())
    }
}

impl Brief {
    /// The recording of what a scene says, from 0, and which of all it is.
    pub fn recording(&self, scene: usize) -> Option<(usize, &Recording)> {
        let mut all = self.recordings.iter().enumerate();
        all.find(|(_, recording)| recording.scene as usize == scene + 1)
    }
}

impl ScriptSheet {
    /// The recordings that take the voice's place, each with its scene's number; those that the video has already are told by their numbers.
    pub fn recordings(&self, present: &[Recording]) -> Result<Vec<Recording>, SheetError> {
        let files: Vec<&Asset> = present.iter().map(|recording| &recording.file).collect();
        let mut recordings = Vec::new();
        let mut problems = Vec::new();
        for (at, scene) in self.scenes.iter().enumerate() {
            let Some(recording) = &scene.recording else {
                continue;
            };
            let file = recording.file.as_ref();
            match chosen("recording", recording.number, file, &files) {
                Ok(file) => recordings.push(Recording {
                    file,
                    scene: at as u32 + 1,
                }),
                Err(message) => {
                    let field = format!("scenes[{at}].recording.number");
                    problems.push(BriefProblem::new(field, message));
                }
            }
        }
        if problems.is_empty() {
            Ok(recordings)
        } else {
            Err(SheetError::Problems(problems))
        }
    }
}
