//! Pictures of the user's own: which they are, where they belong, and how they are shown.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief_rules::{KEY_POINT_CHARS, parts};
use crate::{ArtifactRef, Asset, Brief, LineSource, Scene, Script, Visual};

/// The last scene that a script can have.
const LAST_SCENE: u32 = 40;

/// The share of a picture's words that a scene must hold to be the one that is meant.
const MEANT: f64 = 0.5;

/// How a picture moves while it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PictureMotion {
    /// It slowly comes nearer.
    In,
    /// It slowly goes back.
    Out,
    /// The view slowly moves to the left.
    Left,
    /// The view slowly moves to the right.
    Right,
    /// Not at all.
    Still,
}

/// A picture of the user's own, which fills the frame behind a scene's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPicture {
    /// The picture: JPEG, PNG, WebP or GIF.
    pub file: Asset,
    /// The number of the scene that it belongs to, from 1. Without it and without `for`, pictures are shown in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 40))]
    pub scene: Option<u32>,
    /// Words of the key point, or of what is said, that it belongs to.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub words: Option<String>,
    /// The point of it that stays in view, as shares of its width from the left and of its height from the top; its middle if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(inner(range(min = 0, max = 1)))]
    pub focus: Option<[f64; 2]>,
    /// How it moves; nearer or back, by the brief's seed, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<PictureMotion>,
}

impl UserPicture {
    /// Those of a brief, with what is wrong with them by their fields.
    pub(crate) fn problems(pictures: &[Self]) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut taken = BTreeSet::new();
        if pictures.len() > LAST_SCENE as usize {
            let message = format!(
                "{} are too many: a video has at most {LAST_SCENE} scenes",
                pictures.len()
            );
            problems.push(("pictures".to_owned(), message));
        }
        for (at, picture) in pictures.iter().enumerate() {
            let mut wrong = |field: &str, message: String| {
                problems.push((format!("pictures[{at}].{field}"), message));
            };
            if matches!(&picture.file, Asset::Path(path) if path.trim().is_empty()) {
                wrong("file", "the path is empty: name a picture".to_owned());
            }
            if let Some(scene) = picture.scene {
                if !(1..=LAST_SCENE).contains(&scene) {
                    wrong(
                        "scene",
                        format!("there is no scene {scene}: choose 1 to {LAST_SCENE}"),
                    );
                } else if !taken.insert(scene) {
                    wrong("scene", format!("scene {scene} has a picture already"));
                }
                if picture.words.is_some() {
                    wrong(
                        "for",
                        "scene says already where it belongs: keep one".to_owned(),
                    );
                }
            }
            if let Some(words) = &picture.words {
                let length = words.chars().count();
                if length > KEY_POINT_CHARS {
                    let message =
                        format!("{length} characters are too many: keep to {KEY_POINT_CHARS}");
                    wrong("for", message);
                } else if parts(words).is_empty() {
                    wrong("for", "it holds no word: take it out".to_owned());
                }
            }
            if let Some(message) = picture.focus.and_then(focus_problem) {
                wrong("focus", message);
            }
        }
        problems
    }

    /// It as what a task needs of it, if its file is stored.
    pub fn shown(&self) -> Option<ShownPicture> {
        let Asset::Stored(picture) = &self.file else {
            return None;
        };
        Some(ShownPicture {
            picture: picture.clone(),
            focus: self.focus,
            motion: self.motion,
        })
    }
}

/// What is wrong with a point of a picture.
pub(crate) fn focus_problem(focus: [f64; 2]) -> Option<String> {
    let within = |share: &f64| (0.0..=1.0).contains(share);
    (!focus.iter().all(within)).then(|| {
        format!(
            "[{}, {}] is no point of a picture: give two shares of 0 to 1, from the left and from the top",
            focus[0], focus[1]
        )
    })
}

/// A stored picture and how it is shown: all that a scene's own picture depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownPicture {
    /// The picture, as it was taken in.
    pub picture: ArtifactRef,
    /// The point that stays in view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<[f64; 2]>,
    /// How it moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<PictureMotion>,
}

/// Which of a brief's pictures each scene of a script shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placing {
    /// For each scene the index of its picture.
    pub shown: Vec<Option<usize>>,
    /// Indices of pictures that no scene shows.
    pub nowhere: Vec<usize>,
}

impl Brief {
    /// Which of its pictures each scene shows: those with a scene's number there, those with words where most of them are said, the others in
    /// their order in the scenes that are left, but not behind charts.
    pub fn placing(&self, script: &Script) -> Placing {
        let count = script.scenes.len();
        let mut placing = Placing {
            shown: vec![None; count],
            nowhere: Vec::new(),
        };
        let mut place = |picture: usize, scene: Option<usize>| match scene
            .and_then(|scene| placing.shown.get_mut(scene))
        {
            Some(free @ None) => *free = Some(picture),
            _ => placing.nowhere.push(picture),
        };
        for (at, picture) in self.pictures.iter().enumerate() {
            if let Some(scene) = picture.scene {
                place(at, (scene as usize).checked_sub(1));
            }
        }
        for (at, picture) in self.pictures.iter().enumerate() {
            if let Some(words) = &picture.words {
                place(at, self.meant(words, script));
            }
        }
        let mut free = (0..count)
            .filter(|scene| placing.shown[*scene].is_none() && !drawn(&script.scenes[*scene]))
            .collect::<Vec<_>>()
            .into_iter();
        for (at, picture) in self.pictures.iter().enumerate() {
            if picture.scene.is_none() && picture.words.is_none() {
                match free.next() {
                    Some(scene) => placing.shown[scene] = Some(at),
                    None => placing.nowhere.push(at),
                }
            }
        }
        placing.nowhere.sort_unstable();
        placing
    }

    /// The pictures that are shown, each with its scene's number.
    pub fn placed_pictures(&self, script: &Script) -> Vec<UserPicture> {
        let shown = self.placing(script).shown.into_iter().zip(1..);
        shown
            .filter_map(|(picture, scene)| {
                let picture = self.pictures.get(picture?)?.clone();
                Some(UserPicture {
                    scene: Some(scene),
                    words: None,
                    ..picture
                })
            })
            .collect()
    }

    /// The scene that holds most of some words, if it holds enough of them: in what it says and shows, and in the key points that it is told from.
    fn meant(&self, words: &str, script: &Script) -> Option<usize> {
        let words = parts(words);
        let long: Vec<&String> = words
            .iter()
            .filter(|word| word.chars().count() > 2)
            .collect();
        let words = if long.is_empty() {
            words.iter().collect()
        } else {
            long
        };
        let held = |scene: &Scene| {
            let mut holds: BTreeSet<String> = BTreeSet::new();
            for line in &scene.lines {
                holds.extend(parts(&line.text));
                if let LineSource::Source(id) = &line.source {
                    let point = id.0.strip_prefix('k').and_then(|at| at.parse().ok());
                    let point = point.and_then(|at: usize| self.key_points.get(at));
                    holds.extend(point.map(|point| parts(point)).unwrap_or_default());
                }
            }
            holds.extend(scene.visual.texts().into_iter().flat_map(parts));
            words.iter().filter(|word| holds.contains(**word)).count()
        };
        let mut best = None;
        for (at, scene) in script.scenes.iter().enumerate() {
            let held = held(scene);
            let enough = held as f64 >= MEANT * words.len() as f64 && held > 0;
            if enough && best.is_none_or(|(_, most)| held > most) {
                best = Some((at, held));
            }
        }
        best.map(|(at, _)| at)
    }
}

/// Whether a scene shows something that is drawn from figures.
fn drawn(scene: &Scene) -> bool {
    matches!(
        scene.visual,
        Visual::BarChart { .. }
            | Visual::LineChart { .. }
            | Visual::Share { .. }
            | Visual::Comparison { .. }
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{Line, Role, SourceId, read_brief};

    fn scene(role: Role, said: &str, source: &str) -> Scene {
        Scene {
            role,
            lines: vec![Line {
                text: said.to_owned(),
                source: LineSource::Source(SourceId(source.to_owned())),
            }],
            visual: Visual::Statement {
                text: said.to_owned(),
                emphasis: None,
            },
            moving: false,
            backdrop: None,
        }
    }

    fn script() -> Script {
        let mut figures = scene(Role::Turn, "Harvest doubled.", "k2");
        figures.visual = Visual::Share {
            value: "50%".to_owned(),
            caption: "of it".to_owned(),
        };
        Script {
            scenes: vec![
                scene(Role::Hook, "Olives", "t"),
                scene(Role::Context, "They ripen in October.", "k0"),
                figures,
                scene(Role::CallToAction, "Taste one.", "t"),
            ],
            planned_wpm: 150,
        }
    }

    fn brief(pictures: &str) -> Brief {
        let text = format!(
            "topic: Olives\nkey_points: ['Olives ripen slowly on old trees until October', 'They are pressed', 'The harvest doubled']\npictures: {pictures}"
        );
        read_brief(&text).unwrap()
    }

    #[test]
    fn a_picture_stands_where_it_was_put_where_its_words_are_said_or_where_its_turn_comes() {
        let brief = brief(
            "[{file: d.jpg}, {file: a.jpg, scene: 4}, {file: b.jpg, for: slowly on old trees}, {file: c.jpg}, {file: e.jpg, for: The harvest}]",
        );
        let placing = brief.placing(&script());
        assert_eq!(placing.shown, [Some(0), Some(2), Some(4), Some(1)]);
        assert_eq!(placing.nowhere, [3], "there is no room for it");
        let placed: Vec<_> = brief
            .placed_pictures(&script())
            .into_iter()
            .map(|picture| (picture.scene.unwrap(), picture.file, picture.words))
            .collect();
        let file = |name: &str| Asset::Path(name.to_owned());
        assert_eq!(placed[2], (3, file("e.jpg"), None));
        assert_eq!(placed.len(), 4);
    }

    #[test]
    fn nobody_draws_over_a_chart_unasked_and_what_has_no_place_is_told() {
        let brief = brief(
            "[{file: a.jpg}, {file: b.jpg}, {file: c.jpg}, {file: d.jpg}, {file: e.jpg, scene: 9}, {file: f.jpg, for: a locomotive}]",
        );
        let placing = brief.placing(&script());
        assert_eq!(placing.shown, [Some(0), Some(1), None, Some(2)]);
        assert_eq!(placing.nowhere, [3, 4, 5]);
    }

    #[test]
    fn words_are_looked_for_in_what_is_said_shown_and_told_from_and_most_of_them_must_be_there() {
        let place = |words: &str| {
            let placing = brief(&format!("[{{file: a.jpg, for: {words}}}]")).placing(&script());
            placing.shown.iter().position(Option::is_some)
        };
        assert_eq!(
            place("taste a ship"),
            Some(3),
            "said, and half of its words"
        );
        assert_eq!(place("taste a big ship"), None, "less than half");
        assert_eq!(place("'50'"), Some(2), "shown");
        assert_eq!(place("trees"), Some(1), "in the key point");
        assert_eq!(place("They of an a is it"), Some(1), "short words aside");
        assert_eq!(place("harvest october"), Some(1), "the first of equals");
    }

    #[test]
    fn what_is_wrong_with_pictures_is_told_by_their_fields() {
        for (pictures, told) in [
            ("[{file: '  '}]", "pictures[0].file: the path is empty"),
            (
                "[{file: a.jpg, scene: 41}]",
                "pictures[0].scene: there is no scene 41",
            ),
            (
                "[{file: a, scene: 2}, {file: b, scene: 2}]",
                "pictures[1].scene: scene 2 has a picture",
            ),
            (
                "[{file: a, scene: 2, for: words}]",
                "pictures[0].for: scene says already",
            ),
            ("[{file: a, for: '!'}]", "pictures[0].for: it holds no word"),
            (
                "[{file: a, focus: [0.2, 1.5]}]",
                "pictures[0].focus: [0.2, 1.5] is no point",
            ),
            ("[{file: a, focus: [0.2]}]", "pictures[0].focus: a point"),
            ("[{file: a, focus: [.nan, 0.5]}]", "non-finite float"),
            (
                &format!("[{{file: a, for: {}}}]", "ab ".repeat(168)),
                "pictures[0].for: 503 characters",
            ),
            (
                &format!("[{}]", "{file: a}, ".repeat(41)),
                "pictures: 41 are too many",
            ),
            (
                "[{file: a, motion: up}]",
                "pictures[0].motion: \"up\" is none of",
            ),
            ("[{scene: 2}]", "pictures[0].file: a file is needed"),
            ("[{file: a, focal: 1}]", "pictures[0] has no field `focal`"),
            ("[null]", "pictures[0]"),
            ("picture.jpg", "pictures: a list is needed"),
        ] {
            let text = format!("topic: Olives\npictures: {pictures}");
            let refused = read_brief(&text).unwrap_err().to_string();
            assert!(refused.contains(told), "{pictures}: {refused}");
            assert!(refused.contains("line 2"), "{refused}");
        }
    }
}
