//! Turns of speech that claim nothing, by tone. English only: other languages go without.

use domain::{Brief, Tone};

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

/// Requests for the end where the brand has none of its own.
pub(crate) fn requests(tone: Tone) -> &'static [&'static str] {
    match tone {
        Tone::Informative => &[
            "Follow for more.",
            "Save this for later.",
            "Share it with someone who's curious.",
        ],
        Tone::Energetic => &["Follow for more!", "Share this now!", "Tag a friend!"],
        Tone::Friendly => &[
            "Share it with a friend.",
            "Follow along for more.",
            "Tell me what you think.",
        ],
        Tone::Professional => &[
            "Follow for more insights.",
            "Share this with your team.",
            "Save this for reference.",
        ],
        Tone::Calm => &[
            "Stay a while, and follow for more.",
            "Save this for a quiet moment.",
            "Share it with someone dear.",
        ],
        Tone::Bold => &["Follow. There's more.", "Pass it on.", "Your move."],
    }
}

/// Every phrase there is, for telling a phrase from a claim.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    [
        Tone::Informative,
        Tone::Energetic,
        Tone::Friendly,
        Tone::Professional,
        Tone::Calm,
        Tone::Bold,
    ]
    .into_iter()
    .flat_map(|tone| {
        [
            turns(tone),
            payoffs(tone),
            questions(tone),
            wonders(tone),
            requests(tone),
        ]
    })
    .flatten()
    .copied()
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
