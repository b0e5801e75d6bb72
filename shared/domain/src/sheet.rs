//! A script as people read and change it: what is said, what is shown, and how it looks.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::brief_rules::{BriefProblem, excerpt};
use crate::brief_tree::parse;
use crate::look::{Look, Removable};
use crate::read::BriefError;
use crate::user_picture::focus_problem;
use crate::{Asset, Brief, Hook, PictureMotion, Role, Script, SheetRecording, UserPicture, Visual};

/// The largest text that is read as a script, in bytes.
pub(crate) const MAX_SHEET_BYTES: usize = 256 * 1024;

/// How many scenes a script has.
const SCENES: std::ops::RangeInclusive<usize> = 2..=40;

/// The most sentences of a scene.
const SAYS: usize = 12;

/// The most characters of a sentence, and of any text that is shown.
const TEXT_CHARS: usize = 500;

/// The most characters that fill the frame in large moving letters.
const ON_SCREEN_CHARS: usize = 80;

/// Why a text is no script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Longer than any script.
    #[error(
        "the script is {bytes} bytes: a script of 40 scenes takes far less than {MAX_SHEET_BYTES}"
    )]
    TooLarge {
        /// How long, in bytes.
        bytes: usize,
    },
    /// Neither JSON nor YAML.
    #[error(transparent)]
    Text(BriefError),
    /// Read, but it can't be made: all that is wrong.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<BriefProblem>),
}

/// A script with its looks, as `reelwright script` prints it and as it is sent back. Sentences that are left as they are keep their source; others
/// are the words of whoever changed them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a script: a table that has its scenes"
)]
pub struct ScriptSheet {
    /// How it looks; what is left out stays as it is.
    #[serde(default, skip_serializing_if = "Look::is_empty")]
    pub look: Look,
    /// The scenes in order: 2 to 40. The first is the hook's, and only that.
    #[schemars(length(min = 2, max = 40))]
    pub scenes: Vec<SheetScene>,
}

/// A scene as people read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetScene {
    /// Its number in the script that is edited, from 1: by it its backdrop is known again wherever it is moved to. A new scene has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 40))]
    pub scene: Option<u32>,
    /// Where on the arc.
    pub role: Role,
    /// What stands on screen in large moving letters: the hook's scene has it, and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 80))]
    pub on_screen: Option<String>,
    /// What is said, a sentence each: 1 to 12.
    #[schemars(length(min = 1, max = 12), inner(length(min = 1, max = 500)))]
    pub say: Vec<String>,
    /// What is seen; left out, the layout that suits what is said is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Visual>,
    /// Whether the words themselves move over the backdrop.
    #[serde(default)]
    pub moving: bool,
    /// The picture behind the words; left out, a backdrop is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<SheetPicture>,
    /// What a person recorded of `say`, to be heard in place of the voice; left out, the voice speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<SheetRecording>,
}

/// A picture behind a scene's words: one that is there already, or another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetPicture {
    /// Which of the pictures that the video has, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 40))]
    pub number: Option<u32>,
    /// Another picture, in place of a number: JPEG, PNG, WebP or GIF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Asset>,
    /// The point of it that stays in view, as shares of its width from the left and of its height from the top; its middle if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(inner(range(min = 0, max = 1)))]
    pub focus: Option<[f64; 2]>,
    /// How it moves; nearer or back, by the brief's seed, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<PictureMotion>,
}

impl SheetPicture {
    fn problem(&self) -> Option<(&'static str, String)> {
        choice_problem("picture", self.number, self.file.as_ref())
            .or_else(|| Some((".focus", focus_problem(self.focus?)?)))
    }
}

/// What is wrong with a choice of a picture or a recording: by its number, or another by its file.
pub(crate) fn choice_problem(
    what: &str,
    number: Option<u32>,
    file: Option<&Asset>,
) -> Option<(&'static str, String)> {
    match (number, file) {
        (Some(_), Some(_)) => Some((
            ".file",
            "a number and a file are both given: keep one".to_owned(),
        )),
        (None, None) => Some((
            "",
            format!("it isn't said which {what}: give its number, or the file of another"),
        )),
        // Only what was taken in is stored: who edits names a file or an upload.
        (None, Some(Asset::Stored(_))) => Some((
            ".file",
            "it is no file: write its path, or { \"asset\": \"ast_...\" } for one that was uploaded"
                .to_owned(),
        )),
        _ => None,
    }
}

/// The file that was chosen, where the video has some that are told by their numbers; or what is wrong with the number.
pub(crate) fn chosen(
    what: &str,
    number: Option<u32>,
    file: Option<&Asset>,
    present: &[&Asset],
) -> Result<Asset, String> {
    let known = number.and_then(|number| present.get((number as usize).checked_sub(1)?));
    match (file.or(known.copied()), present.len()) {
        (Some(file), _) => Ok(file.clone()),
        (None, 0) => Err(format!("the video has no {what} yet: give its file")),
        (None, count) => Err(format!(
            "the video has {what}s 1 to {count}: choose one of them, or give a file"
        )),
    }
}

impl ScriptSheet {
    /// A script as people read it, with the looks of its brief.
    pub fn of(script: &Script, hook: &Hook, brief: &Brief) -> Self {
        let placing = brief.placing(script);
        let pictured = |at: usize| {
            let picture = placing.shown.get(at).copied().flatten()?;
            let shown = brief.pictures.get(picture)?;
            Some(SheetPicture {
                number: Some(picture as u32 + 1),
                file: None,
                focus: shown.focus,
                motion: shown.motion,
            })
        };
        let scenes = script.scenes.iter().enumerate().map(|(at, scene)| {
            let say = script.spoken(hook, at).iter();
            SheetScene {
                scene: Some(at as u32 + 1),
                role: scene.role,
                on_screen: (scene.role == Role::Hook).then(|| hook.on_screen.clone()),
                say: say.map(|line| line.text.clone()).collect(),
                show: Some(scene.visual.clone()),
                moving: scene.moving,
                picture: pictured(at),
                recording: brief.recording(at).map(|(which, _)| SheetRecording {
                    number: Some(which as u32 + 1),
                    file: None,
                }),
            }
        });
        Self {
            look: Look::of(brief),
            scenes: scenes.collect(),
        }
    }

    /// The pictures that it shows, each with its scene's number, of which some may be those that the video has: their files are told by their
    /// numbers.
    pub fn pictures(&self, present: &[UserPicture]) -> Result<Vec<UserPicture>, SheetError> {
        let files: Vec<&Asset> = present.iter().map(|picture| &picture.file).collect();
        let mut pictures = Vec::new();
        let mut problems = Vec::new();
        for (at, scene) in self.scenes.iter().enumerate() {
            let Some(picture) = &scene.picture else {
                continue;
            };
            let file = picture.file.as_ref();
            let file = match chosen("picture", picture.number, file, &files) {
                Ok(file) => file,
                Err(message) => {
                    let field = format!("scenes[{at}].picture.number");
                    problems.push(BriefProblem::new(field, message));
                    continue;
                }
            };
            pictures.push(UserPicture {
                file,
                scene: Some(at as u32 + 1),
                words: None,
                focus: picture.focus,
                motion: picture.motion,
            });
        }
        if problems.is_empty() {
            Ok(pictures)
        } else {
            Err(SheetError::Problems(problems))
        }
    }

    /// Reads a script from JSON or YAML and checks it. Everything that is wrong with its fields is reported at once.
    ///
    /// ```
    /// let text = "scenes:\n- {role: hook, on_screen: Bees, say: [Bees dance.]}\n- {role: payoff, say: []}";
    /// let error = domain::ScriptSheet::read(text).unwrap_err().to_string();
    /// assert!(error.starts_with("line 3, column 18: scenes[1].say: "), "{error}");
    /// ```
    pub fn read(text: &str) -> Result<Self, SheetError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > MAX_SHEET_BYTES {
            return Err(SheetError::TooLarge { bytes: text.len() });
        }
        let root = parse(text).map_err(SheetError::Text)?;
        let at = |mut problem: BriefProblem| {
            problem.place = root.place_of(&problem.field).or(Some((1, 1)));
            problem
        };
        let sheet: Self = serde_path_to_error::deserialize(root.to_value()).map_err(|error| {
            let field = match error.path().to_string() {
                path if path == "." => String::new(),
                path => path,
            };
            SheetError::Problems(vec![at(BriefProblem::new(
                field,
                error.into_inner().to_string(),
            ))])
        })?;
        let problems: Vec<_> = sheet.problems().into_iter().map(at).collect();
        if problems.is_empty() {
            Ok(sheet)
        } else {
            Err(SheetError::Problems(problems))
        }
    }

    fn problems(&self) -> Vec<BriefProblem> {
        let mut problems = Vec::new();
        let look = &self.look;
        for (removable, name, other) in [
            (Removable::Font, "font", &look.font),
            (Removable::Logo, "logo", &look.logo),
            (Removable::Music, "music", &look.music),
        ] {
            if other.is_some() && look.remove.contains(&removable) {
                let message = "it is to be removed as well: keep one of both".to_owned();
                problems.push(BriefProblem::new(format!("look.{name}"), message));
            }
        }
        if !SCENES.contains(&self.scenes.len()) {
            let (least, most) = (SCENES.start(), SCENES.end());
            let message = format!(
                "there are {} scenes, and a script has {least} to {most}",
                self.scenes.len()
            );
            problems.push(BriefProblem::new("scenes", message));
        }
        let mut known = BTreeSet::new();
        for (at, scene) in self.scenes.iter().enumerate() {
            let mut wrong = |field: &str, message: String| {
                problems.push(BriefProblem::new(format!("scenes[{at}]{field}"), message));
            };
            let twice = scene.scene.filter(|number| !known.insert(*number));
            if let Some(number) = twice {
                wrong(
                    ".scene",
                    format!("scene {number} stands there twice: leave `scene` out of the copy"),
                );
            }
            match (at, scene.role, &scene.on_screen) {
                (0, Role::Hook, None) => wrong(
                    "",
                    "the hook's scene needs on_screen: a few words in large letters".to_owned(),
                ),
                (0, Role::Hook, Some(text)) => {
                    if let Some(message) = text_problem(text, ON_SCREEN_CHARS) {
                        wrong(".on_screen", message);
                    }
                }
                (0, _, _) => wrong(".role", "the first scene is the hook's".to_owned()),
                (_, Role::Hook, _) => {
                    wrong(".role", "only the first scene is the hook's".to_owned());
                }
                (_, _, Some(_)) => wrong(
                    ".on_screen",
                    "only the hook's scene has on_screen: change what stands under `show`"
                        .to_owned(),
                ),
                (_, _, None) => {}
            }
            if scene.say.is_empty() || scene.say.len() > SAYS {
                wrong(
                    ".say",
                    format!(
                        "it says {} sentences, and a scene says 1 to {SAYS}: take the scene out, or part it",
                        scene.say.len()
                    ),
                );
            }
            for (line, text) in scene.say.iter().enumerate() {
                if let Some(message) = text_problem(text, TEXT_CHARS) {
                    wrong(&format!(".say[{line}]"), message);
                }
            }
            if let Some(message) = scene.show.as_ref().and_then(visual_problem) {
                wrong(".show", message);
            }
            if let Some((field, message)) = scene.picture.as_ref().and_then(SheetPicture::problem) {
                wrong(&format!(".picture{field}"), message);
            }
            let recording = scene.recording.as_ref();
            if let Some((field, message)) = recording.and_then(SheetRecording::problem) {
                wrong(&format!(".recording{field}"), message);
            }
        }
        problems
    }
}

fn text_problem(text: &str, most: usize) -> Option<String> {
    let count = text.chars().count();
    if text.trim().is_empty() {
        Some("the text is empty: write something, or take the entry out".to_owned())
    } else if count > most {
        Some(format!(
            "the text has {count} characters, and may have {most}"
        ))
    } else {
        text.chars().find(|c| c.is_control()).map(|c| {
            format!(
                "the control character U+{:04X} in {:?} can't be shown",
                u32::from(c),
                excerpt(text)
            )
        })
    }
}

/// What is wrong with a layout or any of its texts.
fn visual_problem(visual: &Visual) -> Option<String> {
    fn within(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => text_problem(text, TEXT_CHARS),
            Value::Array(items) if items.is_empty() => {
                Some("it has a list without an entry".to_owned())
            }
            Value::Array(items) => items.iter().find_map(within),
            Value::Object(fields) => fields.values().find_map(within),
            _ => None,
        }
    }
    if let Visual::List { items, icons, .. } = visual
        && !icons.is_empty()
        && icons.len() != items.len()
    {
        return Some(format!(
            "it has {} icons for {} items: name one for each item, null for one without",
            icons.len(),
            items.len()
        ));
    }
    within(&serde_json::to_value(visual).ok()?)
}

/// The JSON schema of a script as people read it (draft 2020-12).
pub fn sheet_schema() -> Value {
    schemars::schema_for!(ScriptSheet).to_value()
}
