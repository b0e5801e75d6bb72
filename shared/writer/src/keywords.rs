//! What a text is about.

use std::collections::{BTreeMap, HashSet};

use yake_rust::{Config, StopWords, get_n_best};

use crate::words::{content, is_number, stem, words};

/// How much text the keywords are drawn from, in bytes: more makes no better keywords and the search is not linear.
const ENOUGH: usize = 120_000;

/// Keyphrases and the weight of each single word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keywords {
    /// Phrases of up to three words in lower case, best first.
    pub(crate) phrases: Vec<String>,
    weights: BTreeMap<String, f64>,
}

impl Keywords {
    /// Finds keywords with YAKE! (Campos et al.: YAKE! Keyword extraction from single documents using multiple local features,
    /// Information Sciences 509, 2020). Scores are rounded, because the library adds them up in an order that varies.
    pub(crate) fn find(sentences: &[&str], english: bool) -> Self {
        let text = plain(sentences);
        let stop_words = if english {
            StopWords::predefined("en")
        } else {
            None
        };
        let stop_words = stop_words.unwrap_or_else(|| StopWords::custom(frequent(&text)));
        let config = Config {
            remove_duplicates: false,
            ..Config::default()
        };
        let mut found: Vec<(i64, String)> = get_n_best(usize::MAX, &text, &stop_words, &config)
            .into_iter()
            .filter(|item| item.score.is_finite())
            .map(|item| ((item.score * 1e6).round() as i64, item.keyword))
            .collect();
        found.sort();
        let mut weights = BTreeMap::new();
        let mut phrases: Vec<String> = Vec::new();
        for (score, phrase) in found {
            if !phrase.contains(' ') {
                // Scores run from near 0 (best) to a few units.
                let weight = 1.0 / (1.0 + 4.0 * score as f64 / 1e6);
                weights
                    .entry(stem(&phrase))
                    .and_modify(|known: &mut f64| *known = known.max(weight))
                    .or_insert(weight);
            }
            if phrases.len() < 12 && !phrases.iter().any(|known| overlap(known, &phrase)) {
                phrases.push(phrase);
            }
        }
        Self { phrases, weights }
    }

    /// How much a text says about what the whole is about: 0 to about 3.
    pub(crate) fn coverage(&self, text: &str) -> f64 {
        let mut stems = content(text);
        stems.sort();
        stems.dedup();
        let sum: f64 = stems.iter().filter_map(|stem| self.weights.get(stem)).sum();
        sum / (stems.len().max(4) as f64).sqrt()
    }
}

/// Whether two phrases share most of their words.
fn overlap(a: &str, b: &str) -> bool {
    let stems = |text: &str| -> Vec<String> { words(text).iter().map(|word| stem(word)).collect() };
    let (a, b) = (stems(a), stems(b));
    let shared = a.iter().filter(|stem| b.contains(stem)).count();
    shared * 2 >= a.len().min(b.len()).max(1)
}

/// Text reduced to words and stops, so that no oddity of the source reaches the library's patterns.
fn plain(sentences: &[&str]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if text.len() > ENOUGH {
            break;
        }
        for token in sentence
            .split_whitespace()
            .filter(|token| token.chars().count() <= 40)
        {
            let word = token.trim_matches(|c: char| !c.is_alphanumeric());
            if word.is_empty() {
                continue;
            }
            text.extend(
                word.chars()
                    .map(|c| if c == '’' { '\'' } else { c })
                    .filter(|&c| c.is_alphanumeric() || matches!(c, '-' | '\'')),
            );
            text.push_str(if token.ends_with([',', ';', ':']) {
                ", "
            } else {
                " "
            });
        }
        text.truncate(text.trim_end_matches([' ', ',']).len());
        text.push_str(".\n");
    }
    text
}

/// The words that a text uses most, for languages without a list: they bind, they don't name.
fn frequent(text: &str) -> HashSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words(text).into_iter().filter(|word| !is_number(word)) {
        *counts.entry(word).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    counts
        .into_iter()
        .filter(|(word, n)| word.chars().count() <= 3 || n * 60 > total && *n > 2)
        .map(|(word, _)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_often_comes_first() {
        let text = [
            "Honey bees live in large colonies.",
            "A colony of honey bees keeps one queen.",
            "The queen lays eggs while worker bees gather nectar.",
            "Nectar becomes honey.",
        ];
        let keywords = Keywords::find(&text, true);
        assert!(
            keywords
                .phrases
                .iter()
                .take(3)
                .any(|phrase| phrase.contains("honey")),
            "{:?}",
            keywords.phrases
        );
        assert!(
            keywords.coverage("Honey bees gather nectar.") > keywords.coverage("It is what it is.")
        );
    }

    #[test]
    fn odd_text_is_survived() {
        for text in [
            "",
            "...",
            "🙂🙂 🙂",
            "富士山は高い。",
            "a",
            &"x".repeat(300),
            "\u{301}\u{301} ʹ ' -- -",
        ] {
            Keywords::find(&[text, text], true);
            Keywords::find(&[text, text], false);
        }
    }
}
