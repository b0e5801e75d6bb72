//! PNG files: quickly written, and the same bytes for the same pixels.

use resvg::tiny_skia::Pixmap;

use crate::DrawingError;

pub(crate) fn rgb(width: u32, height: u32, pixels: &[u8]) -> Result<Vec<u8>, DrawingError> {
    encode(width, height, png::ColorType::Rgb, pixels)
}

/// A pixmap's alpha is multiplied in; a PNG's isn't.
pub(crate) fn pixmap(pixmap: &Pixmap) -> Result<Vec<u8>, DrawingError> {
    let mut bytes = pixmap.data().to_vec();
    for pixel in bytes.chunks_exact_mut(4) {
        let alpha = u32::from(pixel[3]);
        if alpha != 0 && alpha != 255 {
            for channel in &mut pixel[..3] {
                *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
            }
        }
    }
    encode(
        pixmap.width(),
        pixmap.height(),
        png::ColorType::Rgba,
        &bytes,
    )
}

fn encode(
    width: u32,
    height: u32,
    color: png::ColorType,
    pixels: &[u8],
) -> Result<Vec<u8>, DrawingError> {
    let failed = |error: png::EncodingError| DrawingError::Png(error.to_string());
    let mut bytes = Vec::with_capacity(pixels.len() / 4);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
