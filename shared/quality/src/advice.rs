//! What is good, what isn't, and what to do about it.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::content::Content;
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

/// What a task is to do differently in the next round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The task: `story`, `script`, `hook`, `audio`, `images` or `compose`.
    pub task: String,
    /// The scene, counted from 0, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<usize>,
    /// What to do.
    pub instruction: String,
    /// How many points of the total it brings at most.
    pub gain: f64,
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
    /// The same, by the task and the scene that it falls to.
    pub suggestions: Vec<Suggestion>,
}

/// From where on a criterion is good.
const GOOD: u8 = 85;
/// Below this it isn't.
const WEAK: u8 = 75;

/// Reads the advice out of scores.
pub(crate) fn advise(scores: &[Score], content: &Content, holds: &[Hold]) -> Advice {
    let weights: f64 = scores.iter().map(|score| f64::from(score.weight)).sum();
    let share = |score: &Score| f64::from(score.weight) / weights.max(1.0);
    let mut good: Vec<&Score> = scores.iter().filter(|score| score.value >= GOOD).collect();
    good.sort_by_key(|score| Reverse(score.value));
    let mut weak: Vec<&Score> = scores.iter().filter(|score| score.value < WEAK).collect();
    weak.sort_by(|a, b| {
        let lost = |score: &Score| share(score) * (100.0 - score.raw);
        lost(b).total_cmp(&lost(a))
    });

    let mut feedback = Vec::new();
    let mut suggestions = Vec::new();
    for score in scores {
        let costly = score
            .features
            .iter()
            .filter(|feature| feature.contribution <= -2.0);
        for feature in costly {
            let marks = marks_of(score, feature);
            let gain = round(-feature.contribution * share(score));
            if gain < 0.05 {
                continue;
            }
            let instruction = instruction(score.criterion, feature, &marks);
            suggestions.extend(suggest(
                score.criterion,
                &instruction,
                &marks,
                gain,
                content,
            ));
            feedback.push(Change {
                criterion: score.criterion,
                instruction,
                gain,
                places: marks.len().max(1),
            });
        }
    }
    feedback.sort_by(|a, b| {
        let worth = |change: &Change| change.gain / change.places as f64;
        worth(b)
            .total_cmp(&worth(a))
            .then_with(|| a.instruction.cmp(&b.instruction))
    });
    suggestions.sort_by(|a: &Suggestion, b| {
        b.gain
            .total_cmp(&a.gain)
            .then_with(|| a.instruction.cmp(&b.instruction))
    });
    let held = holds
        .iter()
        .map(|hold| format!("held back: {}", hold.reason()));
    Advice {
        strengths: good.iter().map(|score| sentence(score, true)).collect(),
        weaknesses: held
            .chain(weak.iter().map(|score| sentence(score, false)))
            .collect(),
        feedback,
        suggestions,
    }
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
    match why {
        Some(feature) => format!(
            "{} {}: {} {}",
            score.criterion.title(),
            score.value,
            feature.name,
            figure(feature.value)
        ),
        None => format!("{} {}", score.criterion.title(), score.value),
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

/// What marks of a score belong to a feature: those that speak of it.
fn marks_of<'a>(score: &'a Score, feature: &Feature) -> Vec<&'a Mark> {
    let words: &[&str] = match (score.criterion, feature.name.as_ref()) {
        (Criterion::Originality, name) if name.starts_with("cliches") => &["heard too often"],
        (Criterion::Originality, name) if name.contains("runs") => &["said before"],
        (_, "share of filler") => &["says nothing"],
        (Criterion::Engagement, name) if name.contains("per sentence") => &["longer than"],
        (Criterion::Engagement | Criterion::Tone, name) if name.contains("follow from") => {
            &["takes up nothing"]
        }
        (Criterion::Tone, name) if name.contains("register") => &["formal", "casual"],
        (Criterion::Pacing, name) if name.contains("minute") || name.contains("pace") => {
            &["spoken too"]
        }
        (Criterion::Pacing, name) if name.contains("pauses") => &["pause"],
        (Criterion::Pacing, name) if name.contains("scenes") => &["scene"],
        (Criterion::Pacing, name) if name.contains("longest") => &["breath"],
        (Criterion::Brand, name) if name.contains("banned") => &["bans"],
        (Criterion::Brand, name) if name.contains("claims") => &["a claim"],
        (Criterion::Brand, name) if name.contains("call") => &["call to action"],
        (Criterion::Grammar, name) if name.contains("spelling") => &["dictionary"],
        (Criterion::Grammar, name) if name.contains("agreement") => {
            &["subject", "plural", "singular", "\"am\""]
        }
        (Criterion::Grammar | Criterion::Clarity | Criterion::Hook | Criterion::Emotion, _) => {
            &[""]
        }
        _ => &["\u{0}"],
    };
    score
        .spans
        .iter()
        .filter(|mark| words.iter().any(|word| mark.what.contains(word)))
        .collect()
}

/// What to do about a feature, with the first places that it is about.
fn instruction(criterion: Criterion, feature: &Feature, marks: &[&Mark]) -> String {
    let name = feature.name.as_ref();
    let value = figure(feature.value);
    let what = match (criterion, name) {
        (_, "share of filler") => "leave out what says nothing".to_owned(),
        (Criterion::Originality, name) if name.starts_with("cliches") => {
            "say it in words of your own".to_owned()
        }
        (Criterion::Originality, name) if name.contains("runs") => "say it once".to_owned(),
        (Criterion::Originality, name) if name.contains("earlier script") => {
            "tell it differently from the earlier scripts".to_owned()
        }
        (Criterion::Tone | Criterion::Engagement, name) if name.contains("follow from") => {
            "let each sentence take up the one before".to_owned()
        }
        (Criterion::Tone, name) if name.contains("asked for") => {
            "come nearer to the tone that the brief asks for".to_owned()
        }
        (Criterion::Tone, name) if name.contains("register") => "keep to one register".to_owned(),
        (Criterion::Engagement, name) if name.contains("second person") => {
            "speak to the viewer".to_owned()
        }
        (Criterion::Engagement, name) if name.contains("concrete") => {
            "name things, people and numbers".to_owned()
        }
        (Criterion::Engagement, name) if name.contains("gaps") => {
            "raise a question before you answer it".to_owned()
        }
        (Criterion::Engagement | Criterion::Clarity, name) if name.contains("per sentence") => {
            "make the sentences shorter".to_owned()
        }
        (Criterion::Pacing, "words a minute") if feature.value > 150.0 => {
            "say less in the same time".to_owned()
        }
        (Criterion::Pacing, "words a minute") => "say more in the same time".to_owned(),
        (Criterion::Pacing, name) if name.contains("sentence length") => {
            "let short sentences follow long ones".to_owned()
        }
        (Criterion::Grammar, name) => {
            format!("correct the {}", name.trim_end_matches(" per 100 words"))
        }
        (Criterion::Brand, name) if name.contains("banned") => {
            "leave out what the brand bans".to_owned()
        }
        (Criterion::Brand, name) if name.contains("claims") => {
            "make every claim that the brief requires".to_owned()
        }
        (Criterion::Brand, name) if name.contains("call") => {
            "end with the call to action".to_owned()
        }
        _ => format!("work on this: {name} is {value}"),
    };
    let places: Vec<String> = marks
        .iter()
        .filter(|mark| !mark.text.is_empty())
        .take(3)
        .map(|mark| format!("{:?}", mark.text.chars().take(60).collect::<String>()))
        .collect();
    if places.is_empty() {
        what
    } else {
        format!("{what}: {}", places.join(", "))
    }
}

/// The same for tasks: a suggestion a scene where the places are known, else one for all.
fn suggest(
    criterion: Criterion,
    instruction: &str,
    marks: &[&Mark],
    gain: f64,
    content: &Content,
) -> Vec<Suggestion> {
    let task = match criterion {
        Criterion::Hook => "hook",
        Criterion::Pacing if content.speech.is_some() => "audio",
        Criterion::Technical => "compose",
        _ => "script",
    };
    let mut scenes: Vec<usize> = marks
        .iter()
        .filter(|mark| mark.end > mark.start)
        .filter_map(|mark| content.scene_at(mark.start))
        .collect();
    scenes.sort_unstable();
    scenes.dedup();
    let suggestion = |scene: Option<usize>, gain: f64| {
        // The hook's scene is written by the hook task.
        let hooked = scene
            .and_then(|scene| content.scenes.get(scene))
            .is_some_and(|scene| scene.role == Some(domain::Role::Hook));
        Suggestion {
            task: if hooked && task == "script" {
                "hook"
            } else {
                task
            }
            .to_owned(),
            scene,
            instruction: instruction.to_owned(),
            gain: round(gain),
        }
    };
    if scenes.is_empty() {
        vec![suggestion(None, gain)]
    } else {
        let each = gain / scenes.len() as f64;
        scenes
            .into_iter()
            .map(|scene| suggestion(Some(scene), each))
            .collect()
    }
}
