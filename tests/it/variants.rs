//! Variants of a brief on a laptop: what is made of each, and that it is no more than what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::{Hook, Varied};
use runtime::JournalEvent;
use serde_json::{Value, json};

use crate::support::{SMALL, Sandbox};

/// The small brief with its variants.
fn compared(variants: &Value) -> String {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["variants"] = variants.clone();
    brief["brand"]["name"] = json!("Crumb");
    brief.to_string()
}

/// What was made for each run, and not only looked up: task by task, with their items.
fn made(sandbox: &Sandbox) -> BTreeMap<String, BTreeSet<String>> {
    let mut made: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in sandbox.journal() {
        if entry.event == JournalEvent::Made {
            let item = entry.item.map_or(String::new(), |item| format!(" {item}"));
            let name = format!("{}{item}", entry.task);
            made.entry(entry.run.to_string()).or_default().insert(name);
        }
    }
    made
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn ids(family: &Value) -> Vec<String> {
    let runs = family["runs"].as_array().unwrap().iter();
    runs.map(|run| run["run"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn variants_of_the_hook_make_the_hook_and_what_depends_on_it_and_nothing_else() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let brief = compared(&json!({"of": "hook", "count": 3}));
    let family = sandbox.make(&sandbox.write("brief.json", brief)).json();
    let ids = ids(&family);
    assert_eq!(ids.len(), 3);
    let runs = family["runs"].as_array().unwrap();
    let openings: BTreeSet<&str> = runs
        .iter()
        .map(|run| run["lines"][0].as_str().unwrap())
        .collect();
    assert_eq!(openings.len(), 3, "each opens differently: {openings:?}");
    for (run, number) in runs.iter().zip(1..) {
        assert_eq!(run["run"]["variant"]["number"], number);
        assert_eq!(run["run"]["variant"]["runs"], json!(ids));
        assert_eq!(
            run["lines"].as_array().unwrap()[2..],
            runs[0]["lines"].as_array().unwrap()[2..]
        );
    }
    assert_eq!(runs[0]["run"].get("parent"), None);
    assert_eq!(runs[2]["run"]["parent"], json!(ids[0]));

    let made = made(&sandbox);
    let control = &made[&ids[0]];
    assert!(
        control.contains("story") && control.contains("images 1"),
        "{control:?}"
    );
    for variant in &ids[1..] {
        // The hook's scene is the first, and so is its moving clip.
        assert_eq!(
            made[variant],
            names(&["hook", "audio 0", "video 0", "compose", "score"])
        );
    }

    // The control is the video that there would be without variants.
    let mut alone: Value = serde_json::from_str(SMALL).unwrap();
    alone["brand"]["name"] = json!("Crumb");
    let alone = sandbox
        .make(&sandbox.write("alone.json", alone.to_string()))
        .json();
    assert_eq!(alone["video"], runs[0]["video"]);
    assert_eq!(made.get(alone["run"]["id"].as_str().unwrap()), None);
}

#[test]
fn variants_of_the_thumbnail_make_the_last_step_alone() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let brief = compared(&json!({"of": "thumbnail", "count": 2}));
    let family = sandbox.make(&sandbox.write("brief.json", brief)).json();
    let ids = ids(&family);
    let (first, second) = (&family["runs"][0]["video"], &family["runs"][1]["video"]);
    assert_ne!(first["thumbnail"], second["thumbnail"]);
    assert_eq!(
        first["video"], second["video"],
        "the films are the same bytes"
    );
    assert_eq!(made(&sandbox)[&ids[1]], names(&["compose", "score"]));
}

/// A folder of voices: the installed one, and one that speaks slower by the same model.
fn two_voices(sandbox: &Sandbox) -> PathBuf {
    let voices = std::env::var_os("REELWRIGHT_VOICES").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/reelwright/voices"),
        PathBuf::from,
    );
    let installed = voices.join("joe");
    let folder = sandbox.path("voices");
    let slow = folder.join("slow");
    std::fs::create_dir_all(&slow).unwrap();
    std::os::unix::fs::symlink(&installed, folder.join("joe")).unwrap();
    let files = std::fs::read_dir(&installed)
        .unwrap_or_else(|error| panic!("{error}: `make voice` fetches the voice"));
    for file in files {
        let (path, name) = file.map(|file| (file.path(), file.file_name())).unwrap();
        let ends = |ending: &str| name.to_string_lossy().ends_with(ending);
        if ends(".onnx.json") {
            let mut config: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            config["inference"]["length_scale"] = json!(1.3);
            std::fs::write(slow.join(&name), config.to_string()).unwrap();
        } else if ends(".onnx") {
            std::os::unix::fs::symlink(path, slow.join(&name)).unwrap();
        }
    }
    folder
}

#[test]
fn variants_of_the_voice_speak_everything_anew_and_draw_nothing() {
    let sandbox = Sandbox::new();
    let usual = two_voices(&sandbox).join("joe");
    let sandbox = sandbox.with("REELWRIGHT_VOICE", usual.to_str().unwrap());
    let brief = compared(&json!({"of": "voice", "voices": ["joe", "slow"]}));
    let family = sandbox.make(&sandbox.write("brief.json", brief)).json();
    let ids = ids(&family);
    let runs = family["runs"].as_array().unwrap();
    assert_eq!(runs[1]["run"]["variant"]["voice"], "slow");
    assert_eq!(runs[0]["lines"], runs[1]["lines"]);
    assert_ne!(runs[0]["video"]["video"], runs[1]["video"]["video"]);
    let made = &made(&sandbox)[&ids[1]];
    let tasks: BTreeSet<&str> = made
        .iter()
        .map(|name| name.split(' ').next().unwrap())
        .collect();
    assert_eq!(tasks, BTreeSet::from(["audio", "compose", "score"]));
    let scenes = runs[0]["video"]["scene_starts_ms"].as_array().unwrap();
    assert_eq!(
        made.len(),
        scenes.len() + 2,
        "every scene is spoken: {made:?}"
    );
}

#[test]
fn a_variant_that_cannot_be_made_leaves_the_others_to_be_compared() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    // Its first three scenes can stand for it.
    let brief = compared(&json!({"of": "thumbnail", "count": 5}));
    let answer = sandbox.make(&sandbox.write("brief.json", brief));
    assert_eq!(answer.code(), 1, "{}", answer.stderr());
    assert!(
        answer.stderr().contains("thumbnail 5"),
        "{}",
        answer.stderr()
    );
    let family: Value = serde_json::from_str(&answer.stdout()).unwrap();
    let made = family["runs"].as_array().unwrap().len();
    assert!((2..5).contains(&made), "{made}");

    // Going on with the control goes on with its variants, and makes nothing twice.
    let before = sandbox.journal().len();
    let control = ids(&family)[0].clone();
    let again = sandbox.run(&["resume", &control, "--json", "--out", "again"]);
    assert_eq!(again.code(), 1, "{}", again.stderr());
    let told: Value = serde_json::from_str(&again.stdout()).unwrap();
    assert_eq!(ids(&told), ids(&family));
    let since = sandbox.journal().split_off(before);
    assert!(
        since.iter().all(|entry| entry.event != JournalEvent::Made),
        "{since:?}"
    );
}

#[test]
fn a_voice_that_is_not_there_is_wrong_input_that_names_where_it_belongs() {
    let sandbox = Sandbox::new();
    let brief = compared(&json!({"of": "voice", "voices": ["nobody-1", "nobody-2"]}));
    let answer = sandbox.make(&sandbox.write("brief.json", brief));
    assert_eq!(answer.code(), 1, "{}", answer.stdout());
    assert!(answer.stderr().contains("nobody-1"), "{}", answer.stderr());
}

/// How every hook begins that was ever written here.
fn openings(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(openings(&path));
        } else if let Ok(hook) = serde_json::from_slice::<Hook>(&std::fs::read(&path).unwrap()) {
            found.insert(hook.lines[0].text.clone());
        }
    }
    found
}

#[test]
fn hooks_of_variants_do_not_meet_in_later_rounds_either() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let mut brief: Value =
        serde_json::from_str(&compared(&json!({"of": "hook", "count": 2}))).unwrap();
    // Nothing is good enough without a person.
    brief["brand"]["quality"] = json!({"approve": 100, "review": 0});
    let family = sandbox
        .make(&sandbox.write("brief.json", brief.to_string()))
        .json();
    let ids = ids(&family);
    for round in 1..=3 {
        let known = openings(&sandbox.home());
        assert_eq!(known.len(), 2 * round, "{known:?}");
        if round < 3 {
            for run in &ids {
                let again = sandbox.run(&["review", "regenerate", run, "--out", "again"]);
                assert_eq!(again.code(), 0, "{}", again.stderr());
            }
        }
    }
}

#[test]
fn a_form_that_is_wanted_changes_the_hook_and_what_depends_on_it_alone() {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    let wanting = |form: Option<&str>| {
        let mut brief: Value = serde_json::from_str(SMALL).unwrap();
        brief["hook"] = json!(form);
        let file = sandbox.write("brief.json", brief.to_string());
        sandbox.make(&file).json()
    };
    let [usual, stated, figured] = [None, Some("statement"), Some("number")].map(wanting);
    assert_ne!(usual["lines"][0], stated["lines"][0]);
    assert!(
        usual["lines"][0].as_str().unwrap().ends_with('?'),
        "{usual}"
    );
    assert_eq!(
        usual["lines"].as_array().unwrap()[1..],
        stated["lines"].as_array().unwrap()[1..]
    );
    assert_eq!(stated["degraded"], json!([]));
    let made = made(&sandbox);
    assert_eq!(
        made[stated["run"]["id"].as_str().unwrap()],
        names(&["hook", "audio 0", "video 0", "compose", "score"])
    );
    // There is no figure to open with: the usual hook, and a person who is told.
    assert_eq!(figured["lines"], usual["lines"]);
    assert_eq!(figured["run"]["state"], "in_review");
    let told = figured["degraded"][0].as_str().unwrap();
    assert!(told.contains("should be a figure"), "{told}");
}

#[test]
fn a_voice_that_is_wanted_speaks_everything_and_changes_nothing_else() {
    let sandbox = Sandbox::new();
    let usual = two_voices(&sandbox).join("joe");
    let sandbox = sandbox.with("REELWRIGHT_VOICE", usual.to_str().unwrap());
    let by = |voice: Option<&str>| {
        let mut brief: Value = serde_json::from_str(SMALL).unwrap();
        brief["brand"]["voice"] = json!(voice);
        let file = sandbox.write("brief.json", brief.to_string());
        sandbox.make(&file)
    };
    let [usual, slow] = [None, Some("slow")].map(|voice| by(voice).json());
    assert_eq!(usual["lines"], slow["lines"]);
    let length = |made: &Value| made["video"]["length_ms"].as_u64().unwrap();
    assert!(length(&slow) > length(&usual), "{slow}");
    let made = &made(&sandbox)[slow["run"]["id"].as_str().unwrap()];
    let tasks: BTreeSet<&str> = made
        .iter()
        .map(|name| name.split(' ').next().unwrap())
        .collect();
    assert_eq!(tasks, BTreeSet::from(["audio", "compose", "score"]));
    let refused = by(Some("nobody"));
    assert_eq!(refused.code(), 1, "{}", refused.stdout());
    assert!(
        refused.stderr().contains("no voice \"nobody\""),
        "{}",
        refused.stderr()
    );
}

#[test]
fn the_example_asks_for_three_hooks() {
    let text = include_str!("../../examples/variants/hooks.yaml");
    let variants = domain::read_brief(text).unwrap().variants.unwrap();
    assert_eq!((variants.of, variants.count()), (Varied::Hook, 3));
}
