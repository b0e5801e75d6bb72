//! From pictures, words and sound to a finished video: timelines, frames, captions, H.264, AAC, MP4.
//!
//! Pure computation: what it needs is handed in, what it makes is handed back, and the same inputs give the same bytes on any number of
//! threads. Pictures are composed in Y'CbCr 4:2:0 (ITU-R BT.709, narrow range), the form that the encoder takes.

mod aac;
mod assets;
mod backdrop;
mod bed;
mod boxes;
mod canvas;
mod caption;
mod color;
mod decode;
mod encode;
mod enter;
mod error;
mod film;
mod group;
mod layer;
mod look;
mod loudness;
mod mp4;
mod painter;
mod picture;
mod planes;
mod render;
mod resample;
mod segment;
mod sheet;
mod soundtrack;
mod spec;
mod subtitles;
mod taken;
mod timeline;
mod wav;

pub use assets::{Assets, Blobs, SceneAssets};
pub use decode::SoundKind;
pub use error::MediaError;
pub use film::{Film, Produced, thumbnail};
pub use look::Look;
pub use loudness::{Loudness, measure};
pub use mp4::mux;
pub use render::{Hooks, Rendered, render_all, render_segment};
pub use segment::Segment;
pub use soundtrack::{Soundtrack, soundtrack};
pub use spec::{RENDER_VERSION, SegmentKind, SegmentSpec};
pub use subtitles::{srt, vtt};
pub use taken::{MUSIC_SECONDS, Purpose, RECORDING_SECONDS, TAKE_SECONDS, TakeError, take_sound};
pub use timeline::{
    CaptionGroup, FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, ScenePlan, SceneTiming, Timeline,
    TimelineInput,
};
