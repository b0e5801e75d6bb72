//! What feedback asks for, in the form in which the writer acts on it.

use domain::quality::{Action, Feedback};
use domain::{Brief, Script, SourceId};

use crate::words::is_unspaced;

/// How far feedback may stretch or shrink a script: beyond that a reading of its length is wrong, or the source too short.
const STRETCH: (f64, f64) = (0.5, 1.5);

/// A place in an earlier round's text that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its words.
    pub(crate) text: String,
    /// The scene that they were said in, where it is known.
    pub(crate) scene: Option<usize>,
}

impl Place {
    /// Whether a text holds the place's words, as whole words and in whatever case.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        holds(text, &self.text)
    }
}

/// The feedback on an earlier round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wishes<'a>(pub(crate) &'a Feedback);

impl<'a> Wishes<'a> {
    fn actions(self) -> impl Iterator<Item = (&'a Action, Option<usize>)> {
        let all = self.0.suggestions.iter();
        all.map(|suggestion| (&suggestion.action, suggestion.scene))
    }

    /// Whether an action of this kind is asked for.
    pub(crate) fn ask(self, kind: impl Fn(&Action) -> bool) -> bool {
        self.actions().any(|(action, _)| kind(action))
    }

    /// The places that the actions of a kind name; `of` gives an action's, and none for those of other kinds.
    pub(crate) fn places(self, of: impl Fn(&Action) -> Option<&Vec<String>>) -> Vec<Place> {
        let mut found = Vec::new();
        for (action, scene) in self.actions() {
            found.extend(of(action).into_iter().flatten().map(|text| Place {
                text: text.clone(),
                scene,
            }));
        }
        found
    }

    /// The scenes that an action of this kind is asked for in.
    pub(crate) fn scenes(self, kind: &Action) -> Vec<usize> {
        self.actions()
            .filter(|(action, _)| action.is_like(kind))
            .filter_map(|(_, scene)| scene)
            .collect()
    }

    /// The round that this one comes after, from 1.
    pub(crate) fn of_round(self) -> u32 {
        self.0.of_round.max(1)
    }

    /// The brief as the feedback would have it: words that must not be said join those that the brand bans, and tone, call to action, voice
    /// and name are those that the feedback names.
    pub(crate) fn brief(self, brief: &Brief) -> Brief {
        let mut brief = brief.clone();
        for (action, _) in self.actions() {
            match action {
                Action::AvoidWords { words } => add(&mut brief.brand.banned_words, words),
                Action::UseVoice { words } => add(&mut brief.brand.voice_words, words),
                Action::MatchTone { tone } => brief.tone = *tone,
                Action::EndWithCall { call } => brief.brand.call_to_action = Some(call.clone()),
                Action::NameBrand { name } => brief.brand.name = Some(name.clone()),
                _ => {}
            }
        }
        brief
    }
}

/// How many times as long as before feedback wants a script to be: 0.5 to 1.5.
pub fn stretch(feedback: &Feedback) -> f64 {
    let factors = feedback
        .suggestions
        .iter()
        .map(|suggestion| match suggestion.action {
            Action::SayLess { percent } => 1.0 - f64::from(percent) / 100.0,
            Action::SayMore { percent } => 1.0 + f64::from(percent) / 100.0,
            _ => 1.0,
        });
    factors.product::<f64>().clamp(STRETCH.0, STRETCH.1)
}

fn add(list: &mut Vec<String>, words: &[String]) {
    for word in words {
        if !list.contains(word) {
            list.push(word.clone());
        }
    }
}

/// The sources whose lines a place is about: those of its scene if they hold it, else any that do. A story that was told anew has other
/// scenes, so the scene alone is no proof.
pub(crate) fn sources_at<'a>(
    place: &Place,
    earlier: &'a Script,
) -> impl Iterator<Item = &'a SourceId> {
    let scenes = &earlier.scenes;
    let said = |at: usize| {
        let lines = scenes.get(at).map_or(&[][..], |scene| &scene.lines);
        lines.iter().filter(|line| place.is_in(&line.text))
    };
    let here: Vec<usize> = match place.scene {
        Some(at) if said(at).next().is_some() => vec![at],
        _ => (0..scenes.len()).collect(),
    };
    let lines: Vec<_> = here.into_iter().flat_map(said).collect();
    lines.into_iter().filter_map(|line| match &line.source {
        domain::LineSource::Source(id) => Some(id),
        _ => None,
    })
}

/// Whether a text holds a phrase, as whole words and in whatever case. A phrase may end within a word: long ones were cut.
pub(crate) fn holds(text: &str, phrase: &str) -> bool {
    if phrase.chars().any(is_unspaced) {
        return text.contains(phrase);
    }
    let (text, wanted) = (parts(text), parts(phrase));
    let Some((last, first)) = wanted.split_last() else {
        return false;
    };
    let cut = phrase.chars().count() >= LONGEST_PLACE;
    text.windows(wanted.len()).any(|window| {
        window.split_last().is_some_and(|(end, rest)| {
            rest == first && (end == last || cut && end.starts_with(last.as_str()))
        })
    })
}

/// Feedback cuts places at this many characters.
const LONGEST_PLACE: usize = 160;

fn parts(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace(['’', '‘'], "'");
    lower
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|part| part.trim_matches('\'').to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        assert!(holds("It’s a game-changer, they say.", "game changer"));
        assert!(holds("It's the end.", "it’s"));
        assert!(holds("富士山は高い。", "高い"));
        for phrase in ["chang", "end it", "", "…"] {
            assert!(!holds("They change it in the end.", phrase), "{phrase}");
        }
        let long = "word ".repeat(40);
        assert!(holds(&long, &long[..160]));
        assert!(holds("a".repeat(170).as_str(), "a".repeat(160).as_str()));
    }
}
