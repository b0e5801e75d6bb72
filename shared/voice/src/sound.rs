//! Sentences joined to one sound, with pauses between and no clicks.

use std::ops::Range;

use crate::pauses::{self, LEAD_IN_MS, LEAD_OUT_MS, LINE_MS, SILENCE};

/// Kept of the silence around a sentence, so that soft consonants aren't cut.
const KEPT_MS: usize = 15;
/// Every sentence fades in and out over this long.
const FADE_MS: usize = 5;
/// Highest absolute sample: a scene that would go higher is turned down as a whole.
const PEAK: f32 = 0.95;

pub(crate) struct Joiner {
    sample_rate: usize,
    samples: Vec<f32>,
    /// How fast the voice speaks: at more than 1 it pauses less.
    pace: f32,
    /// Silence due before the next sentence, in milliseconds at pace 1.
    pause_ms: usize,
}

impl Joiner {
    pub(crate) fn new(sample_rate: u32, pace: f32) -> Self {
        let mut new = Self {
            sample_rate: sample_rate as usize,
            samples: Vec::new(),
            pace,
            pause_ms: 0,
        };
        new.rest(LEAD_IN_MS);
        new
    }

    fn samples_in(&self, ms: usize) -> usize {
        ms * self.sample_rate / 1000
    }

    /// Adds silence; where it is.
    pub(crate) fn rest(&mut self, ms: usize) -> Range<usize> {
        let start = self.samples.len();
        self.samples.resize(start + self.samples_in(ms), 0.0);
        start..self.samples.len()
    }

    /// Ends a line: what follows is the next.
    pub(crate) fn line(&mut self) {
        if self.pause_ms > 0 {
            self.pause_ms = self.pause_ms.max(LINE_MS);
        }
    }

    /// Adds a sentence that ends in `mark` without the silence around it, and moves its words' spans to where they come
    /// to lie.
    pub(crate) fn sentence(
        &mut self,
        sound: &[f32],
        spans: &mut [(usize, Range<usize>)],
        mark: Option<char>,
    ) {
        // What is kept around both sentences is a part of the pause.
        let pause_ms = (self.pause_ms as f32 / self.pace) as usize;
        self.rest(pause_ms.saturating_sub(2 * KEPT_MS));
        self.pause_ms = pauses::after(mark);
        let kept = self.samples_in(KEPT_MS);
        let loud = |sample: &f32| sample.abs() > SILENCE;
        let from = sound
            .iter()
            .position(loud)
            .unwrap_or(0)
            .saturating_sub(kept);
        let to = sound
            .iter()
            .rposition(loud)
            .map_or(sound.len(), |last| (last + kept).min(sound.len()));
        let start = self.samples.len();
        self.samples.extend_from_slice(&sound[from..to]);
        self.fade(start);
        for (_, span) in spans {
            let shifted = |at: usize| at.clamp(from, to) - from + start;
            *span = shifted(span.start)..shifted(span.end);
        }
    }

    fn fade(&mut self, start: usize) {
        let length = self
            .samples_in(FADE_MS)
            .min((self.samples.len() - start) / 2);
        let end = self.samples.len();
        for at in 0..length {
            let share = at as f32 / length as f32;
            self.samples[start + at] *= share;
            self.samples[end - 1 - at] *= share;
        }
    }

    /// The whole sound.
    pub(crate) fn finish(mut self) -> Vec<i16> {
        self.rest(LEAD_OUT_MS);
        let peak = self
            .samples
            .iter()
            .fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let gain = if peak > PEAK { PEAK / peak } else { 1.0 };
        self.samples
            .iter()
            .map(|sample| (sample * gain * f32::from(i16::MAX)).round() as i16)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_a_sentence_is_cut_and_its_words_move_along() {
        let mut sound = vec![0.0; 22_050];
        sound.extend(vec![0.5; 2_205]);
        sound.extend(vec![0.0; 22_050]);
        let mut spans = vec![(0, 22_050..24_255)];
        let mut joiner = Joiner::new(22_050, 1.0);
        joiner.sentence(&sound, &mut spans, None);
        let kept = 22_050 * KEPT_MS / 1000;
        let lead = 22_050 * LEAD_IN_MS / 1000;
        assert_eq!(spans[0].1.start, lead + kept);
        let samples = joiner.finish();
        assert!(samples.len() < 22_050 / 2, "{} samples", samples.len());
    }

    #[test]
    fn loud_sound_is_turned_down_and_soft_sound_is_left() {
        let loudest = |level: f32| {
            let mut joiner = Joiner::new(8_000, 1.0);
            joiner.sentence(&vec![level; 800], &mut [], None);
            joiner.finish().into_iter().max().unwrap_or(0)
        };
        assert_eq!(loudest(2.0), (PEAK * 32_767.0).round() as i16);
        assert_eq!(loudest(0.25), 8_192);
    }

    #[test]
    fn joints_start_and_end_at_zero() {
        let mut joiner = Joiner::new(8_000, 1.0);
        joiner.sentence(&vec![0.5; 800], &mut [], None);
        joiner.sentence(&vec![-0.5; 800], &mut [], None);
        let samples = joiner.finish();
        let largest_step = samples
            .windows(2)
            .map(|pair| pair[0].abs_diff(pair[1]))
            .max();
        assert!(largest_step < Some(600), "{largest_step:?}");
    }

    #[test]
    fn the_pause_between_sentences_is_their_mark_s_and_that_between_lines_is_longer() {
        let between = |mark: char, line: bool, pace: f32| {
            let mut joiner = Joiner::new(8_000, pace);
            // A sentence as the model gives it, with silence around.
            let sound = [vec![0.0; 900], vec![0.5; 800], vec![0.0; 900]].concat();
            joiner.sentence(&sound, &mut [], Some(mark));
            if line {
                joiner.line();
            }
            joiner.sentence(&sound, &mut [], Some('.'));
            let samples = joiner.finish();
            let loud = |at: &usize| samples[*at].unsigned_abs() > 131;
            let first = (0..samples.len()).find(loud).unwrap_or(0);
            let end = (first..samples.len()).find(|at| !loud(at)).unwrap_or(0);
            let next = (end..samples.len()).find(loud).unwrap_or(0);
            (next - end) / 8
        };
        for (mark, line, pace, wanted) in [
            ('.', false, 1.0, pauses::STOP_MS),
            ('?', false, 1.0, pauses::QUESTION_MS),
            (',', false, 1.0, pauses::COMMA_MS),
            ('.', true, 1.0, LINE_MS),
            ('.', false, 1.25, pauses::STOP_MS * 4 / 5),
        ] {
            let heard = between(mark, line, pace);
            assert!(
                heard.abs_diff(wanted) <= 3,
                "{mark} {line} {pace}: {heard}, not {wanted}"
            );
        }
    }
}
