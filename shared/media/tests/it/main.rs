//! What comes out, as others see it: ffmpeg and ffprobe read it, players get what they need.

#![expect(clippy::unwrap_used, reason = "tests")]

mod captions;
mod file;
mod nowhere;
mod reuse;
mod sample;
mod sound;
mod taken;
mod tools;
