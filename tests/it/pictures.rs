//! Pictures of the user's own, from the brief to the video and back by its script: what they change, what they don't, and what is no picture.

use std::collections::BTreeSet;

use runtime::JournalEvent;
use serde_json::{Value, json};

use crate::support::{Answer, SMALL, Sandbox};

/// A picture of one colour, large enough for a frame.
fn picture(rgb: [u8; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1_200, 1_200);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&rgb.repeat(1_200 * 1_200)).unwrap();
    writer.finish().unwrap();
    bytes
}

fn brief(pictures: &Value) -> String {
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["pictures"] = pictures.clone();
    brief.to_string()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new().with("REELWRIGHT_SPEECH", "none");
    sandbox.write("yeast.png", picture([200, 60, 40]));
    sandbox.write("oven.png", picture([40, 90, 200]));
    sandbox
}

/// What was made, and not only looked up, by what `work` does: task by task, with their items.
fn made_by(sandbox: &Sandbox, work: impl FnOnce() -> Answer) -> (Value, BTreeSet<String>) {
    let before = sandbox.journal().len();
    let answer = work().json();
    let made = sandbox.journal().into_iter().skip(before);
    let made = made.filter(|entry| entry.event == JournalEvent::Made);
    let names = made.map(|entry| match entry.item {
        Some(item) => format!("{} {item}", entry.task),
        None => entry.task,
    });
    (answer, names.collect())
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn script(sandbox: &Sandbox, made: &Value) -> Value {
    let id = made["run"]["id"].as_str().unwrap();
    sandbox.run(&["script", id, "--json"]).json()
}

fn rerender(sandbox: &Sandbox, made: &Value, script: &Value) -> Answer {
    let id = made["run"]["id"].as_str().unwrap();
    let path = sandbox.write("script.json", script.to_string());
    let (path, out) = (path.to_str().unwrap(), sandbox.out());
    sandbox.run(&[
        "rerender",
        id,
        path,
        "--json",
        "--out",
        out.to_str().unwrap(),
    ])
}

#[test]
fn a_picture_that_changes_makes_its_scenes_again_and_nothing_else() {
    let sandbox = sandbox();
    let pictures = json!([
        { "file": "yeast.png", "for": "yeast eats the sugar", "motion": "in" },
        { "file": "oven.png", "scene": 1 },
    ]);
    let path = sandbox.write("brief.json", brief(&pictures));
    let first = sandbox.make(&path).json();
    let sheet = script(&sandbox, &first);
    let shown: Vec<&Value> = sheet["scenes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scene| &scene["picture"]["number"])
        .collect();
    assert_eq!(shown[..3], [&json!(2), &json!(1), &Value::Null], "{sheet}");

    // Another file of the same name; the same picture in a file of another name.
    sandbox.write("yeast.png", picture([20, 160, 60]));
    std::fs::rename(sandbox.path("oven.png"), sandbox.path("heat.png")).unwrap();
    let renamed = pictures.to_string().replace("oven.png", "heat.png");
    let path = sandbox.write(
        "brief.json",
        brief(&serde_json::from_str(&renamed).unwrap()),
    );
    let (_, anew) = made_by(&sandbox, || sandbox.make(&path));
    assert_eq!(anew, names(&["images 1", "compose", "score"]));
}

#[test]
fn a_script_swaps_moves_and_removes_pictures_and_only_their_scenes_are_drawn() {
    let sandbox = sandbox();
    let path = sandbox.write(
        "brief.json",
        brief(&json!([{ "file": "yeast.png", "scene": 2 }])),
    );
    let first = sandbox.make(&path).json();
    let as_it_is = script(&sandbox, &first);
    let (same, anew) = made_by(&sandbox, || rerender(&sandbox, &first, &as_it_is));
    assert_eq!((same["run"]["round"].as_u64(), anew), (Some(1), names(&[])));

    let mut swapped = as_it_is.clone();
    swapped["scenes"][1]["picture"] =
        json!({ "file": "oven.png", "focus": [0.2, 0.8], "motion": "left" });
    let (second, anew) = made_by(&sandbox, || rerender(&sandbox, &first, &swapped));
    // What was written is taken over as it is.
    assert_eq!(
        anew,
        names(&["script", "hook", "images 1", "compose", "score"])
    );
    let key = |made: &Value, name: &str| {
        let pieces = made["video"]["segments"].as_array().unwrap();
        let piece = pieces.iter().find(|piece| piece["name"] == name);
        piece.unwrap()["key"].clone()
    };
    assert_eq!(key(&first, "scene 2"), key(&second, "scene 2"));
    assert_ne!(key(&first, "scene 1"), key(&second, "scene 1"));

    let mut moved = script(&sandbox, &second);
    assert_eq!(
        moved["scenes"][1]["picture"],
        json!({ "number": 1, "focus": [0.2, 0.8], "motion": "left" })
    );
    moved["scenes"][2]["picture"] = moved["scenes"][1]["picture"].take();
    moved["scenes"][1]
        .as_object_mut()
        .unwrap()
        .remove("picture");
    let (_, anew) = made_by(&sandbox, || rerender(&sandbox, &first, &moved));
    assert_eq!(anew, names(&["images 1", "images 2", "compose", "score"]));

    let mut wrong = script(&sandbox, &second);
    wrong["scenes"][1]["picture"] = json!({ "number": 7 });
    let told = rerender(&sandbox, &first, &wrong).refusal();
    assert!(
        told.contains("scenes[1].picture.number: the video has pictures 1 to 1"),
        "{told}"
    );
    wrong["scenes"][1]["picture"] = json!({ "file": "brief.json" });
    let told = rerender(&sandbox, &first, &wrong).refusal();
    assert!(
        told.contains("scenes[1].picture.file names") && told.contains("it is text"),
        "{told}"
    );
}

#[test]
fn music_is_taken_away_by_a_script_and_only_sound_is_made_again() {
    let sandbox = sandbox();
    let mut brief: Value = serde_json::from_str(SMALL).unwrap();
    brief["music"] = json!("tone.mp3");
    let tone = include_bytes!("../../shared/media/tests/data/tone.mp3");
    sandbox.write("tone.mp3", tone);
    let path = sandbox.write("brief.json", brief.to_string());
    let first = sandbox.make(&path).json();
    let mut quiet = script(&sandbox, &first);
    quiet["look"]["remove"] = json!(["music"]);
    let (second, anew) = made_by(&sandbox, || rerender(&sandbox, &first, &quiet));
    assert_eq!(anew, names(&["script", "hook", "compose", "score"]));
    assert_eq!(first["video"]["segments"], second["video"]["segments"]);
    assert!(first["video"]["loudness_lufs"].is_number(), "{first}");
    assert!(second["video"]["loudness_lufs"].is_null(), "{second}");
}

#[test]
fn what_is_no_picture_is_refused_before_a_run_begins() {
    let sandbox = sandbox();
    let whole = picture([1, 2, 3]);
    sandbox.write("half.png", &whole[..whole.len() / 2]);
    sandbox.write("empty.jpg", "");
    for (file, told) in [
        ("half.png", "the PNG can't be read: it ends too early"),
        ("empty.jpg", "it is empty"),
        ("none.jpg", "can't be read"),
    ] {
        let path = sandbox.write("brief.json", brief(&json!([{ "file": file }])));
        let refused = sandbox.make(&path).refusal();
        assert!(refused.contains("pictures[0].file names"), "{refused}");
        assert!(refused.contains(told), "{refused}");
    }
    assert_eq!(sandbox.run(&["list", "--json"]).json()["runs"], json!([]));
}

#[test]
fn pictures_that_are_small_or_have_no_place_are_told() {
    let sandbox = sandbox();
    let small = include_bytes!("../../shared/photo/tests/data/progressive.jpg");
    sandbox.write("small.jpg", small);
    let pictures = json!([
        { "file": "small.jpg", "scene": 2 },
        { "file": "oven.png", "for": "a locomotive" },
    ]);
    let path = sandbox.write("brief.json", brief(&pictures));
    let made = sandbox.make(&path).json();
    let told = made["degraded"].to_string();
    assert!(told.contains("300 x 240 pixels, and is enlarged"), "{told}");
    assert!(
        told.contains("picture 2 is shown nowhere") && told.contains("a locomotive"),
        "{told}"
    );
}
