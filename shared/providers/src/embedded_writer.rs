//! The embedded writer behind the text provider's port.

use async_trait::async_trait;
use domain::{Brief, Hook, Script, Story};
use writer::WriterError;

use crate::{Answer, ProviderError, TextProvider, in_turn};

/// Writes without a model: see the crate `writer`.
pub(crate) struct EmbeddedWriter;

#[async_trait]
impl TextProvider for EmbeddedWriter {
    fn fingerprint(&self) -> String {
        format!("writer/{}", writer::VERSION)
    }

    fn description(&self) -> String {
        "the embedded writer".to_owned()
    }

    async fn story(&self, brief: &Brief) -> Result<Answer<Story>, ProviderError> {
        let brief = brief.clone();
        blocking(move || writer::story(&brief)).await
    }

    async fn script(&self, brief: &Brief, story: &Story) -> Result<Answer<Script>, ProviderError> {
        let (brief, story) = (brief.clone(), story.clone());
        blocking(move || writer::script(&brief, &story)).await
    }

    async fn hook(&self, brief: &Brief, story: &Story) -> Result<Answer<Hook>, ProviderError> {
        let (brief, story) = (brief.clone(), story.clone());
        blocking(move || writer::hook(&brief, &story)).await
    }
}

/// Ranking a megabyte of sentences keeps a core busy for a while.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WriterError> + Send + 'static,
) -> Result<Answer<T>, ProviderError> {
    in_turn(work)
        .await
        .map_err(|error| ProviderError::permanent("the embedded writer", error))?
        .map(Answer::free)
        .map_err(|error| ProviderError::invalid_input("the embedded writer", error))
}
