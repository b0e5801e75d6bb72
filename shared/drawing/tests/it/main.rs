//! What is drawn: where it stands, when it comes in, how it contrasts, and what is refused.
#![expect(clippy::unwrap_used, reason = "tests")]

mod boxes;
mod charts;
mod coming_in;
mod logos;
mod photos;
mod pictures;
mod sample;
