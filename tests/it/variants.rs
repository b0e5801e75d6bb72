//! Variants of a brief on a laptop: what is made of each, and that it is no more than what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::Varied;
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

#[test]
fn the_example_asks_for_three_hooks() {
    let text = include_str!("../../examples/variants/hooks.yaml");
    let variants = domain::read_brief(text).unwrap().variants.unwrap();
    assert_eq!((variants.of, variants.count()), (Varied::Hook, 3));
}
