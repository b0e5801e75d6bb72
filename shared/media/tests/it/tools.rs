//! ffmpeg and ffprobe, as other people's reading of our files. The crate itself never needs them.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs a tool on a file and gives what it printed; its complaints are a failure.
pub(crate) fn run(tool: &str, file: &[u8], arguments: &[&str]) -> Vec<u8> {
    let mut input = tempfile::NamedTempFile::new().unwrap();
    input.write_all(file).unwrap();
    let path = input.path().to_str().unwrap();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|argument| if *argument == "FILE" { path } else { argument })
        .collect();
    let output = Command::new(tool)
        .args(["-v", "error"])
        .args(&arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| {
            panic!("{tool} is needed by these tests ({error}): apt-get install ffmpeg")
        });
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{tool} {arguments:?}: {complaints}"
    );
    output.stdout
}

/// What ffprobe says of streams and file.
pub(crate) fn probe(file: &[u8]) -> serde_json::Value {
    let said = run(
        "ffprobe",
        file,
        &["-show_streams", "-show_format", "-of", "json", "FILE"],
    );
    serde_json::from_slice(&said).unwrap()
}

/// Every frame as packed RGB.
pub(crate) fn frames(file: &[u8], (width, height): (u32, u32)) -> Vec<Vec<u8>> {
    let raw = run(
        "ffmpeg",
        file,
        &["-i", "FILE", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
    );
    raw.chunks_exact((width * height * 3) as usize)
        .map(<[u8]>::to_vec)
        .collect()
}

/// The sound as it is heard: its first channel at 48 kHz.
pub(crate) fn sound(file: &[u8]) -> Vec<f32> {
    let raw = run(
        "ffmpeg",
        file,
        &["-i", "FILE", "-map", "0:a", "-f", "f32le", "-"],
    );
    raw.chunks_exact(8)
        .map(|pair| f32::from_le_bytes(pair[..4].try_into().unwrap()))
        .collect()
}

/// The amplitude of one tone in a sound at the film's rate.
pub(crate) fn level(samples: &[f32], hertz: f64) -> f64 {
    let turn = std::f64::consts::TAU * hertz / f64::from(media::SAMPLE_RATE);
    let sum = samples
        .iter()
        .enumerate()
        .fold((0.0, 0.0), |sum, (at, sample)| {
            let (sin, cos) = (turn * at as f64).sin_cos();
            (
                sum.0 + f64::from(*sample) * cos,
                sum.1 + f64::from(*sample) * sin,
            )
        });
    2.0 * f64::hypot(sum.0, sum.1) / samples.len() as f64
}
