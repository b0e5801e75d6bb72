//! What a reader feels: valence and arousal, sentence by sentence, and how far a text moves.
//!
//! A sentiment lexicon with rules, and a linear model over words, pairs of words and what a sentence looks like, fitted by
//! `scripts/quality/fit.py` on the readers' ratings of EmoBank (Buechel and Hahn, EACL 2017; CC BY-SA 4.0).

mod features;
pub mod impact;
mod vader;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::generated;
use crate::text::{Sentence, Text};
use crate::words::{Column, Ngrams, for_each_ngram, mean_of};

pub use features::FIGURES;
pub use impact::read;

/// What readers feel, on EmoBank's scales.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// From 1 (displeased) over 3 (neither) to 5 (pleased).
    pub valence: f64,
    /// From 1 (calm) to 5 (excited); most writing lies about 3.
    pub arousal: f64,
}

impl Feeling {
    /// What a text says of which nothing is known.
    pub const NEUTRAL: Self = Self {
        valence: 3.0,
        arousal: 3.0,
    };
}

/// The weights of words and pairs for valence and arousal.
fn ngrams() -> &'static Ngrams<2> {
    static NGRAMS: OnceLock<Ngrams<2>> = OnceLock::new();
    NGRAMS.get_or_init(|| Ngrams::read(generated::EMOTION_NGRAMS))
}

/// A sentence as the model sees it.
struct Felt {
    feeling: Feeling,
    figures: [f64; FIGURES.len()],
}

fn feel(text: &Text<'_>, sentence: &Sentence) -> Felt {
    let words = text.words_of(sentence);
    let figures = features::figures(text, sentence);
    let [valence, arousal] = mean_of(
        [Column::Valence, Column::Arousal],
        words.iter().map(|word| word.form.as_str()),
    );
    let mut sums = [0.0; 2];
    let known = ngrams();
    for_each_ngram(words, |ngram, _, _| {
        if let Some(weights) = known.get(ngram) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
    });
    let scale = 1.0 / ((2 * words.len()).max(2) as f64 - 1.0).sqrt();
    let feeling = Feeling {
        valence: (generated::VALENCE.apply(&figures) + valence + sums[0] * scale).clamp(1.0, 5.0),
        arousal: (generated::AROUSAL.apply(&figures) + arousal + sums[1] * scale).clamp(1.0, 5.0),
    };
    Felt { feeling, figures }
}

/// What readers feel at each sentence, in the order of [`Text::sentences`].
pub fn of_sentences(text: &Text<'_>) -> Vec<Feeling> {
    text.sentences
        .iter()
        .map(|sentence| feel(text, sentence).feeling)
        .collect()
}

/// What readers feel at a text: the mean of its sentences, each by its words; [`Feeling::NEUTRAL`] of a text without any.
pub fn of(text: &Text<'_>) -> Feeling {
    mean(text, &of_sentences(text))
}

fn mean(text: &Text<'_>, feelings: &[Feeling]) -> Feeling {
    let words = text.words.len();
    if words == 0 {
        return Feeling::NEUTRAL;
    }
    let mean = |of: &dyn Fn(&Feeling) -> f64| {
        let sum: f64 = text
            .sentences
            .iter()
            .zip(feelings)
            .map(|(sentence, feeling)| sentence.words.len() as f64 * of(feeling))
            .sum();
        sum / words as f64
    };
    Feeling {
        valence: mean(&|feeling| feeling.valence),
        arousal: mean(&|feeling| feeling.arousal),
    }
}

/// How positive a text is by the lexicon alone: the mean of its sentences' compounds (-1 to 1), each by its words.
pub fn lexicon(text: &Text<'_>) -> f64 {
    weighed(text, |figures| figures[0])
}

/// How strong a text's sentiment is by the lexicon alone, whatever its sign: 0 to 1.
pub fn strength(text: &Text<'_>) -> f64 {
    weighed(text, |figures| figures[3])
}

fn weighed(text: &Text<'_>, of: impl Fn(&[f64; FIGURES.len()]) -> f64) -> f64 {
    let sum: f64 = text
        .sentences
        .iter()
        .map(|sentence| sentence.words.len() as f64 * of(&features::figures(text, sentence)))
        .sum();
    sum / text.words.len().max(1) as f64
}

/// What the model looks at in a sentence, beside its words: [`FIGURES`].
pub fn figures(text: &Text<'_>, sentence: &Sentence) -> [f64; FIGURES.len()] {
    features::figures(text, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feeling(text: &str) -> Feeling {
        of(&Text::parse(text))
    }

    #[test]
    fn joy_is_brighter_than_grief_and_panic_is_less_calm_than_a_table() {
        let joy = feeling("We laughed, hugged and danced; it was the happiest day of my life!");
        let grief = feeling("His little daughter died alone in the cold hospital that night.");
        let table = feeling("The committee's report is kept in the cabinet on the second floor.");
        let panic = feeling("Run! The building is exploding and they are shooting at us!");
        assert!(
            joy.valence > table.valence + 0.3 && table.valence > grief.valence + 0.3,
            "{joy:?} {table:?} {grief:?}"
        );
        assert!(panic.arousal > table.arousal + 0.2, "{panic:?} {table:?}");
    }

    #[test]
    fn a_text_feels_like_its_sentences_taken_together() {
        let text = Text::parse(
            "I love this. The war destroyed everything that they had built in forty years.",
        );
        let all = of(&text);
        let parts = of_sentences(&text);
        let least = parts
            .iter()
            .map(|part| part.valence)
            .fold(f64::MAX, f64::min);
        let most = parts
            .iter()
            .map(|part| part.valence)
            .fold(f64::MIN, f64::max);
        assert_eq!(parts.len(), 2);
        assert!(least < all.valence && all.valence < most);
        assert_eq!(feeling(""), Feeling::NEUTRAL);
    }

    #[test]
    fn other_languages_and_no_words_are_said_to_be_so_and_not_judged() {
        let german = read(&Text::parse(
            "Die Katze sitzt auf dem Dach und wartet, bis es dunkel wird.",
        ));
        assert!(german.confidence < f64::EPSILON);
        assert!(
            german.notes.concat().contains("German"),
            "{:?}",
            german.notes
        );
        assert!(read(&Text::parse("🎉🎉")).confidence < f64::EPSILON);
        assert!(read(&Text::parse("It rained.")).confidence < 0.1);
    }
}
