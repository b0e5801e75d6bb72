//! What a model is asked for each of the three tasks, and how its answer becomes a story, a script or a hook.

use domain::{Beat, Brief, Hook, HookForm, Line, LineSource, Role, Script, SourceId, Story};
use serde::Deserialize;
use serde_json::{Value, json};
use writer::Material;

/// Instructions for the story.
pub(crate) const STORY: &str = include_str!("../prompts/story.md");
/// Instructions for the script.
pub(crate) const SCRIPT: &str = include_str!("../prompts/script.md");
/// Instructions for the hook.
pub(crate) const HOOK: &str = include_str!("../prompts/hook.md");

/// The most sentences of a source text that a model is given: the best of them.
const OFFERED: usize = 80;

/// The most scenes that a model may write; the hook's and the call to action's come on top.
const SCENES: usize = 38;

/// The most words that stand on screen at once.
const ON_SCREEN: usize = 8;

/// How far a script's length may be from what was asked for, as a share.
const LENGTH_PLAY: f64 = 0.35;

/// The name by which a line says that it is a phrase.
const PHRASE: &str = "phrase";

/// One question to a model.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) instructions: &'static str,
    /// What it works on: data, whatever it says.
    pub(crate) document: Value,
    /// What it must answer with.
    pub(crate) schema: Value,
}

/// An object schema as strict output wants it: all properties required, no others.
fn object(properties: Value) -> Value {
    let required: Vec<String> = properties
        .as_object()
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn one_of(ids: &[String]) -> Value {
    json!({ "type": "string", "enum": ids })
}

fn facts(brief: &Brief) -> Value {
    json!({
        "topic": brief.topic,
        "audience": brief.audience,
        "tone": brief.tone,
        "language": brief.language,
        "voice_words": brief.brand.voice_words,
        "banned_words": brief.brand.banned_words,
    })
}

fn with(mut facts: Value, more: Value) -> Value {
    if let (Some(facts), Value::Object(more)) = (facts.as_object_mut(), more) {
        facts.extend(more);
    }
    facts
}

/// Asks for a story.
pub(crate) fn story(brief: &Brief, material: &Material) -> Task {
    let sources = material.best_sources(OFFERED);
    let ids: Vec<String> = sources.iter().map(|source| source.id.0.clone()).collect();
    let beat = object(
        json!({ "role": one_of(&["hook", "context", "turn", "payoff"].map(str::to_owned)), "sources": { "type": "array", "items": one_of(&ids) } }),
    );
    Task {
        name: "story",
        instructions: STORY,
        document: with(
            facts(brief),
            json!({ "words": writer::middle_words(brief), "sources": sources }),
        ),
        schema: object(
            json!({ "title": { "type": "string" }, "beats": { "type": "array", "items": beat } }),
        ),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryAnswer {
    title: String,
    beats: Vec<Beat>,
}

/// Reads a story and holds it to the brief.
pub(crate) fn read_story(
    value: Value,
    brief: &Brief,
    material: &Material,
) -> Result<Story, String> {
    let answer: StoryAnswer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if answer.title.trim().is_empty() || answer.title.chars().count() > 100 {
        return Err("`title` must be two to eight words".to_owned());
    }
    allowed(brief, &answer.title)?;
    let mut beats: Vec<Beat> = answer.beats;
    if beats.first().is_none_or(|beat| beat.role != Role::Hook) {
        beats.insert(
            0,
            Beat {
                role: Role::Hook,
                sources: Vec::new(),
            },
        );
    }
    beats.retain(|beat| {
        beat.role != Role::CallToAction && (beat.role == Role::Hook || !beat.sources.is_empty())
    });
    let place = |role: Role| {
        [Role::Hook, Role::Context, Role::Turn, Role::Payoff]
            .iter()
            .position(|known| *known == role)
    };
    if !beats.is_sorted_by_key(|beat| place(beat.role))
        || beats.iter().filter(|beat| beat.role == Role::Hook).count() != 1
    {
        return Err(
            "the beats must be one hook, then context, turn and payoff, in this order".to_owned(),
        );
    }
    if beats.len() < 2 {
        return Err("no beat after the hook names a source: add context and payoff".to_owned());
    }
    let used: Vec<&SourceId> = beats.iter().flat_map(|beat| &beat.sources).collect();
    if let Some(id) = used
        .iter()
        .enumerate()
        .find(|(at, id)| used[..*at].contains(id))
        .map(|(_, id)| id)
    {
        return Err(format!("{} is used twice: use each source once", id.0));
    }
    if let Some(point) = material
        .sources()
        .find(|source| source.id.0.starts_with('k') && !used.contains(&&source.id))
    {
        return Err(format!(
            "{} is missing: every source that begins with k must be told",
            point.id.0
        ));
    }
    beats.push(Beat {
        role: Role::CallToAction,
        sources: Vec::new(),
    });
    let story = writer::story_from(material, Some(&answer.title), beats)
        .map_err(|error| error.to_string())?;
    writer::trace_story(&story).map_err(|error| error.to_string())?;
    Ok(story)
}

/// The sources of beats, with what they say.
fn told(story: &Story, ids: &[SourceId]) -> Vec<Value> {
    story
        .sources
        .iter()
        .filter(|source| ids.contains(&source.id))
        .map(|source| json!(source))
        .collect()
}

/// Asks for a script.
pub(crate) fn script(brief: &Brief, story: &Story) -> Task {
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
    let scene =
        object(json!({ "role": one_of(&roles), "lines": { "type": "array", "items": line } }));
    let more = json!({ "title": story.title, "words": writer::middle_words(brief), "beats": beats, "phrases": writer::phrases(brief) });
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

fn in_order(story: &Story, ids: &[SourceId]) -> Vec<Value> {
    ids.iter()
        .flat_map(|id| told(story, std::slice::from_ref(id)))
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineAnswer {
    source: String,
    text: String,
}

impl LineAnswer {
    fn line(self) -> Line {
        let source = if self.source == PHRASE {
            LineSource::Phrase
        } else {
            LineSource::Source(SourceId(self.source))
        };
        Line {
            text: writer::finished(&self.text),
            source,
        }
    }
}

/// Reads a script and holds every line to its source.
pub(crate) fn read_script(value: Value, brief: &Brief, story: &Story) -> Result<Script, String> {
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
            scenes.push(writer::scene(scene.role, lines, story));
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
    let wanted = f64::from(writer::middle_words(brief));
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

/// Asks for a hook.
pub(crate) fn hook(brief: &Brief, story: &Story) -> Task {
    let mut ids = hook_sources(story);
    let must: Vec<String> = ids
        .iter()
        .filter(|id| id.0.starts_with('k'))
        .map(|id| id.0.clone())
        .collect();
    ids.push(SourceId("t".to_owned()));
    let names: Vec<String> = ids.iter().map(|id| id.0.clone()).collect();
    let line = object(json!({ "source": one_of(&names), "text": { "type": "string" } }));
    let forms = ["question", "number", "contrast", "statement"].map(str::to_owned);
    Task {
        name: "hook",
        instructions: HOOK,
        document: with(
            facts(brief),
            json!({ "title": story.title, "sources": in_order(story, &ids), "must_tell": must }),
        ),
        schema: object(json!({
            "form": one_of(&forms),
            "lines": { "type": "array", "items": line },
            "on_screen": { "type": "string" },
            "alternatives": { "type": "array", "items": { "type": "string" } },
        })),
    }
}

fn hook_sources(story: &Story) -> Vec<SourceId> {
    story
        .beats
        .iter()
        .filter(|beat| beat.role == Role::Hook)
        .flat_map(|beat| beat.sources.clone())
        .filter(|id| id.0 != "t")
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookAnswer {
    form: HookForm,
    lines: Vec<LineAnswer>,
    on_screen: String,
    alternatives: Vec<String>,
}

/// Reads a hook and holds it to its sources. Alternatives that no source bears out are left out.
pub(crate) fn read_hook(value: Value, brief: &Brief, story: &Story) -> Result<Hook, String> {
    let answer: HookAnswer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let lines: Vec<Line> = answer
        .lines
        .into_iter()
        .map(LineAnswer::line)
        .filter(|line| !line.text.is_empty())
        .collect();
    let words: usize = lines
        .iter()
        .map(|line| line.text.split_whitespace().count())
        .sum();
    let mut problems = Vec::new();
    if lines.is_empty() || lines.len() > 2 || words > 30 {
        problems.push(format!("the hook has {} lines and {words} words: write one or two lines, at most 20 words together", lines.len()));
    }
    if lines.iter().all(|line| line.source == LineSource::Phrase) {
        problems.push("no line of the hook names a source".to_owned());
    }
    let said = |id: &SourceId| {
        lines
            .iter()
            .any(|line| line.source == LineSource::Source(id.clone()))
    };
    problems.extend(
        hook_sources(story)
            .iter()
            .filter(|id| id.0.starts_with('k') && !said(id))
            .map(|id| format!("{} must be told", id.0)),
    );
    for text in lines
        .iter()
        .map(|line| line.text.as_str())
        .chain([answer.on_screen.as_str()])
    {
        problems.extend(allowed(brief, text).err());
    }
    let shown = answer.on_screen.split_whitespace().count();
    if shown == 0 || shown > ON_SCREEN || answer.on_screen.chars().count() > 80 {
        problems.push(format!(
            "`on_screen` has {shown} words: write one to {ON_SCREEN}"
        ));
    }
    let borne_out = |text: &String| {
        let sources = hook_sources(story)
            .into_iter()
            .chain([SourceId("t".to_owned())]);
        let line = |id| Line {
            text: text.clone(),
            source: LineSource::Source(id),
        };
        allowed(brief, text).is_ok()
            && sources
                .into_iter()
                .any(|id| writer::trace_line(&line(id), story).is_ok())
    };
    let alternatives = answer
        .alternatives
        .iter()
        .filter(|text| borne_out(text))
        .take(4)
        .cloned()
        .collect();
    let hook = Hook {
        form: answer.form,
        lines,
        on_screen: answer.on_screen.trim().to_owned(),
        alternatives,
    };
    problems.extend(
        writer::trace_hook(&hook, story)
            .err()
            .map(|error| error.to_string()),
    );
    if problems.is_empty() {
        Ok(hook)
    } else {
        Err(problems.join("; "))
    }
}

fn allowed(brief: &Brief, text: &str) -> Result<(), String> {
    if writer::holds_banned_word(brief, text) {
        Err(format!("{text:?} holds a banned word: leave it out"))
    } else {
        Ok(())
    }
}
