//! Changing the rate of sound: a windowed sinc, as one short filter for each place between two samples.
//!
//! Window and length after J. F. Kaiser (1974): beta 9 and 32 zero crossings a side give about 90 dB of rejection.

use std::f64::consts::PI;

/// Zero crossings of the sinc on each side where sound is to be heard.
pub(crate) const FINE: u32 = 32;
/// Zero crossings on each side where only the height of peaks is wanted (BS.1770-4, annex 2, has as many).
pub(crate) const COARSE: u32 = 6;
/// Shape of the Kaiser window.
const BETA: f64 = 9.0;
/// Share of the lower of the two bands that passes.
const PASS: f64 = 0.94;

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1.0;
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

/// Filters from one rate to another.
pub(crate) struct Resampler {
    /// Output samples to each `step` input samples.
    phases: usize,
    step: usize,
    /// Taps on each side.
    side: usize,
    /// `2 * side` taps for each phase, one after the other.
    taps: Vec<f32>,
}

impl Resampler {
    /// From `from` to `to` hertz with a filter of so many zero crossings on each side.
    pub(crate) fn new(from: u32, to: u32, crossings: u32) -> Self {
        let common = gcd(from, to);
        let (phases, step) = ((to / common) as usize, (from / common) as usize);
        // Going down, the filter must also cut what the lower rate can't hold: it grows longer by the ratio.
        let ratio = (f64::from(to) / f64::from(from)).min(1.0);
        let cutoff = PASS * ratio;
        let reach = f64::from(crossings) / ratio;
        let side = reach.ceil() as usize;
        let mut taps = Vec::with_capacity(phases * 2 * side);
        for phase in 0..phases {
            let start = taps.len();
            let place = phase as f64 / phases as f64;
            taps.extend((0..2 * side).map(|tap| {
                let x = (tap as f64 - side as f64 + 1.0) - place;
                let sinc = if x == 0.0 {
                    1.0
                } else {
                    (PI * cutoff * x).sin() / (PI * cutoff * x)
                };
                let edge = (x / reach).abs();
                let window = if edge < 1.0 {
                    bessel(BETA * (1.0 - edge * edge).sqrt())
                } else {
                    0.0
                };
                (sinc * window) as f32
            }));
            // Each phase passes a constant unchanged.
            let sum: f32 = taps[start..].iter().sum();
            taps[start..].iter_mut().for_each(|tap| *tap /= sum);
        }
        Self {
            phases,
            step,
            side,
            taps,
        }
    }

    /// How many filters going from `from` to `to` hertz takes.
    pub(crate) fn filters(from: u32, to: u32) -> u32 {
        to / gcd(from, to)
    }

    /// How many places there are between two input samples.
    pub(crate) fn phases(&self) -> usize {
        self.phases
    }

    /// The value at `phase` places after input sample `at`; before and after the input there is silence.
    pub(crate) fn value(&self, input: &[f32], at: usize, phase: usize) -> f32 {
        let taps = &self.taps[phase * 2 * self.side..(phase + 1) * 2 * self.side];
        let first = at as isize + 1 - self.side as isize;
        let skipped = (-first).max(0) as usize;
        let samples = input
            .get((first + skipped as isize) as usize..)
            .unwrap_or_default();
        taps.iter()
            .skip(skipped)
            .zip(samples)
            .map(|(tap, sample)| tap * sample)
            .sum()
    }

    /// The whole input at the new rate.
    pub(crate) fn run(&self, input: &[f32]) -> Vec<f32> {
        if self.phases == self.step {
            return input.to_vec();
        }
        let count = (input.len() * self.phases).div_ceil(self.step);
        (0..count)
            .map(|at| {
                let place = at * self.step;
                self.value(input, place / self.phases, place % self.phases)
            })
            .collect()
    }
}

/// Sound that comes piece by piece, at another rate. Only what the filters still reach is held.
pub(crate) struct Stream {
    resampler: Resampler,
    /// The latest input samples.
    held: Vec<f32>,
    /// Number of the first of them.
    first: usize,
    /// Number of the next output sample.
    next: usize,
}

impl Stream {
    /// From the beginning.
    pub(crate) fn new(resampler: Resampler) -> Self {
        Self {
            resampler,
            held: Vec::new(),
            first: 0,
            next: 0,
        }
    }

    /// Takes further input, and adds what follows from it.
    pub(crate) fn push(&mut self, input: &[f32], out: &mut Vec<f32>) {
        if self.resampler.phases == self.resampler.step {
            out.extend(input);
            return;
        }
        self.held.extend(input);
        let known = (self.first + self.held.len()).saturating_sub(self.resampler.side);
        self.add_below(known, out);
        let place = self.next * self.resampler.step / self.resampler.phases;
        let gone = place.saturating_sub(self.resampler.side + self.first);
        let gone = gone.min(self.held.len());
        self.held.drain(..gone);
        self.first += gone;
    }

    /// Adds the rest: after the input there is silence.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        self.add_below(self.first + self.held.len(), out);
    }

    /// Adds what lies before an input sample.
    fn add_below(&mut self, input: usize, out: &mut Vec<f32>) {
        let (phases, step) = (self.resampler.phases, self.resampler.step);
        while self.next * step < input * phases {
            let place = self.next * step;
            let at = place / phases - self.first;
            out.push(self.resampler.value(&self.held, at, place % phases));
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hertz: f64, seconds: f64) -> Vec<f32> {
        let count = (f64::from(rate) * seconds) as usize;
        (0..count)
            .map(|at| (0.5 * (2.0 * PI * hertz * at as f64 / f64::from(rate)).sin()) as f32)
            .collect()
    }

    /// Root mean square away from the ends.
    fn rms(samples: &[f32]) -> f64 {
        let inner = &samples[samples.len() / 4..samples.len() * 3 / 4];
        (inner.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / inner.len() as f64).sqrt()
    }

    #[test]
    fn tones_keep_their_level_and_their_time() {
        for rate in [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000] {
            for hertz in [100.0, 1_000.0, 3_400.0] {
                let out = Resampler::new(rate, 48_000, FINE).run(&tone(rate, hertz, 0.5));
                let wanted = tone(48_000, hertz, 0.5);
                let error: Vec<f32> = out.iter().zip(&wanted).map(|(a, b)| a - b).collect();
                let decibels = 20.0 * (rms(&error) / rms(&wanted)).log10();
                assert!(
                    decibels < -70.0,
                    "{rate} Hz, tone {hertz} Hz: error {decibels} dB"
                );
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        let out = Resampler::new(96_000, 48_000, FINE).run(&tone(96_000, 30_000.0, 0.5));
        assert!(20.0 * rms(&out).log10() < -80.0);
    }

    proptest::proptest! {
        #[test]
        fn pieces_give_what_the_whole_gives(
            pieces in proptest::collection::vec(0..700_usize, 0..12),
            rate in proptest::sample::select(vec![8_000_u32, 44_100, 48_000, 96_000, 192_000]),
        ) {
            let input = tone(rate, 440.0, pieces.iter().sum::<usize>() as f64 / f64::from(rate) + 0.001);
            let mut stream = Stream::new(Resampler::new(rate, 48_000, FINE));
            let (mut out, mut rest) = (Vec::new(), &input[..]);
            for piece in pieces {
                let (now, later) = rest.split_at(piece);
                stream.push(now, &mut out);
                rest = later;
            }
            stream.push(rest, &mut out);
            stream.finish(&mut out);
            proptest::prop_assert_eq!(out, Resampler::new(rate, 48_000, FINE).run(&input));
        }

        #[test]
        fn a_constant_stays_what_it_is(level in -1.0_f32..1.0, rate in proptest::sample::select(vec![16_000_u32, 22_050, 32_000, 44_100])) {
            let out = Resampler::new(rate, 48_000, FINE).run(&vec![level; 2_000]);
            for sample in &out[out.len() / 4..out.len() * 3 / 4] {
                proptest::prop_assert!((sample - level).abs() < 1e-5);
            }
        }
    }
}
