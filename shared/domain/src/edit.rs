//! What becomes of a script that a person changed.

use serde::{Deserialize, Serialize};

use crate::brief_rules::BriefProblem;
use crate::{Hook, Line, LineSource, Role, Scene, Script, ScriptSheet, SheetError, Visual};

/// What an edited round is made from, in place of what its writers would write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditedScript {
    /// The script.
    pub script: Script,
    /// How it opens.
    pub hook: Hook,
}

impl ScriptSheet {
    /// The script and the hook that come of it, where `script` and `hook` are those that were edited. `suited` says what is seen where the sheet
    /// doesn't.
    pub fn edited(
        &self,
        script: &Script,
        hook: &Hook,
        suited: impl Fn(&[Line]) -> Visual,
    ) -> Result<EditedScript, SheetError> {
        let problems: Vec<_> = (self.scenes.iter().enumerate())
            .filter_map(|(at, scene)| {
                let number = scene.scene? as usize;
                (!(1..=script.scenes.len()).contains(&number)).then(|| {
                    let message = format!(
                        "the script that is edited has scenes 1 to {}, and no {number}: leave `scene` out of a new one",
                        script.scenes.len()
                    );
                    BriefProblem::new(format!("scenes[{at}].scene"), message)
                })
            })
            .collect();
        if !problems.is_empty() {
            return Err(SheetError::Problems(problems));
        }
        let before: Vec<&Line> = (0..script.scenes.len())
            .flat_map(|at| script.spoken(hook, at))
            .collect();
        let sourced = |text: &String| Line {
            text: text.clone(),
            source: before
                .iter()
                .find(|line| line.text == *text)
                .map_or(LineSource::Author, |line| line.source.clone()),
        };
        let mut fresh = (0..script.scenes.len())
            .map(|at| script.backdrop(at) + 1)
            .max()
            .unwrap_or(0);
        let mut edited = Script {
            scenes: Vec::new(),
            planned_wpm: script.planned_wpm,
        };
        let mut opening = hook.clone();
        for (at, sheet) in self.scenes.iter().enumerate() {
            let known = sheet.scene.map(|number| number as usize - 1);
            let behind = known.map_or(fresh, |known| script.backdrop(known));
            fresh += u32::from(known.is_none());
            let lines: Vec<Line> = sheet.say.iter().map(sourced).collect();
            let spoken = known.map_or(&[][..], |known| script.spoken(hook, known));
            let shown = known.and_then(|known| script.scenes.get(known));
            let visual = match (&sheet.show, shown) {
                (Some(show), Some(shown)) if *show == shown.visual => {
                    following(show, spoken, &lines, &suited)
                }
                (Some(show), _) => show.clone(),
                (None, _) => suited(&lines),
            };
            let lines = if sheet.role == Role::Hook {
                opening.lines = lines;
                opening.on_screen = sheet.on_screen.clone().unwrap_or_default();
                Vec::new()
            } else {
                lines
            };
            edited.scenes.push(Scene {
                role: sheet.role,
                lines,
                visual,
                moving: sheet.moving,
                backdrop: (behind as usize != at).then_some(behind),
            });
        }
        Ok(EditedScript {
            script: edited,
            hook: opening,
        })
    }
}

/// What is shown where only what is said was changed: a layout that suited what was said becomes the one that suits what is said now; any other
/// was chosen by somebody, and stays.
fn following(
    show: &Visual,
    before: &[Line],
    now: &[Line],
    suited: impl Fn(&[Line]) -> Visual,
) -> Visual {
    if before == now {
        return show.clone();
    }
    match (show, before.first(), now.first()) {
        (Visual::CallToAction { text, brand }, Some(was), Some(is)) if request(was) == text => {
            Visual::CallToAction {
                text: request(is).to_owned(),
                brand: brand.clone(),
            }
        }
        _ if suited(before) == *show => suited(now),
        _ => show.clone(),
    }
}

/// What a call to action says, as it is shown: without its full stop.
fn request(line: &Line) -> &str {
    line.text.trim_end_matches(['.', '。', '।'])
}
