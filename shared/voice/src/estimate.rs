//! Word times where no voice can tell them.

use domain::SpokenWord;

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
    spread(lines, unit_ms)
}

/// Times for a scene whose length is known.
pub(crate) fn within(lines: &[String], length_ms: u32) -> Vec<SpokenWord> {
    let (words, natural_ms) = spread(lines, 200.0);
    let share = f64::from(length_ms) / f64::from(natural_ms.max(1));
    let scaled = |ms: u32| (f64::from(ms) * share) as u32;
    let words = words.into_iter().map(|word| SpokenWord {
        start_ms: scaled(word.start_ms),
        end_ms: scaled(word.end_ms),
        ..word
    });
    timing::settle(words.collect(), length_ms)
}

fn spread(lines: &[String], unit_ms: f64) -> (Vec<SpokenWord>, u32) {
    let mut words = Vec::new();
    let mut at = LEAD;
    for (line, text) in lines.iter().enumerate() {
        let reading = spoken::read(text);
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
