//! Pacing: words a minute, pauses, scenes, and the change between short and long sentences.

use domain::Tone;

use crate::content::Speech;
use crate::score::{Mark, Reading, Sheet, at, deviation, mean, sure};
use crate::text::Text;

/// What a minute of speech costs that is off the pace by a share: people follow 150 words a minute with ease and half as many again with effort.
const OFF_PACE: &[(f64, f64)] = &[
    (0.5, -55.0),
    (0.7, -22.0),
    (0.85, -4.0),
    (0.95, 0.0),
    (1.1, 0.0),
    (1.25, -10.0),
    (1.5, -32.0),
    (2.0, -65.0),
];

/// Reads the pace of what is spoken; of a text whose times aren't known, only its rhythm.
pub(crate) fn read(text: &Text<'_>, speech: Option<&Speech>, tone: Option<Tone>) -> Reading {
    let mut sheet = Sheet::from(88.0);
    let mut marks = Vec::new();
    let spoken = speech.filter(|speech| !speech.words.is_empty());
    if let Some(speech) = spoken {
        let pace = pace(tone);
        let wpm = speech.words.len() as f64 * 60_000.0 / f64::from(speech.length_ms().max(1));
        sheet.add("words a minute", wpm, at(OFF_PACE, wpm / pace));
        scenes(speech, pace, &mut sheet, &mut marks);
        pauses(speech, &mut sheet, &mut marks);
    }
    let lengths: Vec<f64> = text
        .sentences
        .iter()
        .map(|s| s.words.len() as f64)
        .collect();
    if lengths.len() >= 3 {
        let changes: Vec<f64> = lengths
            .windows(2)
            .map(|pair| (pair[0] - pair[1]).abs())
            .collect();
        let change = mean(&changes) / mean(&lengths).max(1.0);
        sheet.along(
            "change of sentence length from one to the next",
            change,
            &[
                (0.1, -12.0),
                (0.35, 2.0),
                (0.6, 7.0),
                (1.1, 3.0),
                (1.6, -5.0),
            ],
        );
    }
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    sheet.along(
        "words in the longest sentence",
        longest,
        &[(22.0, 2.0), (30.0, -4.0), (50.0, -18.0)],
    );
    marks.extend(
        text.sentences
            .iter()
            .filter(|s| s.words.len() > 30)
            .map(|sentence| {
                Mark::new(
                    "too long for one breath",
                    sentence.span,
                    text.original,
                    0.3 * (sentence.words.len() - 30) as f64 + 1.0,
                )
            }),
    );
    let confidence = sure(text.sentences.len(), 5);
    match spoken {
        Some(speech) if speech.estimated => sheet
            .reading(0.6 * confidence)
            .with_marks(marks)
            .with_note("no voice spoke all of it: times are estimates"),
        Some(_) => sheet.reading(confidence).with_marks(marks),
        None => sheet
            .reading(0.35 * confidence)
            .with_marks(marks)
            .with_note("not spoken: only the rhythm of its sentences is judged"),
    }
}

/// The pace that suits a tone, in words a minute, pauses included.
pub(crate) const fn pace(tone: Option<Tone>) -> f64 {
    match tone {
        Some(Tone::Energetic | Tone::Bold) => 160.0,
        Some(Tone::Calm) => 132.0,
        Some(Tone::Professional | Tone::Informative | Tone::Friendly) | None => 148.0,
    }
}

/// Scenes that last too short or too long, and those whose pace isn't that of the others.
fn scenes(speech: &Speech, pace: f64, sheet: &mut Sheet, marks: &mut Vec<Mark>) {
    let mut from_ms = 0;
    let mut off = 0.0;
    let mut paces = Vec::new();
    for (scene, &length_ms) in speech.scenes_ms.iter().enumerate() {
        let to_ms = from_ms + length_ms;
        let seconds = f64::from(length_ms) / 1000.0;
        let cost = -at(
            &[(0.8, -8.0), (1.6, 0.0), (9.0, 0.0), (16.0, -8.0)],
            seconds,
        );
        if cost > 0.5 {
            let what = if seconds < 2.0 {
                "scene over before it is seen"
            } else {
                "scene that stands too long"
            };
            marks.push(Mark::timed(what, from_ms, to_ms, cost));
        }
        off += cost;
        let words: Vec<_> = speech.of_scene(scene).collect();
        if let [first, .., last] = words.as_slice() {
            // The pauses around a scene's words aren't its pace.
            let own = words.len() as f64 * 60_000.0
                / f64::from(last.end_ms.saturating_sub(first.start_ms).max(1));
            if words.len() >= 5 {
                paces.push(own);
            }
            let cost = -at(OFF_PACE, own / (pace * 1.12)) * 0.3;
            if cost > 1.0 {
                let what = if own > pace {
                    "spoken too fast"
                } else {
                    "spoken too slowly"
                };
                let mut mark = Mark::timed(what, first.start_ms, last.end_ms, cost);
                mark.text = words
                    .iter()
                    .take(14)
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                marks.push(mark);
            }
        }
        from_ms = to_ms;
    }
    let count = speech.scenes_ms.len().max(1) as f64;
    sheet.add(
        "points that scenes too short or too long cost, per scene",
        off / count,
        -(off / count) * 2.0,
    );
    let uneven = deviation(&paces) / mean(&paces).max(1.0);
    sheet.along(
        "difference of pace between scenes",
        uneven,
        &[(0.08, 2.0), (0.18, -2.0), (0.4, -16.0)],
    );
}

/// Pauses within the speech: some are needed, long ones are holes.
fn pauses(speech: &Speech, sheet: &mut Sheet, marks: &mut Vec<Mark>) {
    let mut silent_ms = 0_u32;
    let mut holes = 0.0;
    for pair in speech.words.windows(2) {
        let [before, after] = pair else { continue };
        let gap = after.start_ms.saturating_sub(before.end_ms);
        silent_ms += gap;
        let cost = at(
            &[(1_600.0, 0.0), (2_500.0, 4.0), (6_000.0, 15.0)],
            f64::from(gap),
        );
        if cost > 0.0 {
            marks.push(Mark::timed(
                "pause that reads as a fault",
                before.end_ms,
                after.start_ms,
                cost,
            ));
        }
        holes += cost;
    }
    let share = f64::from(silent_ms) / f64::from(speech.length_ms().max(1));
    sheet.along(
        "share of pauses",
        share,
        &[
            (0.0, -6.0),
            (0.05, 1.0),
            (0.12, 3.0),
            (0.25, 0.0),
            (0.45, -15.0),
        ],
    );
    sheet.add("points that long pauses cost", holes, -holes.min(30.0));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::content::SpokenAt;

    fn speech(word_ms: u32) -> Speech {
        let words = (0..60_u32).map(|at| SpokenAt {
            text: "word".to_owned(),
            start_ms: at * word_ms,
            end_ms: at * word_ms + word_ms * 9 / 10,
            scene: at as usize / 12,
        });
        Speech {
            words: words.collect(),
            scenes_ms: vec![12 * word_ms; 5],
            estimated: false,
        }
    }

    #[test]
    fn doubled_and_halved_speed_lower_the_score_and_are_shown() {
        let text = Text::parse(
            "One sentence is short. Another one is somewhat longer than that. Then a third.",
        );
        let raw = |word_ms| read(&text, Some(&speech(word_ms)), None);
        let (right, fast, slow) = (raw(400), raw(200), raw(800));
        assert!(right.raw > fast.raw + 40.0, "{} {}", right.raw, fast.raw);
        assert!(right.raw > slow.raw + 30.0, "{} {}", right.raw, slow.raw);
        assert!(
            fast.marks
                .iter()
                .any(|mark| mark.what == "spoken too fast" && mark.time_ms.is_some())
        );
    }

    #[test]
    fn a_hole_in_the_speech_is_marked_with_its_time() {
        let text = Text::parse("One. Two. Three.");
        let mut holed = speech(400);
        for word in &mut holed.words[30..] {
            word.start_ms += 4_000;
            word.end_ms += 4_000;
        }
        holed.scenes_ms[2] += 4_000;
        let reading = read(&text, Some(&holed), None);
        let found = reading
            .marks
            .iter()
            .find(|mark| mark.what.starts_with("pause"))
            .unwrap();
        assert_eq!(found.time_ms, Some([11_960, 16_000]));
        assert!(reading.raw < read(&text, Some(&speech(400)), None).raw);
    }
}
