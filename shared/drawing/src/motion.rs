//! How what stands on a sheet comes in.

use std::ops::Range;

use domain::Enter;

use crate::piece::Piece;

/// The usual length of an entrance, in milliseconds.
pub(crate) const USUAL_MS: u32 = 300;

/// How long an entrance takes in a style, in milliseconds; nothing of the usual length.
pub(crate) fn takes_ms(ms: u32, tempo: f32) -> Option<u32> {
    Some(paced(ms, tempo)).filter(|takes| *takes != USUAL_MS)
}

/// A length of time in a style.
fn paced(ms: u32, tempo: f32) -> u32 {
    (ms as f32 * tempo).round() as u32
}

/// Into how many pieces a text falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    /// It comes in as one.
    Whole,
    /// Each line comes in with its first word.
    Lines,
    /// Each word comes in as it is said.
    Words,
}

/// How what is put on a sheet comes in.
#[derive(Debug, Clone)]
pub(crate) struct Motion {
    enter: Enter,
    takes_ms: u32,
    after_ms: u32,
    lasts_ms: Option<u32>,
    /// Which of the words that were counted by `Sheet::say` it comes in with: the first of them that is spoken. Without any it comes in at once.
    pub(crate) cue: Range<usize>,
    pub(crate) split: Split,
}

impl Motion {
    /// Comes in at once.
    pub(crate) fn new(enter: Enter) -> Self {
        Self {
            enter,
            takes_ms: USUAL_MS,
            after_ms: 0,
            lasts_ms: None,
            cue: 0..0,
            split: Split::Whole,
        }
    }

    /// Comes in with the first of these words that is spoken.
    pub(crate) fn with(self, cue: &Range<usize>) -> Self {
        Self {
            cue: cue.clone(),
            ..self
        }
    }

    pub(crate) fn by(self, split: Split) -> Self {
        Self { split, ..self }
    }

    /// The entrance takes this long.
    pub(crate) fn taking(self, takes_ms: u32) -> Self {
        Self { takes_ms, ..self }
    }

    /// Comes in this much later.
    pub(crate) fn after(self, after_ms: u32) -> Self {
        Self { after_ms, ..self }
    }

    /// Is gone after this long.
    pub(crate) fn lasting(self, lasts_ms: u32) -> Self {
        Self {
            lasts_ms: Some(lasts_ms),
            ..self
        }
    }

    /// Whether it is uncovered around its middle.
    pub(crate) fn turns(&self) -> bool {
        self.enter == Enter::Sweep
    }

    /// The piece that moves like this.
    pub(crate) fn piece(
        &self,
        png: Vec<u8>,
        (x, y): (i32, i32),
        (word, planned_ms): (Option<u32>, u32),
        tempo: f32,
    ) -> Piece {
        let paced = |ms: u32| paced(ms, tempo);
        Piece {
            png,
            x,
            y,
            planned_ms,
            word,
            enter: self.enter,
            after_ms: paced(self.after_ms),
            takes_ms: takes_ms(self.takes_ms, tempo),
            // Both ends are rounded alike, so that what takes turns leaves no gap.
            lasts_ms: self
                .lasts_ms
                .map(|lasts| paced(self.after_ms + lasts) - paced(self.after_ms)),
        }
    }
}
