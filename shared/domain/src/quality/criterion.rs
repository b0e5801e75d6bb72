//! The ten criteria.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that is none of the ten criteria.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no criterion: expected one of clarity, engagement, hook, tone, pacing, grammar, originality, emotion, brand, technical"
)]
pub struct UnknownCriterion(pub String);

/// One of the ten things that a round is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// How easily it is understood.
    Clarity,
    /// How well it keeps a viewer watching.
    Engagement,
    /// How well its opening catches a viewer.
    Hook,
    /// Whether it keeps one voice, the one that the brief asks for.
    Tone,
    /// Whether it is spoken and cut at a pace that people follow.
    Pacing,
    /// Whether its sentences are correct.
    Grammar,
    /// Whether it says things in words of its own.
    Originality,
    /// How strongly it is felt.
    Emotion,
    /// Whether it says what the brand wants said, and nothing else.
    Brand,
    /// Whether picture and sound are as they should be.
    Technical,
}

impl Criterion {
    /// All ten, in the order in which they are reported.
    pub const ALL: [Self; 10] = [
        Self::Clarity,
        Self::Engagement,
        Self::Hook,
        Self::Tone,
        Self::Pacing,
        Self::Grammar,
        Self::Originality,
        Self::Emotion,
        Self::Brand,
        Self::Technical,
    ];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clarity => "clarity",
            Self::Engagement => "engagement",
            Self::Hook => "hook",
            Self::Tone => "tone",
            Self::Pacing => "pacing",
            Self::Grammar => "grammar",
            Self::Originality => "originality",
            Self::Emotion => "emotion",
            Self::Brand => "brand",
            Self::Technical => "technical",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Clarity => "Clarity",
            Self::Engagement => "Engagement",
            Self::Hook => "Hook Quality",
            Self::Tone => "Tone Consistency",
            Self::Pacing => "Pacing",
            Self::Grammar => "Grammar",
            Self::Originality => "Originality",
            Self::Emotion => "Emotional Impact",
            Self::Brand => "Brand Alignment",
            Self::Technical => "Technical Quality",
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Criterion {
    type Err = UnknownCriterion;
    fn from_str(name: &str) -> Result<Self, UnknownCriterion> {
        Self::ALL
            .into_iter()
            .find(|criterion| criterion.name() == name)
            .ok_or_else(|| UnknownCriterion(name.chars().take(40).collect()))
    }
}
