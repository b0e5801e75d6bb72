//! The hook: the first seconds.

use domain::{Brief, Hook, HookForm, HookWish, Line, LineSource, Role, SourceId, Story};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{LineAnswer, Task, allowed, facts, in_order, object, one_of, with};

/// Instructions for the hook.
pub(crate) const HOOK: &str = include_str!("../../prompts/hook.md");

/// The most words that stand on screen at once.
const ON_SCREEN: usize = 8;

/// Asks for a hook: of a form, if one is wanted, and that begins like none of those that are taken.
pub(crate) fn hook(brief: &Brief, story: &Story, form: Option<HookForm>, taken: &[String]) -> Task {
    let mut ids = hook_sources(story);
    let must: Vec<String> = ids
        .iter()
        .filter(|id| id.0.starts_with('k'))
        .map(|id| id.0.clone())
        .collect();
    ids.push(SourceId("t".to_owned()));
    let names: Vec<String> = ids.iter().map(|id| id.0.clone()).collect();
    let line = object(json!({ "source": one_of(&names), "text": { "type": "string" } }));
    let forms = HookForm::ALL.map(|form| form.name().to_owned());
    let mut document = with(
        facts(brief),
        json!({ "title": story.title, "sources": in_order(story, &ids), "must_tell": must }),
    );
    if let Some(form) = form {
        document = with(document, json!({ "wanted_form": form }));
    }
    if !taken.is_empty() {
        document = with(document, json!({ "taken": taken }));
    }
    Task {
        name: "hook",
        instructions: HOOK,
        document,
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
    let alternatives = answer
        .alternatives
        .iter()
        .filter(|text| borne_out(text, brief, story).is_some())
        .take(4)
        .cloned()
        .collect();
    let hook = Hook {
        form: writer::shown_form(&lines, answer.form),
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

/// The hook that is wanted: of the first variant it is the answer's own, of the others one of its alternatives, each led on to what must be told. One
/// that is taken makes way for the last that isn't, if there is one.
pub(crate) fn hook_variant(
    hook: Hook,
    wish: &HookWish,
    brief: &Brief,
    story: &Story,
) -> Result<Hook, String> {
    let usable = |text: &String| {
        let mut lines = vec![borne_out(text, brief, story)?];
        for line in &hook.lines {
            let must = matches!(&line.source, LineSource::Source(id) if id.0.starts_with('k'));
            if must && lines.iter().all(|said| said.source != line.source) {
                lines.push(line.clone());
            }
        }
        let other = writer::hook_with(lines, story)?;
        let fits = other.lines != hook.lines && writer::trace_hook(&other, story).is_ok();
        fits.then_some(other)
    };
    let mut others: Vec<Hook> = hook.alternatives.iter().filter_map(usable).collect();
    let number = wish.number();
    let own = match number.checked_sub(2) {
        None => hook,
        Some(at) if (at as usize) < others.len() => others.remove(at as usize),
        Some(_) => {
            return Err(format!(
                "hook {number} was asked for, and its answer holds fewer that the sources bear out: ask for fewer variants, or give more \
                 sentences to draw on"
            ));
        }
    };
    let known = |hook: &Hook| wish.is_taken(&hook.lines) || wish.repeats(&hook.lines);
    if !known(&own) {
        return Ok(own);
    }
    let free = others.into_iter().rfind(|other| !known(other));
    Ok(free.unwrap_or(own))
}

/// A text as a line of the first source that bears it out; none if none does, or if it holds what the brand bans.
fn borne_out(text: &str, brief: &Brief, story: &Story) -> Option<Line> {
    allowed(brief, text).ok()?;
    let sources = hook_sources(story)
        .into_iter()
        .chain([SourceId("t".to_owned())]);
    sources
        .map(|id| Line {
            text: text.to_owned(),
            source: LineSource::Source(id),
        })
        .find(|line| writer::trace_line(line, story).is_ok())
}
