//! The embedded writer behind the text provider's port.

use async_trait::async_trait;
use domain::quality::Feedback;
use domain::{Brief, Hook, HookWish, Script, Story};
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

    async fn story(
        &self,
        brief: &Brief,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Story>, ProviderError> {
        let (brief, feedback) = (brief.clone(), feedback.cloned());
        blocking(move || match feedback {
            Some(feedback) => writer::story_again(&brief, &feedback),
            None => writer::story(&brief),
        })
        .await
    }

    async fn script(
        &self,
        brief: &Brief,
        story: &Story,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Script>, ProviderError> {
        let (brief, story, feedback) = (brief.clone(), story.clone(), feedback.cloned());
        blocking(move || match feedback {
            Some(feedback) => writer::script_again(&brief, &story, &feedback),
            None => writer::script(&brief, &story),
        })
        .await
    }

    async fn hook(
        &self,
        brief: &Brief,
        story: &Story,
        wish: &HookWish,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError> {
        let (brief, story, wish) = (brief.clone(), story.clone(), wish.clone());
        let feedback = feedback.cloned();
        blocking(move || match feedback {
            Some(feedback) => writer::hook_variant_again(&brief, &story, &wish, &feedback),
            None => writer::hook_variant(&brief, &story, &wish),
        })
        .await
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
