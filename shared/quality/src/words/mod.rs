//! What is known of single words: how often they are met, and what people feel at them.

mod table;

pub use table::{is_known, zipf};
