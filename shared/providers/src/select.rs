//! Which providers are used, by configuration and by what is installed.
//!
//! Each function has a constructor that seats only whom it needs: what no constructor names isn't linked.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use cache::Cache;
use tokio::sync::OnceCell;
use voice::EspeakNg;

use crate::absent::Absent;
use crate::artist::Artist;
use crate::aws;
use crate::bedrock_chat::BedrockChat;
use crate::config::{ModelChoice, PicturesChoice, ProvidersConfig, SpeechChoice, TextChoice};
use crate::embedded_writer::EmbeddedWriter;
use crate::judge::{Judge, JudgeProvider};
use crate::model_judge::ModelJudge;
use crate::model_writer::ModelWriter;
use crate::openai_chat::OpenAiChat;
use crate::polly::Polly;
use crate::speech::SpeechProvider;
use crate::stability::Stability;
use crate::voices::{Espeak, Piper, Silent};
use crate::{PictureProvider, ProviderError, TextProvider};

/// The providers of a process.
#[derive(Clone)]
pub struct Providers {
    /// Who writes.
    pub text: Arc<dyn TextProvider>,
    /// Who speaks.
    pub speech: Arc<dyn SpeechProvider>,
    /// Who draws.
    pub pictures: Arc<dyn PictureProvider>,
    /// Who judges, if anybody does.
    pub judge: Option<Judge>,
}

impl Providers {
    /// All of them, by configuration and by what is installed. What was asked for by name and isn't there is an error. What is paid for is kept in
    /// `cache`.
    pub async fn choose(config: &ProvidersConfig, cache: &Cache) -> Result<Self, ProviderError> {
        let cloud = Cloud::default();
        Ok(Self {
            text: choose_text(config, &cloud, cache).await?,
            speech: choose_speech(config, &cloud, cache).await?,
            pictures: choose_pictures(config, &cloud, cache).await?,
            judge: choose_judge(config, &cloud, cache).await?,
        })
    }

    /// Who writes, and nobody else.
    pub async fn for_text(config: &ProvidersConfig, cache: &Cache) -> Result<Self, ProviderError> {
        Ok(Self {
            text: choose_text(config, &Cloud::default(), cache).await?,
            ..Self::absent()
        })
    }

    /// Who speaks, and nobody else.
    pub async fn for_speech(
        config: &ProvidersConfig,
        cache: &Cache,
    ) -> Result<Self, ProviderError> {
        Ok(Self {
            speech: choose_speech(config, &Cloud::default(), cache).await?,
            ..Self::absent()
        })
    }

    /// Who draws, and nobody else.
    pub async fn for_pictures(
        config: &ProvidersConfig,
        cache: &Cache,
    ) -> Result<Self, ProviderError> {
        Ok(Self {
            pictures: choose_pictures(config, &Cloud::default(), cache).await?,
            ..Self::absent()
        })
    }

    /// Who judges, and nobody else.
    pub async fn for_judging(
        config: &ProvidersConfig,
        cache: &Cache,
    ) -> Result<Self, ProviderError> {
        Ok(Self {
            judge: choose_judge(config, &Cloud::default(), cache).await?,
            ..Self::absent()
        })
    }

    /// Nobody, for functions that ask none.
    #[expect(
        clippy::unused_async,
        reason = "functions take any of these constructors"
    )]
    pub async fn none(_config: &ProvidersConfig, _cache: &Cache) -> Result<Self, ProviderError> {
        Ok(Self::absent())
    }

    fn absent() -> Self {
        Self {
            text: Arc::new(Absent),
            speech: Arc::new(Absent),
            pictures: Arc::new(Absent),
            judge: None,
        }
    }
}

/// The way to AWS, found when the first asks for it and shared by all who do.
#[derive(Default)]
struct Cloud(OnceCell<SdkConfig>);

impl Cloud {
    async fn config(&self) -> Result<&SdkConfig, ProviderError> {
        self.0.get_or_try_init(aws::load).await
    }
}

async fn choose_text(
    config: &ProvidersConfig,
    cloud: &Cloud,
    cache: &Cache,
) -> Result<Arc<dyn TextProvider>, ProviderError> {
    Ok(match &config.text {
        TextChoice::Embedded => Arc::new(EmbeddedWriter),
        TextChoice::Model(ModelChoice::OpenAi(choice)) => {
            Arc::new(ModelWriter::new(OpenAiChat::new(choice)?, cache.clone()))
        }
        TextChoice::Model(ModelChoice::Bedrock(choice)) => Arc::new(ModelWriter::new(
            BedrockChat::new(cloud.config().await?, choice),
            cache.clone(),
        )),
    })
}

async fn choose_judge(
    config: &ProvidersConfig,
    cloud: &Cloud,
    cache: &Cache,
) -> Result<Option<Judge>, ProviderError> {
    let Some(choice) = &config.judge else {
        return Ok(None);
    };
    let provider: Arc<dyn JudgeProvider> = match &choice.model {
        ModelChoice::OpenAi(choice) => {
            Arc::new(ModelJudge::new(OpenAiChat::new(choice)?, cache.clone()))
        }
        ModelChoice::Bedrock(choice) => Arc::new(ModelJudge::new(
            BedrockChat::new(cloud.config().await?, choice),
            cache.clone(),
        )),
    };
    Ok(Some(Judge {
        provider,
        weight: choice.weight,
        patience: Duration::from_secs_f64(choice.patience_seconds.clamp(0.01, 3600.0)),
    }))
}

async fn choose_pictures(
    config: &ProvidersConfig,
    cloud: &Cloud,
    cache: &Cache,
) -> Result<Arc<dyn PictureProvider>, ProviderError> {
    Ok(match &config.pictures {
        PicturesChoice::Embedded => Arc::new(Artist::default()),
        PicturesChoice::Stability(choice) => {
            Arc::new(Stability::new(cloud.config().await?, choice, cache.clone()))
        }
    })
}

/// How to get the voice.
const FETCH: &str =
    "run scripts/fetch-voice.sh (`make voice`) to fetch it, or name its folder in REELWRIGHT_VOICE";

/// Whether a folder looks like a voice's; whether it is a good one is seen when it is loaded.
pub(crate) fn holds_voice(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|end| end == "onnx"))
    })
}

async fn choose_speech(
    config: &ProvidersConfig,
    cloud: &Cloud,
    cache: &Cache,
) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
    let folder = config.voice.clone().filter(|folder| holds_voice(folder));
    match (&config.speech, folder) {
        (SpeechChoice::None, _) => Ok(Arc::new(Silent(None))),
        (SpeechChoice::Polly(choice), _) => Ok(Arc::new(Polly::new(
            cloud.config().await?,
            choice,
            cache.clone(),
        ))),
        (SpeechChoice::Auto | SpeechChoice::Piper, Some(folder)) => {
            Ok(Arc::new(Piper::new(folder)))
        }
        (SpeechChoice::Piper, None) => Err(ProviderError::permanent(
            "piper",
            match &config.voice {
                Some(folder) => format!("there is no voice in {}: {FETCH}", folder.display()),
                None => format!("the voice isn't installed: {FETCH}"),
            },
        )),
        (SpeechChoice::Auto, None) => Ok(match EspeakNg::find() {
            Some(found) => Arc::new(Espeak(
                Arc::new(found),
                Some(format!(
                    "spoken by espeak-ng, because the Piper voice isn't installed: {FETCH}"
                )),
            )),
            None => Arc::new(Silent(Some(format!(
                "not spoken, captions only, because no voice is installed: {FETCH}"
            )))),
        }),
        (SpeechChoice::Espeak, _) => match EspeakNg::find() {
            Some(found) => Ok(Arc::new(Espeak(Arc::new(found), None))),
            None => Err(ProviderError::permanent(
                "espeak-ng",
                "it isn't installed, and REELWRIGHT_SPEECH=espeak asks for it: install the package espeak-ng",
            )),
        },
    }
}
