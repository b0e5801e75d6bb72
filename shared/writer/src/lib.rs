//! The embedded writer: from sources to story, script and hook without a model.
//!
//! It ranks the sentences of a brief's source text and key points, shortens them for speech by deletions alone, and lays them on
//! an arc of hook, context, turn, payoff and call to action. It adds nothing but turns of speech that claim nothing, so every
//! claim can be looked up in the brief: [`trace_line`] and its neighbours check exactly that, for this writer's lines and for
//! those of any other.
//!
//! Everything here is a function of the brief: same brief and seed, same words.

mod anaphora;
mod banned;
mod enumeration;
mod error;
mod figure;
mod hook;
mod interest;
mod keywords;
mod markup;
mod pace;
mod phrases;
mod quotation;
mod rank;
mod script;
mod seed;
mod sentences;
mod shorten;
mod sources;
mod story;
mod title;
mod trace;
#[cfg(test)]
mod trace_tests;
mod visual;
mod words;

pub use banned::holds_banned_word;
pub use error::WriterError;
pub use hook::hook;
pub use pace::{middle_words, planned_wpm, spoken_ms};
pub use phrases::phrases;
pub use script::{closing_scene, opening_scene, scene, script};
pub use shorten::finished;
pub use sources::{Material, material};
pub use story::{story, story_from};
pub use trace::{Untraced, trace_hook, trace_line, trace_script, trace_story};

/// Changes whenever the same brief may give other words: part of the fingerprint that results are known by.
pub const VERSION: &str = "1";
