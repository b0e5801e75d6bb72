//! Pictures taken in: whatever file they come in, they become an upright PNG in sRGB, no larger than any frame needs.

use std::fmt;
use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits};

use crate::files::{JpegFile, gif_moves};
use crate::photo::{self, Photo};
use crate::pixels::Pixels;
use crate::profile::to_srgb;

/// The most memory in bytes that a picture may take while it is read: 89 million pixels of a plain JPEG, 44 million of a usual progressive one.
pub const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// The shortest side that a picture may have, in pixels: smaller ones are icons.
pub const LEAST_SIDE: u32 = 200;

/// How many times longer than its other side a picture may be.
const LONGEST: u32 = 5;

/// What is kept of a picture: the shorter side that fills any frame with room to move, and all of its pixels.
const KEPT_SIDE: f64 = 2_304.0;
const KEPT_PIXELS: f64 = 16e6;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
}

impl PhotoKind {
    /// By a file's first bytes: its name may say anything.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => {
                Some(Self::WebP)
            }
            _ => None,
        }
    }
}

impl fmt::Display for PhotoKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
        })
    }
}

/// Why a file can't be used as a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Something else.
    #[error("it is {what}, and no JPEG, PNG, WebP or GIF; save the picture as one of them")]
    Unknown {
        /// What it seems to be.
        what: &'static str,
    },
    /// It begins as a picture and can't be read.
    #[error(
        "the {kind} can't be read: {cause}; save it again, or export it as a plain JPEG or PNG"
    )]
    Damaged {
        /// What it is.
        kind: PhotoKind,
        /// What is wrong with it.
        cause: String,
    },
    /// More pixels than are read.
    #[error(
        "the {kind} has {width} x {height} pixels, and reading it would take {} MB of memory, where {} MB are taken; save it smaller: {KEPT_SIDE} \
         pixels on the shorter side are all that can be seen", .needed / 1_048_576, MOST_MEMORY / 1_048_576
    )]
    Large {
        /// What it is.
        kind: PhotoKind,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// Bytes that reading it would take.
        needed: u64,
    },
    /// Too few pixels to be seen.
    #[error(
        "it has {width} x {height} pixels, and a picture takes {LEAST_SIDE} on each side; 1080 on the shorter side fill a frame"
    )]
    Small {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// A strip.
    #[error(
        "it has {width} x {height} pixels, and one side may be {LONGEST} times as long as the other; cut out what is to be seen"
    )]
    Strip {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// Transparent all over.
    #[error("nothing of it can be seen: it is transparent all over")]
    Clear,
    /// The PNG could not be written.
    #[error("it could not be written as PNG: {0}")]
    Unwritten(String),
}

/// A picture in the form that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// An upright PNG in sRGB, 8 bits a channel, which [`Photo`] reads.
    pub png: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Whether it is the first picture of an animation.
    pub animated: bool,
}

/// Reads a picture and makes of it what a video can use.
pub fn take(bytes: &[u8]) -> Result<Taken, PhotoError> {
    let kind = PhotoKind::of(bytes).ok_or_else(|| PhotoError::Unknown { what: named(bytes) })?;
    let reader = Cursor::new(bytes);
    let unread = |error: ImageError| damaged(kind, &error);
    match kind {
        PhotoKind::Jpeg => {
            let file = JpegFile::of(bytes).filter(|file| file.ends);
            let file = file.ok_or_else(|| PhotoError::Damaged {
                kind,
                cause: "it ends too early".to_owned(),
            })?;
            let decoder = JpegDecoder::new(reader).map_err(unread)?;
            taken(kind, decoder, file.coefficients, false)
        }
        PhotoKind::Png => {
            let decoder = PngDecoder::with_limits(reader, limits()).map_err(unread)?;
            let animated = decoder.is_apng().map_err(unread)?;
            taken(kind, decoder, 0, animated)
        }
        PhotoKind::WebP => {
            let decoder = WebPDecoder::new(reader).map_err(unread)?;
            let animated = decoder.has_animation();
            // Its planes, and for a picture of an animation the canvas, lie beside the result.
            let beside = decoder.total_bytes();
            taken(kind, decoder, beside, animated)
        }
        PhotoKind::Gif => {
            let decoder = GifDecoder::new(reader).map_err(unread)?;
            let beside = decoder.total_bytes();
            taken(kind, decoder, beside, gif_moves(bytes))
        }
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = None;
    limits.max_image_height = None;
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// What a file that is no picture seems to be.
fn named(bytes: &[u8]) -> &'static str {
    let brand = bytes.get(4..12).unwrap_or_default();
    match bytes {
        [] => "empty",
        _ if brand.starts_with(b"ftyphei") || brand.starts_with(b"ftypmif") => "a HEIC picture",
        _ if brand.starts_with(b"ftypavi") => "an AVIF picture",
        _ if brand.starts_with(b"ftyp") => "a film",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a TIFF or raw picture",
        [b'B', b'M', ..] => "a BMP picture",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop document",
        _ => match std::str::from_utf8(bytes) {
            Ok(text) if text.contains("<svg") => "an SVG drawing",
            Ok(_) => "text",
            Err(_) => "something else",
        },
    }
}

/// The decoders' own words, but for what is said better.
fn damaged(kind: PhotoKind, error: &ImageError) -> PhotoError {
    let cause = match error {
        ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_owned()
        }
        ImageError::Limits(_) => format!(
            "it would take more than {} MB of memory",
            MOST_MEMORY / 1_048_576
        ),
        other => other.to_string(),
    };
    PhotoError::Damaged { kind, cause }
}

/// What becomes of a picture whose decoder keeps so many bytes beside its result.
fn taken(
    kind: PhotoKind,
    mut decoder: impl ImageDecoder,
    beside: u64,
    animated: bool,
) -> Result<Taken, PhotoError> {
    let (width, height) = decoder.dimensions();
    let result = decoder.total_bytes();
    let colors = decoder.color_type();
    let pixels = u64::from(width) * u64::from(height);
    // What isn't RGB or RGBA of 8 bits is made so, beside what was read.
    let wanted = if colors.has_alpha() { 4 } else { 3 };
    let converted = if u64::from(colors.bytes_per_pixel()) == wanted {
        0
    } else {
        pixels.saturating_mul(wanted)
    };
    let needed = result.saturating_add(converted.max(beside));
    if needed > MOST_MEMORY {
        return Err(PhotoError::Large {
            kind,
            width,
            height,
            needed,
        });
    }
    if width.min(height) < LEAST_SIDE {
        return Err(PhotoError::Small { width, height });
    }
    if width.max(height) > LONGEST * width.min(height) {
        return Err(PhotoError::Strip { width, height });
    }
    let read = |decoder: &mut dyn ImageDecoder| -> ImageResult<_> {
        decoder.set_limits(limits())?;
        Ok((decoder.orientation()?, decoder.icc_profile()?))
    };
    let (orientation, profile) = read(&mut decoder).map_err(|error| damaged(kind, &error))?;
    let image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(kind, &error))?;
    let mut pixels = unpacked(image)?;
    reduce(&mut pixels);
    let mut image = packed(pixels)?;
    image.apply_orientation(orientation);
    let mut pixels = unpacked(image)?;
    if let Some(profile) = profile {
        to_srgb(&profile, pixels.channels, &mut pixels.bytes);
    }
    let png = photo::write(&pixels, animated)
        .map_err(|error| PhotoError::Unwritten(error.to_string()))?;
    Ok(Taken {
        png,
        width: pixels.width as u32,
        height: pixels.height as u32,
        animated,
    })
}

/// Its pixels as RGB, or as RGBA where some of it is clear.
fn unpacked(image: DynamicImage) -> Result<Pixels, PhotoError> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let (mut channels, mut bytes) = if image.color().has_alpha() {
        (4, image.into_rgba8().into_raw())
    } else {
        (3, image.into_rgb8().into_raw())
    };
    if channels == 4 {
        let alphas = || bytes.chunks_exact(4).map(|pixel| pixel[3]);
        if alphas().all(|alpha| alpha == 0) {
            return Err(PhotoError::Clear);
        }
        if alphas().all(|alpha| alpha == 255) {
            for at in 0..width * height {
                bytes.copy_within(4 * at..4 * at + 3, 3 * at);
            }
            bytes.truncate(width * height * 3);
            channels = 3;
        }
    }
    Ok(Pixels {
        width,
        height,
        channels,
        bytes,
    })
}

fn packed(pixels: Pixels) -> Result<DynamicImage, PhotoError> {
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    let image = if pixels.channels == 4 {
        image::RgbaImage::from_raw(width, height, pixels.bytes).map(DynamicImage::ImageRgba8)
    } else {
        image::RgbImage::from_raw(width, height, pixels.bytes).map(DynamicImage::ImageRgb8)
    };
    image.ok_or_else(|| PhotoError::Unwritten("its pixels don't fill it".to_owned()))
}

/// Made as small as it may be without showing in any frame.
fn reduce(pixels: &mut Pixels) {
    let (width, height) = (pixels.width as f64, pixels.height as f64);
    let by_side = KEPT_SIDE / width.min(height);
    let by_pixels = (KEPT_PIXELS / (width * height)).sqrt();
    let share = by_side.min(by_pixels);
    if share >= 1.0 {
        return;
    }
    let side = |length: f64| ((length * share).round() as usize).max(1);
    let wanted = (side(width), side(height));
    let premultiplied = pixels.channels == 4;
    if premultiplied {
        Photo::multiply(&mut pixels.bytes);
    }
    while pixels.width >= 2 * wanted.0 && pixels.height >= 2 * wanted.1 {
        pixels.halve();
    }
    *pixels = pixels.resized(pixels.whole(), wanted);
    if premultiplied {
        Photo::divide(&mut pixels.bytes);
    }
}
