//! Sentiment by lexicon and rules, after VADER (Hutto and Gilbert, ICWSM 2014; lexicon under the MIT licence).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::text::Word;

/// Generated from the lexicon: a kind (l: word, b: booster, n: negation, s: phrase of its own), the words, thousandths.
const LEXICON: &str = include_str!("../generated/vader.txt");

/// How much capitals add to a word among others that have none (the paper's C_INCR).
const CAPITALS: f64 = 0.733;

/// What a negation makes of a word's valence (the paper's N_SCALAR).
const NEGATED: f64 = -0.74;

/// How much a booster one, two and three words before counts.
const DISTANCE: [f64; 3] = [1.0, 0.95, 0.9];

/// Brings a sum of valences into -1 to 1.
const ALPHA: f64 = 15.0;

/// What the lexicon knows of a word.
#[derive(Debug, Default, Clone, Copy)]
struct Entry {
    valence: Option<f64>,
    boost: Option<f64>,
    negates: bool,
}

#[derive(Debug, Default)]
struct Lexicon {
    words: HashMap<&'static str, Entry>,
    phrases: HashMap<&'static str, f64>,
}

fn lexicon() -> &'static Lexicon {
    static LEXICON_READ: OnceLock<Lexicon> = OnceLock::new();
    LEXICON_READ.get_or_init(|| {
        let mut read = Lexicon::default();
        for line in LEXICON.lines() {
            let mut fields = line.split('\t');
            let (Some(kind), Some(words), value) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let value = value
                .and_then(|value| value.parse::<i32>().ok())
                .map_or(0.0, |value| f64::from(value) / 1000.0);
            if words.contains(' ') {
                if kind == "s" {
                    read.phrases.insert(words, value);
                }
                continue;
            }
            let entry = read.words.entry(words).or_default();
            match kind {
                "l" => entry.valence = Some(value),
                "b" => entry.boost = Some(value),
                _ => entry.negates = true,
            }
        }
        read
    })
}

/// The sentiment of a sentence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sentiment {
    /// All of it: -1 to 1.
    pub(crate) compound: f64,
    /// The share of positive words, 0 to 1.
    pub(crate) positive: f64,
    /// The share of negative words, 0 to 1.
    pub(crate) negative: f64,
}

/// Reads the sentiment of a sentence's words; `plain` is the sentence with its marks.
pub(crate) fn sentiment(words: &[Word], plain: &str) -> Sentiment {
    let lexicon = lexicon();
    let entries: Vec<Entry> = words
        .iter()
        .map(|word| {
            lexicon
                .words
                .get(word.form.as_str())
                .copied()
                .unwrap_or_else(|| Entry {
                    negates: word.form.ends_with("n't"),
                    ..Entry::default()
                })
        })
        .collect();
    let capitals = words.iter().filter(|word| word.shouted).count();
    let mixed = capitals > 0 && capitals < words.len();
    let mut valences: Vec<f64> = (0..words.len())
        .map(|at| valence(words, &entries, at, mixed))
        .collect();
    phrases(words, &mut valences, &lexicon.phrases);
    if let Some(but) = words.iter().position(|word| word.form == "but") {
        for (at, valence) in valences.iter_mut().enumerate() {
            if at != but {
                *valence *= if at < but { 0.5 } else { 1.5 };
            }
        }
    }
    add_up(&valences, plain)
}

/// What the word at a place says, after the words before it.
fn valence(words: &[Word], entries: &[Entry], at: usize, mixed: bool) -> f64 {
    let form = |back: usize| {
        at.checked_sub(back)
            .and_then(|at| words.get(at))
            .map_or("", |word| word.form.as_str())
    };
    let Some((word, Some(own))) = words
        .get(at)
        .zip(entries.get(at))
        .map(|(word, entry)| (word, entry.valence.filter(|_| entry.boost.is_none())))
    else {
        return 0.0;
    };
    let next = entries
        .get(at + 1)
        .is_some_and(|entry| entry.valence.is_some());
    if word.form == "no" && next
        || word.form == "kind" && words.get(at + 1).is_some_and(|next| next.form == "of")
    {
        return 0.0;
    }
    let mut valence = own;
    if form(1) == "no" || form(2) == "no" || form(3) == "no" && matches!(form(1), "or" | "nor") {
        valence = own * NEGATED;
    }
    if word.shouted && mixed {
        valence += CAPITALS.copysign(valence);
    }
    for back in 1..=3 {
        let Some((before, entry)) = at
            .checked_sub(back)
            .and_then(|at| words.get(at).zip(entries.get(at)))
        else {
            break;
        };
        if entry.valence.is_some() {
            continue;
        }
        if let Some(boost) = entry.boost {
            let mut boost = if valence < 0.0 { -boost } else { boost };
            if before.shouted && mixed {
                boost += CAPITALS.copysign(valence);
            }
            valence += boost * DISTANCE[back - 1];
        }
        let emphatic = form(back) == "never"
            && back > 1
            && (1..back).any(|between| matches!(form(between), "so" | "this"));
        let undoubted =
            form(back) == "without" && (1..back).any(|between| form(between) == "doubt");
        if emphatic {
            valence *= 1.25;
        } else if entry.negates && !undoubted {
            valence *= NEGATED;
        }
    }
    if form(1) == "least" && !matches!(form(2), "at" | "very") {
        valence *= NEGATED;
    }
    valence
}

/// Phrases whose words mean something else together: the last word that has a valence bears theirs.
fn phrases(words: &[Word], valences: &mut [f64], phrases: &HashMap<&str, f64>) {
    let mut joined = String::new();
    for length in 2..=3 {
        for (at, window) in words.windows(length).enumerate() {
            joined.clear();
            for word in window {
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(&word.form);
            }
            if let Some(&value) = phrases.get(joined.as_str()) {
                let bearer = valences
                    .get_mut(at..at + length)
                    .unwrap_or_default()
                    .iter_mut()
                    .rev()
                    .find(|valence| **valence != 0.0);
                if let Some(bearer) = bearer {
                    *bearer = value;
                }
            }
        }
    }
}

fn add_up(words: &[f64], plain: &str) -> Sentiment {
    let marks = |mark: char| plain.matches(mark).count();
    let questions = match marks('?') {
        0 | 1 => 0.0,
        count @ 2..=3 => count as f64 * 0.18,
        _ => 0.96,
    };
    let emphasis = marks('!').min(4) as f64 * 0.292 + questions;
    let mut sum: f64 = words.iter().sum();
    if sum != 0.0 {
        sum += emphasis.copysign(sum);
    }
    // A neutral word counts 1, and so must the word itself that is more than neutral.
    let mut positive: f64 = words
        .iter()
        .filter(|word| **word > 0.0)
        .map(|word| word + 1.0)
        .sum();
    let mut negative: f64 = words
        .iter()
        .filter(|word| **word < 0.0)
        .map(|word| 1.0 - word)
        .sum();
    let neutral = words.iter().filter(|word| **word == 0.0).count() as f64;
    if positive > negative {
        positive += emphasis;
    } else if negative > positive {
        negative += emphasis;
    }
    let all = (positive + negative + neutral).max(1.0);
    Sentiment {
        compound: sum / (sum * sum + ALPHA).sqrt(),
        positive: positive / all,
        negative: negative / all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn compound(text: &str) -> f64 {
        let read = Text::parse(text);
        sentiment(&read.words, &read.plain).compound
    }

    #[test]
    fn boosters_negations_marks_and_capitals_move_a_word() {
        let plain = compound("The food is good.");
        assert!((plain - 0.4404).abs() < 1e-4, "{plain}");
        assert!(compound("The food is very good.") > plain);
        assert!(compound("The food is good!") > plain);
        assert!(compound("The food is GOOD.") > plain);
        assert!(compound("The food is not good.") < 0.0);
        assert!(compound("The food is kind of good.") <= plain);
        assert!(compound("The food is good, but the service is terrible.") < 0.0);
        assert!(compound("The table is brown.").abs() < f64::EPSILON);
    }

    #[test]
    fn compounds_are_those_of_the_reference() {
        let cases = include_str!("../../../../tests/data/quality/vader-cases.tsv");
        let mut off = Vec::new();
        for line in cases.lines() {
            let (value, text) = line.split_once('\t').expect("a compound and a text");
            let expected: f64 = value.parse().expect("a number");
            if (compound(text) - expected).abs() > 1e-3 {
                off.push(format!("{expected} {} {text}", compound(text)));
            }
        }
        // The reference cuts words at spaces, we at Unicode's boundaries: a few differ by that alone.
        assert!(off.len() * 20 <= cases.lines().count(), "{off:#?}");
    }
}
