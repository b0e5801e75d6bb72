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

/// A figure with its name, or two things that belong together: "Norway", "62%".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is.
    pub label: String,
    /// As it is written: "62%", "$1.2 million", "20 hours".
    pub value: String,
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
        /// An icon's name for each item, null for one that has none. Without icons the items are numbered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        icons: Vec<Option<String>>,
    },
    /// A figure that fills the frame, and is counted up to.
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
    /// Bars as long as their figures are large: two to five.
    BarChart {
        /// What is compared.
        #[serde(skip_serializing_if = "Option::is_none")]
        heading: Option<String>,
        /// The bars. Their values are of one kind: see [`crate::amount`].
        bars: Vec<Entry>,
    },
    /// A figure over time: two to eight points.
    LineChart {
        /// What is measured.
        #[serde(skip_serializing_if = "Option::is_none")]
        heading: Option<String>,
        /// The points in order, labelled with their times.
        points: Vec<Entry>,
    },
    /// A part of a whole, as a ring.
    Share {
        /// A percentage, as it is written: "62%".
        value: String,
        /// What it is a share of.
        caption: String,
    },
    /// One against the other.
    Comparison {
        /// The one.
        first: Entry,
        /// The other.
        second: Entry,
    },
    /// Two to five things that follow each other.
    Steps {
        /// What they lead to.
        #[serde(skip_serializing_if = "Option::is_none")]
        heading: Option<String>,
        /// What is done, in order.
        steps: Vec<String>,
    },
    /// What a word means.
    Definition {
        /// The word.
        term: String,
        /// Its meaning.
        meaning: String,
    },
    /// Something asked.
    Question {
        /// The question, with its mark.
        text: String,
    },
    /// What is believed, struck out, and what is so.
    MythFact {
        /// What is believed.
        myth: String,
        /// What is so.
        fact: String,
    },
    /// A sentence under a picture that stands for it.
    IconStatement {
        /// The picture's name, such as `rocket`.
        icon: String,
        /// The sentence.
        text: String,
        /// A part of `text` to set off.
        #[serde(skip_serializing_if = "Option::is_none")]
        emphasis: Option<String>,
    },
}

impl Visual {
    /// Every text that it shows, in the order in which it is read.
    pub fn texts(&self) -> Vec<&str> {
        fn entries<'a>(heading: Option<&'a String>, entries: &'a [Entry]) -> Vec<&'a str> {
            heading
                .map(String::as_str)
                .into_iter()
                .chain(entries.iter().flat_map(Entry::texts))
                .collect()
        }
        match self {
            Self::Title { title, kicker } => kicker
                .as_deref()
                .into_iter()
                .chain([title.as_str()])
                .collect(),
            Self::Statement { text, .. }
            | Self::Question { text }
            | Self::IconStatement { text, .. } => vec![text],
            Self::Quote { text, attribution } => std::iter::once(text.as_str())
                .chain(attribution.as_deref())
                .collect(),
            Self::List { heading, items, .. } => std::iter::once(heading)
                .chain(items)
                .map(String::as_str)
                .collect(),
            Self::BigNumber { value, caption } | Self::Share { value, caption } => {
                vec![value, caption]
            }
            Self::CallToAction { text, brand } => std::iter::once(text.as_str())
                .chain(brand.as_deref())
                .collect(),
            Self::BarChart { heading, bars } => entries(heading.as_ref(), bars),
            Self::LineChart { heading, points } => entries(heading.as_ref(), points),
            Self::Comparison { first, second } => {
                first.texts().into_iter().chain(second.texts()).collect()
            }
            Self::Steps { heading, steps } => {
                heading.iter().chain(steps).map(String::as_str).collect()
            }
            Self::Definition { term, meaning } => vec![term, meaning],
            Self::MythFact { myth, fact } => vec![myth, fact],
        }
    }

    /// The part of a text that is set off.
    pub fn emphasis(&self) -> Option<&str> {
        match self {
            Self::Statement { emphasis, .. } | Self::IconStatement { emphasis, .. } => {
                emphasis.as_deref()
            }
            _ => None,
        }
    }
}

impl Entry {
    /// Its label and its value.
    pub fn texts(&self) -> [&str; 2] {
        [&self.label, &self.value]
    }
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
