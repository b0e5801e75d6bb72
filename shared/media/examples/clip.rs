//! Renders the benchmark: 10 s of 1080 x 1920 at 30 fps from three stills with cross-fades, captions and sound.
//!
//!     cargo run -p media --example clip -- OUT.mp4 [9:16 | 1:1 | 16:9] [THREADS]

#[path = "../tests/it/sample.rs"]
mod sample;

use std::process::ExitCode;
use std::time::Instant;

use domain::Aspect;
use media::Hooks;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next() else {
        eprintln!("where to? usage: clip OUT.mp4 [9:16 | 1:1 | 16:9] [THREADS]");
        return ExitCode::from(2);
    };
    let aspect = match arguments.next().as_deref() {
        Some("1:1") => Aspect::Square,
        Some("16:9") => Aspect::Landscape,
        _ => Aspect::Portrait,
    };
    let threads = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2);

    let start = Instant::now();
    let sample = sample::Sample::new(aspect.size());
    let drawn = start.elapsed();
    let start = Instant::now();
    let produced = match sample.film(threads).produce(&Hooks::NONE) {
        Ok(produced) => produced,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let took = start.elapsed();
    let thumbnail = format!("{out}.png");
    for (path, bytes) in [(&out, &produced.mp4), (&thumbnail, &produced.thumbnail_png)] {
        if let Err(error) = std::fs::write(path, bytes) {
            eprintln!("{path} can't be written: {error}");
            return ExitCode::FAILURE;
        }
    }
    println!(
        "{:.1} s of video, {} KB, in {:.2} s ({:.1} x real time; drawing the stills took {:.2} s); {:?}",
        f64::from(produced.length_ms) / 1000.0,
        produced.mp4.len() / 1024,
        took.as_secs_f64(),
        f64::from(produced.length_ms) / 1000.0 / took.as_secs_f64(),
        drawn.as_secs_f64(),
        produced.loudness,
    );
    ExitCode::SUCCESS
}
