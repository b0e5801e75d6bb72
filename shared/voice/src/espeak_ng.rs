//! The `espeak-ng` program as a voice, where it is installed and the embedded voice is not.
//!
//! The one place of this crate that starts a process: `espeak-ng` found on the search path, fed by standard input.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use domain::Pronunciations;

use crate::error::excerpt;
use crate::{Speech, VoiceError, estimate, read_wav, spoken};

/// Words a minute of espeak-ng at pace 1: near the embedded voice's.
const WORDS_A_MINUTE: f32 = 165.0;

/// Samples a second of a scene in which nothing is said: the program's own rate.
const SILENT_RATE: u32 = 22_050;

/// The `espeak-ng` program, found.
#[derive(Debug, Clone)]
pub struct EspeakNg {
    program: PathBuf,
    version: String,
    voice: String,
}

/// The voice that speaks unless another is named.
const VOICE: &str = "en-us";

impl EspeakNg {
    /// Looks for the program on the search path and asks it for its version.
    pub fn find() -> Option<Self> {
        let program = PathBuf::from("espeak-ng");
        let output = Command::new(&program)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        // "eSpeak NG text-to-speech: 1.51  Data at: ..."
        let version = text
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?
            .to_owned();
        output.status.success().then(|| Self {
            program,
            version,
            voice: VOICE.to_owned(),
        })
    }

    /// The same program with another of its voices, as `espeak-ng --voices` lists them under `Language`. One that it doesn't have is told when it
    /// is to speak.
    #[must_use]
    pub fn with_voice(&self, voice: &str) -> Self {
        Self {
            voice: voice.to_owned(),
            ..self.clone()
        }
    }

    /// Names everything that the sound depends on beside text and pace.
    pub fn fingerprint(&self) -> String {
        format!("espeak-ng/{} {} estimate/1", self.version, self.voice)
    }

    /// Speaks the lines of one scene, some words as `own` says them: by other words only, as the program has an alphabet of its own for
    /// sounds. Word times are estimated from syllables, scaled to the sound's length.
    pub fn speak(
        &self,
        lines: &[String],
        own: &Pronunciations,
        pace: f32,
    ) -> Result<Speech, VoiceError> {
        if !(0.5..=2.0).contains(&pace) {
            return Err(VoiceError::Pace(pace));
        }
        let readings: Vec<_> = lines.iter().map(|line| spoken::read(line, own)).collect();
        let text: Vec<String> = readings
            .iter()
            .flat_map(|reading| &reading.sentences)
            .map(|s| spoken::plain(s))
            .collect();
        let unspoken = readings
            .iter()
            .flat_map(|r| r.unspoken.iter().map(|&word| r.words[word].clone()))
            .collect();
        let failed = |reason: String| VoiceError::EspeakNg {
            text: excerpt(&lines.join(" ")),
            reason,
        };
        let wpm = (WORDS_A_MINUTE * pace) as u32;
        if text.is_empty() {
            // Given nothing to say, the program writes nothing, not even an empty file.
            let (words, length_ms) = estimate::estimate(lines, wpm);
            let samples = vec![0; (length_ms as usize * SILENT_RATE as usize).div_ceil(1000)];
            return Ok(Speech {
                samples,
                sample_rate: SILENT_RATE,
                words,
                unspoken,
            });
        }
        let sound = self.run(&text.join("\n"), wpm).map_err(failed)?;
        let sound = read_wav(&sound).map_err(|error| failed(error.to_string()))?;
        let mut speech = Speech {
            samples: sound.samples,
            sample_rate: sound.sample_rate,
            words: Vec::new(),
            unspoken,
        };
        speech.words = estimate::within(lines, own, speech.length_ms());
        Ok(speech)
    }

    fn run(&self, text: &str, wpm: u32) -> Result<Vec<u8>, String> {
        let mut child = Command::new(&self.program)
            .args(["-v", &self.voice, "-s", &wpm.to_string()])
            .args(["--stdin", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("it could not be started ({error})"))?;
        let Some(mut stdin) = child.stdin.take() else {
            return Err("it has no standard input".into());
        };
        let text = text.to_owned();
        // Written beside the reading: either pipe may fill up first.
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = child
            .wait_with_output()
            .map_err(|error| error.to_string())?;
        let written = writer
            .join()
            .map_err(|_| "the text could not be handed over".to_owned())?;
        if !output.status.success() {
            return Err(format!(
                "{}: {}",
                output.status,
                excerpt(String::from_utf8_lossy(&output.stderr).trim())
            ));
        }
        written.map_err(|error| error.to_string())?;
        Ok(output.stdout)
    }
}
