//! How much memory taking in a picture takes: a process of its own, so that nothing else is in the figure.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use photo::{MOST_MEMORY, PhotoError, take};

/// The most memory that the process had since `forget`, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kilobytes * 1024
}

fn forget() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = RgbImage::from_pixel(width, height, image::Rgb([90, 120, 60]));
    JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
    bytes
}

#[test]
fn the_largest_picture_that_is_taken_keeps_within_the_limit() {
    // 89.3 million pixels; the decoder's rows and the result come on top.
    let file = jpeg(9_600, 9_300);
    forget();
    let before = peak();
    let taken = take(&file).unwrap();
    let more = peak() - before;
    println!(
        "{} bytes of JPEG became {} x {}; {} MB at most",
        file.len(),
        taken.width,
        taken.height,
        more >> 20
    );
    assert!(more < MOST_MEMORY + (40 << 20), "{} MB", more >> 20);
    drop(taken);

    let file = jpeg(9_700, 9_300);
    forget();
    let before = peak();
    assert!(matches!(take(&file), Err(PhotoError::Large { .. })));
    let more = peak() - before;
    assert!(more < 64 << 20, "{} MB for a refusal", more >> 20);
}
