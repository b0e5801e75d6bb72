//! Text, speech and pictures, each behind a small trait: the embedded ones, which need nothing but this program, and remote ones.
//!
//! Who is asked costs nothing, or is paid from the [`Purse`] of [`spending_from`], once for the same question: see `docs/providers.md`.

mod absent;
mod answer;
mod artist;
mod asking;
mod aws;
mod bedrock_chat;
mod chat;
mod config;
mod cover;
mod documents;
mod embedded_writer;
mod error;
mod judge;
mod measured;
mod model_judge;
mod model_tasks;
mod model_writer;
mod names;
mod openai_chat;
mod paid;
mod pictures;
mod polly;
mod polly_marks;
mod purse;
mod recorded;
mod sealed;
mod select;
mod speech;
mod stability;
#[cfg(test)]
mod tests;
mod text;
mod turn;
mod voices;

pub use answer::Answer;
pub use artist::{check_font, check_logo};
pub use config::{
    BedrockChoice, JudgeChoice, ModelChoice, OpenAiChoice, PicturesChoice, PollyChoice,
    ProvidersConfig, SchemaBy, SpeechChoice, StabilityChoice, TextChoice,
};
pub use error::ProviderError;
pub use judge::{Judge, JudgeProvider, Judgement};
pub use names::{NameError, POLLY_USD_PER_MILLION, PictureModel, PollyVoice, known_text_price};
pub use pictures::{
    ClipRequest, Drawing, MovingPiece, MovingType, PhotoRequest, PictureProvider, PictureRequest,
};
pub use purse::{Purse, Quoted, TokenPrice, quoted, spending_from};
pub use recorded::{parted, recorded};
pub use select::Providers;
pub use speech::{Speech, SpeechProvider, SpeechRequest};
pub use text::TextProvider;
pub use voice::align::REVISION as ALIGNMENT_REVISION;
pub use voice::voice_dir;

pub use turn::{counting_waits, in_turn, waited};
