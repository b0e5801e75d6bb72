//! Engagement: what keeps somebody watching from one sentence to the next.

mod lists;

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::cohesion::Cohesion;
use crate::emotion::Feeling;
use crate::filler::Filler;
use crate::score::{Mark, Reading, Sheet, at, deviation, mean, sure};
use crate::text::{Ending, Text, Word};
use crate::words::zipf;

/// The scale: of published articles (OneStopEnglish) a tenth lie below 70 and 38 in a hundred below 85.
const SCALE: &[(f64, f64)] = &[
    (10.0, 0.0),
    (35.0, 40.0),
    (52.0, 70.0),
    (62.0, 85.0),
    (71.0, 92.0),
    (82.0, 97.0),
    (100.0, 100.0),
];

const SECOND_PERSON: &[&str] = &[
    "you",
    "your",
    "yours",
    "you're",
    "you've",
    "you'll",
    "you'd",
    "yourself",
    "yourselves",
];

/// Reads how engaging a text is. `feelings` are those of its sentences.
pub(crate) fn read(
    text: &Text<'_>,
    feelings: &[Feeling],
    cohesion: &Cohesion,
    filler: &Filler,
) -> Reading {
    let words = text.words.len();
    let hundreds = words.max(40) as f64 / 100.0;
    let mut sheet = Sheet::from(52.0);

    let gaps = count(text, lists::GAPS) as f64 / hundreds;
    sheet.along(
        "curiosity gaps per 100 words",
        gaps,
        &[(0.0, -3.0), (1.5, 4.0), (4.0, 10.0), (8.0, 12.0)],
    );
    let second = text
        .words
        .iter()
        .filter(|word| SECOND_PERSON.contains(&word.form.as_str()))
        .count() as f64
        / hundreds;
    sheet.along(
        "second person per 100 words",
        second,
        &[(0.0, -1.0), (1.0, 3.0), (4.0, 8.0), (12.0, 8.0)],
    );
    let questions = text
        .sentences
        .iter()
        .filter(|s| s.ending == Ending::Question)
        .count() as f64;
    let share = questions / text.sentences.len().max(1) as f64;
    sheet.along(
        "share of questions",
        share,
        &[(0.0, 0.0), (0.1, 5.0), (0.35, 5.0), (0.8, -4.0)],
    );
    let concrete =
        text.words.iter().filter(|word| is_concrete(word)).count() as f64 / words.max(12) as f64;
    sheet.along(
        "share of concrete words, numbers and names",
        concrete,
        &[(0.02, -6.0), (0.1, 2.0), (0.2, 9.0), (0.35, 11.0)],
    );

    let lengths: Vec<f64> = text
        .sentences
        .iter()
        .map(|s| s.words.len() as f64)
        .collect();
    if lengths.len() >= 3 {
        let variation = deviation(&lengths) / mean(&lengths).max(1.0);
        sheet.along(
            "variation of sentence length",
            variation,
            &[(0.1, -5.0), (0.35, 3.0), (0.6, 7.0), (1.2, 4.0)],
        );
        let arc = arc(feelings);
        sheet.along(
            "rise and fall of feeling over the text",
            arc,
            &[(0.0, -3.0), (0.15, 2.0), (0.4, 7.0)],
        );
        cohesion.charge(&mut sheet, 22.0);
    }
    let long = at(&[(18.0, 0.0), (25.0, -8.0), (40.0, -22.0)], mean(&lengths));
    sheet.add("words per sentence", mean(&lengths), long);
    let lost = sheet.raw().clamp(0.0, 100.0) * (1.0 - filler.factor());
    sheet.add("share of filler", filler.share, -lost);

    let mut marks: Vec<Mark> = filler
        .spans
        .iter()
        .map(|span| {
            Mark::new(
                "says nothing",
                *span,
                text.original,
                lost / filler.spans.len() as f64,
            )
        })
        .collect();
    marks.extend(
        text.sentences
            .iter()
            .filter(|s| s.words.len() > 28)
            .map(|sentence| {
                let cost = 0.25 * (sentence.words.len() - 28) as f64 + 1.0;
                Mark::new(
                    "longer than a viewer follows",
                    sentence.span,
                    text.original,
                    cost,
                )
            }),
    );
    marks.extend(cohesion.breaks.iter().map(|span| {
        Mark::new(
            "takes up nothing that was said just before",
            *span,
            text.original,
            0.8,
        )
    }));
    let reading = sheet
        .scaled(SCALE)
        .reading(sure(words, 80))
        .with_marks(marks);
    if lengths.len() < 3 {
        return reading.with_note("fewer than three sentences: too short to judge how it is told");
    }
    reading
}

/// How often phrases of one or two words (or more) stand in a text.
fn count(text: &Text<'_>, phrases: &'static [&'static str]) -> usize {
    static GAPS: OnceLock<HashSet<&str>> = OnceLock::new();
    let gaps = GAPS.get_or_init(|| phrases.iter().copied().collect());
    let mut found = 0;
    let mut pair = String::new();
    for words in (1..=3).flat_map(|length| text.words.windows(length)) {
        if let [word] = words {
            found += usize::from(gaps.contains(word.form.as_str()));
        } else {
            pair.clear();
            for word in words {
                if !pair.is_empty() {
                    pair.push(' ');
                }
                pair.push_str(&word.form);
            }
            found += usize::from(gaps.contains(pair.as_str()));
        }
    }
    found
}

/// Whether a word names what can be seen, heard, touched or counted: from a list, and numbers and names.
fn is_concrete(word: &Word) -> bool {
    static CONCRETE: OnceLock<HashSet<&str>> = OnceLock::new();
    let concrete = CONCRETE.get_or_init(|| lists::CONCRETE.iter().copied().collect());
    let form = word.form.strip_suffix("'s").unwrap_or(&word.form);
    let singular = form.strip_suffix('s').unwrap_or(form);
    word.number
        || concrete.contains(form)
        || concrete.contains(singular)
        || word.capitalised && zipf(form) < 4.3
}

/// How far the feeling of a text's thirds differs: the range of their valence and arousal, on a scale of 1 to 5.
fn arc(feelings: &[Feeling]) -> f64 {
    let third = feelings.len().div_ceil(3).max(1);
    let range = |of: &dyn Fn(&Feeling) -> f64| {
        let means: Vec<f64> = feelings
            .chunks(third)
            .map(|part| mean(&part.iter().map(of).collect::<Vec<_>>()))
            .collect();
        let most = means.iter().copied().fold(f64::MIN, f64::max);
        let least = means.iter().copied().fold(f64::MAX, f64::min);
        (most - least).max(0.0)
    };
    range(&|feeling| feeling.valence).max(range(&|feeling| feeling.arousal))
}
