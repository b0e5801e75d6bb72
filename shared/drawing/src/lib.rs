//! Pictures and moving type drawn from layouts in a brand's palette.
//!
//! [`draw`] makes a scene from its visual: a background larger than the frame, which pan and zoom move, a foreground of exactly the frame's
//! size with what stands still, and pieces (words, bars, digits) that come in as they are spoken. [`kinetic`] makes the words of a moving
//! scene, each as a piece. Both keep
//! to `typeset::safe`: nothing stands in the captions' band or where apps lay their controls. Same request, same bytes.

mod backdrop;
mod effort;
mod encode;
mod error;
mod expansion;
mod icon;
mod kinetic;
mod layouts;
mod logo;
mod look;
mod motion;
mod pace;
mod picture;
mod pictured;
mod piece;
mod raster;
mod scheme;
mod seed;
mod sheet;

pub use backdrop::{BACKGROUND_SCALE, background_size};
pub use error::DrawingError;
pub use icon::icons;
pub use kinetic::{Kinetic, KineticRequest, kinetic};
pub use logo::Logo;
pub use photo::Photo;
pub use picture::{DrawRequest, Drawn, draw};
pub use pictured::{PhotoShown, UserPhoto};
pub use piece::Piece;
pub use sheet::SHAPE_PREFIX;

/// Counts up whenever the same request would be drawn otherwise: part of the fingerprint that results are known by.
pub const VERSION: u32 = 5;
