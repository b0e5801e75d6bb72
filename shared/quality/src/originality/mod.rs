//! Originality: words of one's own, said once, and not said before.

mod cliches;
mod signature;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

pub use signature::{Signature, SignatureError};

use crate::filler::Filler;
use crate::score::{Mark, Reading, Sheet, at, mean, sure};
use crate::text::{Span, Text};
use crate::words::zipf;

/// Reads the originality of a text, against what was said before.
pub(crate) fn read(text: &Text<'_>, filler: &Filler, earlier: &[Signature]) -> Reading {
    let words = text.words.len();
    let mut sheet = Sheet::from(88.0);
    let mut marks = Vec::new();

    let cliches = cliches(text);
    // In short texts one phrase isn't to count for a whole text of them.
    let per_hundred = cliches.len() as f64 * 100.0 / words.max(60) as f64;
    let cost = at(
        &[
            (0.0, 0.0),
            (1.0, 9.0),
            (3.0, 24.0),
            (8.0, 45.0),
            (20.0, 60.0),
        ],
        per_hundred,
    );
    sheet.add("cliches per 100 words", per_hundred, -cost);
    for span in &cliches {
        marks.push(Mark::new(
            "a phrase heard too often",
            *span,
            text.original,
            cost / cliches.len() as f64,
        ));
    }

    let (repeated, spans) = repeated(text);
    let cost = at(
        &[(0.02, 0.0), (0.08, 8.0), (0.2, 25.0), (0.6, 50.0)],
        repeated,
    );
    sheet.add("share of three-word runs said before", repeated, -cost);
    for span in &spans {
        marks.push(Mark::new(
            "said before in the same text",
            *span,
            text.original,
            cost / spans.len() as f64,
        ));
    }

    let (commonest, again) = commonest(text);
    let cost = at(&[(0.08, 0.0), (0.15, 12.0), (0.3, 40.0)], commonest);
    sheet.add("share of its commonest own word", commonest, -cost);
    if cost > 0.0 {
        for span in &again {
            marks.push(Mark::new(
                "said before in the same text",
                *span,
                text.original,
                cost / again.len() as f64,
            ));
        }
    }

    let openings = same_openings(text);
    sheet.along(
        "share of sentences that open like the one before",
        openings,
        &[(0.05, 0.0), (0.2, -5.0), (0.6, -15.0)],
    );

    if words >= 8 {
        let rarity = rarity(text);
        sheet.along(
            "rarity of word pairs (0 common, 1 rare)",
            rarity,
            &[
                (0.1, -14.0),
                (0.25, -4.0),
                (0.35, 2.0),
                (0.5, 8.0),
                (0.7, 10.0),
            ],
        );
    }

    if let (Some(own), false) = (Signature::of(text), earlier.is_empty()) {
        let nearest = earlier
            .iter()
            .map(|other| own.nearness(other))
            .fold(0.0, f64::max);
        sheet.along(
            "share in common with the nearest earlier script",
            nearest,
            &[(0.1, 0.0), (0.3, -15.0), (0.6, -45.0), (1.0, -80.0)],
        );
    }

    let left = filler.factor();
    let lost = sheet.raw().clamp(0.0, 100.0) * (1.0 - left);
    sheet.add("share of filler", filler.share, -lost);
    let mut reading = sheet.reading(sure(words, 60)).with_marks(marks);
    if earlier.is_empty() {
        reading = reading.with_note("no earlier script of the brand to compare with");
    }
    reading
}

/// Where the list's phrases stand; none within another.
fn cliches(text: &Text<'_>) -> Vec<Span> {
    static BY_FIRST: OnceLock<HashMap<&str, Vec<Vec<&str>>>> = OnceLock::new();
    let by_first = BY_FIRST.get_or_init(|| {
        let mut by_first: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
        for phrase in cliches::CLICHES {
            let words: Vec<&str> = phrase.split(' ').collect();
            if let Some(first) = words.first() {
                by_first.entry(first).or_default().push(words);
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        }
        by_first
    });
    let mut found = Vec::new();
    for sentence in &text.sentences {
        let words = text.words_of(sentence);
        let mut from = 0;
        while let Some(first) = words.get(from) {
            let length = by_first
                .get(first.form.as_str())
                .into_iter()
                .flatten()
                .map(Vec::as_slice)
                .find(|phrase| {
                    phrase.len() <= words.len() - from
                        && phrase.iter().zip(&words[from..]).all(|(a, b)| *a == b.form)
                })
                .map_or(0, <[_]>::len);
            if let Some(last) = (length > 0).then(|| words.get(from + length - 1)).flatten() {
                found.push(first.span.to(last.span));
            }
            from += length.max(1);
        }
    }
    found
}

/// The share of runs of three words, not all of them everyday words, that came before, and where the longest stretches of them stand.
fn repeated(text: &Text<'_>) -> (f64, Vec<Span>) {
    let mut seen: HashSet<[&str; 3]> = HashSet::new();
    let (mut again, mut all) = (0_usize, 0_usize);
    let mut spans: Vec<Span> = Vec::new();
    for sentence in &text.sentences {
        for run in text.words_of(sentence).windows(3) {
            let [a, b, c] = run else { continue };
            all += 1;
            if run.iter().all(|word| zipf(&word.form) > 5.8) {
                continue;
            }
            if !seen.insert([&a.form, &b.form, &c.form]) {
                again += 1;
                match spans.last_mut() {
                    Some(last) if last.end >= a.span.start => last.end = c.span.end,
                    _ => spans.push(a.span.to(c.span)),
                }
            }
        }
    }
    (again as f64 / all.max(8) as f64, spans)
}

/// The share of the words that the commonest own word makes up (one that not every text is full of), and where it comes again after
/// its third time: the topic may be named, but a text that says little else was written for a search engine.
fn commonest(text: &Text<'_>) -> (f64, Vec<Span>) {
    let mut places: HashMap<&str, Vec<Span>> = HashMap::new();
    for word in text.words.iter().filter(|word| zipf(&word.form) < 5.8) {
        places.entry(&word.form).or_default().push(word.span);
    }
    let most = places
        .into_values()
        .max_by_key(|spans| (spans.len(), std::cmp::Reverse(spans.first().copied())))
        .unwrap_or_default();
    // Of a few words each is a large share.
    let share = most.len() as f64 / text.words.len().max(30) as f64;
    (share, most.into_iter().skip(3).collect())
}

fn same_openings(text: &Text<'_>) -> f64 {
    let opening = |words: &[crate::text::Word]| -> Option<[String; 2]> {
        match words {
            [a, b, ..] => Some([a.form.clone(), b.form.clone()]),
            _ => None,
        }
    };
    let openings: Vec<_> = text
        .sentences
        .iter()
        .map(|sentence| opening(text.words_of(sentence)))
        .collect();
    let same = openings
        .windows(2)
        .filter(|pair| pair[0].is_some() && pair[0] == pair[1])
        .count();
    same as f64 / openings.len().max(4) as f64
}

/// How rarely words that stand together are met: 0 for the commonest, 1 for the rarest.
fn rarity(text: &Text<'_>) -> f64 {
    let pairs: Vec<f64> = text
        .sentences
        .iter()
        .flat_map(|sentence| text.words_of(sentence).windows(2))
        .filter_map(|pair| match pair {
            [a, b] => Some(((2.0 * 7.0 - zipf(&a.form) - zipf(&b.form)) / 9.0).clamp(0.0, 1.0)),
            _ => None,
        })
        .collect();
    mean(&pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commonest_of(text: &str) -> (f64, usize) {
        let (share, again) = commonest(&Text::parse(text));
        (share, again.len())
    }

    #[test]
    fn a_text_of_little_but_its_keyword_is_told_from_one_that_names_its_topic() {
        let (stuffed, again) = commonest_of(
            "Best running shoes are running shoes for running. Buy running shoes online: cheap running shoes, top running shoes. If you want \
             running shoes then these running shoes are for you. No running without running shoes from the house of running.",
        );
        assert!(stuffed > 0.2 && again > 5, "{stuffed} {again}");
        let (named, again) = commonest_of(
            "Bitter coffee is not strong coffee, it is coffee that stood too long in hot water. First the water takes the acids, then the sugar, \
             then the bitter part. Grind coarser and it runs faster. Let boiling water rest for thirty seconds before you pour.",
        );
        assert!(named < 0.08 && again == 0, "{named} {again}");
    }
}
