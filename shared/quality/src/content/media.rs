//! What was measured of picture and sound.

use domain::Video;
use serde::{Deserialize, Serialize};

/// What was measured of picture and sound. What is absent wasn't measured, and isn't judged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaFacts {
    /// Width and height of the picture in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
    /// Length in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_ms: Option<u32>,
    /// Integrated loudness in LUFS (EBU R 128).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness_lufs: Option<f64>,
    /// Highest true peak in dBTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<f64>,
    /// The longest stretch without sound, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_silence_ms: Option<u32>,
    /// Share of the spoken words that are captioned: 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption_coverage: Option<f64>,
    /// Share of the frames that are black: 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub black_frames: Option<f64>,
}

impl MediaFacts {
    /// What is known of a finished video. `spoken` is how many words are spoken in it, where that is known.
    pub fn of_video(video: &Video, spoken: Option<usize>) -> Self {
        let coverage = |words: usize| (video.words.len() as f64 / words as f64).min(1.0);
        Self {
            size: Some((video.width, video.height)),
            length_ms: Some(video.length_ms),
            loudness_lufs: video.loudness_lufs,
            true_peak_dbtp: video.true_peak_dbtp,
            longest_silence_ms: None,
            caption_coverage: spoken.filter(|&words| words > 0).map(coverage),
            black_frames: None,
        }
    }
}
