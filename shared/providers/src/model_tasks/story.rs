//! The story: which sentences, in which order.

use domain::{Arc, Beat, Brief, Role, SourceId, Story};
use serde::Deserialize;
use serde_json::{Value, json};
use writer::Material;

use super::{Task, allowed, facts, object, one_of, with};

/// Instructions for the story.
pub(crate) const STORY: &str = include_str!("../../prompts/story.md");

/// The most sentences of a source text that a model is given: the best of them.
const OFFERED: usize = 80;

/// Asks for a story.
pub(crate) fn story(brief: &Brief, material: &Material) -> Task {
    let sources = material.best_sources(OFFERED);
    let ids: Vec<String> = sources.iter().map(|source| source.id.0.clone()).collect();
    let beat = object(
        json!({ "role": one_of(&["hook", "context", "turn", "payoff"].map(str::to_owned)), "sources": { "type": "array", "items": one_of(&ids) } }),
    );
    let mut document = with(
        facts(brief),
        json!({ "words": writer::middle_words(brief), "sources": sources }),
    );
    if let Some(arc) = brief.arc {
        document = with(document, json!({ "wanted_arc": arc }));
    }
    Task {
        name: "story",
        instructions: STORY,
        document,
        schema: object(
            json!({ "arc": one_of(&Arc::ALL.map(|arc| arc.name().to_owned())), "title": { "type": "string" }, "beats": { "type": "array", "items": beat } }),
        ),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryAnswer {
    #[serde(default)]
    arc: Arc,
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
    let arc = writer::shown_arc(material, &beats, answer.arc);
    let story = writer::story_from(material, arc, Some(&answer.title), beats)
        .map_err(|error| error.to_string())?;
    writer::trace_story(&story).map_err(|error| error.to_string())?;
    Ok(story)
}
