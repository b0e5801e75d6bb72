//! Files of every kind, whole and broken: each is taken in as the picture that it shows, or refused with its reason.
#![expect(clippy::unwrap_used, reason = "tests")]

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, Frame, ImageEncoder, Rgb, RgbImage, RgbaImage};
use moxcms::ColorProfile;
use photo::{Photo, PhotoError, Taken, take};
use proptest::prelude::*;

// Drawn by tests/data/draw.py: the four corners of `corners`, 300 x 240.
const CMYK: &[u8] = include_bytes!("data/cmyk.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("data/progressive.jpg");
const INTERLACED: &[u8] = include_bytes!("data/interlaced.png");
const LOSSY: &[u8] = include_bytes!("data/lossy.webp");

const SIZE: (u32, u32) = (300, 240);
const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 160, 40];
const BLUE: [u8; 3] = [30, 40, 200];
const YELLOW: [u8; 3] = [230, 210, 40];

/// A corner of each colour: red and green above blue and yellow.
fn corners() -> RgbImage {
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        Rgb(match (x < SIZE.0 / 2, y < SIZE.1 / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
}

fn jpeg(exif: Option<Vec<u8>>, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
    }
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).unwrap();
    }
    encoder.encode_image(&corners()).unwrap();
    bytes
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image
        .write_with_encoder(PngEncoder::new(&mut bytes))
        .unwrap();
    bytes
}

/// The colours in the middles of the four corners of what was taken in.
fn seen(taken: &Taken) -> [[u8; 3]; 4] {
    let photo = Photo::read(&taken.png).unwrap();
    assert_eq!(photo.size(), (taken.width, taken.height));
    assert_eq!(photo.animated(), taken.animated);
    let size = (taken.width, taken.height);
    let whole = [0.0, 0.0, f64::from(size.0), f64::from(size.1)];
    let pixels = photo.cut(whole, size);
    let places = [(1, 1), (3, 1), (1, 3), (3, 3)];
    places.map(|(x, y)| {
        let at = (size.1 * y / 4 * size.0 + size.0 * x / 4) as usize * 4;
        [pixels[at], pixels[at + 1], pixels[at + 2]]
    })
}

#[track_caller]
fn check(file: &[u8], colors: [[u8; 3]; 4], off: u8) -> Taken {
    let taken = take(file).unwrap();
    let found = seen(&taken);
    let far = found.iter().flatten().zip(colors.iter().flatten());
    let most = far.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(most <= off, "{found:?} for {colors:?}");
    taken
}

const UPRIGHT: [[u8; 3]; 4] = [RED, GREEN, BLUE, YELLOW];

fn refusal(file: &[u8]) -> String {
    let error = take(file).unwrap_err().to_string();
    assert!(!error.is_empty());
    error
}

#[test]
fn jpegs_of_every_make_are_taken_in() {
    check(&jpeg(None, None), UPRIGHT, 6);
    check(PROGRESSIVE, UPRIGHT, 8);
    // Inks have no such green or blue: the hues are what counts.
    check(CMYK, UPRIGHT, 60);
}

/// The head of a TIFF whose one entry is the orientation (Exif 2.32, section 4.6.4).
fn turned(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif
}

#[test]
fn a_camera_that_was_held_otherwise_makes_an_upright_picture() {
    let [a, b, c, d] = UPRIGHT;
    // What stands where once the camera's turn is undone (Exif 2.32: which edges of the picture its first row and column are).
    let expected = [
        [a, b, c, d],
        [b, a, d, c],
        [d, c, b, a],
        [c, d, a, b],
        [a, c, b, d],
        [c, a, d, b],
        [d, b, c, a],
        [b, d, a, c],
    ];
    for (orientation, colors) in (1..=8).zip(expected) {
        let taken = check(&jpeg(Some(turned(orientation)), None), colors, 6);
        let (width, height) = if orientation < 5 {
            SIZE
        } else {
            (SIZE.1, SIZE.0)
        };
        assert_eq!(
            (taken.width, taken.height),
            (width, height),
            "{orientation}"
        );
    }
    check(&jpeg(Some(turned(77)), None), UPRIGHT, 6);
    check(&jpeg(Some(b"II*".to_vec()), None), UPRIGHT, 6);
}

#[test]
fn colours_of_another_space_come_to_be_those_of_srgb() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let taken = take(&jpeg(None, Some(profile))).unwrap();
    let [red, ..] = seen(&taken);
    // Display P3's (220, 30, 30) lies outside sRGB: its red is full there.
    assert!(red[0] > 232 && red[1] < 24, "{red:?}");
    // A profile that is none changes nothing.
    check(&jpeg(None, Some(b"no profile".to_vec())), UPRIGHT, 6);
}

#[test]
fn pngs_of_every_make_are_taken_in() {
    let rgb = DynamicImage::ImageRgb8(corners());
    check(&png(&rgb), UPRIGHT, 0);
    check(&png(&DynamicImage::ImageRgb16(rgb.to_rgb16())), UPRIGHT, 1);
    check(
        &png(&DynamicImage::ImageRgba16(rgb.to_rgba16())),
        UPRIGHT,
        1,
    );
    check(INTERLACED, UPRIGHT, 2);
    let grey = seen(&take(&png(&DynamicImage::ImageLuma8(rgb.to_luma8()))).unwrap());
    assert!(grey.iter().all(|[r, g, b]| r == g && g == b), "{grey:?}");

    let mut palette = Vec::new();
    let mut encoder = png::Encoder::new(&mut palette, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(UPRIGHT.concat());
    let mut writer = encoder.write_header().unwrap();
    let row = |left: u8| {
        (0..75_u8).map(move |at| {
            if at < 38 {
                left * 0x55
            } else {
                (left + 1) * 0x55
            }
        })
    };
    let rows: Vec<u8> = (0..SIZE.1)
        .flat_map(|y| row(if y < 120 { 0 } else { 2 }))
        .collect();
    writer.write_image_data(&rows).unwrap();
    writer.finish().unwrap();
    check(&palette, UPRIGHT, 0);
}

#[test]
fn what_is_clear_stays_clear_and_what_is_clear_all_over_is_refused() {
    let mut image: RgbaImage = DynamicImage::ImageRgb8(corners()).to_rgba8();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        pixel[3] = if x < 150 && y < 120 { 0 } else { 128 };
    }
    let taken = take(&png(&DynamicImage::ImageRgba8(image.clone()))).unwrap();
    let photo = Photo::read(&taken.png).unwrap();
    assert!(photo.clear_in_places());
    let pixels = photo.cut([0.0, 0.0, 300.0, 240.0], (8, 8));
    assert_eq!(pixels[..4], [0, 0, 0, 0]);
    // Alpha is multiplied in.
    assert!(
        pixels[28..32]
            .iter()
            .zip([15, 80, 20, 128])
            .all(|(a, b)| a.abs_diff(b) <= 2),
        "{pixels:?}"
    );

    for pixel in image.pixels_mut() {
        pixel[3] = 0;
    }
    assert_eq!(
        take(&png(&DynamicImage::ImageRgba8(image))),
        Err(PhotoError::Clear)
    );
}

fn webp() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder
        .write_image(&corners(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// Two frames of a still WebP (WebP container specification, "Extended file format" and "Animation").
fn animated_webp(still: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let mut chunk = [name.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let three = |value: u32| value.to_le_bytes()[..3].to_vec();
    let size = [three(SIZE.0 - 1), three(SIZE.1 - 1)].concat();
    let head = [&[2, 0, 0, 0][..], &size].concat();
    let frame = [&[0; 6][..], &size, &three(100), &[0], &still[12..]].concat();
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &head),
        chunk(b"ANIM", &[0; 6]),
        chunk(b"ANMF", &frame),
        chunk(b"ANMF", &frame),
    ]
    .concat();
    chunk(b"RIFF", &body)
}

#[test]
fn webps_are_taken_in() {
    assert!(!check(&webp(), UPRIGHT, 0).animated);
    assert!(!check(LOSSY, UPRIGHT, 10).animated);
}

#[test]
fn of_an_animation_the_first_picture_is_taken_and_it_is_said_so() {
    let blank = RgbaImage::from_pixel(SIZE.0, SIZE.1, image::Rgba([0, 0, 0, 255]));
    let first = DynamicImage::ImageRgb8(corners()).to_rgba8();
    let gif = |frames: &[&RgbaImage]| {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for frame in frames {
            encoder.encode_frame(Frame::new((*frame).clone())).unwrap();
        }
        drop(encoder);
        bytes
    };
    assert!(check(&gif(&[&first, &blank]), UPRIGHT, 12).animated);
    assert!(!check(&gif(&[&first]), UPRIGHT, 12).animated);

    let mut apng = Vec::new();
    let mut encoder = png::Encoder::new(&mut apng, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&first).unwrap();
    writer.write_image_data(&blank).unwrap();
    writer.finish().unwrap();
    assert!(check(&apng, UPRIGHT, 0).animated);

    assert!(check(&animated_webp(&webp()), UPRIGHT, 1).animated);
}

#[test]
fn a_large_picture_is_made_as_small_as_it_may_be() {
    let small = corners();
    let large = RgbImage::from_fn(6_000, 4_800, |x, y| *small.get_pixel(x / 20, y / 20));
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes).encode_image(&large).unwrap();
    let taken = check(&bytes, UPRIGHT, 6);
    assert_eq!((taken.width, taken.height), (2_880, 2_304));
}

/// A PNG that says of itself to be so large, and holds next to nothing.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&DynamicImage::ImageRgb8(RgbImage::new(8, 8)));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// PNG specification, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (0_u32.wrapping_sub(crc & 1)))
        })
    })
}

#[test]
fn what_says_of_itself_to_be_huge_is_refused_by_its_head() {
    for (width, height) in [(60_000, 60_000), (50_000, 50_000), (50_000, 20_000)] {
        let said = refusal(&bomb(width, height));
        assert!(
            said.contains(&format!("{width} x {height} pixels")),
            "{said}"
        );
        assert!(said.contains("save it smaller"), "{said}");
    }
    // One whose rows alone are too much isn't even begun.
    let said = refusal(&bomb(u32::MAX >> 1, 40_000));
    assert!(said.contains("more than 256 MB of memory"), "{said}");
    // A JPEG and a GIF by the sizes in their heads.
    let mut huge = jpeg(None, None);
    let head = huge
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    huge[head + 5..head + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(
        refusal(&huge).contains("65535 x 65535"),
        "{}",
        refusal(&huge)
    );
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif)
        .encode(&corners(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8)
        .unwrap();
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(refusal(&gif).contains("65535 x 65535"), "{}", refusal(&gif));
    // Few enough pixels, but a strip; and few enough to be an icon.
    assert!(refusal(&bomb(50_000, 500)).contains("cut out what is to be seen"));
    assert!(refusal(&bomb(500, 199)).contains("500 x 199 pixels, and a picture takes 200"));
}

#[test]
fn what_ends_too_early_is_refused_and_never_shown_half_grey() {
    for file in [
        &jpeg(None, None)[..],
        PROGRESSIVE,
        CMYK,
        INTERLACED,
        LOSSY,
        &webp(),
    ] {
        for share in [0.15, 0.5, 0.9] {
            let part = &file[..(file.len() as f64 * share) as usize];
            let said = refusal(part);
            assert!(said.contains("can't be read"), "{share}: {said}");
        }
    }
}

#[test]
fn what_is_no_picture_is_named() {
    for (file, told) in [
        (&b""[..], "it is empty"),
        (b"Dear all,", "it is text"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "it is an SVG drawing",
        ),
        (b"%PDF-1.7", "it is a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "it is a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "it is an AVIF picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "it is a film"),
        (b"II*\0\x08\0\0\0\xff", "it is a TIFF"),
        (b"BM\0\xff\0\0", "it is a BMP"),
        (b"\x01\x02\xff\xfe", "it is something else"),
        (b"\xff\xd8\xff\xe0", "the JPEG can't be read"),
        (b"\x89PNG\r\n\x1a\n", "the PNG can't be read"),
        (b"GIF89a", "the GIF can't be read"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "the WebP can't be read"),
    ] {
        let said = refusal(file);
        assert!(said.contains(told), "{told:?} is not in {said:?}");
        assert!(said.contains("save"), "it says what to do: {said}");
    }
}

#[test]
fn the_same_file_is_the_same_picture() {
    let file = jpeg(Some(turned(6)), None);
    assert_eq!(take(&file), take(&file));
    // What the file is called, or says beside the picture, changes nothing.
    assert_eq!(take(&jpeg(Some(turned(1)), None)), take(&jpeg(None, None)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damage_anywhere_is_taken_or_refused_and_never_a_panic(
        which in 0_usize..6,
        places in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..10),
        early in any::<bool>(),
    ) {
        let mut file = [CMYK.to_vec(), PROGRESSIVE.to_vec(), INTERLACED.to_vec(), LOSSY.to_vec(), webp(), jpeg(Some(turned(5)), None)][which].clone();
        let reach = if early { 300.min(file.len()) } else { file.len() };
        for (place, value) in places {
            file[place.index(reach)] = value;
        }
        if let Err(error) = take(&file) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
