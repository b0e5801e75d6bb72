//! How much memory taking in a picture takes: a process of its own, so that nothing else is in the figure.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use photo::{MOST_MEMORY, PhotoError, take};

#[path = "../../media/tests/it/peak.rs"]
mod peak;

use peak::beyond;

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
    let (more, taken) = beyond(|| take(&file).unwrap());
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
    let (more, refused) = beyond(|| take(&file));
    assert!(matches!(refused, Err(PhotoError::Large { .. })));
    assert!(more < 64 << 20, "{} MB for a refusal", more >> 20);
}
