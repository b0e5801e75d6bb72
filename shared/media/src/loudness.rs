//! How loud speech is, and making it as loud as players expect: ITU-R BS.1770-4 and EBU R 128.

use std::collections::VecDeque;

use ebur128::{Channel, EbuR128, Mode};

use crate::MediaError;
use crate::resample::{COARSE, Resampler};
use crate::timeline::SAMPLE_RATE;

/// Integrated loudness that is aimed at, in LUFS: what the platforms for short videos play at.
pub(crate) const TARGET: f64 = -14.0;
/// Highest true peak before coding, in dBTP: AAC may add half a decibel, and after it -1 must hold.
const CEILING: f64 = -1.8;
/// Most amplification in dB: noise is not made into speech.
const MOST_GAIN: f64 = 40.0;
/// How far ahead the limiter looks, and behind: 2.5 ms.
const LOOK: usize = SAMPLE_RATE as usize / 400;
/// Time constant of the limiter's release in seconds.
const RELEASE: f64 = 0.08;

/// How loud something is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loudness {
    /// Integrated loudness in LUFS.
    pub integrated_lufs: f64,
    /// Highest true peak of any channel in dBTP.
    pub true_peak_dbtp: f64,
}

/// Measures one channel that is played from two speakers, at 48 kHz. `None` for silence.
pub fn measure(samples: &[f32]) -> Result<Option<Loudness>, MediaError> {
    let wrong = |error: ebur128::Error| MediaError::Loudness(error.to_string());
    let mut meter = EbuR128::new(1, SAMPLE_RATE, Mode::I | Mode::TRUE_PEAK).map_err(wrong)?;
    meter.set_channel(0, Channel::DualMono).map_err(wrong)?;
    meter.add_frames_f32(samples).map_err(wrong)?;
    let integrated_lufs = meter.loudness_global().map_err(wrong)?;
    let true_peak_dbtp = 20.0 * meter.true_peak(0).map_err(wrong)?.log10();
    Ok(integrated_lufs.is_finite().then_some(Loudness {
        integrated_lufs,
        true_peak_dbtp,
    }))
}

/// Brings sound to the target: amplified, its peaks limited, and amplified again for what limiting took.
pub(crate) fn normalize(samples: &mut Vec<f32>) -> Result<Option<Loudness>, MediaError> {
    let Some(before) = measure(samples)? else {
        return Ok(None);
    };
    let mut gain = (TARGET - before.integrated_lufs).min(MOST_GAIN);
    let peaks = peaks(samples);
    for _ in 0..4 {
        let mut louder = limited(samples, &peaks, 10_f64.powf(gain / 20.0) as f32);
        let now = measure(&louder)?;
        let off = now.map_or(0.0, |now| TARGET - now.integrated_lufs);
        if off.abs() < 0.05 || gain + off > MOST_GAIN {
            std::mem::swap(samples, &mut louder);
            return Ok(now);
        }
        gain += off;
    }
    *samples = limited(samples, &peaks, 10_f64.powf(gain / 20.0) as f32);
    measure(samples)
}

/// The highest magnitude from each sample to the next, at four places (BS.1770-4, annex 2).
fn peaks(samples: &[f32]) -> Vec<f32> {
    let between = Resampler::new(SAMPLE_RATE, 4 * SAMPLE_RATE, COARSE);
    (0..samples.len())
        .map(|at| {
            let places = (1..between.phases()).map(|phase| between.value(samples, at, phase).abs());
            places.fold(samples[at].abs(), f32::max)
        })
        .collect()
}

/// The samples times `gain`, with a gain below that where a peak would be too high. The gain falls before the peak comes, slowly
/// returns after it, and never jumps: the least gain within reach, released exponentially, averaged over the same reach.
fn limited(samples: &[f32], peaks: &[f32], gain: f32) -> Vec<f32> {
    let ceiling = 10_f64.powf(CEILING / 20.0) as f32;
    let needed = |at: usize| (ceiling / (peaks[at] * gain).max(ceiling)).min(1.0);
    let release = (1.0 - (-1.0 / (RELEASE * f64::from(SAMPLE_RATE))).exp()) as f32;
    let count = samples.len();
    if count == 0 {
        return Vec::new();
    }

    let mut least: VecDeque<(usize, f32)> = VecDeque::new();
    let mut held = Vec::with_capacity(count);
    let mut last = 1.0_f32;
    let mut seen = 0;
    for at in 0..count {
        while seen < (at + LOOK + 1).min(count) {
            let value = needed(seen);
            while least.back().is_some_and(|&(_, other)| other >= value) {
                least.pop_back();
            }
            least.push_back((seen, value));
            seen += 1;
        }
        while least.front().is_some_and(|&(place, _)| place + LOOK < at) {
            least.pop_front();
        }
        let lowest = least.front().map_or(1.0, |&(_, value)| value);
        last = lowest.min(last + (1.0 - last) * release);
        held.push(last);
    }

    let mut sum = 0.0_f64;
    // Beyond the ends the gain is what it is at them.
    let value = |at: isize| f64::from(held[at.clamp(0, count as isize - 1) as usize]);
    let reach = LOOK as isize;
    (-reach..reach).for_each(|at| sum += value(at));
    let mut out = Vec::with_capacity(count);
    for (at, sample) in samples.iter().enumerate() {
        let at = at as isize;
        sum += value(at + reach);
        out.push(sample * gain * (sum / (2 * reach + 1) as f64) as f32);
        sum -= value(at - reach);
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Bursts of a few tones with clicks in between: quiet on the whole, high in its peaks.
    fn speechlike(level: f32, clicks: f32) -> Vec<f32> {
        (0..SAMPLE_RATE as usize * 4)
            .map(|at| {
                let t = at as f32 / SAMPLE_RATE as f32;
                let wave = |hertz: f32| (t * hertz * std::f32::consts::TAU).sin();
                let voiced = (t * 3.0).fract() < 0.7;
                let tone = wave(140.0) + 0.6 * wave(870.0) + 0.3 * wave(2_600.0);
                let click = if at % 9_600 == 77 { clicks } else { 0.0 };
                click + if voiced { level * tone } else { 0.0 }
            })
            .collect()
    }

    #[test]
    fn speech_comes_out_at_the_target_below_the_ceiling() {
        for (level, clicks) in [(0.01, 0.0), (0.2, 0.0), (0.05, 0.9), (0.6, 0.95)] {
            let mut samples = speechlike(level, clicks);
            let loudness = normalize(&mut samples).unwrap().unwrap();
            assert!(
                (loudness.integrated_lufs - TARGET).abs() < 0.5,
                "{loudness:?}"
            );
            assert!(loudness.true_peak_dbtp <= CEILING + 0.1, "{loudness:?}");
        }
    }

    #[test]
    fn silence_stays_silent() {
        let mut samples = vec![0.0; 96_000];
        assert_eq!(normalize(&mut samples).unwrap(), None);
        assert!(samples.iter().all(|sample| *sample == 0.0));
    }
}
