//! The script: what is said between the hook and the call to action.

use domain::quality::Feedback;
use domain::{Beat, Brief, Line, LineSource, Role, Script, SourceId, Story};
use serde::Deserialize;
use serde_json::{Value, json};

use super::shown::{self, ShownAnswer};
use super::{LineAnswer, PHRASE, Task, allowed, facts, in_order, object, one_of, with};

/// Instructions for the script.
pub(crate) const SCRIPT: &str = include_str!("../../prompts/script.md");

/// The most scenes that a model may write; the hook's and the call to action's come on top.
const SCENES: usize = 38;

/// How far a script's length may be from what was asked for, as a share.
const LENGTH_PLAY: f64 = 0.35;

/// How many words a script should have between the hook and the call to action, after feedback that it was too long or too short.
pub(crate) fn script_words(brief: &Brief, feedback: Option<&Feedback>) -> u32 {
    let stretch = feedback.map_or(1.0, writer::stretch);
    (f64::from(writer::middle_words(brief)) * stretch)
        .round()
        .max(1.0) as u32
}

/// Asks for a script of about so many `words`.
pub(crate) fn script(brief: &Brief, story: &Story, words: u32) -> Task {
    let middle: Vec<&Beat> = middle(story);
    let beats: Vec<Value> = middle
        .iter()
        .map(|beat| json!({ "role": beat.role, "sources": in_order(story, &beat.sources) }))
        .collect();
    let mut ids: Vec<String> = middle
        .iter()
        .flat_map(|beat| &beat.sources)
        .map(|id| id.0.clone())
        .collect();
    ids.push(PHRASE.to_owned());
    let line = object(json!({ "source": one_of(&ids), "text": { "type": "string" } }));
    let roles = ["context", "turn", "payoff"].map(str::to_owned);
    let scene = object(
        json!({ "role": one_of(&roles), "lines": { "type": "array", "items": line }, "shown": shown::schema() }),
    );
    let more = json!({ "title": story.title, "words": words, "beats": beats, "phrases": writer::phrases(brief) });
    Task {
        name: "script",
        instructions: SCRIPT,
        document: with(facts(brief), more),
        schema: object(json!({ "scenes": { "type": "array", "items": scene } })),
    }
}

fn middle(story: &Story) -> Vec<&Beat> {
    story
        .beats
        .iter()
        .filter(|beat| !matches!(beat.role, Role::Hook | Role::CallToAction))
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptAnswer {
    scenes: Vec<SceneAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneAnswer {
    role: Role,
    lines: Vec<LineAnswer>,
    #[serde(default)]
    shown: Option<ShownAnswer>,
}

/// Reads a script of about `wanted` words, and holds every line to its source.
pub(crate) fn read_script(
    value: Value,
    brief: &Brief,
    story: &Story,
    wanted: u32,
) -> Result<Script, String> {
    let answer: ScriptAnswer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let mut problems: Vec<String> = Vec::new();
    let mut scenes = Vec::new();
    for scene in answer.scenes {
        let lines: Vec<Line> = scene
            .lines
            .into_iter()
            .map(LineAnswer::line)
            .filter(|line| !line.text.is_empty())
            .collect();
        for line in &lines {
            problems.extend(allowed(brief, &line.text).err());
            problems.extend(
                writer::trace_line(line, story)
                    .err()
                    .map(|error| error.to_string()),
            );
        }
        if matches!(scene.role, Role::Hook | Role::CallToAction) {
            problems
                .push("hook and call to action are written elsewhere: leave them out".to_owned());
        } else if lines.iter().any(|line| line.source != LineSource::Phrase) {
            let shown = scene.shown.map(|shown| shown.visual(&lines, &story.title));
            let mut scene = writer::scene(scene.role, lines, story);
            match shown {
                Some(Ok(visual)) => scene.visual = visual,
                Some(Err(problem)) => problems.push(problem),
                None => {}
            }
            scenes.push(scene);
        }
    }
    if scenes.is_empty() || scenes.len() > SCENES {
        problems.push(format!(
            "there are {} scenes with a source: write 1 to {SCENES}",
            scenes.len()
        ));
    }
    let said = |id: &SourceId| {
        scenes
            .iter()
            .flat_map(|scene| &scene.lines)
            .any(|line| line.source == LineSource::Source(id.clone()))
    };
    let points = middle(story)
        .into_iter()
        .flat_map(|beat| &beat.sources)
        .filter(|id| id.0.starts_with('k'));
    problems.extend(points.filter(|id| !said(id)).map(|id| {
        format!(
            "{} is not told: every source that begins with k must be",
            id.0
        )
    }));
    let words: usize = scenes
        .iter()
        .flat_map(|scene| &scene.lines)
        .map(|line| line.text.split_whitespace().count())
        .sum();
    let wanted = f64::from(wanted);
    let available: usize = middle(story)
        .iter()
        .flat_map(|beat| in_order(story, &beat.sources))
        .map(|source| {
            source["text"]
                .as_str()
                .unwrap_or_default()
                .split_whitespace()
                .count()
        })
        .sum();
    if words as f64 > wanted * (1.0 + LENGTH_PLAY) + 10.0
        || (words as f64) < wanted.min(available as f64) * (1.0 - LENGTH_PLAY) - 10.0
    {
        problems.push(format!(
            "the lines have {words} words altogether: {wanted} are wanted"
        ));
    }
    if !problems.is_empty() {
        problems.truncate(12);
        return Err(problems.join("; "));
    }
    scenes.insert(0, writer::opening_scene(brief, story));
    scenes.push(writer::closing_scene(brief, story));
    Ok(Script {
        scenes,
        planned_wpm: writer::planned_wpm(brief.tone),
    })
}
