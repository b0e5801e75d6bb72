//! How long the voice is silent, and where: the lengths of all pauses, and the ones within a sentence brought to them.
//!
//! A pause is what is heard of it: the stretch below [`SILENCE`] between two words, the closure of a consonant that follows it
//! included. Lengths are those at pace 1; a voice that speaks faster pauses less.

use std::ops::Range;

/// Silence before the first word of a scene, in milliseconds.
pub const LEAD_IN_MS: usize = 80;
/// Silence after a scene's last word, in milliseconds.
pub const LEAD_OUT_MS: usize = 120;
/// After a comma, a bracket, or a part of a sentence that was spoken by itself, in milliseconds.
pub const COMMA_MS: usize = 160;
/// After a semicolon, a colon or an ellipsis, and at a dash, in milliseconds.
pub const CLAUSE_MS: usize = 250;
/// After a full stop, in milliseconds.
pub const STOP_MS: usize = 320;
/// After a question or an exclamation, in milliseconds: what was asked stands for a moment.
pub const QUESTION_MS: usize = 380;
/// Between two lines of a scene, in milliseconds: each is a thought of its own.
pub const LINE_MS: usize = 420;

/// What is quieter than this is silence: -48 dB.
pub(crate) const SILENCE: f32 = 0.004;
/// Sound is looked at in pieces of this length, in milliseconds.
const PIECE_MS: usize = 2;
/// How far before and after a mark's own place its silence may lie, in milliseconds: words fade out, and begin with a closure.
const REACH_MS: usize = 90;
/// Sound fades into and out of a pause over this long, in milliseconds.
const FADE_MS: usize = 4;

/// How long the voice pauses after a mark, in milliseconds at pace 1.
pub(crate) fn after(mark: Option<char>) -> usize {
    match mark {
        Some(',') => COMMA_MS,
        Some(';' | ':') => CLAUSE_MS,
        Some('?' | '!') => QUESTION_MS,
        _ => STOP_MS,
    }
}

/// A pause within a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    /// Where the model was at its mark, in samples.
    pub(crate) mark: Range<usize>,
    /// How long it is to be, in samples.
    pub(crate) length: usize,
}

/// Brings the pauses of a sentence, in their order, to their lengths, and moves the words' spans along.
pub(crate) fn set(
    sound: &mut Vec<f32>,
    spans: &mut [(usize, Range<usize>)],
    gaps: &[Gap],
    sample_rate: usize,
) {
    // From the last on, so that what lies before keeps its place.
    for gap in gaps.iter().rev() {
        let silence = silence(sound, &gap.mark, sample_rate);
        let middle = usize::midpoint(silence.start, silence.end);
        let missing = gap.length.checked_sub(silence.len());
        let (from, until, added) = if let Some(missing) = missing {
            (middle, middle, missing)
        } else {
            let half = gap.length / 2;
            (silence.start + half, silence.end - (gap.length - half), 0)
        };
        fade(sound, from, until, sample_rate);
        sound.splice(from..until, std::iter::repeat_n(0.0, added));
        let moved = |at: usize| at.max(until) - until + from + added;
        for (_, span) in spans.iter_mut() {
            let (begins_before, ends_after) =
                (span.start < gap.mark.start, span.end > gap.mark.end);
            *span = match (begins_before, ends_after) {
                // Said in parts, with the pause between them.
                (true, true) => span.start..moved(span.end),
                (true, false) => span.start..span.end.min(from),
                (false, _) => moved(span.start).max(from + added)..moved(span.end),
            };
        }
    }
}

/// The longest silence about a mark; an empty one at the quietest place where there is none.
fn silence(sound: &[f32], mark: &Range<usize>, sample_rate: usize) -> Range<usize> {
    let ms = |ms: usize| ms * sample_rate / 1000;
    let piece = ms(PIECE_MS).max(1);
    let start = mark.start.saturating_sub(ms(REACH_MS)).min(sound.len());
    let end = (mark.end + ms(REACH_MS)).clamp(start, sound.len());
    let loudest: Vec<f32> = sound[start..end]
        .chunks(piece)
        .map(|piece| piece.iter().fold(0.0f32, |most, s| most.max(s.abs())))
        .collect();
    let mut longest = 0..0;
    let mut from = 0;
    for (at, loud) in loudest.iter().enumerate() {
        if *loud > SILENCE {
            from = at + 1;
        } else if at + 1 - from > longest.len() {
            longest = from..at + 1;
        }
    }
    if longest.is_empty() {
        let inside = |at: usize| mark.contains(&(start + at * piece));
        let quietest = (0..loudest.len())
            .filter(|at| inside(*at))
            .min_by(|a, b| loudest[*a].total_cmp(&loudest[*b]));
        let at = start + quietest.unwrap_or(loudest.len() / 2) * piece;
        return at..at;
    }
    start + longest.start * piece..(start + longest.end * piece).min(end)
}

/// Fades out before `from` and in after `until`.
fn fade(sound: &mut [f32], from: usize, until: usize, sample_rate: usize) {
    let length = (FADE_MS * sample_rate / 1000)
        .min(from)
        .min(sound.len() - until);
    for at in 0..length {
        let share = at as f32 / length as f32;
        sound[from - 1 - at] *= share;
        sound[until + at] *= share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: usize = 10_000;

    /// Sound of 100 ms, silence, and sound of 100 ms; and the words of both.
    fn two_words(silence_ms: usize) -> (Vec<f32>, Vec<(usize, Range<usize>)>) {
        let silent = silence_ms * RATE / 1000;
        let mut sound = vec![0.5; 1_000];
        sound.resize(1_000 + silent, 0.001);
        sound.resize(2_000 + silent, 0.5);
        (
            sound,
            vec![(0, 0..1_000), (1, 1_000 + silent..2_000 + silent)],
        )
    }

    fn heard(sound: &[f32]) -> usize {
        sound
            .iter()
            .filter(|sample| sample.abs() <= SILENCE)
            .count()
    }

    #[test]
    fn a_pause_gets_its_length_whatever_the_model_made_of_it() {
        for made_ms in [0, 20, 160, 400] {
            let (mut sound, mut spans) = two_words(made_ms);
            let gap = Gap {
                mark: 990..1_010 + made_ms * RATE / 1000,
                length: 1_600,
            };
            set(&mut sound, &mut spans, &[gap], RATE);
            let silent = heard(&sound);
            assert!(silent.abs_diff(1_600) <= 25, "{made_ms} ms became {silent}");
            assert!(spans[0].1.end.abs_diff(1_000) <= 25, "{made_ms}: {spans:?}");
            assert!(
                spans[1].1.start.abs_diff(2_600) <= 25,
                "{made_ms}: {spans:?}"
            );
            assert_eq!(spans[1].1.end, sound.len());
        }
    }

    #[test]
    fn pauses_of_one_sentence_do_not_disturb_each_other() {
        let (mut sound, mut spans) = two_words(50);
        let (more, _) = two_words(50);
        let until = sound.len();
        spans.push((2, until + 1_500..until + more.len()));
        sound.extend(more);
        let gaps =
            [1_000..1_500, until + 1_000..until + 1_500].map(|mark| Gap { mark, length: 800 });
        set(&mut sound, &mut spans, &gaps, RATE);
        assert!(heard(&sound).abs_diff(1_600) <= 30, "{}", heard(&sound));
        assert_eq!(spans[2].1.end, sound.len());
        assert_eq!(spans[1].1.start, 1_800);
    }

    #[test]
    fn longer_pauses_go_with_stronger_marks() {
        let marks = [',', ';', '.', '?'].map(|mark| after(Some(mark)));
        assert!(marks.is_sorted() && marks[3] < LINE_MS, "{marks:?}");
        assert_eq!(after(Some(':')), after(Some(';')));
        assert_eq!(after(None), STOP_MS);
    }
}
