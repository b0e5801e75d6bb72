//! Turns of speech that claim nothing, by tone. English only: other languages go without.

use domain::{Brief, Platform, Tone};

use crate::banned::WordList;
use crate::seed::Choice;

/// Said before the part that turns.
pub(crate) fn turns(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "Now for the details.",
            "Look a little closer.",
            "And there is more to it.",
            "Here is what lies behind it.",
        ],
        Tone::Energetic => &[
            "Now watch this!",
            "And there's more!",
            "Here's the fun part!",
            "Keep up, there's more!",
        ],
        Tone::Friendly => &[
            "Here's the good part.",
            "Stay with me.",
            "And there's more.",
            "Now for the fun part.",
        ],
        Tone::Professional => &[
            "Here is what matters.",
            "Now, the specifics.",
            "Look at the details.",
            "Consider this.",
        ],
        Tone::Calm => &[
            "Take a moment with this.",
            "Now look closer.",
            "There is more.",
            "Stay with it.",
        ],
        Tone::Bold => &[
            "Now listen.",
            "Here's the thing.",
            "There's more.",
            "Look again.",
        ],
    }
}

/// Said before the last thing that is told.
pub(crate) fn payoffs(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "One last thing.",
            "And finally:",
            "Before you go:",
            "One thing to remember:",
        ],
        Tone::Energetic => &[
            "One more thing!",
            "And don't miss this!",
            "Last one!",
            "Remember this one!",
        ],
        Tone::Friendly => &[
            "One last thing.",
            "Oh, and one more thing.",
            "And remember:",
            "Before you go:",
        ],
        Tone::Professional => &[
            "One final point.",
            "And finally:",
            "To close:",
            "A last point.",
        ],
        Tone::Calm => &[
            "One last thought.",
            "And in the end:",
            "Keep this with you.",
            "To close:",
        ],
        Tone::Bold => &[
            "One more thing.",
            "Remember this.",
            "Last point.",
            "And then this.",
        ],
    }
}

/// Asks for attention to a topic that fills `{}` as a noun phrase.
pub(crate) fn questions(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "What do you know about {}?",
            "How much do you know about {}?",
            "What's the story behind {}?",
            "Curious about {}?",
        ],
        Tone::Energetic => &[
            "Ready for {}?",
            "Got a minute for {}?",
            "Want the story of {}?",
            "How well do you know {}?",
        ],
        Tone::Friendly => &[
            "Ever wondered about {}?",
            "Curious about {}?",
            "Got a minute for {}?",
            "Have you thought about {}?",
        ],
        Tone::Professional => &[
            "What should you know about {}?",
            "What is there to know about {}?",
            "How well do you know {}?",
            "What lies behind {}?",
        ],
        Tone::Calm => &[
            "Have you ever thought about {}?",
            "Do you have a moment for {}?",
            "What do you know about {}?",
            "Shall we talk about {}?",
        ],
        Tone::Bold => &[
            "Think you know {}?",
            "What do you really know about {}?",
            "Know the truth about {}?",
            "How well do you know {}?",
        ],
    }
}

/// Asks for attention to a topic that begins with a question word ("how …", "why …").
pub(crate) fn wonders(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Energetic | Tone::Bold => &["Want to know {}?", "Do you know {}?"],
        _ => &[
            "Ever wondered {}?",
            "Want to know {}?",
            "Have you ever asked yourself {}?",
        ],
    }
}

/// Questions that what is told next answers. They speak to the viewer where the tone allows it.
pub(crate) fn inquiries(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "Why does that matter?",
            "What does that mean for you?",
            "But what lies behind it?",
        ],
        Tone::Energetic => &[
            "So why should you care?",
            "What does that mean for you?",
            "And what comes next?",
        ],
        Tone::Friendly => &[
            "So what does that mean for you?",
            "Why does it matter to you?",
            "And what comes next?",
        ],
        Tone::Professional => &[
            "Why does this matter?",
            "What does it mean for you?",
            "But what lies behind it?",
        ],
        Tone::Calm => &[
            "Why does it matter?",
            "What does it mean to you?",
            "And what lies behind it?",
        ],
        Tone::Bold => &[
            "So why should you care?",
            "Why does it matter?",
            "But what comes next?",
        ],
    }
}

/// Announces a topic that fills `{}` as a noun phrase.
pub(crate) fn announcements(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "Here is the story behind {}.",
            "This is what you should know about {}.",
            "You think you know {}, until you look closer.",
        ],
        Tone::Energetic => &[
            "Here's the real story of {}!",
            "You'll want to know this about {}!",
            "You think you know {}, but look closer!",
        ],
        Tone::Friendly => &[
            "Here's the story behind {}.",
            "Here's a story about {}.",
            "You think you know {}, until you look closer.",
        ],
        Tone::Professional => &[
            "Here is what you should know about {}.",
            "This is what lies behind {}.",
            "You think you know {}, until you look at the details.",
        ],
        Tone::Calm => &[
            "Listen to the story of {}.",
            "Here is the story behind {}.",
            "You think you know {}, until you look closer.",
        ],
        Tone::Bold => &[
            "You think you know {}, but look again.",
            "Here's the truth about {}.",
            "This is what you should know about {}.",
        ],
    }
}

/// Announces a topic that begins with a question word ("how …", "why …").
pub(crate) const REASONS: &[&str] = &[
    "Here is {}.",
    "This is {}.",
    "Find out {}.",
    "You should know {}.",
];

/// Announces a topic that counts what it lists ("five ways …").
pub(crate) const LISTS: &[&str] = &["Here are {}.", "These are {}."];

/// Stands between the number of things that are told and the topic that they are about.
pub(crate) const COUNTED: &str = " things to know about ";

/// The number in words that a text says it tells of its topic, and the topic; none of other texts.
pub(crate) fn counted(text: &str) -> Option<(&str, &str)> {
    let (number, topic) = text.split_once(COUNTED)?;
    (!number.contains(' ')).then_some((number, topic))
}

/// Opens where there is nothing else to open with.
pub(crate) const OPENERS: &[&str] = &[
    "Take a closer look.",
    "Here is the story.",
    "Listen to this story.",
];

/// Requests for the end where the brand has none of its own.
pub(crate) fn requests(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "Follow for more.",
            "Save this for later.",
            "Share it with someone who's curious.",
            "Tell me what you think.",
        ],
        Tone::Energetic => &[
            "Follow for more!",
            "Save this for later!",
            "Share this now!",
            "Tag a friend!",
            "Tell me what you think!",
        ],
        Tone::Friendly => &[
            "Share it with a friend.",
            "Save this for later.",
            "Follow along for more.",
            "Tell me what you think.",
        ],
        Tone::Professional => &[
            "Follow for more insights.",
            "Share this with your team.",
            "Save this for reference.",
            "Tell us what you think.",
        ],
        Tone::Calm => &[
            "Stay a while, and follow for more.",
            "Save this for a quiet moment.",
            "Share it with someone dear.",
            "Tell me what you think.",
        ],
        Tone::Bold => &[
            "Follow. There's more.",
            "Save this.",
            "Pass it on.",
            "Your move.",
        ],
    }
}

/// Requests for the text beside a video where the brand has none of its own.
pub(crate) fn posting(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::TikTok | Platform::Any => &[
            "Follow for more.",
            "Save this for later.",
            "Share it with a friend.",
            "Tell me what you think.",
        ],
        Platform::Reels => &[
            "Follow for more.",
            "Save this for later.",
            "Send it to a friend.",
            "Tell me what you think.",
        ],
        Platform::Shorts => &[
            "Subscribe for more.",
            "Save this for later.",
            "Share it with a friend.",
            "Tell me what you think.",
        ],
    }
}

const TONES: [Tone; 6] = [
    Tone::Informative,
    Tone::Energetic,
    Tone::Friendly,
    Tone::Professional,
    Tone::Calm,
    Tone::Bold,
];

/// Every phrase there is, for telling a phrase from a claim.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    TONES
        .into_iter()
        .flat_map(|tone| {
            [
                turns(tone),
                payoffs(tone),
                questions(tone),
                wonders(tone),
                requests(tone),
                inquiries(tone),
                announcements(tone),
                REASONS,
                LISTS,
                OPENERS,
            ]
        })
        .flatten()
        .copied()
}

/// Whether a text is an announcement, whatever fills it.
pub(crate) fn announces(text: &str) -> bool {
    let filled = |phrase: &&str| {
        phrase.split_once("{}").is_some_and(|(before, behind)| {
            text.len() > before.len() + behind.len()
                && text.starts_with(before)
                && text.ends_with(behind)
        })
    };
    let tones = TONES.into_iter().flat_map(announcements);
    tones.chain(REASONS).chain(LISTS).any(filled)
}

/// One of the phrases, by the brief's seed: none outside English, none that holds a banned word, one with a word of the brand's
/// voice where there is such.
pub(crate) fn choose(pool: &[&'static str], brief: &Brief, purpose: &str) -> Option<&'static str> {
    if brief.language.0 != "en" {
        return None;
    }
    let (banned, voice) = (
        WordList::banned(&brief.brand),
        WordList::voice(&brief.brand),
    );
    let allowed: Vec<&'static str> = pool
        .iter()
        .copied()
        .filter(|phrase| !banned.hit(phrase))
        .collect();
    let fitting: Vec<&'static str> = allowed
        .iter()
        .copied()
        .filter(|phrase| voice.hit(phrase))
        .collect();
    Choice::new(brief.seed, purpose)
        .pick(if fitting.is_empty() {
            &allowed
        } else {
            &fitting
        })
        .copied()
}

/// The turns of speech that a script of this brief may be seasoned with: those of its tone, without banned words; none outside English.
pub fn phrases(brief: &Brief) -> Vec<&'static str> {
    if brief.language.0 != "en" {
        return Vec::new();
    }
    let banned = WordList::banned(&brief.brand);
    turns(brief.tone)
        .iter()
        .chain(payoffs(brief.tone))
        .copied()
        .filter(|phrase| !banned.hit(phrase))
        .collect()
}
