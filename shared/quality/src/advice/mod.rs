//! What is good, what isn't, and what to do about it.

mod remedy;
mod suggest;

use std::cmp::Reverse;

use domain::quality::{Action, Suggestion};
use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::generated;
use crate::score::{Criterion, Feature, Hold, Mark, Score};

/// Something to change, with what it brings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Which criterion gains.
    pub criterion: Criterion,
    /// What to do, as one tells a writer.
    pub instruction: String,
    /// How many points of the total it brings at most.
    pub gain: f64,
    /// How many places have to be touched.
    pub places: usize,
}

/// What is good, what isn't, and what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// What is good, best first.
    pub strengths: Vec<String>,
    /// What isn't, worst first.
    pub weaknesses: Vec<String>,
    /// What to change: the most points for the least change first.
    pub feedback: Vec<Change>,
    /// The same, by the task and the scene that it falls to: at most [`Advice::SUGGESTIONS`], the most points first. Each kind of
    /// action comes once for a task and scene.
    pub suggestions: Vec<Suggestion>,
}

impl Advice {
    /// How many suggestions are given at most.
    pub const SUGGESTIONS: usize = 12;
}

/// From where on a criterion is good.
const GOOD: u8 = 85;
/// Who is less sure than this of a score praises nothing for it.
const SURE: f64 = 0.25;
/// Below this it isn't.
const WEAK: u8 = 75;
/// What costs fewer points of a criterion than this isn't worth a change.
const WORTH: f64 = 2.0;

/// Something that can be done about one criterion.
struct Remedy<'a> {
    criterion: Criterion,
    action: Action,
    /// Points of the total.
    gain: f64,
    marks: Vec<&'a Mark>,
}

/// Reads the advice out of scores.
pub(crate) fn advise(scores: &[Score], content: &Content, holds: &[Hold]) -> Advice {
    let weights: f64 = scores.iter().map(|score| f64::from(score.weight)).sum();
    let share = |score: &Score| f64::from(score.weight) / weights.max(1.0);
    let is_good = |score: &&Score| score.value >= GOOD && score.confidence >= SURE;
    let mut good: Vec<&Score> = scores.iter().filter(is_good).collect();
    good.sort_by_key(|score| Reverse(score.value));
    let mut weak: Vec<&Score> = scores.iter().filter(|score| score.value < WEAK).collect();
    weak.sort_by(|a, b| {
        let lost = |score: &Score| share(score) * (100.0 - score.raw);
        lost(b).total_cmp(&lost(a))
    });
    let remedies: Vec<Remedy<'_>> = scores
        .iter()
        .flat_map(|score| remedies(score, scores, share(score), content))
        .collect();
    let held = holds
        .iter()
        .map(|hold| format!("held back: {}", hold.reason()));
    Advice {
        strengths: good.iter().map(|score| sentence(score, true)).collect(),
        weaknesses: held
            .chain(weak.iter().map(|score| sentence(score, false)))
            .collect(),
        feedback: feedback(&remedies),
        suggestions: suggest::suggestions(&remedies, content),
    }
}

/// What can be done about one score: features that the same action helps are taken together, what is good in some of them with what
/// isn't in others.
fn remedies<'a>(
    score: &Score,
    scores: &'a [Score],
    share: f64,
    content: &Content,
) -> Vec<Remedy<'a>> {
    let mut found: Vec<(Action, f64)> = Vec::new();
    for feature in &score.features {
        let Some(action) = remedy::of(score, feature, content) else {
            continue;
        };
        match found.iter_mut().find(|(known, _)| known.is_like(&action)) {
            Some((_, points)) => *points += feature.contribution,
            None => found.push((action, feature.contribution)),
        }
    }
    found
        .into_iter()
        .filter(|(_, points)| *points <= -WORTH)
        .map(|(mut action, points)| {
            let marks = marks_of(&action, score.criterion, scores);
            if let Some(places) = action.places_mut() {
                *places = texts(&marks);
            }
            Remedy {
                criterion: score.criterion,
                action,
                gain: (-points).min(100.0 - score.raw) * share,
                marks,
            }
        })
        .filter(|remedy| remedy.gain >= 0.05)
        .collect()
}

/// The places that an action is about, dearest first. Only one criterion marks filler, though most are charged for it.
fn marks_of<'a>(action: &Action, criterion: Criterion, scores: &'a [Score]) -> Vec<&'a Mark> {
    let everywhere = matches!(action, Action::DropFiller { .. });
    scores
        .iter()
        .filter(|score| everywhere || score.criterion == criterion)
        .flat_map(|score| score.spans.iter().map(move |mark| (score.criterion, mark)))
        .filter(|(criterion, mark)| remedy::is_about(action, *criterion, mark))
        .map(|(_, mark)| mark)
        .collect()
}

/// The marks' words, each once.
fn texts(marks: &[&Mark]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for mark in marks {
        if !mark.text.is_empty() && !texts.contains(&mark.text) {
            texts.push(mark.text.clone());
        }
    }
    texts
}

fn feedback(remedies: &[Remedy<'_>]) -> Vec<Change> {
    let mut feedback: Vec<Change> = remedies
        .iter()
        .map(|remedy| Change {
            criterion: remedy.criterion,
            instruction: remedy.action.instruction(),
            gain: round(remedy.gain),
            places: remedy.marks.len().max(1),
        })
        .collect();
    feedback.sort_by(|a, b| {
        let worth = |change: &Change| change.gain / change.places as f64;
        worth(b)
            .total_cmp(&worth(a))
            .then_with(|| a.instruction.cmp(&b.instruction))
    });
    feedback
}

fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// `Clarity 91: words per sentence 11.2`
fn sentence(score: &Score, good: bool) -> String {
    let telling = score.features.iter().max_by(|a, b| {
        let points = |feature: &Feature| {
            if good {
                feature.contribution
            } else {
                -feature.contribution
            }
        };
        points(a).total_cmp(&points(b))
    });
    let why = telling.filter(|feature| good == (feature.contribution > 0.0));
    let title = score.criterion.title();
    match why {
        Some(feature) => format!("{title} {}: {}", score.value, plainly(feature)),
        None => format!("{title} {}", score.value),
    }
}

/// A feature with its value, as people count: `words a sentence 11.2`, where the model takes the logarithm of one more.
fn plainly(feature: &Feature) -> String {
    let Feature { name, value, .. } = feature;
    // What a model makes of all words together is no number of anything.
    if name == generated::HOOK_WORDS.name {
        return name.to_string();
    }
    let counted = name.strip_prefix("logarithm of ");
    match counted.or_else(|| name.strip_suffix(" (logarithm)")) {
        Some(counted) => format!("{counted} {}", figure((value.exp() - 1.0).round())),
        None => format!("{name} {}", figure(*value)),
    }
}

fn figure(value: f64) -> String {
    if value.fract().abs() < 1e-9 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests;
