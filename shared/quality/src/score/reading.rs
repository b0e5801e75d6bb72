//! What a criterion finds in a content.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// Something that was counted or computed, and what it did to the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// What it is: `words per sentence`, `spelling errors per 100 words`.
    pub name: Cow<'static, str>,
    /// Its value, in the unit that the name tells.
    pub value: f64,
    /// How many points of `raw` it gave (positive) or cost (negative), against a text that is neither good nor bad in it.
    pub contribution: f64,
}

impl Feature {
    /// A feature.
    pub const fn new(name: &'static str, value: f64, contribution: f64) -> Self {
        Self {
            name: Cow::Borrowed(name),
            value,
            contribution,
        }
    }
}

/// A place that costs points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What is wrong there, or weak.
    pub what: Cow<'static, str>,
    /// Its first byte in the text that was judged.
    pub start: usize,
    /// The byte behind its last; equal to `start` where the place is none in the text.
    pub end: usize,
    /// The words themselves, at most 160 characters of them.
    pub text: String,
    /// How many points of `raw` it costs.
    pub cost: f64,
    /// From when to when in the video, in milliseconds, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_ms: Option<[u32; 2]>,
}

impl Mark {
    /// A stretch of `text` that costs points.
    pub fn new(what: impl Into<Cow<'static, str>>, span: Span, text: &str, cost: f64) -> Self {
        Self {
            what: what.into(),
            start: span.start,
            end: span.end,
            text: span.of(text).chars().take(160).collect(),
            cost,
            time_ms: None,
        }
    }

    /// A time of the video that costs points.
    pub fn timed(what: impl Into<Cow<'static, str>>, from_ms: u32, to_ms: u32, cost: f64) -> Self {
        Self {
            what: what.into(),
            start: 0,
            end: 0,
            text: String::new(),
            cost,
            time_ms: Some([from_ms, to_ms]),
        }
    }
}

/// What a criterion finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The score before it is rounded: 0 to 100.
    pub raw: f64,
    /// What it was made from.
    pub features: Vec<Feature>,
    /// The places that cost most, dearest first.
    pub marks: Vec<Mark>,
    /// How sure it is: 0 (guessed) to 1.
    pub confidence: f64,
    /// What has to be said about it: why it is unsure, what was missing.
    pub notes: Vec<String>,
}

impl Reading {
    /// How many marks a reading keeps: the dearest.
    pub const MARKS: usize = 24;

    /// A reading. What isn't a number becomes 0; what is out of range is drawn into it.
    pub fn new(raw: f64, features: Vec<Feature>, confidence: f64) -> Self {
        Self {
            raw: within(raw, 100.0),
            features,
            marks: Vec::new(),
            confidence: within(confidence, 1.0),
            notes: Vec::new(),
        }
    }

    /// The reading with the dearest of these places.
    #[must_use]
    pub fn with_marks(mut self, mut marks: Vec<Mark>) -> Self {
        marks.sort_by(|a, b| b.cost.total_cmp(&a.cost).then(a.start.cmp(&b.start)));
        marks.truncate(Self::MARKS);
        self.marks = marks;
        self
    }

    /// The reading with something to say about it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The score as a whole number, rounded half up.
    pub fn value(&self) -> u8 {
        // 0 to 100: the cast loses nothing.
        (self.raw + 0.5).floor() as u8
    }
}

fn within(value: f64, most: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, most)
    }
}

/// A criterion's score with everything behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which criterion.
    pub criterion: super::Criterion,
    /// 0 to 100: what is weighed.
    pub value: u8,
    /// The same before it was rounded.
    pub raw: f64,
    /// Its weight in percent.
    pub weight: u8,
    /// What it was made from.
    pub features: Vec<Feature>,
    /// The places that cost most, dearest first.
    pub spans: Vec<Mark>,
    /// How sure it is: 0 (guessed) to 1.
    pub confidence: f64,
    /// What has to be said about it.
    pub notes: Vec<String>,
}

impl Score {
    /// A criterion's reading with its weight.
    pub fn new(criterion: super::Criterion, weight: u8, reading: Reading) -> Self {
        Self {
            criterion,
            value: reading.value(),
            raw: reading.raw,
            weight,
            features: reading.features,
            spans: reading.marks,
            confidence: reading.confidence,
            notes: reading.notes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_point_is_rounded_up_and_nonsense_is_drawn_into_range() {
        let value = |raw| Reading::new(raw, Vec::new(), 1.0).value();
        assert_eq!(
            [
                value(84.5),
                value(84.499),
                value(-3.0),
                value(1e9),
                value(f64::NAN)
            ],
            [85, 84, 0, 100, 0]
        );
    }
}
