//! The user's own pictures: taken in from whatever file they come in, and cut to a frame. Nothing here does I/O.
//!
//! [`take`] reads JPEG, PNG, WebP and GIF within a limit on memory, and writes what a video can use of it: an upright PNG in sRGB, with 8 bits a
//! channel, no larger than any frame needs. [`Photo`] reads that form, and [`Framing`] says which part of it fills a frame and how it moves.

mod files;
mod framing;
mod photo;
mod pixels;
mod profile;
mod take;

pub use framing::Framing;
pub use photo::Photo;
pub use take::{LEAST_SIDE, MOST_MEMORY, PhotoError, PhotoKind, Taken, take};
