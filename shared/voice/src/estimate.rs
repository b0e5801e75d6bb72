//! Word times where no voice can tell them.

use domain::{Pronunciations, SpokenWord};

use crate::spoken;
use crate::syllables;
use crate::timing;

/// Silences in syllables: around a scene, after a comma, after a sentence. A syllable of narration takes about 0.2 s.
const LEAD: f64 = 0.5;
const COMMA: f64 = 1.0;
const SENTENCE: f64 = 2.0;
/// What a written word weighs beside its syllables: short words take longer than their syllables alone.
const WORD: f64 = 0.4;
/// What a word without sound weighs.
const SILENT: f64 = 0.5;
/// Syllables of an English word in running text, on average (about 1.5), with [`WORD`] and the pauses' share.
const AVERAGE: f64 = 1.5 + WORD + 0.25;

/// Times for captions without a voice, and the scene's length in milliseconds: syllables and pauses share the time that the
/// words would take at `wpm` words a minute (30 to 600; others are taken as the nearest).
pub fn estimate(lines: &[String], wpm: u32) -> (Vec<SpokenWord>, u32) {
    let unit_ms = 60_000.0 / f64::from(wpm.clamp(30, 600)) / AVERAGE;
    spread(lines, &Pronunciations::default(), unit_ms)
}

/// Times for a scene whose length is known.
pub(crate) fn within(lines: &[String], own: &Pronunciations, length_ms: u32) -> Vec<SpokenWord> {
    let (words, natural_ms) = spread(lines, own, 200.0);
    let share = f64::from(length_ms) / f64::from(natural_ms.max(1));
    let scaled = |ms: u32| (f64::from(ms) * share) as u32;
    let words = words.into_iter().map(|word| SpokenWord {
        start_ms: scaled(word.start_ms),
        end_ms: scaled(word.end_ms),
        ..word
    });
    timing::settle(words.collect(), length_ms)
}

fn spread(lines: &[String], own: &Pronunciations, unit_ms: f64) -> (Vec<SpokenWord>, u32) {
    let mut words = Vec::new();
    let mut at = LEAD;
    for (line, text) in lines.iter().enumerate() {
        let reading = spoken::read(text, own);
        let mut syllables = vec![0; reading.words.len()];
        let mut pause = vec![0.0f64; reading.words.len()];
        for piece in reading.sentences.iter().flatten() {
            syllables[piece.word] += syllables::of_piece(piece);
            pause[piece.word] = match piece.after {
                Some('.' | '?' | '!') => SENTENCE,
                Some(_) => COMMA,
                None => 0.0,
            };
        }
        if let Some(last) = pause.last_mut() {
            *last = last.max(SENTENCE);
        }
        for (word, text) in reading.words.into_iter().enumerate() {
            let weight = if syllables[word] == 0 {
                SILENT
            } else {
                f64::from(syllables[word]) + WORD
            };
            let ms = |units: f64| (units * unit_ms).round() as u32;
            words.push(SpokenWord {
                text,
                line: line as u32,
                start_ms: ms(at),
                end_ms: ms(at + weight),
            });
            at += weight + pause[word];
        }
    }
    // The pause after the last sentence is the scene's end.
    let length_ms = ((at.max(2.0 * LEAD)) * unit_ms).ceil() as u32;
    let length_ms = length_ms.max(words.len() as u32);
    (timing::settle(words, length_ms), length_ms)
}

#[cfg(test)]
mod tests {
    use domain::{Pronunciations, SpokenWord};
    use proptest::prelude::*;

    use super::{estimate, within};

    fn holds(lines: &[String], words: &[SpokenWord], length_ms: u32) -> Result<(), TestCaseError> {
        let written: Vec<(u32, &str)> = lines
            .iter()
            .enumerate()
            .flat_map(|(at, line)| line.split_whitespace().map(move |word| (at as u32, word)))
            .collect();
        let timed: Vec<(u32, &str)> = words
            .iter()
            .map(|word| (word.line, word.text.as_str()))
            .collect();
        prop_assert_eq!(written, timed, "none left out, none added, in order");
        prop_assert!(
            words.iter().all(|word| word.start_ms < word.end_ms
                && word.end_ms <= length_ms.max(words.len() as u32))
        );
        prop_assert!(
            words
                .windows(2)
                .all(|pair| pair[0].end_ms <= pair[1].start_ms)
        );
        Ok(())
    }

    fn lines() -> impl Strategy<Value = Vec<String>> {
        let word = prop_oneof![
            "[a-zA-Z]{1,12}[.,!?;:]?",
            "[$€£]?[0-9]{1,7}([.,][0-9]{1,3})?(%|km|K|st)?",
            "\\PC{0,8}",
            Just("🎉".to_owned()),
            Just("日本語".to_owned()),
        ];
        prop::collection::vec(
            prop::collection::vec(word, 0..12).prop_map(|words| words.join(" ")),
            0..4,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn estimated_times_keep_the_rules(lines in lines(), wpm in 0u32..1000) {
            let (words, length_ms) = estimate(&lines, wpm);
            holds(&lines, &words, length_ms)?;
        }

        #[test]
        fn scaled_times_keep_the_rules(lines in lines(), length_ms in 0u32..20_000) {
            holds(&lines, &within(&lines, &Pronunciations::default(), length_ms), length_ms)?;
        }
    }

    #[test]
    fn running_text_takes_about_the_time_that_was_asked_for() {
        let text = "Most teams ship a video once a month. The rest of them publish every day, because making one takes minutes now. \
                    What changed is not the camera, but everything that comes after it.";
        let words = text.split_whitespace().count() as f64;
        let (_, length_ms) = estimate(&[text.to_owned()], 150);
        let wpm = words * 60_000.0 / f64::from(length_ms);
        assert!((120.0..180.0).contains(&wpm), "{wpm}");
    }
}
