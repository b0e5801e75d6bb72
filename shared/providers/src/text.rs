//! Who writes.

use async_trait::async_trait;
use domain::{Brief, Hook, Script, Story};

use crate::{Answer, ProviderError};

/// Writes stories, scripts and hooks. Every claim in what comes back is traceable to the brief's sources.
#[async_trait]
pub trait TextProvider: Send + Sync {
    /// Who answers, with everything that changes the answer (version, model, prompts): part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// Finds what is worth telling and lays it on an arc.
    async fn story(&self, brief: &Brief) -> Result<Answer<Story>, ProviderError>;

    /// Writes what is said and names what is seen.
    async fn script(&self, brief: &Brief, story: &Story) -> Result<Answer<Script>, ProviderError>;

    /// Writes the first seconds.
    async fn hook(&self, brief: &Brief, story: &Story) -> Result<Answer<Hook>, ProviderError>;
}
