//! Rows of pixels, made smaller or larger.

/// Packed pixels of three or four bytes: red, green, blue, and alpha, which is multiplied in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: usize,
    pub(crate) bytes: Vec<u8>,
}

/// A part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// One in the whole numbers that samples are weighed in.
const ONE: i32 = 1 << 14;

/// The samples that one of the result is made from: the first of them, and what each weighs.
struct Tap {
    first: usize,
    weights: Vec<i32>,
}

impl Pixels {
    /// Halves both sides in place, averaging four pixels each; an odd last row or column is left out.
    pub(crate) fn halve(&mut self) {
        let (width, height) = (self.width / 2, self.height / 2);
        let (row, channels) = (self.width * self.channels, self.channels);
        // What is written lies before all that is still to be read.
        for y in 0..height {
            for x in 0..width {
                for channel in 0..channels {
                    let at = 2 * y * row + 2 * x * channels + channel;
                    let sum = [at, at + channels, at + row, at + row + channels]
                        .map(|at| u32::from(self.bytes[at]))
                        .iter()
                        .sum::<u32>();
                    self.bytes[(y * width + x) * channels + channel] = ((sum + 2) / 4) as u8;
                }
            }
        }
        self.bytes.truncate(width * height * channels);
        self.bytes.shrink_to_fit();
        (self.width, self.height) = (width, height);
    }

    /// A part of it in another size, by a cubic (Catmull and Rom) that is as much wider than usual as the result is smaller.
    pub(crate) fn resized(&self, part: Part, (width, height): (usize, usize)) -> Self {
        let columns = taps(part.x, part.width, self.width, width);
        let rows = taps(part.y, part.height, self.height, height);
        let top = rows.iter().map(|tap| tap.first).min().unwrap_or(0);
        let end = rows.iter().map(|tap| tap.first + tap.weights.len()).max();
        let bottom = end.unwrap_or(0).min(self.height);
        let channels = self.channels;
        let line = width * channels;
        let mut narrowed = vec![0; line * (bottom - top)];
        let source = self.bytes.chunks_exact(self.width * channels);
        for (from, to) in source.skip(top).zip(narrowed.chunks_exact_mut(line)) {
            for (tap, to) in columns.iter().zip(to.chunks_exact_mut(channels)) {
                let from = from[tap.first * channels..].chunks_exact(channels);
                let mut sums = [ONE / 2; 4];
                for (pixel, weight) in from.zip(&tap.weights) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum += i32::from(*value) * weight;
                    }
                }
                for (to, sum) in to.iter_mut().zip(sums) {
                    *to = (sum / ONE).clamp(0, 255) as u8;
                }
            }
        }
        let mut bytes = vec![0; line * height];
        let mut sums = vec![0; line];
        for (tap, to) in rows.iter().zip(bytes.chunks_exact_mut(line)) {
            sums.fill(ONE / 2);
            let from = narrowed.chunks_exact(line).skip(tap.first - top);
            for (row, weight) in from.zip(&tap.weights) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += i32::from(*value) * weight;
                }
            }
            for (to, sum) in to.iter_mut().zip(&sums) {
                *to = (sum / ONE).clamp(0, 255) as u8;
            }
        }
        Self {
            width,
            height,
            channels,
            bytes,
        }
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Part {
        Part {
            x: 0.0,
            y: 0.0,
            width: self.width as f64,
            height: self.height as f64,
        }
    }
}

/// For each sample of the result, those of a stretch of the source that it is made from.
fn taps(start: f64, length: f64, count: usize, result: usize) -> Vec<Tap> {
    let step = length / result as f64;
    let wider = step.max(1.0);
    let reach = 2.0 * wider;
    (0..result)
        .map(|at| {
            let middle = start + (at as f64 + 0.5) * step - 0.5;
            let first = ((middle - reach).ceil().max(0.0) as usize).min(count - 1);
            let last = ((middle + reach).floor().max(0.0) as usize).clamp(first, count - 1);
            let weights: Vec<f64> = (first..=last)
                .map(|place| cubic((place as f64 - middle) / wider))
                .collect();
            let sum: f64 = weights.iter().sum();
            let mut whole: Vec<i32> = weights
                .iter()
                .map(|weight| (weight / sum * f64::from(ONE)).round() as i32)
                .collect();
            // What rounding took away or gave goes to the heaviest, so that a flat colour stays what it is.
            let off = ONE - whole.iter().sum::<i32>();
            if let Some(heaviest) = whole.iter_mut().max() {
                *heaviest += off;
            }
            Tap {
                first,
                weights: whole,
            }
        })
        .collect()
}

/// Keys, "Cubic convolution interpolation for digital image processing", 1981, equation 15, with a = -1/2.
fn cubic(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: usize, height: usize, rgb: impl Fn(usize, usize) -> [u8; 3]) -> Pixels {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Pixels {
            width,
            height,
            channels: 3,
            bytes: places.flat_map(|(x, y)| rgb(x, y)).collect(),
        }
    }

    #[test]
    fn a_flat_colour_stays_what_it_is_in_any_size() {
        let flat = of(61, 37, |_, _| [250, 3, 128]);
        for size in [(1, 1), (7, 90), (61, 37), (200, 11)] {
            let resized = flat.resized(flat.whole(), size);
            assert_eq!(resized, of(size.0, size.1, |_, _| [250, 3, 128]));
        }
    }

    #[test]
    fn a_ramp_stays_a_ramp_and_a_fine_pattern_becomes_grey() {
        let ramp = of(256, 4, |x, _| [x as u8; 3]);
        let small = ramp.resized(ramp.whole(), (64, 1));
        for (at, pixel) in small.bytes.chunks_exact(3).enumerate().skip(2).take(60) {
            let wanted = at as f64 * 4.0 + 1.5;
            assert!(
                (f64::from(pixel[0]) - wanted).abs() <= 1.0,
                "{at}: {pixel:?}"
            );
        }
        let stripes = of(640, 8, |x, _| [if x % 2 == 0 { 0 } else { 255 }; 3]);
        let small = stripes.resized(stripes.whole(), (64, 2));
        let inner = small.bytes[9..183].iter();
        assert!(
            inner.clone().all(|value| (120..=136).contains(value)),
            "{inner:?}"
        );
    }

    #[test]
    fn only_the_part_that_is_asked_for_is_seen() {
        let halves = of(
            100,
            50,
            |x, _| if x < 50 { [255, 0, 0] } else { [0, 0, 255] },
        );
        let part = Part {
            x: 60.0,
            y: 0.0,
            width: 40.0,
            height: 50.0,
        };
        let right = halves.resized(part, (20, 25));
        assert_eq!(right, of(20, 25, |_, _| [0, 0, 255]));
    }

    #[test]
    fn halving_averages_in_place() {
        let mut pixels = of(5, 3, |x, y| [(10 * x + 100 * y) as u8, 7, 9]);
        pixels.halve();
        assert_eq!((pixels.width, pixels.height), (2, 1));
        assert_eq!(pixels.bytes, [55, 7, 9, 75, 7, 9]);
    }
}
