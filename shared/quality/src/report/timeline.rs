//! The scenes in time.

use std::fmt::Write as _;

use domain::Role;
use serde::{Deserialize, Serialize};

use super::escape;
use crate::assess::Assessment;
use crate::content::Content;

/// A scene with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneTime {
    /// Where on the arc; absent where the text has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// When it starts, in milliseconds.
    pub start_ms: u32,
    /// When it ends.
    pub end_ms: u32,
    /// How many words are spoken in it.
    pub words: usize,
}

/// The scenes in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The scenes; empty for a text that has none.
    pub scenes: Vec<SceneTime>,
    /// Whether their times are estimates, because nothing is spoken yet.
    pub estimated: bool,
}

/// A word takes so long where nothing is spoken yet: 150 words a minute.
const WORD_MS: u32 = 400;

impl Timeline {
    /// The scenes of a content; where it isn't spoken their times are estimated from their words.
    pub fn of(content: &Content) -> Self {
        let spoken = content
            .speech
            .as_ref()
            .filter(|speech| speech.scenes_ms.len() == content.scenes.len());
        let mut start_ms = 0_u32;
        let scenes = content.scenes.iter().enumerate().map(|(at, scene)| {
            let words = scene.span.of(&content.text).split_whitespace().count();
            let length_ms = spoken
                .and_then(|speech| speech.scenes_ms.get(at).copied())
                .unwrap_or_else(|| {
                    WORD_MS.saturating_mul(u32::try_from(words).unwrap_or(u32::MAX))
                });
            let time = SceneTime {
                role: scene.role,
                start_ms,
                end_ms: start_ms.saturating_add(length_ms),
                words,
            };
            start_ms = time.end_ms;
            time
        });
        Self {
            scenes: scenes.collect(),
            estimated: spoken.is_none_or(|speech| speech.estimated),
        }
    }
}

const fn name(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Hook) => "hook",
        Some(Role::Context) => "context",
        Some(Role::Turn) => "turn",
        Some(Role::Payoff) => "payoff",
        Some(Role::CallToAction) => "call to action",
        None => "scene",
    }
}

/// The scenes in time with the faults that have a time, and what is spoken in each; nothing where there are no scenes.
pub fn timeline(timeline: &Timeline, assessment: &Assessment) -> String {
    let length_ms = timeline.scenes.last().map_or(0, |scene| scene.end_ms);
    if length_ms == 0 {
        return String::new();
    }
    let x = |ms: u32| f64::from(ms.min(length_ms)) * 600.0 / f64::from(length_ms);
    let seconds = |ms: u32| f64::from(ms) / 1000.0;
    let mut out = format!(
        "<svg class=\"q-timeline\" viewBox=\"0 0 600 46\" role=\"img\" aria-label=\"{} scenes in {:.1} seconds\">\n",
        timeline.scenes.len(),
        seconds(length_ms)
    );
    // Writing to a string can't fail.
    for (at, scene) in timeline.scenes.iter().enumerate() {
        let (from, to) = (x(scene.start_ms), x(scene.end_ms));
        let _ = writeln!(
            out,
            "<rect class=\"q-scene\" x=\"{:.1}\" y=\"2\" width=\"{:.1}\" height=\"26\" rx=\"3\"/>\n\
             <text class=\"q-label\" x=\"{:.1}\" y=\"20\" text-anchor=\"middle\">{}</text>",
            from + 1.0,
            (to - from - 2.0).max(1.0),
            f64::midpoint(from, to),
            at + 1
        );
    }
    let faults = assessment
        .scores
        .iter()
        .flat_map(|score| &score.spans)
        .filter_map(|mark| Some((mark, mark.time_ms?)))
        .filter(|(_, [from_ms, to_ms])| {
            // What holds for the whole video is no place in it.
            from_ms < to_ms && to_ms - from_ms < length_ms / 10 * 9
        });
    for (mark, [from_ms, to_ms]) in faults {
        let (from, to) = (x(from_ms), x(to_ms));
        let _ = writeln!(
            out,
            "<rect class=\"q-fault\" x=\"{from:.1}\" y=\"34\" width=\"{:.1}\" height=\"8\" rx=\"2\"><title>{}</title></rect>",
            (to - from).max(2.0),
            escape(&mark.what)
        );
    }
    out.push_str("</svg>\n<ol class=\"q-scenes\">\n");
    for scene in &timeline.scenes {
        let length_ms = scene.end_ms - scene.start_ms;
        let pace = scene.words as f64 * 60_000.0 / f64::from(length_ms.max(1));
        let _ = writeln!(
            out,
            "<li>{}, {:.1} to {:.1} s: {} words, {pace:.0} a minute</li>",
            name(scene.role),
            seconds(scene.start_ms),
            seconds(scene.end_ms),
            scene.words
        );
    }
    out.push_str("</ol>\n");
    if timeline.estimated {
        out.push_str("<p class=\"q-note\">Not all of it is spoken: times are estimates.</p>\n");
    }
    out
}
