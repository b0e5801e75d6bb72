//! The film's sound: every scene's narration in its place, as loud as players expect.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::Narration;

use crate::resample::{FINE, Resampler};
use crate::timeline::{SAMPLE_RATE, SAMPLES_PER_FRAME};
use crate::{Blobs, Loudness, MediaError, Timeline, loudness, wav};

/// The film's sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Soundtrack {
    /// One channel at 48 kHz, exactly as long as the picture.
    pub samples: Vec<f32>,
    /// How loud it is; `None` for a silent film.
    pub loudness: Option<Loudness>,
}

/// Places the narrations on the timeline that was planned from them. A scene without sound is silent.
pub fn soundtrack(
    timeline: &Timeline,
    narrations: &[&Narration],
    blobs: &dyn Blobs,
) -> Result<Soundtrack, MediaError> {
    let mut samples = vec![0.0; timeline.samples()];
    let mut resamplers = BTreeMap::new();
    for (at, (plan, narration)) in timeline.scenes().iter().zip(narrations).enumerate() {
        let Some(blob) = &narration.audio else {
            continue;
        };
        let what = format!("the sound of scene {at}");
        let bytes: Cow<[u8]> = blobs.bytes(blob).ok_or_else(|| MediaError::Missing {
            what: what.clone(),
            key: blob.key.clone(),
        })?;
        let sound = wav::read(&bytes, &what)?;
        let resampler = resamplers
            .entry(sound.rate)
            .or_insert_with(|| Resampler::new(sound.rate, SAMPLE_RATE, FINE));
        let start = (plan.start + plan.sound_at) as usize * SAMPLES_PER_FRAME as usize;
        let room = samples.get_mut(start..).unwrap_or_default();
        room.iter_mut()
            .zip(resampler.run(&sound.samples))
            .for_each(|(to, from)| *to += from);
    }
    let loudness = loudness::normalize(&mut samples)?;
    Ok(Soundtrack { samples, loudness })
}
