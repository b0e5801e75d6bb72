//! Clarity: how easily a text is read.
//!
//! A linear model over sentences, words and clauses in which nothing that makes a text harder can raise the score, fitted by
//! `scripts/quality/fit.py` on articles written at three levels (OneStopEnglish; Vajjala and Lučić, BEA 2018; CC BY-SA 4.0).

mod features;

use crate::generated;
use crate::judgeable::unjudged;
use crate::score::{Mark, Reading, sure};
use crate::text::{Sentence, Text};
use features::{is_subordinating, rareness};

pub use features::{FIGURES, figures};

/// With fewer words than this, nothing can be said for sure.
const ENOUGH: usize = 60;

/// A sentence of fewer words than this is never too long.
const SHORT: usize = 18;

/// How easy a text is to read: the higher, the easier. About 0 for a news article written for learners at the middle of three levels.
pub fn ease(text: &Text<'_>) -> f64 {
    generated::CLARITY.apply(&figures(text))
}

/// Reads how clear a text is: 0 to 100.
pub fn read(text: &Text<'_>) -> Reading {
    if let Some(unjudged) = unjudged(text) {
        return unjudged;
    }
    let figures = figures(text);
    let sum = generated::CLARITY.apply(&figures);
    let anchors = generated::CLARITY_ANCHORS;
    let reading = anchors
        .reading(
            sum,
            generated::CLARITY.contributions(&figures),
            sure(text.words.len(), ENOUGH),
        )
        .with_marks(marks(text, anchors.slope(sum).abs()));
    if text.words.len() < ENOUGH {
        return reading.with_note("fewer than 60 words: too short to be sure how clear it is");
    }
    reading
}

/// Sentences that are long or nested, and words that few people meet, with what they cost at so many points a unit.
fn marks(text: &Text<'_>, slope: f64) -> Vec<Mark> {
    let coefficient = |at: usize| {
        generated::CLARITY
            .terms
            .get(at)
            .map_or(0.0, |term| term.coefficient.abs())
    };
    let lengths = coefficient(0) + coefficient(1);
    let rare = coefficient(5) + coefficient(7) + coefficient(8);
    let mean = (text.words.len() as f64 / text.sentences.len().max(1) as f64).max(SHORT as f64);
    let mut found = Vec::new();
    for sentence in &text.sentences {
        let words = text.words_of(sentence);
        let share = words.len() as f64 / text.words.len().max(1) as f64;
        if words.len() > SHORT {
            let cost = lengths
                * (words.len() as f64 / mean.min(words.len() as f64 * 0.9)).ln()
                * share
                * slope;
            found.push(Mark::new(
                too_long(text, sentence),
                sentence.span,
                text.original,
                cost,
            ));
        }
        for (at, word) in words.iter().enumerate() {
            let own = rareness(word, at == 0);
            if own > 4.5 && word.form.len() > 4 {
                let cost = rare * (own - 3.0) / text.words.len().max(1) as f64 * slope;
                found.push(Mark::new(
                    "few people meet this word",
                    word.span,
                    text.original,
                    cost,
                ));
            }
        }
    }
    found
}

fn too_long(text: &Text<'_>, sentence: &Sentence) -> String {
    let words = text.words_of(sentence);
    let nested = words.iter().filter(|word| is_subordinating(word)).count();
    if nested >= 2 {
        format!("{} words and {nested} clauses within clauses", words.len())
    } else {
        format!("{} words in a sentence", words.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "The river rose in the night. By morning it stood in our kitchen. My father carried the dog upstairs. Then we sat on the bed \
        and waited. A boat came at noon. The man in it was our teacher. He gave us bread and took us to the school. Many families were already \
        there. We slept on the floor of the gym for nine days. When we came back, the house was full of mud. It took all summer to clean it.";

    #[test]
    fn nothing_that_makes_a_text_harder_makes_it_score_higher() {
        assert!(
            generated::CLARITY
                .terms
                .iter()
                .all(|term| term.coefficient <= 0.0)
        );
        assert_eq!(generated::CLARITY.terms.len(), FIGURES.len());
    }

    #[test]
    fn tangled_sentences_and_rare_words_cost_points_and_are_marked() {
        let tangled = PLAIN
            .replace(
                ". ",
                ", which notwithstanding the aforementioned ramifications necessitated that ",
            )
            .replace("kitchen", "scullery");
        let (plain, tangled_reading) = (read(&Text::parse(PLAIN)), read(&Text::parse(&tangled)));
        assert!(
            plain.raw > tangled_reading.raw + 30.0,
            "{} {}",
            plain.raw,
            tangled_reading.raw
        );
        assert!(plain.raw > 85.0, "{}", plain.raw);
        assert!(
            tangled_reading
                .marks
                .iter()
                .any(|mark| mark.what.contains("clauses")),
            "{:?}",
            tangled_reading.marks
        );
        assert!(tangled_reading.marks.iter().all(|mark| mark.cost > 0.0));
        assert!(
            tangled_reading
                .marks
                .iter()
                .any(|mark| mark.text == "ramifications"),
            "{:?}",
            tangled_reading.marks
        );
    }

    #[test]
    fn a_text_too_short_to_judge_says_so() {
        let short = read(&Text::parse("The river rose."));
        assert!(short.confidence < 0.1 && short.notes.concat().contains("too short"));
    }
}
