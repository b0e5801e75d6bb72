//! Text, speech and pictures, each behind a small trait: the embedded ones, which need nothing but this program, and remote ones.

mod answer;
mod artist;
mod config;
mod embedded_writer;
mod error;
mod openai;
mod openai_chat;
mod openai_tasks;
#[cfg(test)]
mod openai_tests;
mod pictures;
mod select;
mod speech;
mod text;
mod turn;
mod voices;

pub use answer::Answer;
pub use artist::{check_font, check_logo};
pub use config::{ProvidersConfig, SpeechChoice, TextChoice};
pub use error::ProviderError;
pub use pictures::{
    ClipRequest, Drawing, MovingPiece, MovingType, PictureProvider, PictureRequest,
};
pub use select::Providers;
pub use speech::{Speech, SpeechProvider, SpeechRequest};
pub use text::TextProvider;
pub use voice::voice_dir;

pub use turn::{counting_waits, in_turn, waited};
