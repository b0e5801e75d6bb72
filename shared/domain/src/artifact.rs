//! References to what the artifact store holds.

use serde::{Deserialize, Serialize};

use crate::ContentKey;

/// What kind of bytes an artifact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// A JSON document.
    Json,
    /// A PNG picture.
    Png,
    /// An SVG picture.
    Svg,
    /// Mono or stereo PCM in a WAV file, 16 bits: a voice, or music as it was taken in.
    Wav,
    /// One encoded piece of video, in this project's own segment form (see the media crate).
    Segment,
    /// An MP4 file.
    Mp4,
    /// WebVTT captions.
    Vtt,
    /// SubRip captions.
    Srt,
    /// A TrueType or OpenType font.
    Font,
}

impl MediaType {
    /// The ending of a file of this type, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Wav => "wav",
            Self::Segment => "seg",
            Self::Mp4 => "mp4",
            Self::Vtt => "vtt",
            Self::Srt => "srt",
            Self::Font => "ttf",
        }
    }

    /// What HTTP calls it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::Wav => "audio/wav",
            Self::Segment => "application/octet-stream",
            Self::Mp4 => "video/mp4",
            Self::Vtt => "text/vtt",
            Self::Srt => "application/x-subrip",
            Self::Font => "font/ttf",
        }
    }
}

/// A blob in the artifact store: its name is the digest of its bytes, so it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ArtifactRef {
    /// blake3 of the bytes.
    pub key: ContentKey,
    /// What the bytes are.
    pub media_type: MediaType,
    /// How many bytes.
    pub bytes: u64,
}
