//! The vocabulary of Reelwright: what a brief asks for, what the tasks hand each other, and what is known of a run.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and seeds come in as arguments.
//! Durations are whole milliseconds (`*_ms`), sizes whole pixels, money US dollars (`*_usd`).

mod artifact;
mod brand;
mod brief;
mod clip;
mod event;
mod ids;
mod narration;
mod picture;
mod read;
mod run;
mod script;
mod story;
mod video;

pub use artifact::{ArtifactRef, MediaType};
pub use brand::{Brand, Color, ColorError, Palette};
pub use brief::{Asset, Aspect, Brief, Language, Tone};
pub use clip::{Clip, Enter, Sprite};
pub use event::{Event, EventKind};
pub use ids::{ContentKey, IdError, RunId, TaskName};
pub use narration::{Narration, SpokenWord};
pub use picture::{LayoutBox, Picture};
pub use read::{BriefError, brief_schema, read_brief};
pub use run::{
    ErrorInfo, Run, RunState, TaskEnd, TaskRecord, TaskStatus, Timestamp,
};
pub use script::{Hook, HookForm, Line, LineSource, Scene, Script, Visual};
pub use story::{Beat, Role, SourceId, SourceSentence, Story};
pub use video::{SegmentRef, Video};
