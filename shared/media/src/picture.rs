//! PNG in and out.

use std::io::Cursor;

use crate::MediaError;
use crate::color::Matrix;
use crate::planes::Planes;

/// Pixels as they come out of a PNG: red, green, blue, alpha; alpha not multiplied in.
pub(crate) struct Rgba {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

/// Most pixels that are decoded: twice a 4K frame.
const MOST_PIXELS: usize = 2 * 3840 * 2160;

type Reader<'a> = png::Reader<Cursor<&'a [u8]>>;

fn reader<'a>(bytes: &'a [u8], what: &str) -> Result<Reader<'a>, MediaError> {
    let wrong = |cause: String| MediaError::Picture {
        what: what.to_owned(),
        cause,
    };
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let reader = decoder
        .read_info()
        .map_err(|error| wrong(error.to_string()))?;
    let info = reader.info();
    if info.width as usize * info.height as usize > MOST_PIXELS {
        return Err(wrong(format!(
            "it has {} x {} pixels, more than {MOST_PIXELS}",
            info.width, info.height
        )));
    }
    if info.interlaced {
        return Err(wrong("it is interlaced".to_owned()));
    }
    Ok(reader)
}

/// Calls `row` with each row in order: how many bytes a pixel has (1 to 4), then the bytes.
fn rows(
    mut reader: Reader,
    what: &str,
    mut row: impl FnMut(usize, &[u8]),
) -> Result<(), MediaError> {
    let channels = reader.output_color_type().0.samples();
    loop {
        match reader.next_row() {
            Ok(Some(line)) => row(channels, line.data()),
            Ok(None) => return Ok(()),
            Err(error) => {
                return Err(MediaError::Picture {
                    what: what.to_owned(),
                    cause: error.to_string(),
                });
            }
        }
    }
}

/// Reads a PNG of any colour type.
pub(crate) fn decode(bytes: &[u8], what: &str) -> Result<Rgba, MediaError> {
    let reader = reader(bytes, what)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let mut pixels = Vec::with_capacity(width * height * 4);
    rows(reader, what, |channels, line| match channels {
        1 => pixels.extend(line.iter().flat_map(|&l| [l, l, l, 255])),
        2 => pixels.extend(line.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]])),
        3 => pixels.extend(line.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255])),
        _ => pixels.extend_from_slice(line),
    })?;
    Ok(Rgba {
        width,
        height,
        pixels,
    })
}

/// Reads an opaque PNG straight into planes, two rows at a time: the picture is never held as RGB. Alpha is passed over, an odd last
/// row or column left out.
pub(crate) fn opaque(bytes: &[u8], what: &str) -> Result<Planes, MediaError> {
    let reader = reader(bytes, what)?;
    let (width, height) = (
        reader.info().width as usize & !1,
        reader.info().height as usize & !1,
    );
    let mut planes = Planes::new(width, height);
    let mut upper = Vec::new();
    let mut at = 0;
    let matrix = Matrix::BT709;
    rows(reader, what, |channels, line| {
        if at % 2 == 0 {
            upper.clear();
            upper.extend_from_slice(line);
        } else if at < height {
            planes.set_rows(at - 1, channels, &upper, line, &matrix);
        }
        at += 1;
    })?;
    Ok(planes)
}

/// Writes RGB as PNG.
pub(crate) fn encode_rgb(
    width: usize,
    height: usize,
    rgb: &[u8],
    what: &str,
) -> Result<Vec<u8>, MediaError> {
    let wrong = |error: png::EncodingError| MediaError::Picture {
        what: what.to_owned(),
        cause: error.to_string(),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(wrong)?;
    writer.write_image_data(rgb).map_err(wrong)?;
    writer.finish().map_err(wrong)?;
    Ok(bytes)
}
