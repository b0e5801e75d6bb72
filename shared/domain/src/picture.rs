//! A scene as it is seen.

use serde::{Deserialize, Serialize};

use crate::{ArtifactRef, Sprite};

/// Where something was drawn, in pixels of the frame: for checking that nothing overlaps or leaves the safe area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutBox {
    /// What it is: `title`, `item 2`, `logo` …
    pub name: String,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A part of a background that fills the frame, in pixels of the background. Its height follows from the frame's shape.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width: at least the frame's, so that nothing is enlarged.
    pub width: f32,
}

/// How a background moves: evenly from one part of it to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// What is seen when the scene comes into view.
    pub from: View,
    /// What is seen when it goes.
    pub to: View,
}

/// The picture of one scene: an item's output of the images task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// What lies behind: an opaque PNG, larger than the frame by the room that pan and zoom need.
    pub background: ArtifactRef,
    /// What stands still before it: a PNG with alpha of exactly the frame's size, not moved by pan and zoom. Absent for moving scenes, and
    /// where nothing stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreground: Option<ArtifactRef>,
    /// Words and shapes that come in while the scene is told, back to front. None for moving scenes, whose clips have their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sprites: Vec<Sprite>,
    /// Length of the scene at the pace that the sprites' times were planned at, in milliseconds.
    #[serde(default)]
    pub planned_ms: u32,
    /// Width of the frame it was made for.
    pub width: u32,
    /// Height of the frame it was made for.
    pub height: u32,
    /// What was drawn where.
    pub boxes: Vec<LayoutBox>,
    /// How the background moves while the scene is in view; absent where the seed decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<Movement>,
}
