//! Whether sentences follow from each other.
//!
//! What a sentence speaks of is mostly taken up by the next ones; names come in full before they come short, things as "a" before "the";
//! "he" and "this" need somebody and something to point to. None of it survives a change of order.

mod mentions;

use crate::text::{Span, Text, Word};
use crate::words::zipf;

use mentions::{Introductions, opening_points_back};

use crate::score::Sheet;

/// How well the sentences of a text follow from each other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cohesion {
    /// How much more neighbours share than other pairs do, in standard errors of an order drawn by chance.
    neighbours: f64,
    /// How much more the first sentence shares with the others than they with each other, in deviations.
    opening: f64,
    introduced: Introductions,
    loose_opening: bool,
    sentences: usize,
    /// Sentences that take up nothing of the two before them.
    pub(crate) breaks: Vec<Span>,
}

/// How many sentences are compared with each other: those of longer texts are compared within windows of as many.
const WINDOW: usize = 60;

impl Cohesion {
    /// Reads the order of a text's sentences.
    pub(crate) fn of(text: &Text<'_>) -> Self {
        let sentences: Vec<Said> = text
            .sentences
            .iter()
            .map(|s| Said::of(text.words_of(s)))
            .collect();
        let mut cohesion = Self {
            sentences: sentences.len(),
            introduced: Introductions::of(text),
            opening: opening(&sentences),
            loose_opening: opening_points_back(text),
            ..Self::default()
        };
        let windows: Vec<f64> = sentences.chunks(WINDOW).filter_map(neighbours).collect();
        if !windows.is_empty() {
            cohesion.neighbours = windows.iter().sum::<f64>() / (windows.len() as f64).sqrt();
        }
        for (at, sentence) in text.sentences.iter().enumerate().skip(1) {
            let before = &sentences[at.saturating_sub(2)..at];
            let own = &sentences[at];
            if !own.topics.is_empty()
                && !own.points_back
                && before.iter().all(|earlier| earlier.shared(own) == 0.0)
            {
                cohesion.breaks.push(sentence.span);
            }
        }
        cohesion
    }

    /// Charges (or credits) a sheet: `points` for a text that is told well, against one whose sentences are drawn by chance.
    pub(crate) fn charge(&self, sheet: &mut Sheet, points: f64) {
        if self.sentences < 3 {
            return;
        }
        // The weights tell told orders from drawn ones best: logistic regression over articles of OneStopEnglish, 79% right by cross-validation.
        let per_ten = 10.0 / self.sentences as f64;
        let parts = [
            (
                "neighbours share their topics, in standard errors",
                self.neighbours,
                0.1,
                6.0,
            ),
            (
                "the first sentence names the topics, in deviations",
                self.opening,
                0.1,
                3.0,
            ),
            (
                "opens with what points back to nothing",
                f64::from(u8::from(self.loose_opening)),
                -0.27,
                1.0,
            ),
            (
                "names in full before they come short, per 10 sentences",
                f64::from(self.introduced.names) * per_ten,
                0.23,
                4.0,
            ),
            (
                "names explained where they first come, per 10 sentences",
                f64::from(self.introduced.explained) * per_ten,
                0.1,
                4.0,
            ),
            (
                "things as 'a' before 'the', per 10 sentences",
                f64::from(self.introduced.things) * per_ten,
                0.12,
                4.0,
            ),
            (
                "persons named before they are 'he', per 10 sentences",
                f64::from(self.introduced.persons) * per_ten,
                0.1,
                4.0,
            ),
        ];
        for (name, value, weight, most) in parts {
            sheet.add(name, value, points * weight * value.clamp(-most, most));
        }
    }
}

/// How much more the first sentence shares with the others than they with each other, in deviations.
fn opening(sentences: &[Said]) -> f64 {
    let sentences = &sentences[..sentences.len().min(WINDOW)];
    if sentences.len() < 4 {
        return 0.0;
    }
    let shared: Vec<f64> = sentences
        .iter()
        .map(|own| sentences.iter().map(|other| own.shared(other)).sum::<f64>())
        .collect();
    let (mean, deviation) = (
        crate::score::mean(&shared),
        crate::score::deviation(&shared),
    );
    if deviation < 1e-9 {
        0.0
    } else {
        (shared[0] - mean) / deviation
    }
}

/// What a sentence speaks of.
struct Said {
    /// Stems with their weights, in order, each once.
    topics: Vec<(String, f64)>,
    norm: f64,
    points_back: bool,
}

impl Said {
    fn of(words: &[Word]) -> Self {
        let mut topics: Vec<(String, f64)> = words
            .iter()
            .filter_map(|word| {
                // What is met seldom tells more; what is met everywhere tells nothing.
                let weight = 6.2 - zipf(&word.form);
                (weight > 0.0 && word.form.len() > 2).then(|| (stem(&word.form).to_owned(), weight))
            })
            .collect();
        topics.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        topics.dedup_by(|a, b| a.0 == b.0);
        let norm = topics
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f64>()
            .sqrt();
        Self {
            topics,
            norm,
            points_back: words
                .iter()
                .take(4)
                .any(|word| mentions::points_back(&word.form)),
        }
    }

    /// The cosine of what two sentences speak of.
    fn shared(&self, other: &Self) -> f64 {
        let (mut a, mut b) = (
            self.topics.iter().peekable(),
            other.topics.iter().peekable(),
        );
        let mut product = 0.0;
        while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
            match left.0.cmp(&right.0) {
                std::cmp::Ordering::Less => {
                    a.next();
                }
                std::cmp::Ordering::Greater => {
                    b.next();
                }
                std::cmp::Ordering::Equal => {
                    product += left.1 * right.1;
                    a.next();
                    b.next();
                }
            }
        }
        let norms = self.norm * other.norm;
        if norms > 0.0 { product / norms } else { 0.0 }
    }
}

/// A word without the endings that its forms differ in; rough, as it only has to bring forms of one word together.
fn stem(form: &str) -> &str {
    let form = form.strip_suffix("'s").unwrap_or(form);
    for ending in [
        "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "y", "e",
    ] {
        if let Some(stem) = form.strip_suffix(ending).filter(|stem| stem.len() >= 3) {
            return stem;
        }
    }
    form
}

/// How much more sentences share with those one and two before them than with any, in standard errors of a drawn order.
fn neighbours(sentences: &[Said]) -> Option<f64> {
    if sentences.len() < 4 {
        return None;
    }
    let (mut near, mut weights) = (0.0, 0.0);
    let mut squares = 0.0;
    let mut all = Vec::with_capacity(sentences.len() * sentences.len() / 2);
    for (at, later) in sentences.iter().enumerate() {
        for (earlier_at, earlier) in sentences[..at].iter().enumerate() {
            let shared = earlier.shared(later);
            let weight = match at - earlier_at {
                1 => 1.0,
                2 => 0.6,
                3 => 0.35,
                _ => 0.0,
            };
            near += weight * shared;
            weights += weight;
            squares += weight * weight;
            all.push(shared);
        }
    }
    let (mean, deviation) = (crate::score::mean(&all), crate::score::deviation(&all));
    if deviation < 1e-9 {
        return None;
    }
    Some((near - weights * mean) / (deviation * squares.sqrt()))
}
