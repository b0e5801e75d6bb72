//! What is said and what is seen with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Role, SourceId};

/// Where the words of a line come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSource {
    /// A key point, a source sentence or the topic: the claim can be looked up there.
    Source(SourceId),
    /// The brand's own words (its call to action).
    Brand,
    /// A turn of speech that claims nothing, such as "Here is the surprising part."
    Phrase,
    /// The words of the person who edited the script, who answers for them.
    Author,
}

/// One spoken sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As it is written in captions. The voice makes spoken forms ("$5" -> "five dollars") of its own.
    pub text: String,
    /// Where it comes from.
    pub source: LineSource,
}

/// What is to be seen: one of the layouts, with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "layout", rename_all = "snake_case", deny_unknown_fields)]
pub enum Visual {
    /// The video's title; also the thumbnail.
    Title {
        /// The title.
        title: String,
        /// A few small words above it.
        #[serde(skip_serializing_if = "Option::is_none")]
        kicker: Option<String>,
    },
    /// One sentence, with the part that matters marked.
    Statement {
        /// The sentence.
        text: String,
        /// A part of `text` to set off.
        #[serde(skip_serializing_if = "Option::is_none")]
        emphasis: Option<String>,
    },
    /// Somebody's words.
    Quote {
        /// The words, without quotation marks.
        text: String,
        /// Who said so.
        #[serde(skip_serializing_if = "Option::is_none")]
        attribution: Option<String>,
    },
    /// Two to five short items.
    List {
        /// What they are.
        heading: String,
        /// The items.
        items: Vec<String>,
    },
    /// A figure that fills the frame.
    BigNumber {
        /// As written: "62%", "$1.2 million".
        value: String,
        /// What it counts.
        caption: String,
    },
    /// What the viewer should do.
    CallToAction {
        /// The request.
        text: String,
        /// The brand's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        brand: Option<String>,
    },
}

/// One scene: some lines spoken over one picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// Where on the arc.
    pub role: Role,
    /// What is said. Empty in the hook's scene: the hook task writes that one.
    pub lines: Vec<Line>,
    /// What is seen.
    pub visual: Visual,
    /// Whether the words themselves move (kinetic type, made by the video task) over the picture's background.
    pub moving: bool,
    /// Which of the run's backdrops lies behind, from 0: in an edited script, whose scenes may have moved, the place where the scene first
    /// stood. Absent where that is its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backdrop: Option<u32>,
}

/// The script: output of the script task. The first scene is the hook's, the last the call to action's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// The scenes in order: at least 2, at most 40.
    pub scenes: Vec<Scene>,
    /// Words a minute that the lengths were planned with.
    pub planned_wpm: u32,
}

impl Script {
    /// Indices of the scenes whose words move, in order: item `i` of the video task is scene `moving()[i]`.
    pub fn moving(&self) -> Vec<usize> {
        (0..self.scenes.len())
            .filter(|&at| self.scenes[at].moving)
            .collect()
    }

    /// Which of the run's backdrops lies behind scene `at`.
    pub fn backdrop(&self, at: usize) -> u32 {
        let own = self.scenes.get(at).and_then(|scene| scene.backdrop);
        own.unwrap_or(at as u32)
    }

    /// What scene `at` says once the hook is known.
    pub fn spoken<'a>(&'a self, hook: &'a Hook, at: usize) -> &'a [Line] {
        match self.scenes.get(at) {
            Some(scene) if scene.role == Role::Hook => &hook.lines,
            Some(scene) => &scene.lines,
            None => &[],
        }
    }
}

/// The form of a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookForm {
    /// Asks.
    Question,
    /// Starts from a figure.
    Number,
    /// Sets two things against each other.
    Contrast,
    /// Sets right what people believe.
    Myth,
    /// Promises to show how something is done, or begins with doing it.
    HowTo,
    /// Begins with what somebody did, or what happened once.
    Story,
    /// Counts or names several things.
    List,
    /// Begins with somebody's words.
    Quote,
    /// Says the surprising thing straight away.
    Statement,
}

impl HookForm {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Question,
        Self::Number,
        Self::Contrast,
        Self::Myth,
        Self::HowTo,
        Self::Story,
        Self::List,
        Self::Quote,
        Self::Statement,
    ];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Number => "number",
            Self::Contrast => "contrast",
            Self::Myth => "myth",
            Self::HowTo => "how_to",
            Self::Story => "story",
            Self::List => "list",
            Self::Quote => "quote",
            Self::Statement => "statement",
        }
    }

    /// What a hook of this form is, in words.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Question => "a question",
            Self::Number => "a figure",
            Self::Contrast => "a contrast",
            Self::Myth => "a belief set right",
            Self::HowTo => "a how-to",
            Self::Story => "a story",
            Self::List => "a list",
            Self::Quote => "a quotation",
            Self::Statement => "a statement",
        }
    }
}

/// The hook: output of the hook task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Its form.
    pub form: HookForm,
    /// What is said in the first scene.
    pub lines: Vec<Line>,
    /// What stands on screen in large moving letters: at most about eight words.
    pub on_screen: String,
    /// The other candidates, best first: for review and experiments.
    pub alternatives: Vec<String>,
}
