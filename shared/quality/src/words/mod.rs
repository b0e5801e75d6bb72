//! What is known of single words: how often they are met, how concrete they are, and what people feel at them.

mod ngrams;
mod table;

pub(crate) use ngrams::{Ngrams, for_each_ngram};
pub(crate) use table::{Column, mean_of};
pub use table::{concreteness, is_known, zipf};
