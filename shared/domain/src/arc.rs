//! The arc that a story is laid on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{HookForm, Story};

/// What holds a story together: the order in which it is told, and where it ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arc {
    /// As the source tells it: what it is about, what it comes to, what to take home. Every source offers it.
    #[default]
    Explanation,
    /// The question of the topic first, its answer last.
    QuestionAnswer,
    /// From figure to figure, the most striking last.
    NumberLed,
    /// How it was, then how it is.
    BeforeAfter,
    /// What people believe, then what is so.
    MythFact,
    /// What to do, step by step.
    HowTo,
    /// What happened, in the order of time.
    Chronology,
    /// The things that the brief lists, the best last.
    Countdown,
    /// From what somebody said.
    QuoteLed,
    /// A trouble, then what helps.
    ProblemSolution,
}

impl Arc {
    /// Every arc.
    pub const ALL: [Self; 10] = [
        Self::Explanation,
        Self::QuestionAnswer,
        Self::NumberLed,
        Self::BeforeAfter,
        Self::MythFact,
        Self::HowTo,
        Self::Chronology,
        Self::Countdown,
        Self::QuoteLed,
        Self::ProblemSolution,
    ];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explanation => "explanation",
            Self::QuestionAnswer => "question_answer",
            Self::NumberLed => "number_led",
            Self::BeforeAfter => "before_after",
            Self::MythFact => "myth_fact",
            Self::HowTo => "how_to",
            Self::Chronology => "chronology",
            Self::Countdown => "countdown",
            Self::QuoteLed => "quote_led",
            Self::ProblemSolution => "problem_solution",
        }
    }

    /// What a story on it is, in words.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Explanation => "an explanation",
            Self::QuestionAnswer => "a question with its answer",
            Self::NumberLed => "a row of figures",
            Self::BeforeAfter => "a before and after",
            Self::MythFact => "a belief set right",
            Self::HowTo => "a how-to",
            Self::Chronology => "a chronology",
            Self::Countdown => "a countdown",
            Self::QuoteLed => "a story around a quotation",
            Self::ProblemSolution => "a problem with its solution",
        }
    }

    /// What a source has to hold for it that others lack.
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Explanation => "a sentence",
            Self::QuestionAnswer => "a topic that asks something, and three sentences on it",
            Self::NumberLed => "three sentences with a striking figure",
            Self::BeforeAfter => "a sentence on how it was, and a later one on how it is",
            Self::MythFact => "a sentence that sets right what people believe",
            Self::HowTo => "three sentences that say what to do (two, where there is little else)",
            Self::Chronology => {
                "three sentences on what somebody did, or on what happened at a time"
            }
            Self::Countdown => "three key points that each stand by themselves, and no source text",
            Self::QuoteLed => "somebody's words, and who said them",
            Self::ProblemSolution => "a sentence that names a trouble, and a later one that helps",
        }
    }

    /// The forms of hooks that lead up to it; none where any does.
    pub const fn forms(self) -> &'static [HookForm] {
        match self {
            Self::Explanation => &[],
            Self::QuestionAnswer => &[HookForm::Question],
            Self::NumberLed => &[HookForm::Number],
            Self::BeforeAfter => &[HookForm::Contrast, HookForm::Story],
            Self::MythFact => &[HookForm::Myth],
            Self::HowTo => &[HookForm::HowTo],
            Self::Chronology => &[HookForm::Story],
            Self::Countdown => &[HookForm::List],
            Self::QuoteLed => &[HookForm::Quote],
            Self::ProblemSolution => &[HookForm::Question, HookForm::Contrast],
        }
    }

    /// What to say of a story that isn't on the arc that was asked for.
    ///
    /// ```
    /// use domain::{Arc, Story};
    /// let story = |arc| Story { arc, title: String::new(), keywords: vec![], sources: vec![], beats: vec![] };
    /// assert_eq!(Arc::HowTo.missed(&story(Arc::HowTo)), None);
    /// let told = Arc::HowTo.missed(&story(Arc::Explanation)).unwrap();
    /// assert!(told.contains("a how-to") && told.contains("what to do"));
    /// ```
    pub fn missed(self, story: &Story) -> Option<String> {
        (story.arc != self).then(|| {
            format!(
                "the story should be {}, and is {}: that needs {}, and what the brief gives in this time has none",
                self.told(),
                story.arc.told(),
                self.needs()
            )
        })
    }
}
