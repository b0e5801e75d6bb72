use domain::ContentKey;

/// Why a video, or a part of it, could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// A blob that the inputs name was not handed in.
    #[error("the bytes of {what} (blob {}) were not handed in: load every artifact that pictures, clips, narrations and the music name", key.short())]
    Missing {
        /// What the blob is for.
        what: String,
        /// Its digest.
        key: ContentKey,
    },
    /// A picture that cannot be read.
    #[error("{what} is no usable PNG: {cause}; make it again as 8-bit RGB or RGBA")]
    Picture {
        /// Which picture.
        what: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A picture of the wrong size.
    #[error(
        "{what} is {width} x {height} pixels, but the frame needs {needed}: make it for this aspect"
    )]
    PictureSize {
        /// Which picture.
        what: String,
        /// Its width.
        width: usize,
        /// Its height.
        height: usize,
        /// What was expected.
        needed: String,
    },
    /// A frame that cannot be coded.
    #[error(
        "a frame of {width} x {height} pixels cannot be coded: both sides must be even, 16 to 3840"
    )]
    FrameSize {
        /// Width asked for.
        width: usize,
        /// Height asked for.
        height: usize,
    },
    /// Sound that cannot be read.
    #[error("{what} is no usable WAV: {cause}; give PCM, mono or stereo, 8 to 192 kHz")]
    Sound {
        /// Which sound.
        what: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The H.264 encoder failed.
    #[error("the H.264 encoder failed on {what}: {cause}")]
    H264 {
        /// On what.
        what: String,
        /// What it said.
        cause: String,
    },
    /// The AAC encoder failed.
    #[error("the AAC encoder failed: {0}")]
    Aac(String),
    /// The loudness could not be measured.
    #[error("the loudness could not be measured: {0}")]
    Loudness(String),
    /// Bytes that are no segment of this version.
    #[error("a stored segment cannot be used: {0}; render it again")]
    Segment(String),
    /// Segments or sound that do not fit into one file.
    #[error("the MP4 cannot be joined: {0}")]
    Join(String),
    /// The caller stopped it.
    #[error(
        "rendering was stopped before its end; start it again to go on from the segments that were kept"
    )]
    Stopped,
    /// A film without scenes.
    #[error("there is no scene to make a video of: the script needs at least one")]
    NoScenes,
    /// Inputs that do not belong together.
    #[error("the inputs do not belong together: {0}")]
    Mismatch(String),
}
