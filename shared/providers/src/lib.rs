//! Text, speech and pictures, each behind a small trait: the embedded ones, which need nothing but this program, and remote ones.

mod answer;
mod error;
mod text;

pub use answer::Answer;
pub use error::ProviderError;
pub use text::TextProvider;
