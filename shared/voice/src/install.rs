//! A voice as files: `NAME.onnx`, `NAME.onnx.json` and, where scripts/fetch-voice.sh laid them, `voice.sha256`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::VoiceError;

/// Where the voice is looked for: `voice` (`REELWRIGHT_VOICE`, a folder with one voice), else `joe` under `voices`
/// (`REELWRIGHT_VOICES`), else under `.cache/reelwright/voices` of `home`. `None` if none of the three is known.
pub fn voice_dir(
    voice: Option<&Path>,
    voices: Option<&Path>,
    home: Option<&Path>,
) -> Option<PathBuf> {
    if let Some(dir) = voice {
        return Some(dir.to_path_buf());
    }
    let voices = match (voices, home) {
        (Some(dir), _) => dir.to_path_buf(),
        (None, Some(home)) => home.join(".cache/reelwright/voices"),
        (None, None) => return None,
    };
    Some(voices.join("joe"))
}

/// What a Piper voice's JSON says, as far as it is needed here.
#[derive(Debug, Deserialize)]
pub(crate) struct PiperConfig {
    pub(crate) audio: AudioConfig,
    #[serde(default)]
    pub(crate) inference: InferenceConfig,
    pub(crate) phoneme_id_map: BTreeMap<String, Vec<i32>>,
    #[serde(default = "one")]
    pub(crate) num_speakers: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AudioConfig {
    pub(crate) sample_rate: u32,
}

/// How much chance goes into the voice (see [`crate::Voice`]) and how fast it speaks by itself.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct InferenceConfig {
    pub(crate) noise_scale: f32,
    pub(crate) length_scale: f32,
    pub(crate) noise_w: f32,
}

impl Default for InferenceConfig {
    fn default() -> Self {
        Self {
            noise_scale: 0.667,
            length_scale: 1.0,
            noise_w: 0.8,
        }
    }
}

fn one() -> u32 {
    1
}

/// The files of one voice, read and found whole.
pub(crate) struct Installed {
    pub(crate) onnx: PathBuf,
    pub(crate) model: Vec<u8>,
    pub(crate) config: PiperConfig,
    /// sha256 of the model and its configuration together, in hexadecimal.
    pub(crate) digest: String,
}

impl Installed {
    pub(crate) fn read(dir: &Path) -> Result<Self, VoiceError> {
        let onnx = the_model(dir)?;
        let json = PathBuf::from(format!("{}.json", onnx.display()));
        if !json.is_file() {
            return Err(VoiceError::Damaged {
                path: json,
                reason: "it is missing".into(),
            });
        }
        let model = read(&onnx)?;
        let config_text = read(&json)?;
        let digests = [
            (&onnx, hex(&Sha256::digest(&model))),
            (&json, hex(&Sha256::digest(&config_text))),
        ];
        compare(dir, &digests)?;
        let config: PiperConfig =
            serde_json::from_slice(&config_text).map_err(|error| VoiceError::Damaged {
                path: json.clone(),
                reason: error.to_string(),
            })?;
        if config.num_speakers > 1 {
            let reason = format!(
                "it has {} speakers, only voices of one speaker are supported",
                config.num_speakers
            );
            return Err(VoiceError::Unsupported { path: onnx, reason });
        }
        let digest = hex(&Sha256::digest(format!("{}{}", digests[0].1, digests[1].1)));
        Ok(Self {
            onnx,
            model,
            config,
            digest,
        })
    }
}

/// The one `.onnx` file of a folder.
fn the_model(dir: &Path) -> Result<PathBuf, VoiceError> {
    let entries = fs::read_dir(dir).map_err(|_| VoiceError::NotFound(dir.to_path_buf()))?;
    let mut models: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "onnx"))
        .collect();
    match (models.pop(), models.is_empty()) {
        (Some(model), true) => Ok(model),
        (Some(_), false) => Err(VoiceError::Ambiguous(dir.to_path_buf())),
        (None, _) => Err(VoiceError::NotFound(dir.to_path_buf())),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, VoiceError> {
    fs::read(path).map_err(|source| VoiceError::Unreadable {
        path: path.to_path_buf(),
        source,
    })
}

/// Holds the files to the digests that were recorded when they were fetched. A voice laid by hand has no record.
fn compare(dir: &Path, digests: &[(&PathBuf, String)]) -> Result<(), VoiceError> {
    let Ok(record) = fs::read_to_string(dir.join("voice.sha256")) else {
        return Ok(());
    };
    for (path, found) in digests {
        let expected = record.lines().find_map(|line| {
            let (digest, name) = line.split_once("  ")?;
            path.ends_with(name.trim()).then_some(digest)
        });
        if let Some(expected) = expected
            && expected != found
        {
            let reason = format!("its sha256 is {found}, recorded was {expected}");
            return Err(VoiceError::Damaged {
                path: (*path).clone(),
                reason,
            });
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
