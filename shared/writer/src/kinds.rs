//! What a sentence is to an arc: a step, an event, a trouble, something that helps.

use domain::HookForm;

use crate::anaphora::{leans_on_previous, points_nowhere};
use crate::figure;
use crate::forms::{STRIKING, forms_of, is_imperative};
use crate::sources::{Candidate, Origin, sayable};
use crate::words::words;

/// How it was.
const BEFORE: &[&[&str]] = &[
    &["used", "to"],
    &["was", "once"],
    &["were", "once"],
    &["formerly"],
    &["originally"],
    &["traditionally"],
    &["in", "the", "past"],
    &["years", "ago"],
    &["back", "then"],
    &["for", "centuries"],
    &["at", "first"],
];

/// How it is.
const AFTER: &[&[&str]] = &[
    &["now"],
    &["today"],
    &["nowadays"],
    &["these", "days"],
    &["since", "then"],
    &["no", "longer"],
    &["has", "become"],
    &["have", "become"],
];

/// What goes wrong.
const TROUBLE: &[&str] = &[
    "afraid",
    "attack",
    "attacks",
    "breaks",
    "broke",
    "broken",
    "danger",
    "dangerous",
    "died",
    "difficult",
    "fail",
    "failed",
    "fails",
    "frightened",
    "leak",
    "leaks",
    "lose",
    "loses",
    "lost",
    "mistake",
    "mistakes",
    "pain",
    "problem",
    "problems",
    "risk",
    "risks",
    "shortage",
    "steal",
    "stolen",
    "struggle",
    "struggled",
    "suffer",
    "thief",
    "thieves",
    "threat",
    "tired",
    "trouble",
    "waste",
    "wasted",
    "worse",
    "worst",
    "wrong",
];

/// What helps.
const HELP: &[&str] = &[
    "avoid", "cure", "cures", "fix", "fixed", "fixes", "help", "helped", "helps", "instead",
    "prevent", "prevents", "protect", "protects", "remedy", "repair", "repaired", "replace",
    "replaces", "restored", "safe", "saved", "saves", "solution", "solve", "solved", "solves",
    "spare", "without", "yourself",
];

/// Words that a step may begin with before it says what to do.
const STEPPING: &[&str] = &["first", "then", "next", "finally", "now", "last", "lastly"];

/// Words that say why.
const REASONS: &[&str] = &["because", "so", "why", "reason", "means", "therefore"];

/// Whether a topic asks something, with its mark or without.
pub(crate) fn asks(topic: &str) -> bool {
    let first = words(topic).into_iter().next().unwrap_or_default();
    matches!(
        first.as_str(),
        "why" | "how" | "what" | "when" | "where" | "who"
    )
}

/// Whether a sentence can be moved: it stands by itself, and can be said.
pub(crate) fn stands(candidate: &Candidate) -> bool {
    let said = !leans(candidate) && !candidate.asks && sayable(candidate);
    said && !points_nowhere(&candidate.spoken)
}

/// Whether a sentence makes sense only behind the one before it. A key point may speak of the topic.
pub(crate) fn leans(candidate: &Candidate) -> bool {
    candidate.leans
        || candidate.origin == Origin::KeyPoint
            && leans_on_previous(&candidate.text)
            && !speaks_of_topic(candidate)
}

fn speaks_of_topic(candidate: &Candidate) -> bool {
    let first = words(&candidate.spoken).into_iter().next();
    first.is_some_and(|word| matches!(word.as_str(), "it" | "its" | "they" | "their"))
}

/// Whether a sentence says what to do.
pub(crate) fn is_step(candidate: &Candidate) -> bool {
    let lower = words(&candidate.spoken);
    let leads = lower
        .iter()
        .take_while(|word| STEPPING.contains(&word.as_str()))
        .count();
    is_imperative(lower.get(leads..).unwrap_or_default())
}

/// Whether a sentence holds a figure to begin with.
pub(crate) fn strikes(candidate: &Candidate) -> bool {
    figure::find(&candidate.spoken).is_some_and(|figure| figure.strength >= STRIKING)
}

/// Whether a sentence tells of something that somebody did, or that happened at a time.
pub(crate) fn happened(candidate: &Candidate) -> bool {
    has(candidate, HookForm::Story)
}

/// Whether a sentence is of a form.
pub(crate) fn has(candidate: &Candidate, form: HookForm) -> bool {
    forms_of(&candidate.spoken).contains(&form)
}

/// Whether a sentence tells how it was.
pub(crate) fn was_once(candidate: &Candidate) -> bool {
    any_of(candidate, BEFORE)
}

/// Whether a sentence tells how it is.
pub(crate) fn is_now(candidate: &Candidate) -> bool {
    any_of(candidate, AFTER)
}

/// Whether a sentence names something that goes wrong.
pub(crate) fn troubles(candidate: &Candidate) -> bool {
    any_word(candidate, TROUBLE)
}

/// Whether a sentence names something that helps.
pub(crate) fn helps(candidate: &Candidate) -> bool {
    any_word(candidate, HELP)
}

/// Whether a sentence says why.
pub(crate) fn says_why(candidate: &Candidate) -> bool {
    any_word(candidate, REASONS)
}

fn any_word(candidate: &Candidate, known: &[&str]) -> bool {
    words(&candidate.spoken)
        .iter()
        .any(|word| known.contains(&word.as_str()))
}

fn any_of(candidate: &Candidate, runs: &[&[&str]]) -> bool {
    let lower = words(&candidate.spoken);
    runs.iter().any(|run| {
        lower
            .windows(run.len())
            .any(|window| window.iter().zip(*run).all(|(word, other)| word == other))
    })
}
