//! Who writes.

use async_trait::async_trait;
use domain::quality::Feedback;
use domain::{Brief, Hook, HookWish, Script, Story};

use crate::{Answer, ProviderError};

/// Writes stories, scripts and hooks. Every claim in what comes back is traceable to the brief's sources. With feedback on an earlier round
/// it is done differently, as far as whoever writes can; what they can't act on changes nothing.
#[async_trait]
pub trait TextProvider: Send + Sync {
    /// Who answers, with everything that changes the answer (version, model, prompts): part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// Finds what is worth telling and lays it on an arc.
    async fn story(
        &self,
        brief: &Brief,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Story>, ProviderError>;

    /// Writes what is said and names what is seen.
    async fn script(
        &self,
        brief: &Brief,
        story: &Story,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Script>, ProviderError>;

    /// Writes the first seconds. Each variant's open differently, and the first are what one video would have. A form that is wanted and can't be
    /// had is no error: the hook says which form it has.
    async fn hook(
        &self,
        brief: &Brief,
        story: &Story,
        wish: &HookWish,
        feedback: Option<&Feedback>,
    ) -> Result<Answer<Hook>, ProviderError>;
}
