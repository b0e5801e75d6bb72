//! Hooks: which of two openings more people follow.
//!
//! A linear model over words, pairs of words and what a headline looks like, fitted by `scripts/quality/fit.py` on pairs of headlines
//! that were tried on the same readers with the same picture (Upworthy Research Archive; Matias et al., Scientific Data 2021).

mod features;

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::generated;
use crate::judgeable::unjudged;
use crate::score::{Mark, Reading, sure};
use crate::text::{Span, Text};
use crate::words::{Column, Ngrams, for_each_ngram, mean_of};

pub use features::{FIGURES, figures};

/// With fewer words than this, nothing can be said for sure.
const ENOUGH: usize = 6;

fn ngrams() -> &'static Ngrams<1> {
    static NGRAMS: OnceLock<Ngrams<1>> = OnceLock::new();
    NGRAMS.get_or_init(|| Ngrams::read(generated::HOOK_NGRAMS))
}

/// What a hook is worth, and where.
struct Weighed {
    sum: f64,
    figures: [f64; FIGURES.len()],
    words: f64,
    places: Vec<(Span, f64)>,
}

fn weigh(text: &Text<'_>) -> Weighed {
    let figures = features::figures(text);
    let [column] = mean_of(
        [Column::Hook],
        text.words.iter().map(|word| word.form.as_str()),
    );
    let known = ngrams();
    let mut seen: HashSet<String> = HashSet::new();
    let mut places = Vec::new();
    let mut words = column;
    for_each_ngram(&text.words, |ngram, first, length| {
        let Some([weight]) = known.get(ngram).filter(|_| seen.insert(ngram.to_owned())) else {
            return;
        };
        words += weight;
        if let (Some(start), Some(end)) =
            (text.words.get(first), text.words.get(first + length - 1))
        {
            places.push((start.span.to(end.span), weight));
        }
    });
    Weighed {
        sum: generated::HOOK.apply(&figures) + words,
        figures,
        words,
        places,
    }
}

/// What a hook is worth: the difference of two is the logarithm of the odds that the first wins.
pub fn worth(text: &Text<'_>) -> f64 {
    weigh(text).sum
}

/// How probably more people follow the first of two hooks: 0 to 1.
pub fn wins(first: &Text<'_>, second: &Text<'_>) -> f64 {
    1.0 / (1.0 + (worth(second) - worth(first)).exp())
}

/// Reads how good a hook is: 0 to 100.
pub fn read(text: &Text<'_>) -> Reading {
    if let Some(unjudged) = unjudged(text) {
        return unjudged;
    }
    let weighed = weigh(text);
    let anchors = generated::HOOK_ANCHORS;
    let slope = anchors.slope(weighed.sum);
    let marks: Vec<Mark> = weighed
        .places
        .iter()
        .filter(|(_, weight)| weight * slope < -0.3)
        .map(|&(span, weight)| {
            Mark::new(
                "words that fewer people follow",
                span,
                text.original,
                -weight * slope,
            )
        })
        .collect();
    let own = (
        generated::HOOK_WORDS.name,
        weighed.words,
        weighed.words - generated::HOOK_WORDS.mean,
    );
    let parts = generated::HOOK
        .contributions(&weighed.figures)
        .chain(std::iter::once(own));
    let reading = anchors
        .reading(weighed.sum, parts, sure(text.words.len(), ENOUGH))
        .with_marks(marks);
    if text.words.len() < ENOUGH {
        return reading.with_note("a hook of a few words: judged by little");
    }
    if text.words.len() > 45 {
        return reading
            .with_note("longer than a hook: the model knows headlines of up to 45 words");
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_that_promises_wins_over_a_label() {
        for (better, worse) in [
            (
                "She thought it was just a cough. What her doctor found next changed everything.",
                "Cough study published",
            ),
            (
                "He was told he'd never walk again. Watch what he does now.",
                "Report: Rehabilitation outcomes, 2013",
            ),
        ] {
            let (better, worse) = (Text::parse(better), Text::parse(worse));
            assert!(wins(&better, &worse) > 0.7);
            assert!((wins(&better, &worse) + wins(&worse, &better) - 1.0).abs() < 1e-12);
            assert!(read(&better).raw > read(&worse).raw);
        }
    }

    #[test]
    fn what_a_hook_costs_is_found_in_its_words() {
        let text = "A new report on the state of the committee: figures, tables and appendices.";
        let reading = read(&Text::parse(text));
        assert!(!reading.marks.is_empty());
        assert!(
            reading.marks.iter().all(|mark| mark.cost > 0.0
                && text.get(mark.start..mark.end) == Some(mark.text.as_str()))
        );
    }

    #[test]
    fn its_contributions_make_up_the_distance_from_an_average_hook() {
        let reading = read(&Text::parse(
            "Nobody told her why the river had turned red. Then she saw the pipe.",
        ));
        let sum: f64 = reading
            .features
            .iter()
            .map(|feature| feature.contribution)
            .sum();
        let anchors = generated::HOOK_ANCHORS;
        assert!(
            (reading.raw - anchors.score(anchors.average) - sum).abs() < 0.2,
            "{sum} {}",
            reading.raw
        );
        assert!(ngrams().len() > 1_000);
    }
}
