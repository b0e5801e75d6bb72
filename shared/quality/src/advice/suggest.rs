//! From what can be done to who is to do it, and in which scene.

use domain::Role;
use domain::quality::{Action, Suggestion, Target};

use super::{Advice, Remedy, round, texts};
use crate::brand;
use crate::content::Content;
use crate::score::Mark;

/// One action with all criteria that gain by it.
struct Task<'a> {
    action: Action,
    gain: f64,
    marks: Vec<&'a Mark>,
}

/// The remedies by the task and the scene that they fall to: each kind of action once for each, the most points first.
pub(super) fn suggestions(remedies: &[Remedy<'_>], content: &Content) -> Vec<Suggestion> {
    let mut tasks: Vec<Task<'_>> = Vec::new();
    for remedy in remedies {
        match tasks
            .iter_mut()
            .find(|task| task.action.is_like(&remedy.action))
        {
            Some(task) => {
                task.gain += remedy.gain;
                for mark in &remedy.marks {
                    let known = |other: &&Mark| (other.start, other.end) == (mark.start, mark.end);
                    if mark.end == mark.start || !task.marks.iter().any(known) {
                        task.marks.push(mark);
                    }
                }
            }
            None => tasks.push(Task {
                action: remedy.action.clone(),
                gain: remedy.gain,
                marks: remedy.marks.clone(),
            }),
        }
    }
    let mut all: Vec<Suggestion> = tasks
        .iter()
        .flat_map(|task| by_scene(task, content))
        .filter(|suggestion| suggestion.gain > 0.0)
        .collect();
    all.sort_by(|a, b| {
        b.gain
            .total_cmp(&a.gain)
            .then_with(|| (a.task, a.scene).cmp(&(b.task, b.scene)))
            .then_with(|| a.instruction.cmp(&b.instruction))
    });
    all.truncate(Advice::SUGGESTIONS);
    all
}

/// A suggestion for each scene that has places of it, its gain shared by what they cost; one for all where no scene is known.
fn by_scene(task: &Task<'_>, content: &Content) -> Vec<Suggestion> {
    let mut scenes: Vec<(Option<usize>, f64, Vec<&Mark>)> = Vec::new();
    for &mark in &task.marks {
        let scene = scene_of(mark, content);
        match scenes.iter_mut().find(|(known, ..)| *known == scene) {
            Some((_, cost, marks)) => {
                *cost += mark.cost;
                marks.push(mark);
            }
            None => scenes.push((scene, mark.cost, vec![mark])),
        }
    }
    if scenes.is_empty() {
        scenes = without_marks(&task.action, content)
            .into_iter()
            .map(|scene| (scene, 1.0, Vec::new()))
            .collect();
    }
    let whole: f64 = scenes.iter().map(|(_, cost, _)| cost).sum();
    let mut found = Vec::new();
    for (scene, cost, marks) in scenes {
        let mut action = task.action.clone();
        if let Some(places) = action.places_mut() {
            *places = texts(&marks);
        }
        let targets = targets(&action, scene, content);
        let gain = task.gain * cost / whole.max(1e-9) / targets.len().max(1) as f64;
        found.extend(targets.iter().map(|&target| Suggestion {
            task: target,
            // The story is told before there are scenes.
            scene: scene.filter(|_| target != Target::Story),
            instruction: action.instruction(),
            action: action.clone(),
            gain: round(gain),
        }));
    }
    merged(found)
}

/// Suggestions for the story name no scene: one stands for all of them.
fn merged(suggestions: Vec<Suggestion>) -> Vec<Suggestion> {
    let mut merged: Vec<Suggestion> = Vec::new();
    for mut next in suggestions {
        let known = merged
            .iter_mut()
            .find(|known| (known.task, known.scene) == (next.task, next.scene));
        let Some(known) = known else {
            merged.push(next);
            continue;
        };
        known.gain = round(known.gain + next.gain);
        if let (Some(places), Some(more)) = (known.action.places_mut(), next.action.places_mut()) {
            let new: Vec<String> = more
                .drain(..)
                .filter(|place| !places.contains(place))
                .collect();
            places.extend(new);
        }
        known.instruction = known.action.instruction();
    }
    merged
}

/// The tasks that an action falls to; what is worded in the hook's scene is worded by the hook task.
fn targets(action: &Action, scene: Option<usize>, content: &Content) -> &'static [Target] {
    let hooked = scene
        .and_then(|scene| content.scenes.get(scene))
        .is_some_and(|scene| scene.role == Some(Role::Hook));
    match action.targets() {
        [Target::Script] if hooked => &[Target::Hook],
        targets => targets,
    }
}

/// The scene that a mark stands in, by its words or by its time.
fn scene_of(mark: &Mark, content: &Content) -> Option<usize> {
    if mark.end > mark.start {
        return content.scene_at(mark.start);
    }
    let [from_ms, to_ms] = mark.time_ms.filter(|[from_ms, to_ms]| from_ms < to_ms)?;
    let middle = from_ms + (to_ms - from_ms) / 2;
    let mut end = 0_u32;
    content
        .speech
        .as_ref()?
        .scenes_ms
        .iter()
        .position(|length| {
            end = end.saturating_add(*length);
            middle < end
        })
}

/// Where an action belongs that has no places: the scene that ends the video, opens it or shows what it mustn't.
fn without_marks(action: &Action, content: &Content) -> Vec<Option<usize>> {
    let with = |role: Role| {
        let has = |scene: &crate::ScenePart| scene.role == Some(role);
        content.scenes.iter().position(has)
    };
    match action {
        Action::EndWithCall { .. } => vec![with(Role::CallToAction)],
        Action::OtherHook { .. } => vec![with(Role::Hook)],
        Action::AvoidWords { words } => {
            let showing = brand::showing(content, words);
            let scenes: Vec<_> = showing
                .into_iter()
                // Behind the scenes' own pictures comes what the hook shows.
                .map(|at| {
                    if at < content.scenes.len() {
                        Some(at)
                    } else {
                        with(Role::Hook)
                    }
                })
                .collect();
            if scenes.is_empty() {
                vec![None]
            } else {
                scenes
            }
        }
        _ => vec![None],
    }
}
