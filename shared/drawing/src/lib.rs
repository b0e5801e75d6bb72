//! Pictures and moving type drawn from layouts in a brand's palette.
//!
//! [`draw`] makes a still scene: a background larger than the frame, which pan and zoom move, and a foreground of exactly the frame's
//! size with words and shapes. [`kinetic`] makes the words of a moving scene as sprites that come in as they are spoken. Both keep
//! to `typeset::safe`: nothing stands in the captions' band or where apps lay their controls. Same request, same bytes.

mod backdrop;
mod effort;
mod encode;
mod error;
mod expansion;
mod kinetic;
mod layouts;
mod logo;
mod pace;
mod picture;
mod raster;
mod scheme;
mod seed;
mod sheet;

pub use backdrop::{BACKGROUND_SCALE, background_size};
pub use error::DrawingError;
pub use kinetic::{Kinetic, KineticRequest, KineticSprite, kinetic};
pub use logo::Logo;
pub use picture::{DrawRequest, Drawn, draw};
pub use sheet::SHAPE_PREFIX;

/// Counts up whenever the same request would be drawn otherwise: part of the fingerprint that results are known by.
pub const VERSION: u32 = 2;
