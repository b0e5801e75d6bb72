//! When the words are spoken.

use domain::Narration;

/// One word with its time in the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenAt {
    /// As it is written.
    pub text: String,
    /// When it starts, in milliseconds from the start of the first scene.
    pub start_ms: u32,
    /// When it ends.
    pub end_ms: u32,
    /// In which scene, counted from 0.
    pub scene: usize,
}

/// When the words are spoken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speech {
    /// Every word, in order.
    pub words: Vec<SpokenAt>,
    /// How long each scene is, in milliseconds, pauses included.
    pub scenes_ms: Vec<u32>,
    /// Whether no voice spoke some of it, so that its times are estimates.
    pub estimated: bool,
}

impl Speech {
    /// The narrations of all scenes, one after the other.
    pub fn of_narrations(narrations: &[Narration]) -> Self {
        let mut speech = Self::default();
        let mut from_ms = 0_u32;
        for (scene, narration) in narrations.iter().enumerate() {
            let words = narration.words.iter().map(|word| SpokenAt {
                text: word.text.clone(),
                start_ms: from_ms.saturating_add(word.start_ms),
                end_ms: from_ms.saturating_add(word.end_ms),
                scene,
            });
            speech.words.extend(words);
            speech.scenes_ms.push(narration.length_ms);
            speech.estimated |= narration.audio.is_none() && !narration.words.is_empty();
            from_ms = from_ms.saturating_add(narration.length_ms);
        }
        speech
    }

    /// Its length in milliseconds.
    pub fn length_ms(&self) -> u32 {
        self.scenes_ms
            .iter()
            .fold(0, |sum, &length| sum.saturating_add(length))
    }

    /// The words of a scene.
    pub fn of_scene(&self, scene: usize) -> impl Iterator<Item = &SpokenAt> {
        self.words.iter().filter(move |word| word.scene == scene)
    }
}
