//! The film's sound: every scene's narration in its place, music below it, as loud as players expect.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use domain::{ArtifactRef, Narration};

use crate::resample::{FINE, Resampler};
use crate::timeline::{SAMPLE_RATE, SAMPLES_PER_FRAME, ScenePlan};
use crate::{Blobs, Loudness, MediaError, Timeline, bed, loudness, wav};

/// The film's sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Soundtrack {
    /// One channel at 48 kHz, exactly as long as the picture.
    pub samples: Vec<f32>,
    /// How loud it is; `None` for a silent film.
    pub loudness: Option<Loudness>,
}

/// Places the narrations on the timeline that was planned from them, and music below them: as [`crate::take_sound`] made it. A scene without
/// sound has no voice; without music it is silent.
pub fn soundtrack(
    timeline: &Timeline,
    narrations: &[&Narration],
    music: Option<&ArtifactRef>,
    blobs: &dyn Blobs,
) -> Result<Soundtrack, MediaError> {
    let mut samples = vec![0.0; timeline.samples()];
    let mut resamplers = BTreeMap::new();
    let mut spoken = Vec::new();
    for (at, (plan, narration)) in timeline.scenes().iter().zip(narrations).enumerate() {
        let Some(blob) = &narration.audio else {
            continue;
        };
        let sound = read(blob, &format!("the sound of scene {at}"), blobs)?;
        spoken.extend(speech(plan, narration));
        let resampler = resamplers
            .entry(sound.rate)
            .or_insert_with(|| Resampler::new(sound.rate, SAMPLE_RATE, FINE));
        let start = (plan.start + plan.sound_at) as usize * SAMPLES_PER_FRAME as usize;
        let room = samples.get_mut(start..).unwrap_or_default();
        room.iter_mut()
            .zip(resampler.run(&sound.samples))
            .for_each(|(to, from)| *to += from);
    }
    let mut loudness = loudness::normalize(&mut samples)?;
    if let Some(blob) = music {
        let music = read(blob, "the music", blobs)?;
        if music.rate != SAMPLE_RATE {
            return Err(MediaError::Mismatch(format!(
                "the music has {} samples a second: it is taken in with {SAMPLE_RATE}",
                music.rate
            )));
        }
        if loudness.is_none() {
            spoken.clear();
        }
        bed::add(&mut samples, &music.samples, &spoken)?;
        loudness = loudness::normalize(&mut samples)?;
    }
    Ok(Soundtrack { samples, loudness })
}

fn read(blob: &ArtifactRef, what: &str, blobs: &dyn Blobs) -> Result<wav::Sound, MediaError> {
    let bytes: Cow<[u8]> = blobs.bytes(blob).ok_or_else(|| MediaError::Missing {
        what: what.to_owned(),
        key: blob.key.clone(),
    })?;
    wav::read(&bytes, what)
}

/// When a scene's words are spoken, in samples of the film. Sound without words is all speech.
fn speech(plan: &ScenePlan, narration: &Narration) -> Vec<Range<usize>> {
    let start = (plan.start + plan.sound_at) as usize * SAMPLES_PER_FRAME as usize;
    let at = |ms: u32| start + ms as usize * SAMPLE_RATE as usize / 1000;
    if narration.words.is_empty() {
        let whole = start..at(narration.length_ms);
        return Vec::from([whole]);
    }
    let words = narration.words.iter();
    words
        .map(|word| at(word.start_ms)..at(word.end_ms))
        .collect()
}
