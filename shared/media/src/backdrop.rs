//! Pan and zoom over a background larger than the frame.

use std::ops::Range;

use domain::Movement;

use crate::planes::Planes;

/// How a background moves while its scene is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Motion {
    /// Between the whole picture and a part of the frame's own size, off the middle.
    Seeded {
        /// Nearer with time, or farther.
        zoom_in: bool,
        /// Which way the near end lies off the middle, -1 to 1 each.
        toward: (f64, f64),
    },
    /// From one part of it to another.
    Given(Movement),
}

/// How far off the middle the near end lies, as a share of the room there is.
const REACH: f64 = 0.8;

/// The part of a background that a frame shows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    /// Left and top edge in pixels of the background.
    x: f64,
    y: f64,
    /// Pixels of the background to one of the frame.
    step: f64,
}

impl Motion {
    /// One of sixteen motions.
    pub(crate) fn seeded(seed: u64, background: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"motion");
        hasher.update(&seed.to_le_bytes());
        hasher.update(background);
        let byte = hasher.finalize().as_bytes()[0];
        let angle = f64::from(byte & 7) * std::f64::consts::FRAC_PI_4;
        Self::Seeded {
            zoom_in: byte & 8 == 0,
            toward: (angle.cos(), angle.sin()),
        }
    }

    /// What is seen at a time of 0 to 1.
    fn view(&self, background: &Planes, frame: (usize, usize), time: f64) -> View {
        let (across, down) = (frame.0 as f64, frame.1 as f64);
        let (zoom_in, toward) = match *self {
            Self::Seeded { zoom_in, toward } => (zoom_in, toward),
            Self::Given(Movement { from, to }) => {
                let between =
                    |from: f32, to: f32| f64::from(from) + (f64::from(to) - f64::from(from)) * time;
                return View {
                    x: between(from.x, to.x),
                    y: between(from.y, to.y),
                    step: between(from.width, to.width) / across,
                };
            }
        };
        let near = if zoom_in { time } else { 1.0 - time };
        let (width, height) = (background.width as f64, background.height as f64);
        let widest = (width / across).min(height / down);
        let step = widest + (1.0 - widest) * near;
        let (room_x, room_y) = (width - across * step, height - down * step);
        // The room grows evenly as the view comes nearer, so the pan is as even as the zoom.
        let place = |room: f64, toward: f64| room / 2.0 * (1.0 + toward * REACH);
        View {
            x: place(room_x, toward.0),
            y: place(room_y, toward.1),
            step,
        }
    }

    /// Draws the background as it is seen at a time of 0 to 1.
    pub(crate) fn draw(
        &self,
        background: &Planes,
        time: f64,
        frame: &mut Planes,
        scratch: &mut Scratch,
    ) {
        let View { x, y, step } = self.view(background, (frame.width, frame.height), time);
        let (from, to) = (
            (background.width, background.height),
            (frame.width, frame.height),
        );
        scratch.plane(&background.y, from, &mut frame.y, to, (x, y, step));
        let (from, to) = ((from.0 / 2, from.1 / 2), (to.0 / 2, to.1 / 2));
        let view = (x / 2.0, y / 2.0, step);
        scratch.plane(&background.u, from, &mut frame.u, to, view);
        scratch.plane(&background.v, from, &mut frame.v, to, view);
    }
}

/// Where a sample of the frame lies in the background: `share` of 256 of the way from `at` to the next.
#[derive(Debug, Clone, Copy)]
struct Tap {
    at: usize,
    share: u16,
}

/// Columns of the frame that follow each other, and lie between columns of the background that do.
#[derive(Debug, Clone)]
struct Run {
    columns: Range<usize>,
    /// The background's column that the first of them starts from.
    from: usize,
}

/// Memory used again for each frame.
#[derive(Default)]
pub(crate) struct Scratch {
    runs: Vec<Run>,
    /// For each column of the frame, its tap's share.
    shares: Vec<u16>,
    line: Vec<u16>,
}

fn tap(at: usize, start: f64, step: f64, count: usize) -> Tap {
    let place = ((at as f64 + 0.5) * step + start - 0.5).clamp(0.0, (count - 1) as f64);
    let fixed = (place * 256.0).round() as usize;
    let at = (fixed >> 8).min(count - 2);
    Tap {
        at,
        share: (fixed - (at << 8)) as u16,
    }
}

impl Scratch {
    /// Resamples one plane: first the two rows that a line lies between are mixed, then its columns are picked from the mixture. All in
    /// whole numbers with 8 fractional bits a pass, so a sample is rounded once.
    fn plane(
        &mut self,
        from: &[u8],
        size: (usize, usize),
        to: &mut [u8],
        frame: (usize, usize),
        (x, y, step): (f64, f64, f64),
    ) {
        self.find_runs(frame.0, size.0, (x, step));
        self.line.resize(size.0, 0);
        for (row, out) in to.chunks_exact_mut(frame.0).enumerate() {
            let Tap { at, share } = tap(row, y, step, size.1);
            let (upper, lower) = from[at * size.0..(at + 2) * size.0].split_at(size.0);
            for ((mixed, &a), &b) in self.line.iter_mut().zip(upper).zip(lower) {
                *mixed = u16::from(a) * (256 - share) + u16::from(b) * share;
            }
            for Run { columns, from } in &self.runs {
                let left = &self.line[*from..from + columns.len()];
                let right = &self.line[from + 1..from + 1 + columns.len()];
                let shares = &self.shares[columns.clone()];
                let taps = left.iter().zip(right).zip(shares);
                for (out, ((&left, &right), &share)) in out[columns.clone()].iter_mut().zip(taps) {
                    let (left, right, share) =
                        (u32::from(left), u32::from(right), u32::from(share));
                    *out = ((left * (256 - share) + right * share + (1 << 15)) >> 16) as u8;
                }
            }
        }
    }

    /// Where the columns lie. In runs they are mixed many at a time.
    fn find_runs(&mut self, columns: usize, count: usize, (x, step): (f64, f64)) {
        self.runs.clear();
        self.shares.clear();
        for column in 0..columns {
            let Tap { at, share } = tap(column, x, step, count);
            self.shares.push(share);
            match self.runs.last_mut() {
                Some(run) if run.from + run.columns.len() == at => run.columns.end += 1,
                _ => self.runs.push(Run {
                    columns: column..column + 1,
                    from: at,
                }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Planes {
        let mut planes = Planes::new(width, height);
        for (at, sample) in planes.y.iter_mut().enumerate() {
            *sample = (at % width * 255 / width) as u8;
        }
        planes
    }

    #[test]
    fn every_view_lies_within_the_background() {
        let background = ramp(1166, 2072);
        for seed in 0..40 {
            let motion = Motion::seeded(seed, b"some picture");
            for time in [0.0, 0.3, 0.5, 1.0] {
                let view = motion.view(&background, (1080, 1920), time);
                assert!(view.x >= -1e-9 && view.y >= -1e-9, "{view:?}");
                assert!(
                    view.x + 1080.0 * view.step <= 1166.0 + 1e-6
                        && view.y + 1920.0 * view.step <= 2072.0 + 1e-6,
                    "{view:?}"
                );
            }
        }
    }

    #[test]
    fn motion_is_even_to_a_fraction_of_a_pixel() {
        // On a ramp the mean brightness follows the view's middle: it must move as evenly as time does.
        let background = ramp(70, 54);
        let motion = Motion::Seeded {
            zoom_in: true,
            toward: (1.0, 0.0),
        };
        let mut frame = Planes::new(64, 50);
        let mut scratch = Scratch::default();
        let means: Vec<f64> = (0..60)
            .map(|at| {
                motion.draw(&background, f64::from(at) / 59.0, &mut frame, &mut scratch);
                let sum: f64 = frame.y.iter().map(|&sample| f64::from(sample)).sum();
                sum / frame.y.len() as f64
            })
            .collect();
        let pace = (means[59] - means[0]) / 59.0;
        // A pixel is 3.6 levels wide, and rounding to levels may be off by a half.
        assert!(pace > 0.1, "{means:?}");
        for (at, mean) in means.iter().enumerate() {
            let even = means[0] + pace * at as f64;
            assert!((mean - even).abs() < 0.6, "frame {at}: {mean} for {even}");
        }
    }
}
