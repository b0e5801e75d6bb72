//! The texts that the tests run over.

#![allow(dead_code, reason = "each suite uses some of it")]

use quality::score::Criterion;
use quality::{Assessment, Content, Policy, assess};
use serde::Deserialize;

/// An article's beginning, sentence by sentence.
#[derive(Deserialize)]
pub(crate) struct Article {
    pub(crate) id: String,
    pub(crate) sentences: Vec<String>,
}

impl Article {
    pub(crate) fn text(&self) -> String {
        self.sentences.join(" ")
    }
}

/// Articles of OneStopEnglish, 18 sentences each.
pub(crate) fn articles() -> Vec<Article> {
    include_str!("../../../../tests/data/quality/articles.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Sentences of letters, blogs and talk from EmoBank.
pub(crate) fn casual() -> Vec<&'static str> {
    include_str!("../../../../tests/data/quality/casual.txt")
        .lines()
        .collect()
}

pub(crate) fn judge(text: &str) -> Assessment {
    assess(&Content::of_text(text), &Policy::default())
}

pub(crate) fn raw(assessment: &Assessment, criterion: Criterion) -> f64 {
    assessment
        .score(criterion)
        .unwrap_or_else(|| panic!("{criterion} isn't measured"))
        .raw
}

/// SplitMix64: the same shuffles in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
