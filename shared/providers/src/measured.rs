//! How long who writes, speaks and draws takes: each call is recorded, whoever answers it, without the time that it only waited for its turn.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use domain::quality::{Feedback, Subject};
use domain::{Brief, Hook, HookWish, Script, Story};
use monitor::{Family, Monitor};

use crate::judge::{Judge, JudgeProvider, Judgement};
use crate::pictures::{ClipRequest, Drawing, MovingType, PictureProvider, PictureRequest};
use crate::speech::{Speech, SpeechProvider, SpeechRequest};
use crate::{Answer, ProviderError, Providers, TextProvider, waited};

impl Providers {
    /// The same providers, with each call recorded.
    #[must_use]
    pub fn measured(self, monitor: &Monitor) -> Self {
        let Self {
            text,
            speech,
            pictures,
            judge,
        } = self;
        Self {
            text: Arc::new(Measured::new(text, monitor)),
            speech: Arc::new(Measured::new(speech, monitor)),
            pictures: Arc::new(Measured::new(pictures, monitor)),
            judge: judge.map(|judge| Judge {
                provider: Arc::new(Measured::new(judge.provider, monitor)),
                ..judge
            }),
        }
    }
}

/// A provider whose calls are recorded.
struct Measured<P: ?Sized> {
    provider: Arc<P>,
    monitor: Monitor,
}

impl<P: ?Sized> Measured<P> {
    fn new(provider: Arc<P>, monitor: &Monitor) -> Self {
        Self {
            provider,
            monitor: monitor.clone(),
        }
    }

    async fn record<T>(
        &self,
        name: &str,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let (begun, waited_before) = (Instant::now(), waited());
        let answer = call.await;
        let only_waited = waited().saturating_sub(waited_before);
        let took = begun.elapsed().saturating_sub(only_waited);
        self.monitor
            .record(Family::Provider, name, took, answer.is_err());
        answer
    }
}

#[async_trait]
impl JudgeProvider for Measured<dyn JudgeProvider> {
    fn fingerprint(&self) -> String {
        self.provider.fingerprint()
    }

    fn description(&self) -> String {
        self.provider.description()
    }

    async fn judge(&self, subject: &Subject) -> Result<Answer<Judgement>, ProviderError> {
        self.record("judge", self.provider.judge(subject)).await
    }
}

#[async_trait]
impl TextProvider for Measured<dyn TextProvider> {
    fn fingerprint(&self) -> String {
        self.provider.fingerprint()
    }

    fn description(&self) -> String {
        self.provider.description()
    }

    async fn story(
        &self,
        brief: &Brief,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Story>, ProviderError> {
        let call = self.provider.story(brief, feedback);
        self.record("text.story", call).await
    }

    async fn script(
        &self,
        brief: &Brief,
        story: &Story,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Script>, ProviderError> {
        let call = self.provider.script(brief, story, feedback);
        self.record("text.script", call).await
    }

    async fn hook(
        &self,
        brief: &Brief,
        story: &Story,
        wish: &HookWish,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError> {
        let call = self.provider.hook(brief, story, wish, feedback);
        self.record("text.hook", call).await
    }
}

#[async_trait]
impl SpeechProvider for Measured<dyn SpeechProvider> {
    fn fingerprint(&self) -> String {
        self.provider.fingerprint()
    }

    fn description(&self) -> String {
        self.provider.description()
    }

    fn lacks(&self) -> Option<String> {
        self.provider.lacks()
    }

    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        let named = self.provider.named(voice)?;
        Ok(Arc::new(Measured::new(named, &self.monitor)))
    }

    fn most_usd(&self, request: &SpeechRequest) -> f64 {
        self.provider.most_usd(request)
    }

    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        let call = self.provider.speak(request);
        self.record("speech.speak", call).await
    }
}

#[async_trait]
impl PictureProvider for Measured<dyn PictureProvider> {
    fn fingerprint(&self) -> String {
        self.provider.fingerprint()
    }

    fn description(&self) -> String {
        self.provider.description()
    }

    fn most_usd(&self) -> f64 {
        self.provider.most_usd()
    }

    async fn draw(&self, request: PictureRequest) -> Result<Answer<Drawing>, ProviderError> {
        let call = self.provider.draw(request);
        self.record("pictures.draw", call).await
    }

    async fn set(&self, request: ClipRequest) -> Result<Answer<MovingType>, ProviderError> {
        let call = self.provider.set(request);
        self.record("pictures.set", call).await
    }
}
