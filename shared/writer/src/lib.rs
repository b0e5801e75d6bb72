//! The embedded writer: from sources to story, script and hook without a model.
//!
//! It ranks the sentences of a brief's source text and key points, shortens them for speech by deletions alone, and lays them on
//! an arc that the sentences offer, such as a belief set right or a how-to: hook, context, turn, payoff and call to action. It adds nothing but turns of speech that claim nothing, so every
//! claim can be looked up in the brief: [`trace_line`] and its neighbours check exactly that, for this writer's lines and for
//! those of any other.
//!
//! What an earlier round was found wanting in comes back as feedback: [`story_again`], [`script_again`] and [`hook_again`] act on it, by the same
//! means and under the same rules.
//!
//! Everything here is a function of the brief and the feedback: same brief, seed and feedback, same words.

mod anaphora;
mod arcs;
mod ask;
mod banned;
mod chart;
mod enumeration;
mod error;
mod faults;
mod figure;
mod forms;
mod hashtags;
mod heading;
mod hook;
mod icons;
mod interest;
mod keywords;
mod kinds;
mod laid;
mod markup;
mod pace;
mod phrases;
mod posts;
mod quotation;
mod rank;
mod recut;
mod reopen;
mod revise;
mod screen;
mod script;
mod seams;
mod seed;
mod sentences;
mod shapes;
mod shorten;
mod sources;
mod spare;
mod story;
mod taste;
mod title;
mod trace;
#[cfg(test)]
mod trace_tests;
mod variants;
mod visual;
mod wishes;
mod words;

pub use arcs::shown_arc;
pub use banned::holds_banned_word;
pub use error::WriterError;
pub use hook::hook;
pub use icons::icons;
pub use pace::{middle_words, planned_wpm, spoken_ms};
pub use phrases::phrases;
pub use posts::{posts, trace_posts};
pub use reopen::{hook_again, hook_variant_again};
pub use script::{closing_scene, opening_scene, scene, script, script_again};
pub use shorten::finished;
pub use sources::{Material, material};
pub use story::{story, story_again, story_from};
pub use trace::{Untraced, trace_hook, trace_line, trace_script, trace_story, trace_visual};
pub use variants::{hook_variant, hook_with, shown_form};
pub use wishes::stretch;

/// Changes whenever the same brief may give other words: part of the fingerprint that results are known by.
pub const VERSION: &str = "6";
