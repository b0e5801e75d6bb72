//! A brief becomes a video, and what a viewer or player would find wrong with it.

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::{PostLimits, Posts};
use serde_json::Value;

use crate::support::{SMALL, Sandbox};

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/briefs");
    let mut briefs: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "yaml" || ending == "json")
        })
        .collect();
    briefs.sort();
    assert!(briefs.len() >= 3, "{briefs:?}");
    briefs
}

/// What ffprobe reads of a file.
fn probe(path: &Path) -> Value {
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-of",
            "json",
            "-show_format",
            "-show_streams",
            "-count_frames",
        ])
        .arg(path)
        .output()
        .expect(
            "ffprobe is missing: run `make test`, which installs it, or `apt-get install ffmpeg`",
        );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "",
        "ffprobe complains"
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn seconds(stream: &Value) -> f64 {
    stream["duration"].as_str().unwrap().parse().unwrap()
}

#[test]
fn every_example_becomes_a_video_of_the_right_kind_and_length() {
    for brief in examples() {
        let sandbox = Sandbox::new();
        let made = sandbox.make(&brief).json();
        let text = std::fs::read_to_string(&brief).unwrap();
        let asked = domain::read_brief(&text).unwrap();
        let folder = PathBuf::from(made["folder"].as_str().unwrap());

        let found = probe(&folder.join("final.mp4"));
        let streams = found["streams"].as_array().unwrap();
        let of = |kind: &str| {
            streams
                .iter()
                .find(|stream| stream["codec_type"] == kind)
                .unwrap()
        };
        let (video, audio) = (of("video"), of("audio"));
        assert_eq!(video["codec_name"], "h264");
        assert_eq!(audio["codec_name"], "aac");
        assert_eq!(video["r_frame_rate"], "30/1");
        let size = (
            video["width"].as_u64().unwrap() as u32,
            video["height"].as_u64().unwrap() as u32,
        );
        assert_eq!(size, asked.aspect.size());
        assert!(
            (seconds(video) - seconds(audio)).abs() <= 0.050,
            "{} {}",
            seconds(video),
            seconds(audio)
        );
        let target = f64::from(asked.target_seconds);
        assert!(
            (seconds(video) - target).abs() <= target * 0.25,
            "{} s made of {target} s asked",
            seconds(video)
        );
        for file in ["captions.vtt", "captions.srt", "thumbnail.png", "run.json"] {
            assert!(folder.join(file).metadata().unwrap().len() > 0, "{file}");
        }
        let posts = std::fs::read_to_string(folder.join("posts.json")).unwrap();
        let posts: Posts = serde_json::from_str(&posts).unwrap();
        for (platform, post) in posts.each() {
            assert!(PostLimits::of(platform).take(post), "{post:?}");
            assert!(post.text.starts_with(&post.description) && !post.hashtags.is_empty());
            for line in &post.lines {
                let said = made["lines"].as_array().unwrap();
                assert!(said.iter().any(|said| *said == line.text), "{line:?}");
            }
        }
        let bytes = std::fs::read(folder.join("final.mp4")).unwrap();
        let at = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
        assert!(at(b"moov") < at(b"mdat"), "the index has to come first");
        assert_eq!(
            made["degraded"].as_array().map_or(0, Vec::len),
            0,
            "{}",
            made["degraded"]
        );
    }
}

#[test]
fn every_word_of_the_script_has_its_time_and_none_overlaps() {
    let sandbox = Sandbox::new();
    let made = sandbox.make(&sandbox.write("brief.json", SMALL)).json();
    let words = made["video"]["words"].as_array().unwrap();
    let spoken: Vec<&str> = words
        .iter()
        .map(|word| word["text"].as_str().unwrap())
        .collect();
    let lines: Vec<&str> = made["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    assert_eq!(
        spoken.join(" "),
        lines
            .join(" ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    );
    let mut end = 0;
    for word in words {
        let (from, until) = (
            word["start_ms"].as_u64().unwrap(),
            word["end_ms"].as_u64().unwrap(),
        );
        assert!(end <= from && from < until, "{word}");
        end = until;
    }
    assert!(end <= made["video"]["length_ms"].as_u64().unwrap());
}

#[test]
fn the_same_brief_and_seed_give_the_same_bytes_and_another_seed_gives_others() {
    let made = |brief: &str| {
        let sandbox = Sandbox::new();
        let made = sandbox.make(&sandbox.write("brief.json", brief)).json();
        std::fs::read(PathBuf::from(made["folder"].as_str().unwrap()).join("final.mp4")).unwrap()
    };
    let first = made(SMALL);
    assert!(first == made(SMALL), "two runs of one brief differ");
    assert!(
        first != made(&SMALL.replacen('{', "{\"seed\": 7,", 1)),
        "another seed gives the same video"
    );
}

/// A five-second brief in characters that most fonts lack, and the reasons for which it is degraded.
fn scripts(language: &str, texts: [&str; 3]) -> Vec<String> {
    let sandbox = Sandbox::new();
    let [topic, point, call] = texts;
    let brief = serde_json::json!({
        "topic": topic, "language": language, "key_points": [point], "target_seconds": 5, "aspect": "1:1",
        "brand": { "name": topic, "call_to_action": call },
    });
    let made = sandbox
        .make(&sandbox.write("brief.json", brief.to_string()))
        .json();
    let folder = PathBuf::from(made["folder"].as_str().unwrap());
    assert_eq!(
        probe(&folder.join("final.mp4"))["streams"][0]["codec_name"],
        "h264"
    );
    let reasons = made["degraded"].as_array().unwrap().iter();
    reasons
        .map(|reason| reason.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn text_of_any_script_is_drawn_or_the_run_is_degraded_with_the_reason() {
    let undrawn = |reasons: &[String]| {
        let all = reasons.join("; ");
        (all.contains("no font has them"), all)
    };
    for (language, texts) in [
        (
            "en",
            [
                "Bread 🍞",
                "Yeast 🦠 eats sugar in a cafe\u{301} 👩‍🍳.",
                "Bake 🔥",
            ],
        ),
        ("he", ["לחם", "שמרים אוכלים סוכר.", "אפו היום"]),
        ("ar", ["الخبز", "الخميرة تأكل السكر.", "اخبز اليوم"]),
        ("zh", ["面包", "酵母吃掉面粉里的糖。", "今天就烤"]),
        ("ja", ["パン", "酵母が砂糖を食べます。", "今日焼こう"]),
        ("ko", ["빵", "효모가 설탕을 먹습니다.", "오늘 구우세요"]),
    ] {
        let (left_out, reasons) = undrawn(&scripts(language, texts));
        assert!(!left_out, "{language}: {reasons}");
        assert_eq!(
            reasons.contains("not spoken"),
            language != "en",
            "{reasons}"
        );
    }
    let rare = ["Bread", "Egyptians wrote 𓀀 beside bread.", "Bake"];
    let (left_out, reasons) = undrawn(&scripts("en", rare));
    assert!(left_out && reasons.contains("U+13000"), "{reasons}");
}
