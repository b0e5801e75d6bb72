//! What a stretch of speech sounds like, a hundred times a second: mel cepstra, brought to be alike for different rooms, microphones and throats.

use std::f32::consts::PI;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Frames a second.
pub(super) const FRAMES: usize = 100;
/// Milliseconds of sound that a frame looks at.
const WINDOW_MS: usize = 25;
/// Triangular filters, evenly spaced in mel.
const BANDS: usize = 24;
/// Where the lowest filter begins and the highest ends, in Hz: what even a telephone keeps.
const LOWEST: f32 = 100.0;
const HIGHEST: f32 = 3_800.0;
/// Cepstral coefficients: the first is how loud the frame is.
const CEPSTRA: usize = 13;
/// Frames before and after one between which its change is taken.
const REACH: usize = 2;
/// How much less than a coefficient its change counts.
const CHANGE: f32 = 0.7;
/// Numbers that describe a frame.
const WIDTH: usize = 2 * CEPSTRA;
/// How far below speech a band may be heard, in dB: what is softer sounds like nothing.
const DEPTH: f32 = 45.0;

/// What one frame sounds like.
pub(super) type Frame = [f32; WIDTH];

/// How unlike two frames are: about 0.5 for the same sound of two people, about 1.4 for any two.
pub(super) fn unlike(a: &Frame, b: &Frame) -> f32 {
    let sum: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    (sum / WIDTH as f32).sqrt()
}

fn mel(hertz: f32) -> f32 {
    // O'Shaughnessy (1987).
    2_595.0 * (1.0 + hertz / 700.0).log10()
}

fn hertz(mel: f32) -> f32 {
    700.0 * (10_f32.powf(mel / 2_595.0) - 1.0)
}

/// The power spectra of a sound, a frame after the other.
pub(super) struct Spectra {
    power: Vec<Vec<f32>>,
    /// Hertz from one line of the spectrum to the next.
    step: f32,
    /// How loud each frame is between [`LOWEST`] and [`HIGHEST`], in dB.
    pub(super) loudness: Vec<f32>,
}

impl Spectra {
    /// Of samples, so many a second.
    pub(super) fn of(samples: &[i16], rate: u32) -> Self {
        let window = rate as usize * WINDOW_MS / 1000;
        let size = window.next_power_of_two();
        let step = rate as f32 / size as f32;
        let lines = ((HIGHEST * 1.3 / step).ceil() as usize).min(size / 2);
        let fft: Arc<dyn Fft<f32>> = FftPlanner::new().plan_fft_forward(size);
        let shape: Vec<f32> = (0..window)
            .map(|at| 0.54 - 0.46 * (2.0 * PI * at as f32 / (window - 1) as f32).cos())
            .collect();
        let count = samples.len() * FRAMES / rate as usize;
        let mut room = vec![Complex::default(); size];
        let (mut power, mut loudness) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for frame in 0..count {
            let middle = (2 * frame + 1) * rate as usize / (2 * FRAMES);
            room.fill(Complex::default());
            for (at, (to, shape)) in room.iter_mut().zip(&shape).enumerate() {
                let sample = (middle + at)
                    .checked_sub(window / 2)
                    .and_then(|at| samples.get(at));
                to.re = f32::from(*sample.unwrap_or(&0)) / 32_768.0 * shape;
            }
            fft.process(&mut room);
            let spectrum: Vec<f32> = room[..lines].iter().map(Complex::norm_sqr).collect();
            let within = |hertz: f32| ((hertz / step) as usize).min(lines);
            let sum: f32 = spectrum[within(LOWEST)..within(HIGHEST)].iter().sum();
            loudness.push(10.0 * (sum / window as f32 + 1e-10).log10());
            power.push(spectrum);
        }
        Self {
            power,
            step,
            loudness,
        }
    }

    /// What each filter lets through of each frame, filters moved up by `warp`: what a throat that much shorter makes of the same sound.
    fn bands(&self, warp: f32) -> Vec<[f32; BANDS]> {
        let (low, high) = (mel(LOWEST), mel(HIGHEST));
        let edge = |at: usize| {
            hertz(low + (high - low) * at as f32 / (BANDS + 1) as f32) * warp / self.step
        };
        let filters: Vec<Vec<(usize, f32)>> = (0..BANDS)
            .map(|band| {
                let (from, top, to) = (edge(band), edge(band + 1), edge(band + 2));
                let lines = from.ceil() as usize..=to.floor() as usize;
                let weigh = |line: usize| {
                    let at = line as f32;
                    ((at - from) / (top - from)).min((to - at) / (to - top))
                };
                lines.map(|line| (line, weigh(line).max(0.0))).collect()
            })
            .collect();
        let through = |power: &Vec<f32>| {
            let mut bands = [0.0; BANDS];
            for (band, filter) in bands.iter_mut().zip(&filters) {
                *band = filter
                    .iter()
                    .filter_map(|(line, weight)| Some(power.get(*line)? * weight))
                    .sum();
            }
            bands
        };
        self.power.iter().map(through).collect()
    }
}

/// How much louder than noise speech is at least, in dB.
const ABOVE_NOISE: f32 = 6.0;
/// The least speech, in frames: a short word.
const LEAST: usize = 15;

/// Which frames of a sound are speech, by how loud each is: those well above its quietest. None where nothing is.
pub(super) fn speech(loudness: &[f32]) -> Option<Vec<bool>> {
    let mut sorted = loudness.to_vec();
    sorted.sort_by(f32::total_cmp);
    let noise = *sorted.get(sorted.len() / 20)?;
    let above = sorted.partition_point(|loud| *loud <= noise + ABOVE_NOISE);
    let above = &sorted[above..];
    if above.len() < LEAST {
        return None;
    }
    let level = above[above.len() * 9 / 10];
    let threshold = (noise + 0.35 * (level - noise)).max(level - 35.0);
    Some(loudness.iter().map(|loud| *loud > threshold).collect())
}

/// How loud speech is in each band, and how far below it the band's noise lies, as a share.
struct Levels {
    speech: [f32; BANDS],
    noise: [f32; BANDS],
}

impl Levels {
    fn of(bands: &[[f32; BANDS]], loud: &[bool]) -> Self {
        let (mut speech, mut noise) = ([0.0; BANDS], [0.0; BANDS]);
        let heard = loud.iter().filter(|loud| **loud).count().max(1) as f32;
        for band in 0..BANDS {
            let values = bands.iter().zip(loud);
            let sum: f32 = values
                .filter(|(_, loud)| **loud)
                .map(|(bands, _)| bands[band])
                .sum();
            speech[band] = (sum / heard).max(f32::MIN_POSITIVE);
            let mut all: Vec<f32> = bands.iter().map(|bands| bands[band]).collect();
            all.sort_by(f32::total_cmp);
            noise[band] = all.get(all.len() / 20).copied().unwrap_or(0.0) / speech[band];
        }
        Self { speech, noise }
    }
}

/// Two sounds as frames that can be compared.
pub(super) struct Pair {
    pub(super) reference: Vec<Frame>,
    pub(super) recording: Vec<Frame>,
}

impl Pair {
    /// Both are heard with the noise of the noisier, band by band: so neither silence nor a hum makes the same word another. `loud` says which of
    /// their frames are speech; the recording's filters are moved up by `warp`.
    pub(super) fn of(
        reference: &Spectra,
        recording: &Spectra,
        loud: [&[bool]; 2],
        warp: f32,
    ) -> Self {
        let bands = [reference.bands(1.0), recording.bands(warp)];
        let levels = [
            Levels::of(&bands[0], loud[0]),
            Levels::of(&bands[1], loud[1]),
        ];
        let mut noise = [0.0; BANDS];
        for (band, noise) in noise.iter_mut().enumerate() {
            let least = 10_f32.powf(-DEPTH / 10.0);
            *noise = levels[0].noise[band].max(levels[1].noise[band]).max(least);
        }
        let cepstra = |of: usize| -> Vec<[f32; CEPSTRA]> {
            let frames = bands[of].iter();
            frames
                .map(|bands| cepstra(bands, &levels[of].speech, &noise))
                .collect()
        };
        let (reference, recording) = (cepstra(0), cepstra(1));
        // Each on its own scale: how much a coefficient varies in its speech.
        let reference = Moments::of(&reference, loud[0]).on(&reference);
        let recording = Moments::of(&recording, loud[1]).on(&recording);
        Self {
            reference,
            recording,
        }
    }
}

fn cepstra(bands: &[f32; BANDS], speech: &[f32; BANDS], noise: &[f32; BANDS]) -> [f32; CEPSTRA] {
    let mut logs = [0.0; BANDS];
    for (band, log) in logs.iter_mut().enumerate() {
        *log = (bands[band] / speech[band] + noise[band]).ln();
    }
    let mut cepstra = [0.0; CEPSTRA];
    for (k, coefficient) in cepstra.iter_mut().enumerate() {
        let angle = PI * k as f32 / BANDS as f32;
        *coefficient = logs
            .iter()
            .enumerate()
            .map(|(band, log)| log * (angle * (band as f32 + 0.5)).cos())
            .sum();
    }
    cepstra
}

/// Mean and spread of each coefficient in speech.
struct Moments {
    mean: [f32; CEPSTRA],
    spread: [f32; CEPSTRA],
}

impl Moments {
    fn of(cepstra: &[[f32; CEPSTRA]], loud: &[bool]) -> Self {
        let (mut mean, mut spread) = ([0.0; CEPSTRA], [1.0; CEPSTRA]);
        let heard = |k: usize| {
            cepstra
                .iter()
                .zip(loud)
                .filter_map(move |(frame, loud)| loud.then_some(frame[k]))
        };
        let count = loud.iter().filter(|loud| **loud).count().max(1) as f32;
        for k in 0..CEPSTRA {
            mean[k] = heard(k).sum::<f32>() / count;
            let squares: f32 = heard(k).map(|value| (value - mean[k]).powi(2)).sum();
            spread[k] = (squares / count).sqrt().max(1e-3);
        }
        Self { mean, spread }
    }

    /// Cepstra on this scale, with their changes.
    fn on(&self, cepstra: &[[f32; CEPSTRA]]) -> Vec<Frame> {
        let scaled: Vec<[f32; CEPSTRA]> = cepstra
            .iter()
            .map(|frame| {
                let mut scaled = [0.0; CEPSTRA];
                for k in 0..CEPSTRA {
                    scaled[k] = (frame[k] - self.mean[k]) / self.spread[k];
                }
                scaled
            })
            .collect();
        let last = scaled.len().saturating_sub(1);
        (0..scaled.len())
            .map(|at| {
                let mut frame = [0.0; WIDTH];
                frame[..CEPSTRA].copy_from_slice(&scaled[at]);
                // The slope of the line that fits best.
                for reach in 1..=REACH {
                    let (before, after) = (at.saturating_sub(reach), (at + reach).min(last));
                    for k in 0..CEPSTRA {
                        let rise = scaled[after][k] - scaled[before][k];
                        frame[CEPSTRA + k] += CHANGE * reach as f32 * rise / 4.0;
                    }
                }
                frame
            })
            .collect()
    }
}
