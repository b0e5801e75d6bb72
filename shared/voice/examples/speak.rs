//! Speaks lines into a wav file and prints each word's time: `cargo run -p voice --example speak -- OUT.wav LINE...`

use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: speak OUT.wav LINE...")?;
    let lines: Vec<String> = arguments.collect();
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let [voice, voices, home] = ["REELWRIGHT_VOICE", "REELWRIGHT_VOICES", "HOME"].map(path);
    let dir = voice::voice_dir(voice.as_deref(), voices.as_deref(), home.as_deref())
        .ok_or("set HOME or REELWRIGHT_VOICE to say where the voice is")?;
    let start = Instant::now();
    let voice = voice::Voice::load(&dir)?;
    let loaded = start.elapsed();
    let speech = voice.speak(&lines, &domain::Pronunciations::default(), 1.0)?;
    let spoken = start.elapsed().saturating_sub(loaded);
    std::fs::write(
        Path::new(&out),
        voice::wav(&speech.samples, speech.sample_rate),
    )?;
    for word in &speech.words {
        println!("{:6} {:6} {}", word.start_ms, word.end_ms, word.text);
    }
    eprintln!(
        "loaded in {loaded:?}, {} ms spoken in {spoken:?}, not spoken: {:?}",
        speech.length_ms(),
        speech.unspoken
    );
    Ok(())
}
