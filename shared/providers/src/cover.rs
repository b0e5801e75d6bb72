//! A picture in place of a backdrop, so that words on it stay legible.
//!
//! The picture is cut to the backdrop's shape from its middle and stretched over it. It keeps its colours and its structure, but comes near to the
//! backdrop's light: the words' colours were chosen for that. Where the picture is lighter or darker than the backdrop's ground by `d`, the result
//! is by `d * LIGHT / (LIGHT + |d|)`, which is always less than `LIGHT`. The ground is the median of the backdrop's colours, which its shapes
//! don't sway.

use std::io::Cursor;

/// Counts up whenever the same picture would come to look otherwise.
pub(crate) const VERSION: u32 = 1;

/// How much lighter or darker than the ground a spot can become, of 255.
const LIGHT: f32 = 32.0;

/// The largest picture that is read, in bytes of pixels.
const LARGEST: usize = 64 << 20;

/// Rows of RGB.
struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// The picture (PNG) on the ground of the backdrop (PNG): a PNG of the backdrop's size.
pub(crate) fn tinted(backdrop: &[u8], picture: &[u8]) -> Result<Vec<u8>, String> {
    let mut base = read(backdrop).map_err(|error| format!("the backdrop {error}"))?;
    let picture = read(picture).map_err(|error| format!("the picture {error}"))?;
    let columns = taps(picture.width, base.width, scale(&picture, &base));
    let ground = median(&base);
    let rows = taps(picture.height, base.height, scale(&picture, &base));
    for (line, row) in base.rgb.chunks_exact_mut(base.width * 3).zip(&rows) {
        for (spot, column) in line.chunks_exact_mut(3).zip(&columns) {
            let over = picture.at(*column, *row);
            let share = LIGHT / (LIGHT + (light(over) - light(ground)).abs());
            for ((value, ground), over) in spot.iter_mut().zip(ground).zip(over) {
                *value = (ground + (over - ground) * share).round() as u8;
            }
        }
    }
    write(&base)
}

/// Whether bytes are a picture that [`tinted`] can use.
pub(crate) fn check(picture: &[u8]) -> Result<(), String> {
    read(picture)
        .map(drop)
        .map_err(|error| format!("the picture {error}"))
}

/// The median of each channel.
fn median(pixels: &Pixels) -> [f32; 3] {
    [0, 1, 2].map(|channel: usize| {
        let mut counts = [0_usize; 256];
        for value in pixels.rgb.iter().skip(channel).step_by(3) {
            counts[usize::from(*value)] += 1;
        }
        let half = pixels.rgb.len() / 6;
        let mut below = 0;
        let middle = counts.iter().position(|count| {
            below += count;
            below > half
        });
        middle.unwrap_or_default() as f32
    })
}

/// How light a colour is, by Rec. 709's weights.
fn light([red, green, blue]: [f32; 3]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Pixels of the picture for each of the base: as many as leave nothing of the base uncovered.
fn scale(picture: &Pixels, base: &Pixels) -> f32 {
    let across = picture.width as f32 / base.width as f32;
    let down = picture.height as f32 / base.height as f32;
    across.min(down)
}

/// For each place of the base, the two places of the picture that it lies between, and how far it is towards the second.
fn taps(of: usize, to: usize, scale: f32) -> Vec<(usize, usize, f32)> {
    let margin = (of as f32 - to as f32 * scale) / 2.0;
    let last = of.saturating_sub(1);
    (0..to)
        .map(|at| {
            let place = margin + (at as f32 + 0.5) * scale - 0.5;
            let place = place.clamp(0.0, last as f32);
            let first = place as usize;
            (first, (first + 1).min(last), place.fract())
        })
        .collect()
}

impl Pixels {
    fn at(&self, column: (usize, usize, f32), row: (usize, usize, f32)) -> [f32; 3] {
        let pixel = |x: usize, y: usize| {
            let at = (y * self.width + x) * 3;
            let channel = |n: usize| f32::from(self.rgb.get(at + n).copied().unwrap_or_default());
            [channel(0), channel(1), channel(2)]
        };
        let mix = |a: [f32; 3], b: [f32; 3], share: f32| {
            [0, 1, 2].map(|n: usize| a[n] + (b[n] - a[n]) * share)
        };
        let above = mix(pixel(column.0, row.0), pixel(column.1, row.0), column.2);
        let below = mix(pixel(column.0, row.1), pixel(column.1, row.1), column.2);
        mix(above, below, row.2)
    }
}

fn read(bytes: &[u8]) -> Result<Pixels, String> {
    let failed = |error: png::DecodingError| format!("is no PNG that can be read ({error})");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_limits(png::Limits { bytes: LARGEST });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(failed)?;
    let size = reader
        .output_buffer_size()
        .filter(|size| *size <= LARGEST)
        .ok_or_else(|| "is larger than any that is used".to_owned())?;
    let mut buffer = vec![0; size];
    let info = reader.next_frame(&mut buffer).map_err(failed)?;
    buffer.truncate(info.buffer_size());
    let rgb = match info.color_type {
        png::ColorType::Rgb => buffer,
        png::ColorType::Rgba => without(&buffer, 4, |p| [p[0], p[1], p[2]]),
        png::ColorType::Grayscale => without(&buffer, 1, |p| [p[0]; 3]),
        png::ColorType::GrayscaleAlpha => without(&buffer, 2, |p| [p[0]; 3]),
        png::ColorType::Indexed => return Err("is of a kind that isn't read: indexed".to_owned()),
    };
    Ok(Pixels {
        width: info.width as usize,
        height: info.height as usize,
        rgb,
    })
}

fn without(pixels: &[u8], channels: usize, rgb: impl Fn(&[u8]) -> [u8; 3]) -> Vec<u8> {
    pixels.chunks_exact(channels).flat_map(rgb).collect()
}

fn write(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let failed = |error: png::EncodingError| format!("can't be written as PNG ({error})");
    let mut bytes = Vec::with_capacity(pixels.rgb.len() / 2);
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&pixels.rgb).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at what is missing")]

    use super::*;

    /// A PNG whose pixels are told by their place.
    pub(crate) fn png_of(
        width: usize,
        height: usize,
        rgb: impl Fn(usize, usize) -> [u8; 3],
    ) -> Vec<u8> {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgb = places.flat_map(|(x, y)| rgb(x, y)).collect();
        write(&Pixels { width, height, rgb }).unwrap()
    }

    #[test]
    fn the_middle_of_a_wide_picture_covers_a_tall_backdrop() {
        let backdrop = png_of(20, 40, |_, _| [100; 3]);
        // Red to the left and right of a green middle that has the backdrop's shape.
        let picture = png_of(120, 80, |x, _| {
            if (40..80).contains(&x) {
                [0, 140, 0]
            } else {
                [255, 0, 0]
            }
        });
        let tinted = read(&tinted(&backdrop, &picture).unwrap()).unwrap();
        assert_eq!((tinted.width, tinted.height), (20, 40));
        let spots: Vec<&[u8]> = tinted.rgb.chunks_exact(3).collect();
        assert!(
            spots.iter().all(|spot| spot[1] > spot[0]),
            "the red is cut away"
        );
    }

    #[test]
    fn light_changes_by_less_than_the_words_contrast_bears() {
        for ground in [16, 118, 240] {
            let backdrop = png_of(8, 8, |_, _| [ground; 3]);
            for over in [0, 90, 255] {
                let picture = png_of(8, 8, |_, _| [over; 3]);
                let tinted = read(&tinted(&backdrop, &picture).unwrap()).unwrap();
                let change = f32::from(tinted.rgb[0]) - f32::from(ground);
                assert!(change.abs() < LIGHT, "{ground} under {over}: {change}");
                let wanted = f32::from(over) - f32::from(ground);
                assert!(
                    change * wanted >= 0.0 && change.abs() > 5.0,
                    "{ground} under {over}: {change}"
                );
            }
        }
    }

    #[test]
    fn a_backdrops_shapes_leave_no_trace() {
        let plain = png_of(8, 8, |_, _| [40, 80, 120]);
        let shapes = png_of(8, 8, |x, _| if x < 3 { [255; 3] } else { [40, 80, 120] });
        let picture = png_of(8, 8, |x, y| [(x * 30) as u8, (y * 30) as u8, 9]);
        assert_eq!(tinted(&plain, &picture), tinted(&shapes, &picture));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let backdrop = png_of(8, 8, |_, _| [0; 3]);
        let whole = png_of(8, 8, |_, _| [9; 3]);
        for wrong in [&b"<html>"[..], &[], &whole[..whole.len() / 2]] {
            let error = tinted(&backdrop, wrong).unwrap_err();
            assert!(error.contains("the picture is no PNG"), "{error}");
        }
    }
}
