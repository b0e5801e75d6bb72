//! The clip that `make bench` renders: 10 s of 30 frames from three stills with cross-fades, captions and sound.
//!
//!     cargo run -p media --example clip -- export FOLDER [9:16 | 1:1 | 16:9]
//!     cargo run -p media --example clip -- render FOLDER OUT.mp4 [THREADS]
//!     cargo run -p media --example clip -- frames FOLDER OUT.yuv
//!
//! `export` draws what the clip is made of, once, so that what is measured starts from files: `render` and `frames` read the blobs by their
//! keys and `film.json`, any other program `still-N.png` (all of a scene but its caption), `narration.wav`, `captions.vtt` and
//! `captions.srt`. `frames` writes every frame as it is before coding (planar 4:2:0, no header).

#[path = "../tests/it/sample.rs"]
mod sample;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use domain::{ArtifactRef, Aspect, Narration, Palette, Picture, Platform, Style};
use media::{Assets, Hooks, Look, SceneAssets, soundtrack, srt, thumbnail, vtt};
use sample::{Sample, Told};
use serde::{Deserialize, Serialize};
use typeset::Fonts;

type Failure = Box<dyn std::error::Error>;

/// As much to say as makes 300 frames.
const SCENES: [Told; 3] = [
    (
        "Sleep is not idle time",
        "Most people think sleep is idle time, and they are wrong.",
        [[15, 23, 42], [29, 78, 216]],
    ),
    (
        "7 to 9 hours",
        "Seven to nine hours let the brain sort and clear what it heard.",
        [[24, 16, 44], [126, 34, 206]],
    ),
    (
        "Start tonight",
        "Turn in at the same hour, and see what it gives.",
        [[6, 40, 38], [13, 148, 136]],
    ),
];

/// What `film.json` holds; the blobs lie beside it.
#[derive(Serialize, Deserialize)]
struct Parts {
    size: (u32, u32),
    pictures: Vec<Picture>,
    narrations: Vec<Narration>,
}

impl Parts {
    fn blobs(&self) -> impl Iterator<Item = &ArtifactRef> {
        let pictures = self.pictures.iter();
        let pictures = pictures.flat_map(|p| [Some(&p.background), p.foreground.as_ref()]);
        let sounds = self.narrations.iter().map(|n| n.audio.as_ref());
        pictures.chain(sounds).flatten()
    }
}

fn file_of(blob: &ArtifactRef) -> String {
    format!("{}.{}", blob.key, blob.media_type.extension())
}

fn export(folder: &Path, aspect: Aspect) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let sample = Sample::of(aspect.size(), &SCENES, &[]);
    for (at, picture) in sample.pictures.iter().enumerate() {
        let scene = SceneAssets {
            picture,
            clip: None,
        };
        let (look, fonts) = (&sample.look, &sample.fonts);
        let assets = Assets::new(
            vec![scene],
            look,
            fonts,
            None,
            aspect.size(),
            7,
            &sample.blobs,
        );
        std::fs::write(
            folder.join(format!("still-{at}.png")),
            thumbnail(&assets, 0)?,
        )?;
    }
    let film = sample.film(1);
    let timeline = film.timeline()?;
    let sound = soundtrack(&timeline, &film.narrations, film.music, &sample.blobs)?;
    let samples: Vec<i16> = sound
        .samples
        .iter()
        .map(|sample| (sample * 32_767.0) as i16)
        .collect();
    std::fs::write(
        folder.join("narration.wav"),
        sample::wav(media::SAMPLE_RATE, &samples),
    )?;
    let (words, groups) = (timeline.words(), timeline.groups());
    std::fs::write(folder.join("captions.vtt"), vtt(words, groups))?;
    std::fs::write(folder.join("captions.srt"), srt(words, groups))?;

    drop(film);
    let starts = timeline.scene_starts_ms();
    let parts = Parts {
        size: sample.size,
        pictures: sample.pictures,
        narrations: sample.narrations,
    };
    for blob in parts.blobs() {
        std::fs::write(folder.join(file_of(blob)), &sample.blobs[&blob.key])?;
    }
    std::fs::write(folder.join("film.json"), serde_json::to_vec_pretty(&parts)?)?;
    let length_ms = timeline.length_ms();
    println!(
        "{}",
        serde_json::json!({ "length_ms": length_ms, "scene_starts_ms": starts, "size": parts.size })
    );
    Ok(())
}

/// What was exported.
fn import(folder: &Path) -> Result<Sample, Failure> {
    let parts: Parts = serde_json::from_slice(&std::fs::read(folder.join("film.json"))?)?;
    let read = |blob: &ArtifactRef| {
        std::fs::read(folder.join(file_of(blob))).map(|bytes| (blob.key.clone(), bytes))
    };
    let blobs: BTreeMap<_, _> = parts.blobs().map(read).collect::<Result<_, _>>()?;
    Ok(Sample {
        blobs,
        clips: vec![None; parts.pictures.len()],
        pictures: parts.pictures,
        narrations: parts.narrations,
        music: None,
        look: Look::new(Style::Classic, &Palette::default(), Platform::Any),
        fonts: Fonts::builtin(),
        size: parts.size,
    })
}

fn frames(folder: &Path, out: &Path) -> Result<(), Failure> {
    let mut file = BufWriter::new(File::create(out)?);
    let mut written = Ok(());
    import(folder)?.film(1).draw(|planes| {
        for plane in planes {
            if written.is_ok() {
                written = file.write_all(plane);
            }
        }
    })?;
    written?;
    Ok(file.flush()?)
}

fn render(folder: &Path, out: &Path, threads: usize) -> Result<(), Failure> {
    let start = Instant::now();
    let sample = import(folder)?;
    let produced = sample.film(threads).produce(&Hooks::NONE)?;
    std::fs::write(out, &produced.mp4)?;
    let (seconds, took) = (
        f64::from(produced.length_ms) / 1000.0,
        start.elapsed().as_secs_f64(),
    );
    println!(
        "{seconds:.1} s of video, {} KB, in {took:.2} s: {:.1} x real time",
        produced.mp4.len() / 1024,
        seconds / took
    );
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["export", folder, ref rest @ ..] if rest.len() <= 1 => {
            let aspect = match rest.first() {
                Some(&"1:1") => Aspect::Square,
                Some(&"16:9") => Aspect::Landscape,
                _ => Aspect::Portrait,
            };
            export(Path::new(folder), aspect)
        }
        ["render", folder, out, ref rest @ ..] if rest.len() <= 1 => {
            let threads = rest.first().and_then(|text| text.parse().ok());
            let threads = threads
                .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
                .unwrap_or(2);
            render(Path::new(folder), Path::new(out), threads)
        }
        ["frames", folder, out] => frames(Path::new(folder), Path::new(out)),
        _ => {
            eprintln!(
                "usage: clip export FOLDER [9:16 | 1:1 | 16:9], clip render FOLDER OUT.mp4 [THREADS], or clip frames FOLDER OUT.yuv"
            );
            return ExitCode::from(2);
        }
    };
    if let Err(error) = done {
        eprintln!("{}: {error}", arguments.join(" "));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
