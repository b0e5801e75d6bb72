//! A picture in the form in which it is stored.

use std::io::Cursor;

use crate::pixels::{Part, Pixels};

/// The text chunk that says that a picture is the first of several.
const KEYWORD: &str = "Comment";
const FIRST_OF_SEVERAL: &str = "the first picture of an animation";

/// The most memory that reading one may take: what [`crate::take`] makes has 16 million pixels at most.
const MOST_BYTES: usize = 80 << 20;

/// A picture as [`crate::take`] made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub(crate) pixels: Pixels,
    animated: bool,
}

impl Photo {
    /// Reads the PNG that [`crate::take`] made; the error says why another can't be used.
    pub fn read(png: &[u8]) -> Result<Self, String> {
        let mut decoder = png::Decoder::new(Cursor::new(png));
        decoder.set_limits(png::Limits { bytes: MOST_BYTES });
        let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
        let channels = match (reader.info().color_type, reader.info().bit_depth) {
            (png::ColorType::Rgb, png::BitDepth::Eight) => 3,
            (png::ColorType::Rgba, png::BitDepth::Eight) => 4,
            (colors, depth) => {
                return Err(format!("its pixels are {colors:?} of {depth:?} bits"));
            }
        };
        let size = reader
            .output_buffer_size()
            .filter(|size| *size <= MOST_BYTES);
        let mut bytes = vec![0; size.ok_or("it takes too much memory")?];
        reader
            .next_frame(&mut bytes)
            .map_err(|error| error.to_string())?;
        if channels == 4 {
            Self::multiply(&mut bytes);
        }
        let info = reader.info();
        let animated = info
            .uncompressed_latin1_text
            .iter()
            .any(|chunk| chunk.keyword == KEYWORD && chunk.text == FIRST_OF_SEVERAL);
        Ok(Self {
            pixels: Pixels {
                width: info.width as usize,
                height: info.height as usize,
                channels,
                bytes,
            },
            animated,
        })
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.pixels.width as u32, self.pixels.height as u32)
    }

    /// Whether it is the first picture of an animation.
    pub fn animated(&self) -> bool {
        self.animated
    }

    /// Whether some of it is clear.
    pub fn clear_in_places(&self) -> bool {
        self.pixels.channels == 4
    }

    /// A part of it, from (`x`, `y`) on, `width` x `height` of its pixels, in another size: RGBA, alpha multiplied in.
    pub fn cut(
        &self,
        [x, y, width, height]: [f64; 4],
        (to_width, to_height): (u32, u32),
    ) -> Vec<u8> {
        let part = Part {
            x,
            y,
            width,
            height,
        };
        let cut = self
            .pixels
            .resized(part, (to_width as usize, to_height as usize));
        if cut.channels == 4 {
            return cut.bytes;
        }
        let pixels = cut.bytes.chunks_exact(3);
        pixels.flat_map(|p| [p[0], p[1], p[2], 255]).collect()
    }

    /// A part of it as [`Photo::cut`] has it, but blurred: made `coarser` times smaller and large again.
    pub fn blurred(&self, part: [f64; 4], size: (u32, u32), coarser: u32) -> Vec<u8> {
        let side = |length: u32| (length / coarser.max(1)).max(2);
        let small = (side(size.0), side(size.1));
        let small = Pixels {
            width: small.0 as usize,
            height: small.1 as usize,
            channels: 4,
            bytes: self.cut(part, small),
        };
        let large = (size.0 as usize, size.1 as usize);
        small.resized(small.whole(), large).bytes
    }

    pub(crate) fn multiply(rgba: &mut [u8]) {
        for pixel in rgba.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                *channel = ((u32::from(*channel) * alpha + 127) / 255) as u8;
            }
        }
    }

    pub(crate) fn divide(rgba: &mut [u8]) {
        for pixel in rgba.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                let value = (u32::from(*channel) * 255 + alpha / 2).checked_div(alpha);
                *channel = value.unwrap_or(0).min(255) as u8;
            }
        }
    }
}

/// The PNG of pixels whose alpha isn't multiplied in.
pub(crate) fn write(pixels: &Pixels, animated: bool) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(if pixels.channels == 4 {
        png::ColorType::Rgba
    } else {
        png::ColorType::Rgb
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    if animated {
        encoder.add_text_chunk(KEYWORD.to_owned(), FIRST_OF_SEVERAL.to_owned())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels.bytes)?;
    writer.finish()?;
    Ok(bytes)
}
