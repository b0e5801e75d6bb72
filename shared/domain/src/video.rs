//! The finished video.

use serde::{Deserialize, Serialize};

use crate::{ArtifactRef, ContentKey};

/// One encoded piece of the video and whether it had to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRef {
    /// `scene 2`, `transition 2-3`.
    pub name: String,
    /// Digest of everything that went into it.
    pub key: ContentKey,
    /// Length in frames.
    pub frames: u32,
}

/// The video: output of the compose task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Video {
    /// `final.mp4`: H.264 and AAC, index first.
    pub video: ArtifactRef,
    /// `captions.vtt`.
    pub vtt: ArtifactRef,
    /// `captions.srt`.
    pub srt: ArtifactRef,
    /// `thumbnail.png`.
    pub thumbnail: ArtifactRef,
    /// `posts.json`: a [`crate::Posts`]. Absent of videos that were made before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<ArtifactRef>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Frames a second.
    pub fps: u32,
    /// Length of the picture in milliseconds.
    pub length_ms: u32,
    /// Integrated loudness in LUFS (EBU R 128); absent for a silent video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness_lufs: Option<f64>,
    /// Highest true peak in dBTP (EBU R 128); absent for a silent video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<f64>,
    /// Every caption word with its time in the video.
    pub words: Vec<crate::SpokenWord>,
    /// When each scene starts, in milliseconds.
    pub scene_starts_ms: Vec<u32>,
    /// The pieces that it is joined from.
    pub segments: Vec<SegmentRef>,
}

impl Video {
    /// The files that a finished run has, each with the name that people get it under.
    pub fn files(&self) -> Vec<(&'static str, &ArtifactRef)> {
        let mut files = vec![
            ("final.mp4", &self.video),
            ("captions.vtt", &self.vtt),
            ("captions.srt", &self.srt),
            ("thumbnail.png", &self.thumbnail),
        ];
        files.extend(self.posts.iter().map(|posts| ("posts.json", posts)));
        files
    }
}
