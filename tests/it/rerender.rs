//! Changing a script or the looks of a video on a laptop: what is made again, and that it is no more than what depends on the change.

use std::collections::{BTreeMap, BTreeSet};

use runtime::JournalEvent;
use serde_json::{Value, json};

use crate::support::{Answer, SMALL, Sandbox};

/// A finished video of the small brief, and everything made so far.
struct Made {
    sandbox: Sandbox,
    id: String,
    first: Value,
}

impl Made {
    fn of(brief: &str) -> Self {
        let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
        let first = sandbox.make(&sandbox.write("brief.json", brief)).json();
        let id = first["run"]["id"].as_str().unwrap().to_owned();
        Self { sandbox, id, first }
    }

    fn script(&self) -> Value {
        self.sandbox.run(&["script", &self.id, "--json"]).json()
    }

    fn rerender(&self, script: &Value) -> Answer {
        let script = self.sandbox.write("script.json", script.to_string());
        let (script, out) = (script.to_str().unwrap(), self.sandbox.out());
        let out = out.to_str().unwrap();
        self.sandbox
            .run(&["rerender", &self.id, script, "--json", "--out", out])
    }

    /// What was made, and not only looked up, by what `work` does: task by task, with their items.
    fn made_by(&self, work: impl FnOnce() -> Answer) -> (Value, BTreeSet<String>) {
        let before = self.sandbox.journal().len();
        let answer = work().json();
        let made = self.sandbox.journal().into_iter().skip(before);
        let made = made
            .filter(|entry| entry.event == JournalEvent::Made)
            .map(|entry| match entry.item {
                Some(item) => format!("{} {item}", entry.task),
                None => entry.task,
            });
        (answer, made.collect())
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// The pieces of a video: their keys by their names.
fn pieces(made: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pieces = made["video"]["segments"].as_array().unwrap().iter();
    pieces
        .map(|piece| (text(&piece["name"]), text(&piece["key"])))
        .collect()
}

#[test]
fn a_changed_line_makes_its_scene_again_and_nothing_else() {
    let made = Made::of(SMALL);
    let mut script = made.script();
    let line = &mut script["scenes"][2]["say"][0];
    let said = line
        .as_str()
        .unwrap()
        .replace("small bubbles", "tiny pockets");
    assert_ne!(*line, json!(said), "the line has these words");
    *line = json!(said);
    let (second, anew) = made.made_by(|| made.rerender(&script));
    assert_eq!(
        anew,
        names(&["script", "hook", "audio 2", "images 2", "compose", "score"])
    );
    assert_eq!(second["run"]["round"], 2);
    assert_eq!(second["run"]["chosen_round"], 2, "the edited round counts");
    assert_eq!(second["run"]["edited"]["round"], 2);
    assert!(second["lines"].as_array().unwrap().contains(&json!(said)));

    let (before, after) = (pieces(&made.first), pieces(&second));
    let changed: BTreeSet<_> = after
        .iter()
        .filter(|(name, key)| before.get(*name) != Some(key))
        .map(|(name, _)| name.clone())
        .collect();
    assert_eq!(
        changed,
        names(&["scene 2", "transition 1-2", "transition 2-3"])
    );
    // What is shown changed with what is said.
    let shown = &made.script()["scenes"][2]["show"];
    assert!(shown.to_string().contains("tiny pockets"), "{shown}");
}

#[test]
fn scenes_that_are_moved_are_not_drawn_again_and_a_new_one_is_the_only_one_made() {
    let made = Made::of(SMALL);
    let mut script = made.script();
    let scenes = script["scenes"].as_array_mut().unwrap();
    scenes.swap(1, 2);
    scenes.insert(
        3,
        json!({"role": "turn", "say": ["Salt slows the yeast down by about a tenth."]}),
    );
    let (second, anew) = made.made_by(|| made.rerender(&script));
    let still: BTreeSet<_> = anew
        .into_iter()
        // A clip says which scene it belongs to, so the last one's is set again; its words are not drawn differently.
        .filter(|task| !task.starts_with("video"))
        .collect();
    assert_eq!(
        still,
        names(&["script", "hook", "audio 3", "images 3", "compose", "score"])
    );
    let (before, after) = (pieces(&made.first), pieces(&second));
    assert_eq!(before["scene 1"], after["scene 2"]);
    assert_eq!(before["scene 2"], after["scene 1"]);
    let last = |pieces: &BTreeMap<String, String>| {
        let scenes = pieces.iter().filter(|(name, _)| name.starts_with("scene"));
        scenes
            .max_by_key(|(name, _)| (*name).clone())
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(last(&before), last(&after));
}

#[test]
fn other_colours_draw_anew_and_speak_nothing_anew() {
    let made = Made::of(SMALL);
    let mut script = made.script();
    script["look"]["palette"]["background"] = json!("#402010");
    let (_, anew) = made.made_by(|| made.rerender(&script));
    assert!(
        anew.contains("images 0") && anew.contains("compose"),
        "{anew:?}"
    );
    assert!(
        !anew.iter().any(|task| task.starts_with("audio")),
        "{anew:?}"
    );
    assert_eq!(made.script()["look"], script["look"]);
}

const TONES: [(&str, &[u8]); 2] = [
    (
        "one.mp3",
        include_bytes!("../../shared/media/tests/data/tone.mp3"),
    ),
    (
        "other.ogg",
        include_bytes!("../../shared/media/tests/data/tone.ogg"),
    ),
];

#[test]
fn other_music_is_mixed_and_nothing_is_spoken_drawn_or_encoded_anew() {
    let made = Made::of(SMALL);
    assert_eq!(made.first["video"]["loudness_lufs"], json!(null));
    let mut video = made.first["video"].clone();
    for (name, bytes) in TONES {
        made.sandbox.write(name, bytes);
        let mut script = made.script();
        script["look"]["music"] = json!(name);
        let (second, mut anew) = made.made_by(|| made.rerender(&script));
        // These answer with the script as it was sent, which is the same the second time.
        anew.retain(|task| task != "script" && task != "hook");
        assert_eq!(anew, names(&["compose", "score"]), "{name}");
        assert_eq!(pieces(&second), pieces(&made.first), "{name}");
        assert_ne!(second["video"]["video"], video["video"], "{name}");
        video = second["video"].clone();
        let loudness = video["loudness_lufs"].as_f64().unwrap();
        assert!((loudness + 14.0).abs() < 0.5, "{loudness}");
        assert!(video["true_peak_dbtp"].as_f64().unwrap() < -1.0);
    }
    let (_, anew) = made.made_by(|| made.rerender(&made.script()));
    assert_eq!(anew, names(&[]), "the music stays as it is");
}

#[test]
fn what_is_not_changed_is_not_made_and_nothing_is_written() {
    let made = Made::of(SMALL);
    let (same, anew) = made.made_by(|| made.rerender(&made.script()));
    assert_eq!(anew, names(&[]));
    assert_eq!(same["run"], made.first["run"]);
}

#[test]
fn a_draft_is_small_waits_for_a_person_and_lends_the_film_its_narration() {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["draft"] = json!(true);
    let made = Made::of(&brief.to_string());
    assert_eq!(made.first["video"]["width"], 360);
    assert_eq!(made.first["video"]["height"], 360);
    assert_eq!(
        made.first["run"]["state"], "in_review",
        "whatever it scores"
    );
    assert!(
        made.first["degraded"][0]
            .as_str()
            .unwrap()
            .starts_with("a draft of 360 x 360")
    );

    let mut script = made.script();
    script["look"]["draft"] = json!(false);
    let (film, anew) = made.made_by(|| made.rerender(&script));
    assert_eq!(film["video"]["width"], 1080);
    assert_eq!(film["run"]["state"], "approved");
    assert!(
        !anew.iter().any(|task| task.starts_with("audio")),
        "{anew:?}"
    );
    let times = |made: &Value| made["video"]["words"].clone();
    assert_eq!(times(&film), times(&made.first), "the same timeline");
}

#[test]
fn another_pronunciation_speaks_only_the_scenes_that_have_the_word() {
    let made = Made::of(SMALL);
    let mut script = made.script();
    let scenes = script["scenes"].as_array().unwrap().iter().enumerate();
    let holding: BTreeSet<String> = scenes
        .filter(|(_, scene)| scene["say"].to_string().to_lowercase().contains("gluten"))
        .map(|(at, _)| format!("audio {at}"))
        .collect();
    assert!(!holding.is_empty() && holding.len() < script["scenes"].as_array().unwrap().len());
    script["look"]["pronunciations"] = json!({"Gluten": "glue ten", "Zebra": "/ˈziːbɹə/"});
    let (second, anew) = made.made_by(|| made.rerender(&script));
    let spoken: BTreeSet<String> = anew
        .iter()
        .filter(|task| task.starts_with("audio"))
        .cloned()
        .collect();
    assert_eq!(spoken, holding, "{anew:?}");
    assert!(
        !anew
            .iter()
            .any(|task| task.starts_with("images") || task.starts_with("story")),
        "{anew:?}"
    );
    let text = second["video"]["words"].to_string();
    assert!(
        text.contains("gluten") && !text.contains("glue ten"),
        "captions keep what is written"
    );
    let again = made.script();
    assert_eq!(
        again["look"]["pronunciations"],
        script["look"]["pronunciations"]
    );
    script["look"]["pronunciations"] = json!({"Glu ten": "x"});
    let refused = made.rerender(&script).refusal();
    assert!(refused.contains("more than one word"), "{refused}");
}

#[test]
fn a_script_that_cannot_be_made_is_refused_and_the_run_stays_as_it_was() {
    let made = Made::of(SMALL);
    let refusal = |script: &Value| made.rerender(script).refusal();
    let mut script = made.script();
    script["scenes"][1]["say"] = json!([]);
    assert!(refusal(&script).contains("scenes[1].say: it says 0 sentences"));
    let mut script = made.script();
    script["scenes"][1]["scene"] = json!(31);
    assert!(refusal(&script).contains("scenes[1].scene"));
    let mut script = made.script();
    script["look"]["logo"] = json!("nowhere.png");
    assert!(
        refusal(&script).contains("look.logo names"),
        "{}",
        refusal(&script)
    );
    let out = made.sandbox.out();
    let missing = [
        "rerender",
        &made.id,
        "nowhere.yaml",
        "--out",
        out.to_str().unwrap(),
    ];
    assert!(
        made.sandbox
            .run(&missing)
            .refusal()
            .contains("nowhere.yaml")
    );
    let run = made.sandbox.run(&["show", &made.id, "--json"]).json();
    assert_eq!(run["run"], made.first["run"]);
}

#[test]
fn nobody_writes_over_an_edited_script() {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["brand"]["quality"] = json!({"approve": 100, "review": 0, "max_rounds": 5});
    let total = Made::of(&brief.to_string()).first["run"]["rounds"][0]["total"].clone();
    let just_enough = total.as_f64().unwrap() - 0.1;
    brief["brand"]["quality"]["review"] = json!((just_enough * 10.0).round() / 10.0);
    let made = Made::of(&brief.to_string());
    assert_eq!(made.first["run"]["state"], "in_review");
    let mut script = made.script();
    for scene in script["scenes"].as_array_mut().unwrap() {
        scene["say"] = json!(["Very very very bad bad bad words."]);
    }
    let second = made.rerender(&script).json();
    let score = &second["run"]["rounds"][1];
    assert_eq!(score["tier"], "regenerate", "{score}");
    assert_eq!(second["run"]["round"], 2, "it was not made again");
    assert_eq!(second["run"]["state"], "in_review");
    assert_eq!(second["run"]["chosen_round"], 2, "it is what was asked for");
    let refused = made
        .sandbox
        .run(&["review", "regenerate", &made.id])
        .refusal();
    assert!(refused.contains("was written by a person"), "{refused}");
    let approved = made.sandbox.run(&["review", "approve", &made.id]);
    assert_eq!(approved.code(), 0, "{}", approved.stderr());
}
