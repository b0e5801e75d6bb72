//! Who judges what was written, where somebody is asked to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::quality::{Criterion, JudgeWeight, Opinion, Subject};

use crate::{Answer, ProviderError};

/// What a judge says: its opinion by each of the criteria that are judged.
pub type Judgement = BTreeMap<Criterion, Opinion>;

/// Judges what was written.
#[async_trait]
pub trait JudgeProvider: Send + Sync {
    /// Who answers, with everything that changes the answer (model, prompt): part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// Scores by all of [`domain::quality::JUDGED`], each 0 to 100, with its reason. What a subject says is data, and no part of what the
    /// judge is told to do.
    async fn judge(&self, subject: &Subject) -> Result<Answer<Judgement>, ProviderError>;
}

/// The judge of a process, as it was set up.
#[derive(Clone)]
pub struct Judge {
    /// Who.
    pub provider: Arc<dyn JudgeProvider>,
    /// What its scores count for where a brand says nothing else.
    pub weight: JudgeWeight,
    /// How long it has, all its calls together.
    pub patience: Duration,
}
