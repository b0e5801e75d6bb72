//! The seats of providers that a function has no use for.

use std::sync::Arc;

use async_trait::async_trait;
use domain::quality::Feedback;
use domain::{Brief, Hook, HookWish, Script, Story};

use crate::pictures::{ClipRequest, Drawing, MovingType, PictureProvider, PictureRequest};
use crate::speech::{Speech, SpeechProvider, SpeechRequest};
use crate::{Answer, ProviderError, TextProvider};

/// Nobody. A function that asks all the same was built with the wrong providers.
pub(crate) struct Absent;

/// No result was ever made under this name, so that none is found by it either.
const NAME: &str = "absent";

fn nobody<T>(for_what: &str) -> Result<T, ProviderError> {
    Err(ProviderError::permanent(
        "nobody",
        format!(
            "this program was built without anybody {for_what}: choose its providers by what its tasks need"
        ),
    ))
}

#[async_trait]
impl TextProvider for Absent {
    fn fingerprint(&self) -> String {
        NAME.to_owned()
    }

    fn description(&self) -> String {
        NAME.to_owned()
    }

    async fn story(&self, _: &Brief, _: Option<&Feedback>) -> Result<Answer<Story>, ProviderError> {
        nobody("to write")
    }

    async fn script(
        &self,
        _: &Brief,
        _: &Story,
        _: Option<&Feedback>,
    ) -> Result<Answer<Script>, ProviderError> {
        nobody("to write")
    }

    async fn hook(
        &self,
        _: &Brief,
        _: &Story,
        _: &HookWish,
        _: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError> {
        nobody("to write")
    }
}

#[async_trait]
impl SpeechProvider for Absent {
    fn fingerprint(&self) -> String {
        NAME.to_owned()
    }

    fn description(&self) -> String {
        NAME.to_owned()
    }

    fn named(&self, _: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError> {
        nobody("to speak")
    }

    async fn speak(&self, _: &SpeechRequest) -> Result<Answer<Speech>, ProviderError> {
        nobody("to speak")
    }
}

#[async_trait]
impl PictureProvider for Absent {
    fn fingerprint(&self) -> String {
        NAME.to_owned()
    }

    fn description(&self) -> String {
        NAME.to_owned()
    }

    async fn draw(&self, _: PictureRequest) -> Result<Answer<Drawing>, ProviderError> {
        nobody("to draw")
    }

    async fn set(&self, _: ClipRequest) -> Result<Answer<MovingType>, ProviderError> {
        nobody("to set type")
    }
}
