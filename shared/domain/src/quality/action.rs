//! What can be done about a round, in a form that a program can act on.

use serde::{Deserialize, Serialize};

use crate::Tone;

/// A task that can do something about a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Chooses what is told, and in which order.
    Story,
    /// Words it, and says what is seen.
    Script,
    /// Words the first seconds.
    Hook,
    /// Speaks it.
    Audio,
    /// Draws the pictures.
    Images,
    /// Puts picture, sound and captions together.
    Compose,
}

impl Target {
    /// The task's name in the workflow.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::Script => "script",
            Self::Hook => "hook",
            Self::Audio => "audio",
            Self::Images => "images",
            Self::Compose => "compose",
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What is to be done. In JSON `kind` names it, in snake case; the lists hold words of the text itself, at most 160 characters each,
/// and are empty where no single place is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Make sentences shorter.
    ShortenSentences {
        /// The longest.
        sentences: Vec<String>,
    },
    /// Say it in words that more people know.
    PlainWords {
        /// Those that few do.
        words: Vec<String>,
    },
    /// Neither say nor show words that the brand bans.
    AvoidWords {
        /// The banned words that were used, as the brief has them.
        words: Vec<String>,
    },
    /// Leave out what says nothing.
    DropFiller {
        /// What says nothing.
        phrases: Vec<String>,
    },
    /// Say it in words of one's own.
    AvoidPhrases {
        /// Phrases that are heard too often.
        phrases: Vec<String>,
    },
    /// Say things once.
    SayOnce {
        /// What was said before.
        phrases: Vec<String>,
    },
    /// Correct what isn't English.
    CorrectGrammar {
        /// The words that are wrong.
        places: Vec<String>,
    },
    /// Let somebody do it instead of letting it be done.
    UseActiveVoice,
    /// Say what is instead of what isn't.
    SayWhatIs,
    /// Name things, people and numbers.
    BeConcrete,
    /// Speak to the viewer.
    SpeakToViewer,
    /// Raise a question before answering it.
    RaiseQuestion,
    /// Let short sentences follow long ones, and begin them differently.
    VarySentences,
    /// Let each sentence take up the one before, and name who and what it is about before calling them "he" and "it".
    ConnectSentences {
        /// Those that take up nothing.
        sentences: Vec<String>,
    },
    /// Keep to one register.
    KeepRegister {
        /// The sentences that stand out.
        sentences: Vec<String>,
    },
    /// Keep to one mood from sentence to sentence.
    KeepMood,
    /// Come nearer to the tone that the brief asks for.
    MatchTone {
        /// The tone.
        tone: Tone,
    },
    /// Tell of what moves people more.
    OtherSources {
        /// The sentences that leave a reader cold.
        instead_of: Vec<String>,
    },
    /// Tell it differently from an earlier script of the brand.
    TellDifferently,
    /// Make claims that the brief requires.
    RequireClaims {
        /// Those that aren't made, as the brief has them.
        claims: Vec<String>,
    },
    /// End with the call to action.
    EndWithCall {
        /// The call.
        call: String,
    },
    /// Use words of the brand's voice.
    UseVoice {
        /// Its words.
        words: Vec<String>,
    },
    /// Name the brand.
    NameBrand {
        /// Its name.
        name: String,
    },
    /// Open differently.
    OtherHook {
        /// Words of the present hook that fewer people follow.
        avoid: Vec<String>,
    },
    /// Say less: the video is longer than asked for.
    SayLess {
        /// By how many percent of the words.
        percent: u32,
    },
    /// Say more: the video is shorter than asked for.
    SayMore {
        /// By how many percent of the words.
        percent: u32,
    },
    /// Tell a scene in two: it stands too long.
    SplitScene,
    /// Join a scene with its neighbour: it is over before it is seen.
    JoinScene,
    /// Speak more slowly.
    SpeakSlower {
        /// By how many percent of the present pace.
        percent: u32,
    },
    /// Speak faster.
    SpeakFaster {
        /// By how many percent of the present pace.
        percent: u32,
    },
    /// Speak all scenes at one pace.
    EvenPace,
    /// Shorten pauses that read as faults.
    ShortenPauses,
    /// Leave pauses between sentences.
    LeavePauses,
    /// Render in the size and shape asked for.
    MatchShape,
    /// Bring the sound to -14 LUFS, its peaks under -1 dBTP.
    SetLoudness,
    /// Caption every spoken word.
    CaptionEveryWord,
    /// Leave no black frames.
    RemoveBlackFrames,
}

impl Action {
    /// The tasks that it falls to.
    pub const fn targets(&self) -> &'static [Target] {
        match self {
            Self::OtherSources { .. } | Self::TellDifferently => &[Target::Story],
            // The one chooses what is told, the other words it: each can lose a claim.
            Self::RequireClaims { .. } => &[Target::Story, Target::Script],
            Self::OtherHook { .. } => &[Target::Hook],
            Self::SpeakSlower { .. }
            | Self::SpeakFaster { .. }
            | Self::EvenPace
            | Self::ShortenPauses
            | Self::LeavePauses => &[Target::Audio],
            Self::MatchShape
            | Self::SetLoudness
            | Self::CaptionEveryWord
            | Self::RemoveBlackFrames => &[Target::Compose],
            _ => &[Target::Script],
        }
    }

    /// Whether both are of one kind, whatever their lists hold.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The places of the text that it is about, for kinds that have such.
    pub fn places_mut(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Self::ShortenSentences { sentences }
            | Self::ConnectSentences { sentences }
            | Self::KeepRegister { sentences }
            | Self::OtherSources {
                instead_of: sentences,
            } => Some(sentences),
            Self::DropFiller { phrases }
            | Self::AvoidPhrases { phrases }
            | Self::SayOnce { phrases } => Some(phrases),
            Self::PlainWords { words } => Some(words),
            Self::CorrectGrammar { places } => Some(places),
            Self::OtherHook { avoid } => Some(avoid),
            _ => None,
        }
    }

    /// As one tells a writer, with the first places that it is about.
    pub fn instruction(&self) -> String {
        let plain = |what: &str| what.to_owned();
        match self {
            Self::ShortenSentences { sentences } => with("make the sentences shorter", sentences),
            Self::PlainWords { words } => with("say it in words that more people know", words),
            Self::AvoidWords { words } => with("leave out what the brand bans", words),
            Self::DropFiller { phrases } => with("leave out what says nothing", phrases),
            Self::AvoidPhrases { phrases } => with("say it in words of your own", phrases),
            Self::SayOnce { phrases } => with("say it once", phrases),
            Self::CorrectGrammar { places } => with("correct what isn't English", places),
            Self::UseActiveVoice => plain("say who does it"),
            Self::SayWhatIs => plain("say what is instead of what isn't"),
            Self::BeConcrete => plain("name things, people and numbers"),
            Self::SpeakToViewer => plain("speak to the viewer"),
            Self::RaiseQuestion => plain("raise a question before you answer it"),
            Self::VarySentences => {
                plain("let short sentences follow long ones, and begin them differently")
            }
            Self::ConnectSentences { sentences } => {
                with("let each sentence take up the one before", sentences)
            }
            Self::KeepRegister { sentences } => with("keep to one register", sentences),
            Self::KeepMood => plain("keep to one mood from sentence to sentence"),
            Self::MatchTone { tone } => format!("sound more {}", name_of(*tone)),
            Self::OtherSources { instead_of } => {
                with("tell of what moves people, instead of", instead_of)
            }
            Self::TellDifferently => plain("tell it differently from the earlier scripts"),
            Self::RequireClaims { claims } => {
                with("make every claim that the brief requires", claims)
            }
            Self::EndWithCall { call } => format!("end with the call to action: {call:?}"),
            Self::UseVoice { words } => with("use words of the brand's voice", words),
            Self::NameBrand { name } => format!("name {name}"),
            Self::OtherHook { avoid } if avoid.is_empty() => plain("open differently"),
            Self::OtherHook { avoid } => with("open differently, without", avoid),
            Self::SayLess { percent } => format!("say less, by about {percent}% of the words"),
            Self::SayMore { percent } => format!("say more, by about {percent}% of the words"),
            Self::SplitScene => plain("tell the scene in two: it stands too long"),
            Self::JoinScene => {
                plain("join the scene with its neighbour: it is over before it is seen")
            }
            Self::SpeakSlower { percent } => format!("speak more slowly, by about {percent}%"),
            Self::SpeakFaster { percent } => format!("speak faster, by about {percent}%"),
            Self::EvenPace => plain("speak all scenes at one pace"),
            Self::ShortenPauses => plain("shorten the pauses that read as faults"),
            Self::LeavePauses => plain("leave pauses between the sentences"),
            Self::MatchShape => plain("render in the size and shape asked for"),
            Self::SetLoudness => plain("bring the sound to -14 LUFS, its peaks under -1 dBTP"),
            Self::CaptionEveryWord => plain("caption every spoken word"),
            Self::RemoveBlackFrames => plain("leave no black frames"),
        }
    }
}

/// How many places an instruction tells; the action's list has them all.
const TOLD: usize = 3;

fn with(what: &str, places: &[String]) -> String {
    let told: Vec<String> = places
        .iter()
        .take(TOLD)
        .map(|place| format!("{:?}", place.chars().take(60).collect::<String>()))
        .collect();
    if told.is_empty() {
        what.trim_end_matches(", instead of").to_owned()
    } else {
        format!("{what}: {}", told.join(", "))
    }
}

const fn name_of(tone: Tone) -> &'static str {
    match tone {
        Tone::Informative => "informative",
        Tone::Energetic => "energetic",
        Tone::Friendly => "friendly",
        Tone::Professional => "professional",
        Tone::Calm => "calm",
        Tone::Bold => "bold",
    }
}
