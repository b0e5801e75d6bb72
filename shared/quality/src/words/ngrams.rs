//! Weights of words and pairs of words.

use std::collections::HashMap;

use crate::text::Word;

/// Words and pairs of neighbouring words, each with `N` weights.
#[derive(Debug)]
pub(crate) struct Ngrams<const N: usize> {
    weights: HashMap<&'static str, [f32; N]>,
}

impl<const N: usize> Ngrams<N> {
    /// Reads a generated table: lines of an n-gram and its weights in hundred-thousandths, with tabs between them.
    pub(crate) fn read(table: &'static str) -> Self {
        let weights = table.lines().filter_map(|line| {
            let mut fields = line.split('\t');
            let ngram = fields.next()?;
            let mut weights = [0.0; N];
            for weight in &mut weights {
                *weight = fields.next()?.parse::<i32>().ok()? as f32 / 100_000.0;
            }
            Some((ngram, weights))
        });
        Self {
            weights: weights.collect(),
        }
    }

    /// The weights of a word, or of two with a space between them.
    pub(crate) fn get(&self, ngram: &str) -> Option<[f64; N]> {
        self.weights
            .get(ngram)
            .map(|weights| weights.map(f64::from))
    }

    /// How many are known.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.weights.len()
    }
}

/// Calls `each` with every word and every pair of neighbours, and with the index of its first word. A number is "#".
pub(crate) fn for_each_ngram(words: &[Word], mut each: impl FnMut(&str, usize, usize)) {
    let form = |word: &Word| -> String {
        if word.number {
            "#".to_owned()
        } else {
            word.form.clone()
        }
    };
    let mut pair = String::new();
    let mut before = String::new();
    for (at, word) in words.iter().enumerate() {
        let own = form(word);
        each(&own, at, 1);
        if at > 0 {
            pair.clear();
            pair.push_str(&before);
            pair.push(' ');
            pair.push_str(&own);
            each(&pair, at - 1, 2);
        }
        before = own;
    }
}
