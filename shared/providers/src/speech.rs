//! Who speaks.

use std::sync::Arc;

use async_trait::async_trait;
use domain::quality::{Action, Feedback};
use domain::{Language, Pronunciations, SpokenWord};
use serde::Serialize;

use crate::{Answer, ProviderError};

/// The lines of one scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpeechRequest {
    /// What is said, line by line, as it is written.
    pub lines: Vec<String>,
    /// In which language.
    pub language: Language,
    /// Words a minute that the script was planned with: the voice speaks at that pace.
    pub planned_wpm: u32,
    /// How some of the words are said: none but the lines' own, so that others change nothing.
    #[serde(skip_serializing_if = "Pronunciations::is_empty")]
    pub pronunciations: Pronunciations,
}

/// How far the pace of a scene may be from what the script was planned with, as a share: beyond that it sounds hurried or drawn out.
const PACE: (f64, f64) = (0.75, 1.3);

/// How far a scene of long or short words may be from it, so that all scenes have about as many words a minute.
const EVENED: (f64, f64) = (0.9, 1.1);

impl SpeechRequest {
    /// The request as feedback on an earlier round would have `scene` spoken: slower, faster, or as fast as the others. A scene that isn't named
    /// is spoken as before.
    #[must_use]
    pub fn after(mut self, feedback: &Feedback, scene: usize) -> Self {
        let here = feedback
            .suggestions
            .iter()
            .filter(|suggestion| suggestion.scene.is_none_or(|named| named == scene));
        let pace: f64 = here
            .map(|suggestion| match suggestion.action {
                Action::SpeakSlower { percent } => 1.0 - f64::from(percent) / 100.0,
                Action::SpeakFaster { percent } => 1.0 + f64::from(percent) / 100.0,
                Action::EvenPace => self.weight().clamp(EVENED.0, EVENED.1),
                _ => 1.0,
            })
            .product();
        let wpm = f64::from(self.planned_wpm) * pace.clamp(PACE.0, PACE.1);
        self.planned_wpm = wpm.round() as u32;
        self
    }

    /// How long the lines' words take to say on average, next to those of running text: about 1.
    fn weight(&self) -> f64 {
        let words: usize = self
            .lines
            .iter()
            .map(|line| line.split_whitespace().count())
            .sum();
        // At 60 words a minute a word takes a second.
        let ms: u32 = self
            .lines
            .iter()
            .map(|line| writer::spoken_ms(line, 60))
            .sum();
        if words == 0 {
            return 1.0;
        }
        f64::from(ms) / 1000.0 / words as f64
    }
}

/// A scene as it is spoken.
#[derive(Debug, Clone, PartialEq)]
pub struct Speech {
    /// The sound: WAV, mono, 16 bits; absent where no voice could speak.
    pub wav: Option<Vec<u8>>,
    /// Its length in milliseconds, pauses included.
    pub length_ms: u32,
    /// Every word with its time.
    pub words: Vec<SpokenWord>,
}

/// Speaks lines and tells when each word is spoken.
#[async_trait]
pub trait SpeechProvider: Send + Sync {
    /// Who answers, with everything that changes the answer: part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// Why what it makes is less than was asked for, whatever the input; nothing if it isn't.
    fn lacks(&self) -> Option<String> {
        None
    }

    /// Another of its voices, by name. One that it doesn't have is wrong input.
    fn named(&self, voice: &str) -> Result<Arc<dyn SpeechProvider>, ProviderError>;

    /// What speaking a scene costs at most, in US dollars.
    fn most_usd(&self, _request: &SpeechRequest) -> f64 {
        0.0
    }

    /// Speaks one scene.
    async fn speak(&self, request: &SpeechRequest) -> Result<Answer<Speech>, ProviderError>;
}

#[cfg(test)]
mod tests {
    use domain::quality::{Suggestion, Target};

    use super::*;

    fn after(actions: &[(Action, Option<usize>)], line: &str) -> u32 {
        let suggestion = |(action, scene): &(Action, Option<usize>)| Suggestion {
            task: Target::Audio,
            scene: *scene,
            action: action.clone(),
            instruction: action.instruction(),
            gain: 1.0,
        };
        let feedback = Feedback {
            of_round: 1,
            suggestions: actions.iter().map(suggestion).collect(),
            note: None,
            earlier: Vec::new(),
        };
        let request = SpeechRequest {
            lines: vec![line.to_owned()],
            language: Language::default(),
            planned_wpm: 160,
            pronunciations: Pronunciations::default(),
        };
        request.after(&feedback, 2).planned_wpm
    }

    #[test]
    fn a_scene_that_is_named_is_spoken_at_another_pace_and_no_other() {
        let line = "The bees dance in the hive.";
        let slower = |scene| (Action::SpeakSlower { percent: 10 }, scene);
        assert_eq!(after(&[slower(Some(2))], line), 144);
        assert_eq!(after(&[slower(None)], line), 144);
        assert_eq!(after(&[slower(Some(1))], line), 160);
        assert_eq!(
            after(&[(Action::SpeakFaster { percent: 10 }, None)], line),
            176
        );
        assert_eq!(
            after(&[(Action::SpeakFaster { percent: 900 }, None)], line),
            208
        );
        assert_eq!(after(&[(Action::ShortenPauses, None)], line), 160);
    }

    #[test]
    fn an_even_pace_gives_long_words_less_time_and_short_ones_more() {
        let even = [(Action::EvenPace, None)];
        let long = after(
            &even,
            "Extraordinary international communication necessitates organisation.",
        );
        assert!(long > 160 && after(&even, "He is in the sea and so am I.") < 160);
        assert_eq!(after(&even, ""), 160);
    }
}
