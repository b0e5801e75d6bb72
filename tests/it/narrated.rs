//! Narration that a person recorded: from the script to the video and its captions, and what can't be narrated so.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::Pronunciations;
use runtime::JournalEvent;
use serde_json::{Value, json};
use voice::Voice;

use crate::support::{Answer, SMALL, Sandbox};

/// A sentence of Jane Austen's, read by a person, and when some of its words begin, in milliseconds (shared/voice/tests/data/README.md).
const READ: &[u8] = include_bytes!("../../shared/voice/tests/data/austen-0890.wav");
const SAID: &str = "Unless to be rather cold hearted and rather selfish is to be ill disposed.";
const BEGINS: [(usize, u32); 4] = [(0, 270), (4, 1_220), (8, 2_780), (13, 4_370)];
/// Another, which says something else.
const OTHER: &[u8] = include_bytes!("../../shared/voice/tests/data/austen-0920.wav");

struct Made {
    sandbox: Sandbox,
    id: String,
}

impl Made {
    fn of(sandbox: Sandbox) -> Self {
        let first = sandbox.make(&sandbox.write("brief.json", SMALL)).json();
        let id = first["run"]["id"].as_str().unwrap().to_owned();
        Self { sandbox, id }
    }

    fn script(&self) -> Value {
        self.sandbox.run(&["script", &self.id, "--json"]).json()
    }

    fn rerender(&self, script: &Value, more: &[&str]) -> Answer {
        let script = self.sandbox.write("script.json", script.to_string());
        let out = self.sandbox.out();
        let (script, out) = (script.to_str().unwrap(), out.to_str().unwrap());
        let arguments = ["rerender", &self.id, script, "--json", "--out", out];
        self.sandbox.run(&[&arguments, more].concat())
    }

    /// What was made, and not only looked up, since the journal had so many entries.
    fn made_since(&self, before: usize) -> BTreeSet<String> {
        let made = self.sandbox.journal().into_iter().skip(before);
        let made = made.filter(|entry| entry.event == JournalEvent::Made);
        let named = made.map(|entry| match entry.item {
            Some(item) => format!("{} {item}", entry.task),
            None => entry.task,
        });
        named.collect()
    }
}

/// Why a run is less than was asked for.
fn degraded(made: &Value) -> Vec<String> {
    let reasons = made["run"]["degraded"].as_array().cloned();
    let text = |reason: &Value| reason.as_str().unwrap().to_owned();
    reasons.unwrap_or_default().iter().map(text).collect()
}

/// The words of a scene, each with its start in the film.
fn words(made: &Value, scene: usize) -> Vec<(String, u32)> {
    let video = &made["video"];
    let starts: Vec<u64> = serde_json::from_value(video["scene_starts_ms"].clone()).unwrap();
    let end = starts.get(scene + 1).copied().unwrap_or(u64::MAX);
    let words = video["words"].as_array().unwrap().iter();
    let words = words.map(|word| {
        let start = word["start_ms"].as_u64().unwrap();
        (word["text"].as_str().unwrap().to_owned(), start)
    });
    words
        .filter(|(_, start)| (starts[scene]..end).contains(start))
        .map(|(text, start)| (text, start as u32))
        .collect()
}

#[test]
fn a_person_is_heard_in_one_scene_and_its_words_are_marked_as_they_are_said() {
    let made = Made::of(Sandbox::new());
    made.sandbox.write("read.wav", READ);
    let mut script = made.script();
    script["scenes"][2]["say"] = json!([SAID]);
    script["scenes"][2]["recording"] = json!({ "file": "read.wav" });
    let before = made.sandbox.journal().len();
    let told = made.rerender(&script, &[]).json();
    let expected = ["script", "hook", "audio 2", "images 2", "compose", "score"];
    let expected: BTreeSet<String> = expected.map(str::to_owned).into();
    assert_eq!(made.made_since(before), expected);
    assert_eq!(degraded(&told), [""; 0]);
    let heard = words(&told, 2);
    assert_eq!(heard.len(), 14, "{heard:?}");
    // The film begins the scene when it likes; from word to word it is the person's time.
    for (word, begins) in BEGINS {
        let after = i64::from(heard[word].1) - i64::from(heard[0].1);
        let expected = i64::from(begins - BEGINS[0].1);
        assert!(
            (after - expected).abs() <= 60,
            "{:?}: {after}, not {expected}",
            heard[word]
        );
    }

    // The script names it by its number, and what it says can't be changed without a word.
    let mut script = made.script();
    assert_eq!(script["scenes"][2]["recording"], json!({ "number": 1 }));
    assert_eq!(script["scenes"][1]["recording"], Value::Null);
    let same = made.sandbox.journal().len();
    made.rerender(&script, &[]).json();
    assert!(made.made_since(same).is_empty());
    script["scenes"][2]["say"] = json!(["He might even have been made amiable himself, in time."]);
    let changed = made.rerender(&script, &[]).json();
    let reasons = degraded(&changed);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    let told = "the recording doesn't seem to say \"He might even have been made amiable himself";
    assert!(reasons[0].contains(told), "{reasons:?}");
    assert_eq!(changed["run"]["state"], "in_review");

    script["scenes"][2]
        .as_object_mut()
        .unwrap()
        .remove("recording");
    let spoken = made.rerender(&script, &[]).json();
    assert_eq!(degraded(&spoken), [""; 0], "the voice says it again");
}

/// All scenes of a script, spoken one after the other as another person would: slower, from a shorter throat, with silence before and after each.
fn take(script: &Value) -> Vec<u8> {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let [voice, voices, home] = ["REELWRIGHT_VOICE", "REELWRIGHT_VOICES", "HOME"].map(path);
    let dir = voice::voice_dir(voice.as_deref(), voices.as_deref(), home.as_deref()).unwrap();
    let voice = Voice::load(&dir).unwrap();
    let mut samples = Vec::new();
    for scene in script["scenes"].as_array().unwrap() {
        let lines: Vec<String> = serde_json::from_value(scene["say"].clone()).unwrap();
        let speech = voice
            .speak(&lines, &Pronunciations::default(), 0.8)
            .unwrap();
        samples.resize(samples.len() + 14_000, 0);
        samples.extend(speech.samples);
    }
    voice::wav(&samples, 24_000)
}

#[test]
fn a_recording_of_the_whole_script_is_parted_among_its_scenes() {
    let made = Made::of(Sandbox::new());
    let script = made.script();
    let count = script["scenes"].as_array().unwrap().len();
    let recording = made.sandbox.write("take.wav", take(&script));
    let recording = recording.to_str().unwrap();
    let told = made.rerender(&script, &["--recording", recording]).json();
    assert_eq!(degraded(&told), [""; 0]);
    let numbered = made.script();
    for scene in 0..count {
        let number = json!({ "number": scene + 1 });
        assert_eq!(numbered["scenes"][scene]["recording"], number);
        let said = script["scenes"][scene]["say"].as_array().unwrap();
        let said: Vec<&str> = said
            .iter()
            .flat_map(|line| line.as_str().unwrap().split_whitespace())
            .collect();
        let heard = words(&told, scene);
        let heard: Vec<&str> = heard.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(heard, said, "scene {scene}");
    }

    // Another sentence can be recorded anew without the others.
    made.sandbox.write("read.wav", READ);
    let mut script = numbered;
    script["scenes"][1]["say"] = json!([SAID]);
    script["scenes"][1]["recording"] = json!({ "file": "read.wav" });
    let before = made.sandbox.journal().len();
    let told = made.rerender(&script, &[]).json();
    assert_eq!(degraded(&told), [""; 0]);
    let made_again = made.made_since(before);
    let spoken: Vec<_> = made_again
        .iter()
        .filter(|task| task.starts_with("audio"))
        .collect();
    assert_eq!(spoken, ["audio 1"]);
}

#[test]
fn what_cannot_be_heard_or_is_no_recording_of_the_script_is_refused() {
    let made = Made::of(Sandbox::new());
    let script = made.script();
    made.sandbox
        .write("silent.wav", voice::wav(&vec![0; 96_000], 48_000));
    made.sandbox
        .write("long.wav", voice::wav(&vec![900; 121 * 8_000], 8_000));
    made.sandbox.write("picture.wav", b"\x89PNG\r\n\x1a\n");
    let with = |recording: Value| {
        let mut script = script.clone();
        script["scenes"][1]["recording"] = recording;
        made.rerender(&script, &[]).refusal()
    };
    for (recording, told) in [
        (
            json!({ "file": "absent.wav" }),
            "scenes[1].recording.file names",
        ),
        (json!({ "file": "silent.wav" }), "it is silent for"),
        (json!({ "file": "long.wav" }), "longer than 120 s"),
        (
            json!({ "file": "picture.wav" }),
            "no WAV, MP3, Ogg Vorbis or FLAC",
        ),
        (
            json!({ "number": 1 }),
            "scenes[1].recording.number: the video has no recording yet",
        ),
        (
            json!({}),
            "scenes[1].recording: it isn't said which recording",
        ),
        (json!({ "file": "a", "number": 1 }), "keep one"),
        (json!({ "take": 1 }), "unknown field `take`"),
    ] {
        let refused = with(recording.clone());
        assert!(refused.contains(told), "{recording}: {refused}");
    }
    let parted = |name: &str, sound: &[u8]| {
        let recording = made.sandbox.write(name, sound);
        let recording = recording.to_str().unwrap();
        made.rerender(&script, &["--recording", recording])
            .refusal()
    };
    let refused = parted("other.wav", OTHER);
    assert!(refused.contains("somebody speaks for"), "{refused}");
    let mut missing = script.clone();
    missing["scenes"].as_array_mut().unwrap().remove(1);
    let refused = parted("missing.wav", &take(&missing));
    let told = "be said from";
    assert!(
        refused.contains(told) && refused.contains("in their order"),
        "{refused}"
    );
    let recording = made.sandbox.path("absent.wav");
    let absent = ["--recording", recording.to_str().unwrap()];
    let refused = made.rerender(&script, &absent).refusal();
    assert!(
        refused.contains("--recording names") && !refused.contains("brief"),
        "{refused}"
    );
    assert_eq!(made.script(), script, "the run is as it was");
}

#[test]
fn where_no_voice_speaks_the_words_are_spread_over_the_recording_and_that_is_told() {
    let made = Made::of(Sandbox::new().with("REELWRIGHT_SPEECH", "none"));
    made.sandbox.write("read.wav", READ);
    let mut script = made.script();
    script["scenes"][1]["say"] = json!([SAID]);
    script["scenes"][1]["recording"] = json!({ "file": "read.wav" });
    let told = made.rerender(&script, &[]).json();
    let reasons = degraded(&told);
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("reckoned from their length")),
        "{reasons:?}"
    );
    let heard = words(&told, 1);
    let (first, last) = (heard[0].1, heard[13].1);
    assert!((3_000..4_900).contains(&(last - first)), "{heard:?}");
}
