//! The vocabulary of Reelwright: what a brief asks for, what the tasks hand each other, and what is known of a run.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and seeds come in as arguments.
//! Durations are whole milliseconds (`*_ms`), sizes whole pixels, money US dollars (`*_usd`).

mod access;
mod amount;
mod arc;
mod artifact;
mod brand;
mod brief;
mod brief_rules;
mod brief_shape;
mod brief_tree;
mod cells;
mod clip;
mod edit;
mod event;
mod hook_wish;
mod ids;
mod look;
mod narration;
mod opener;
mod picture;
mod post;
mod pronunciations;
pub mod quality;
mod read;
#[cfg(test)]
mod read_tests;
mod recording;
mod run;
mod script;
mod sheet;
#[cfg(test)]
mod sheet_tests;
mod story;
mod user_picture;
mod variants;
mod video;

pub use access::{AccessError, ApiKey, KeySecret, Scope};
pub use amount::{Amount, amount, only_number};
pub use arc::Arc;
pub use artifact::{ArtifactRef, MediaType};
pub use brand::{Brand, Color, ColorError, Palette, Style};
pub use brief::{Aspect, Asset, Brief, Language, Platform, Tone};
pub use brief_rules::{BriefProblem, MAX_SOURCE_BYTES};
pub use brief_shape::brief_schema;
pub use cells::brief_of_cells;
pub use clip::{Clip, Enter, Sprite};
pub use edit::EditedScript;
pub use event::{Event, EventKind};
pub use hook_wish::HookWish;
pub use ids::{AssetId, ContentKey, IdError, KeyDigest, KeyId, RunId, TaskName};
pub use look::{Look, Removable};
pub use narration::{Narration, SpokenWord};
pub use opener::Opener;
pub use picture::{LayoutBox, Movement, Picture, View};
pub use post::{Post, PostLimits, Posts};
pub use pronunciations::{Part, Pronunciations, Said, is_syllabic};
pub use read::{BriefError, MAX_BRIEF_BYTES, read_brief};
pub use recording::{Recording, SheetRecording};
pub use run::{Edited, ErrorInfo, Run, RunState, TaskEnd, TaskRecord, TaskStatus, Timestamp};
pub use script::{Entry, Hook, HookForm, Line, LineSource, Scene, Script, Visual};
pub use sheet::{ScriptSheet, SheetError, SheetPicture, SheetScene, sheet_schema};
pub use story::{Beat, Role, SourceId, SourceSentence, Story};
pub use user_picture::{PictureMotion, Placing, ShownPicture, UserPicture};
pub use variants::{Variant, Variants, Varied, Won};
pub use video::{SegmentRef, Video};
