//! Moving type: words that come in as they are spoken.

use serde::{Deserialize, Serialize};

use crate::{ArtifactRef, LayoutBox};

/// How a sprite comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enter {
    /// Fades in while rising a little.
    Rise,
    /// Grows from slightly small to full size with a small overshoot.
    Pop,
    /// Slides in from the left.
    Slide,
}

/// One piece of a clip: a word (or a shape) as a picture with alpha.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sprite {
    /// PNG with alpha.
    pub image: ArtifactRef,
    /// Left edge in the frame at rest, in pixels.
    pub x: i32,
    /// Top edge in the frame at rest, in pixels.
    pub y: i32,
    /// When it comes in at the planned pace, in milliseconds from the start of the scene.
    pub planned_ms: u32,
    /// The index of the spoken word that it comes in with; absent where it only follows the clip's pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<u32>,
    /// How it comes in.
    pub enter: Enter,
}

/// Moving type for one scene: an item's output of the video task. It is rendered at the planned pace; compose moves each sprite's
/// entrance to the time its word is really spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// The scene's index in the script.
    pub scene: u32,
    /// Length at the planned pace in milliseconds.
    pub planned_ms: u32,
    /// Width of the frame.
    pub width: u32,
    /// Height of the frame.
    pub height: u32,
    /// What moves, back to front.
    pub sprites: Vec<Sprite>,
    /// What was drawn where, at rest.
    pub boxes: Vec<LayoutBox>,
}
