//! Which providers a process is to use.

use std::path::PathBuf;

use domain::quality::JudgeWeight;

use crate::names::{PictureModel, PollyVoice};
use crate::purse::TokenPrice;

/// Who writes.
#[derive(Debug, Clone, PartialEq)]
pub enum TextChoice {
    /// The embedded writer.
    Embedded,
    /// A model.
    Model(ModelChoice),
}

/// A model that is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelChoice {
    /// One at a server that speaks OpenAI's chat completions.
    OpenAi(OpenAiChoice),
    /// One behind Amazon Bedrock's Converse.
    Bedrock(BedrockChoice),
}

/// Who judges.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeChoice {
    /// The model.
    pub model: ModelChoice,
    /// What its scores count for where a brand says nothing else.
    pub weight: JudgeWeight,
    /// How many seconds it has, all its calls together.
    pub patience_seconds: f64,
}

/// A server that speaks OpenAI's chat completions.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenAiChoice {
    /// Up to and without `/chat/completions`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// The API key.
    pub key: Option<String>,
    /// Seconds to wait for an answer.
    pub timeout_seconds: f64,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// What its tokens cost.
    pub price: TokenPrice,
}

/// A model behind Amazon Bedrock's Converse.
#[derive(Debug, Clone, PartialEq)]
pub struct BedrockChoice {
    /// The id of a model or of an inference profile.
    pub model: String,
    /// How it is held to a schema.
    pub output: SchemaBy,
    /// Seconds to wait for an answer.
    pub timeout_seconds: f64,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// What its tokens cost.
    pub price: TokenPrice,
}

/// How a model is held to a schema. Not every model knows both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaBy {
    /// The schema is the form of the answer.
    Output,
    /// The schema is the input of a tool that must be called.
    Tool,
}

/// Who draws.
#[derive(Debug, Clone, PartialEq)]
pub enum PicturesChoice {
    /// The embedded artist.
    Embedded,
    /// The embedded artist over backgrounds by a Stability model behind Amazon Bedrock.
    Stability(StabilityChoice),
}

/// A Stability model.
#[derive(Debug, Clone, PartialEq)]
pub struct StabilityChoice {
    /// Which.
    pub model: PictureModel,
    /// Seconds to wait for a picture.
    pub timeout_seconds: f64,
    /// What a picture costs, in US dollars.
    pub usd_per_picture: f64,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq)]
pub enum SpeechChoice {
    /// Piper if its voice is there, else espeak-ng if that is there, else nobody; all but the first degrade the run.
    Auto,
    /// Piper, or an error.
    Piper,
    /// espeak-ng, or an error.
    Espeak,
    /// A neural voice of Amazon Polly.
    Polly(PollyChoice),
    /// Nobody: captions only.
    None,
}

/// A neural voice of Amazon Polly.
#[derive(Debug, Clone, PartialEq)]
pub struct PollyChoice {
    /// Which.
    pub voice: PollyVoice,
    /// Seconds to wait for an answer.
    pub timeout_seconds: f64,
    /// What a million characters cost, in US dollars. Sound and word marks are paid each.
    pub usd_per_million_characters: f64,
}

/// What was configured.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvidersConfig {
    /// Who writes.
    pub text: TextChoice,
    /// Who speaks.
    pub speech: SpeechChoice,
    /// Who draws.
    pub pictures: PicturesChoice,
    /// Who judges; nobody if nobody is asked to.
    pub judge: Option<JudgeChoice>,
    /// Folder of the Piper voice.
    pub voice: Option<PathBuf>,
}
