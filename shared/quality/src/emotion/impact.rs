//! Emotional impact: how strongly a text moves its readers, and whether it takes them anywhere.

use crate::emotion::{Feeling, feel, mean};
use crate::generated;
use crate::judgeable::unjudged;
use crate::score::{Mark, Reading, sure};
use crate::text::Text;

/// The names of [`figures`], in their order.
pub const FIGURES: [&str; 4] = [
    "arousal (1 to 5)",
    "strongest feeling of a sentence (distance from neutral)",
    "distance between its brightest and its darkest part",
    "strength of its words' sentiment",
];

/// With fewer words than this, nothing can be said for sure.
const ENOUGH: usize = 60;

/// What is counted in a text whose sentences are felt so, with `strength` for each.
fn figures(text: &Text<'_>, feelings: &[Feeling], strength: f64) -> [f64; FIGURES.len()] {
    let strongest = feelings.iter().map(intensity).fold(0.0, f64::max);
    let third = feelings.len().div_ceil(3).max(1);
    let parts: Vec<f64> = feelings
        .chunks(third)
        .map(|part| part.iter().map(|feeling| feeling.valence).sum::<f64>() / part.len() as f64)
        .collect();
    let most = parts.iter().copied().fold(f64::MIN, f64::max);
    let least = parts.iter().copied().fold(f64::MAX, f64::min);
    [
        mean(text, feelings).arousal,
        strongest,
        (most - least).max(0.0),
        strength,
    ]
}

/// How far a feeling is from none.
fn intensity(feeling: &Feeling) -> f64 {
    (feeling.valence - Feeling::NEUTRAL.valence).hypot(feeling.arousal - Feeling::NEUTRAL.arousal)
}

/// What the score looks at in a text.
pub fn figures_of(text: &Text<'_>) -> [f64; FIGURES.len()] {
    of_text(text).0
}

fn of_text(text: &Text<'_>) -> ([f64; FIGURES.len()], Vec<Feeling>) {
    let felt: Vec<_> = text
        .sentences
        .iter()
        .map(|sentence| feel(text, sentence))
        .collect();
    let feelings: Vec<Feeling> = felt.iter().map(|felt| felt.feeling).collect();
    let strengths = text
        .sentences
        .iter()
        .zip(&felt)
        .map(|(sentence, felt)| sentence.words.len() as f64 * felt.figures[3]);
    let strength = strengths.sum::<f64>() / text.words.len().max(1) as f64;
    (figures(text, &feelings, strength), feelings)
}

/// Reads how strongly a text moves its readers: 0 to 100.
pub fn read(text: &Text<'_>) -> Reading {
    if let Some(unjudged) = unjudged(text) {
        return unjudged;
    }
    let (figures, feelings) = of_text(text);
    let sum = generated::IMPACT.apply(&figures);
    let anchors = generated::IMPACT_ANCHORS;
    let slope = anchors.slope(sum);
    let level = feelings.iter().map(intensity).sum::<f64>() / feelings.len().max(1) as f64;
    let marks = text
        .sentences
        .iter()
        .zip(&feelings)
        .filter_map(|(sentence, feeling)| {
            // What the sentence takes from the mean arousal, by its share of the words.
            let share = sentence.words.len() as f64 / text.words.len().max(1) as f64;
            let cost = (level - intensity(feeling)) * share * slope;
            (cost > 0.2 && sentence.words.len() > 3)
                .then(|| Mark::new("leaves its reader cold", sentence.span, text.original, cost))
        });
    let marks: Vec<Mark> = marks.collect();
    let reading = anchors
        .reading(
            sum,
            generated::IMPACT.contributions(&figures),
            sure(text.words.len(), ENOUGH),
        )
        .with_marks(marks);
    if text.words.len() < ENOUGH {
        return reading
            .with_note("short for a text that should move somebody: judged by its few words");
    }
    reading
}
