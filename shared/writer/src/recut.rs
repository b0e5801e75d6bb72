//! Where scenes begin, by what was wrong with an earlier script's.

use domain::quality::Action;
use domain::{LineSource, Role, Script, SourceId, Story};

use crate::revise::{Cut, Told, split};
use crate::seams::parted;
use crate::wishes::Wishes;

/// Tells scenes in two that stood too long, and joins those to the one before that were over before they were seen.
pub(crate) fn recut(lines: &mut Vec<Told>, wishes: Wishes<'_>, earlier: &Script, story: &Story) {
    for scene in scenes(wishes, earlier, &Action::SplitScene) {
        let here: Vec<usize> = (0..lines.len())
            .filter(|&at| lines[at].id().is_some_and(|id| scene.contains(id)))
            .collect();
        if let [only] = here[..] {
            in_two(lines, only, story);
        } else if let Some(&at) = here.get(here.len().div_ceil(2)) {
            lines[at].cut = Cut::Before;
        }
    }
    for scene in scenes(wishes, earlier, &Action::JoinScene) {
        for told in lines.iter_mut() {
            if told.id().is_some_and(|id| scene.contains(id)) {
                told.cut = Cut::Never;
            }
        }
    }
}

/// A line as two, each in a scene of its own, if it has a seam: neither part is joined with what follows.
fn in_two(lines: &mut Vec<Told>, at: usize, story: &Story) {
    let told = lines[at].clone();
    let source = story
        .sources
        .iter()
        .find(|source| told.id() == Some(&source.id));
    if let Some(two) = source.and_then(|source| parted(&told.line.text, &source.text)) {
        lines.splice(at..=at, split(&told, two.into()));
        for part in lines.iter_mut().skip(at + 1).take(2) {
            part.cut = Cut::Before;
        }
    }
}

/// What the scenes are told from that an action names; hook and call to action have scenes of their own.
fn scenes(wishes: Wishes<'_>, earlier: &Script, kind: &Action) -> Vec<Vec<SourceId>> {
    wishes
        .scenes(kind)
        .into_iter()
        .filter_map(|at| earlier.scenes.get(at))
        .filter(|scene| !matches!(scene.role, Role::Hook | Role::CallToAction))
        .map(|scene| {
            let sources = scene.lines.iter().filter_map(|line| match &line.source {
                LineSource::Source(id) => Some(id.clone()),
                _ => None,
            });
            sources.collect()
        })
        .collect()
}
