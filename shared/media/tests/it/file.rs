use media::{Hooks, Produced};

use crate::sample::{SCENES, Sample};
use crate::tools;

const SMALL: (u32, u32) = (270, 480);

fn made(sample: &Sample, threads: usize) -> Produced {
    sample.film(threads).produce(&Hooks::NONE).unwrap()
}

fn seconds(value: &serde_json::Value) -> f64 {
    value["duration"].as_str().unwrap().parse().unwrap()
}

#[test]
fn ffprobe_reads_what_was_promised_in_every_shape() {
    for size in [(1080, 1920), (1080, 1080), (1920, 1080)] {
        let produced = made(&Sample::of(size, &SCENES[2..], &[]), 2);
        let said = tools::probe(&produced.mp4);
        let (video, audio) = (&said["streams"][0], &said["streams"][1]);
        assert_eq!(video["codec_name"], "h264");
        assert_eq!(
            (video["width"].as_u64(), video["height"].as_u64()),
            (Some(size.0.into()), Some(size.1.into()))
        );
        assert_eq!(video["r_frame_rate"], "30/1");
        assert_eq!(
            (&video["color_space"], &video["color_range"]),
            (&"bt709".into(), &"tv".into())
        );
        assert_eq!(
            (
                &audio["codec_name"],
                &audio["profile"],
                &audio["sample_rate"]
            ),
            (&"aac".into(), &"LC".into(), &"48000".into())
        );
        let length = f64::from(produced.length_ms) / 1000.0;
        assert!((seconds(video) - length).abs() < 0.002, "{video}");
        assert!((seconds(video) - seconds(audio)).abs() < 0.05, "{audio}");
        tools::run(
            "ffmpeg",
            &produced.mp4,
            &["-xerror", "-i", "FILE", "-f", "null", "-"],
        );
    }
}

/// The boxes of a file: their names and lengths.
fn boxes(mut bytes: &[u8]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    while bytes.len() >= 8 {
        let length = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        found.push((String::from_utf8_lossy(&bytes[4..8]).into_owned(), length));
        bytes = &bytes[length..];
    }
    assert!(bytes.is_empty());
    found
}

#[test]
fn the_index_comes_before_the_data() {
    let produced = made(&Sample::of(SMALL, &SCENES[..2], &[]), 2);
    let names: Vec<String> = boxes(&produced.mp4)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["ftyp", "moov", "mdat"]);
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let sample = Sample::new(SMALL);
    let (one, two, five) = (made(&sample, 1), made(&sample, 2), made(&sample, 5));
    assert!(one == two && two == five);
}

#[test]
fn every_frame_is_there_once_and_players_can_seek_every_two_seconds() {
    let produced = made(&Sample::new(SMALL), 2);
    let said = tools::run(
        "ffprobe",
        &produced.mp4,
        &[
            "-select_streams",
            "v",
            "-show_entries",
            "packet=pts,duration,flags",
            "-of",
            "csv=p=0",
            "FILE",
        ],
    );
    let mut last_key = 0;
    let text = String::from_utf8(said).unwrap();
    for (at, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields[0].parse::<usize>().unwrap(), at * 1000);
        if fields[2].starts_with('K') {
            last_key = at;
        }
        assert!(at - last_key < 60);
    }
    let frames: u32 = produced.segments.iter().map(|segment| segment.frames).sum();
    assert_eq!(text.lines().count(), frames as usize);
}

#[test]
fn the_thumbnail_is_the_first_scene_at_rest() {
    let sample = Sample::new(SMALL);
    let produced = made(&sample, 2);
    let said = tools::probe(&produced.thumbnail_png);
    assert_eq!(said["streams"][0]["width"], 270);
    let [thumbnail] = &tools::frames(&produced.thumbnail_png, SMALL)[..] else {
        panic!("one picture")
    };
    // The clip's words are all there: as much of the accent as late in the scene, above the captions.
    let accent = |frame: &[u8]| {
        frame[..270 * 300 * 3]
            .chunks_exact(3)
            .filter(|p| p[0] > 220 && p[1] > 170 && p[2] < 90)
            .count()
    };
    let late = &tools::frames(&produced.mp4, SMALL)[100];
    let (here, there) = (accent(thumbnail), accent(late));
    assert!(
        here > 500 && here.abs_diff(there) < here / 10,
        "{here} {there}"
    );
}
