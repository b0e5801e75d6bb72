//! Sprites: words and shapes that come in as they are spoken.

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
    /// Is there at once.
    Cut,
    /// Fades in where it stands.
    Fade,
    /// Is uncovered from left to right.
    WipeRight,
    /// Is uncovered from right to left.
    WipeLeft,
    /// Grows upwards out of its lower edge.
    GrowUp,
    /// Grows to the right out of its left edge.
    GrowRight,
    /// Grows to the left out of its right edge.
    GrowLeft,
    /// Is uncovered clockwise around its middle, from the top.
    Sweep,
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
    /// How much later than that it comes in, in milliseconds: kept as it is, however fast the words are really spoken.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after_ms: u32,
    /// How long its entrance takes, in milliseconds: 300 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_ms: Option<u32>,
    /// How long it is seen, in milliseconds from its entrance: to the end of the scene if absent. A counter's digits take turns so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_ms: Option<u32>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
fn is_zero(ms: &u32) -> bool {
    *ms == 0
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
