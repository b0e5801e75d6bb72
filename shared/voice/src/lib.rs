//! The embedded voice: English text to speech with word timings.
//!
//! A Piper voice through rten, with misaki for phonemes: all Rust, no program or server beside it. Without an installed
//! voice, [`EspeakNg`] speaks where that program is there, and [`estimate()`] gives captions their times without any sound.
#![doc = include_str!("../README.md")]

pub mod align;
mod error;
mod espeak_ng;
mod estimate;
mod install;
mod letters;
mod model;
mod noise;
pub mod pauses;
mod phonemes;
mod piper;
mod pronounce;
mod sound;
mod speech;
pub mod spoken;
mod syllables;
pub mod timing;
mod wav;

pub use error::VoiceError;
pub use espeak_ng::EspeakNg;
pub use estimate::estimate;
pub use install::voice_dir;
pub use piper::Voice;
pub use speech::Speech;
pub use wav::{Wav, WavError, read_wav, wav};
