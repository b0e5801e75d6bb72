//! Music below the voice: as long as the film, faded at its ends, and lower where somebody speaks.

use std::f32::consts::{FRAC_PI_2, PI};
use std::ops::Range;

use crate::MediaError;
use crate::loudness::{self, TARGET};
use crate::timeline::SAMPLE_RATE;

/// How far the music is below the voice while somebody speaks, in LU: background of this kind is to be 20 dB below speech
/// (WCAG 2.2, success criterion 1.4.7).
const BELOW_SPEECH: f64 = 20.0;
/// How far it is below the voice in pauses, in LU: there, but the voice stays the loudest.
const BELOW_IN_PAUSES: f64 = 8.0;
/// How much it is lowered for speech, in dB.
const DUCK: f32 = (BELOW_SPEECH - BELOW_IN_PAUSES) as f32;
/// How long it takes to go down, in ms. It is down when the word begins: words' times are known beforehand.
const ATTACK_MS: usize = 150;
/// How long it takes to come back, in ms: slowly, so that it isn't noticed.
const RELEASE_MS: usize = 500;
/// A pause in which it couldn't come back whole leaves it down: going up and down between words is heard as pumping.
const LEAST_PAUSE_MS: usize = ATTACK_MS + RELEASE_MS;
/// Cross-fade from its end to its start where it is shorter than the film, in ms.
const LOOP_MS: usize = 500;
/// How long it fades in at the film's start, in ms.
const FADE_IN_MS: usize = 800;
/// How long it fades out before the film's end, in ms.
const FADE_OUT_MS: usize = 1_500;

const fn count(ms: usize) -> usize {
    ms * SAMPLE_RATE as usize / 1000
}

/// From 0 to 1 without a corner at either end.
fn ease(share: f32) -> f32 {
    (1.0 - (PI * share.clamp(0.0, 1.0)).cos()) / 2.0
}

/// Adds music to a voice that is as loud as wanted, or to silence where nothing is `spoken`. Its ranges are samples, in order.
pub(crate) fn add(
    film: &mut [f32],
    music: &[f32],
    spoken: &[Range<usize>],
) -> Result<(), MediaError> {
    let mut bed = repeated(music, film.len());
    fade(&mut bed);
    let Some(now) = loudness::measure(&bed)? else {
        return Ok(());
    };
    let below = if spoken.is_empty() {
        0.0
    } else {
        BELOW_IN_PAUSES
    };
    let gain = 10_f64.powf((TARGET - below - now.integrated_lufs) / 20.0) as f32;
    let ducked = ducking(spoken, film.len());
    for ((to, from), duck) in film.iter_mut().zip(bed).zip(ducked) {
        *to += from * gain * duck;
    }
    Ok(())
}

/// Music of any length over and over, each end fading into the next beginning at equal power.
fn repeated(music: &[f32], length: usize) -> Vec<f32> {
    let cross = count(LOOP_MS).min(music.len() / 2);
    let step = music.len() - cross;
    let mut out = vec![0.0; length];
    if step == 0 {
        return out;
    }
    for start in (0..length).step_by(step) {
        let last = start + music.len() >= length;
        let room = out.get_mut(start..).unwrap_or_default();
        for (at, (to, from)) in room.iter_mut().zip(music).enumerate() {
            let coming = if start > 0 && at < cross {
                (FRAC_PI_2 * at as f32 / cross as f32).sin()
            } else {
                1.0
            };
            let going = if at >= step {
                (FRAC_PI_2 * (at - step) as f32 / cross as f32).cos()
            } else {
                1.0
            };
            *to += from * coming * going;
        }
        if last {
            break;
        }
    }
    out
}

/// In at the start, out at the end; in a film of a few seconds, over no more than a quarter of it.
fn fade(bed: &mut [f32]) {
    let most = bed.len() / 4;
    let (inward, outward) = (count(FADE_IN_MS).min(most), count(FADE_OUT_MS).min(most));
    for (at, sample) in bed.iter_mut().take(inward).enumerate() {
        *sample *= ease(at as f32 / inward as f32);
    }
    for (at, sample) in bed.iter_mut().rev().take(outward).enumerate() {
        *sample *= ease(at as f32 / outward as f32);
    }
}

/// The music's gain at each sample, from that of pauses, 1, to that below words.
fn ducking(spoken: &[Range<usize>], length: usize) -> Vec<f32> {
    let (attack, release) = (count(ATTACK_MS), count(RELEASE_MS));
    // How far down, 0 to 1.
    let mut depth = vec![0.0_f32; length];
    let mut lower = |at: usize, share: f32| {
        if let Some(depth) = depth.get_mut(at) {
            *depth = depth.max(share);
        }
    };
    for range in together(spoken) {
        for before in 1..=attack.min(range.start) {
            lower(
                range.start - before,
                ease(1.0 - before as f32 / attack as f32),
            );
        }
        range.clone().for_each(|at| lower(at, 1.0));
        for after in 0..release {
            lower(range.end + after, ease(1.0 - after as f32 / release as f32));
        }
    }
    let gain = |depth: f32| 10_f32.powf(-DUCK * depth / 20.0);
    depth.into_iter().map(gain).collect()
}

/// Ranges with the short pauses between them.
fn together(spoken: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in spoken {
        match out.last_mut() {
            Some(last) if range.start < last.end + count(LEAST_PAUSE_MS) => {
                last.end = last.end.max(range.end);
            }
            _ => out.push(range.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: usize = SAMPLE_RATE as usize;

    fn tone(hertz: f32, length: usize) -> Vec<f32> {
        let value = |at: usize| (at as f32 / SECOND as f32 * hertz * 2.0 * PI).sin();
        (0..length).map(|at| 0.3 * value(at)).collect()
    }

    fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
    }

    proptest! {
        #[test]
        fn the_gain_is_down_below_words_never_above_one_and_never_jumps(
            words in proptest::collection::vec((0..2 * SECOND, 1_000..SECOND), 0..8),
            tail in 0..2 * SECOND,
        ) {
            let mut spoken = Vec::new();
            let mut at = 0;
            for (pause, length) in words {
                spoken.push(at + pause..at + pause + length);
                at += pause + length;
            }
            let gain = ducking(&spoken, at + tail);
            let down = 10_f32.powf(-DUCK / 20.0);
            prop_assert!(gain.iter().all(|gain| (down - 1e-4..=1.0).contains(gain)));
            for range in &spoken {
                prop_assert!(gain[range.clone()].iter().all(|gain| (gain - down).abs() < 1e-4));
            }
            // The steepest place of the shorter ramp, in dB a sample; a little is for rounding.
            let steepest = DUCK * FRAC_PI_2 / count(ATTACK_MS) as f32 * 1.1 + 1e-5;
            for pair in gain.windows(2) {
                prop_assert!((20.0 * (pair[1] / pair[0]).log10()).abs() <= steepest);
            }
        }
    }

    #[test]
    fn music_is_down_below_words_and_back_in_pauses_only() {
        let mut film = vec![0.0; 10 * SECOND];
        let spoken = [
            3 * SECOND..4 * SECOND,
            // A pause that is too short to come back in.
            4 * SECOND + SECOND / 4..5 * SECOND,
        ];
        add(&mut film, &tone(220.0, 12 * SECOND), &spoken).expect("it can be measured");
        let pause = rms(&film[SECOND..2 * SECOND]);
        let under = rms(&film[3 * SECOND..5 * SECOND]);
        let again = rms(&film[6 * SECOND..8 * SECOND]);
        let decibels = 20.0 * (under / pause).log10();
        assert!((decibels + DUCK).abs() < 0.2, "{decibels} dB");
        assert!((again / pause - 1.0).abs() < 0.02);
        assert!(film[0].abs() < 1e-6 && film[10 * SECOND - 1].abs() < 1e-6);
    }

    #[test]
    fn short_music_goes_on_without_a_click_or_a_gap() {
        // A length that leaves the tone somewhere in its wave.
        let music = tone(441.7, 2 * SECOND + 1_234);
        let bed = repeated(&music, 11 * SECOND);
        let steepest = 0.3 * 441.7 * 2.0 * PI / SECOND as f32;
        for pair in bed.windows(2) {
            // Two tones at equal power are at most the root of two as steep.
            assert!((pair[1] - pair[0]).abs() < 1.5 * steepest);
        }
        // Half a second of a wave that meets itself upside down may be as quiet as it likes for a moment, no longer.
        for part in bed.chunks(SECOND) {
            assert!(rms(part) > 0.1, "{}", rms(part));
        }
        assert_eq!(bed[..SECOND], music[..SECOND]);
    }

    #[test]
    fn nothing_is_no_music_and_a_moment_is_some() {
        assert_eq!(repeated(&[], 3), [0.0; 3]);
        assert_eq!(repeated(&[0.5], 3), [0.5; 3]);
        assert!(repeated(&[0.5; 10], 0).is_empty());
    }
}
