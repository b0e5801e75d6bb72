//! A scene spoken: samples and the time of each word.

use domain::SpokenWord;

/// What a voice made of a scene's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// One channel.
    pub samples: Vec<i16>,
    /// Samples a second.
    pub sample_rate: u32,
    /// Every written word of the lines with its time.
    pub words: Vec<SpokenWord>,
    /// The written words that the voice could not read, as written: each has a time, but is heard in part or not at all.
    pub unspoken: Vec<String>,
}

impl Speech {
    /// Length of the sound in milliseconds.
    pub fn length_ms(&self) -> u32 {
        (self.samples.len() as u64 * 1000 / u64::from(self.sample_rate.max(1))) as u32
    }
}
