//! Tone: one voice from the first sentence to the last, and the one that was asked for.

mod register;

use domain::Tone;

use crate::cohesion::Cohesion;
use crate::emotion::Feeling;
use crate::filler::Filler;
use crate::score::{Mark, Reading, Sheet, deviation, mean, sure};
use crate::text::Text;

/// Reads how even the tone of a text is. `feelings` are those of its sentences.
pub(crate) fn read(
    text: &Text<'_>,
    feelings: &[Feeling],
    cohesion: &Cohesion,
    filler: &Filler,
    wanted: Option<Tone>,
) -> Reading {
    let mut sheet = Sheet::from(84.0);
    let register: Vec<f64> = text
        .sentences
        .iter()
        .map(|sentence| register::formality(text, sentence))
        .collect();
    let enough = text.sentences.len() >= 2;

    if enough {
        let spread = deviation(&register);
        sheet.along(
            "spread of register",
            spread,
            &[(0.4, 4.0), (0.8, 0.0), (1.4, -14.0), (2.5, -30.0)],
        );
        let swings: Vec<f64> = feelings
            .windows(2)
            .map(|pair| match pair {
                [a, b] => (a.valence - b.valence).hypot(a.arousal - b.arousal),
                _ => 0.0,
            })
            .collect();
        let swing = mean(&swings);
        sheet.along(
            "swing of feeling from sentence to sentence",
            swing,
            &[(0.2, 3.0), (0.5, -2.0), (1.0, -15.0)],
        );
        cohesion.charge(&mut sheet, 14.0);
    }
    if let Some(wanted) = wanted {
        let aim = Aim::of(wanted);
        let formality = mean(&register);
        let off = (formality - aim.formality).abs();
        sheet.add(
            "distance from the register asked for",
            off,
            -6.0 * (off - 0.7).max(0.0),
        );
        let arousal = mean(
            &feelings
                .iter()
                .map(|feeling| feeling.arousal)
                .collect::<Vec<_>>(),
        );
        let off = arousal - aim.arousal;
        sheet.add(
            "more arousal (less, if below 0) than the tone asked for",
            off,
            -22.0 * (off.abs() - 0.15).max(0.0),
        );
    }
    let lost = sheet.raw().clamp(0.0, 100.0) * (1.0 - filler.factor()) * 0.3;
    sheet.add("share of filler", filler.share, -lost);

    let middle = mean(&register);
    let marks = text
        .sentences
        .iter()
        .zip(&register)
        .filter_map(|(sentence, own)| {
            let off = own - middle;
            let what = if off > 0.0 {
                "more formal than the rest"
            } else {
                "more casual than the rest"
            };
            let cost = 6.0 * (off.abs() - 1.2);
            (enough && cost > 0.0).then(|| Mark::new(what, sentence.span, text.original, cost))
        })
        .collect();
    let reading = sheet
        .reading(sure(text.sentences.len(), 6))
        .with_marks(marks);
    if enough {
        reading
    } else {
        reading.with_note("one sentence has one tone: too short to judge")
    }
}

/// What a tone means in figures: register as [`register::formality`], arousal on EmoBank's scale of 1 to 5.
struct Aim {
    formality: f64,
    arousal: f64,
}

impl Aim {
    const fn of(tone: Tone) -> Self {
        let (formality, arousal) = match tone {
            Tone::Informative => (0.2, 3.05),
            Tone::Energetic => (-0.7, 3.35),
            Tone::Friendly => (-0.6, 3.1),
            Tone::Professional => (0.7, 3.0),
            Tone::Calm => (-0.1, 2.9),
            Tone::Bold => (-0.3, 3.3),
        };
        Self { formality, arousal }
    }
}
