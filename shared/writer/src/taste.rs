//! What feedback would rather hear.

use domain::quality::Action;

use crate::banned::WordList;
use crate::figure;
use crate::interest::{feeling, interest};
use crate::wishes::Wishes;
use crate::words::words;

/// Which qualities of a sentence count for more than usual.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taste {
    concrete: bool,
    personal: bool,
    voiced: bool,
    curious: bool,
}

impl Taste {
    pub(crate) fn of(wishes: Wishes<'_>) -> Self {
        Self {
            concrete: wishes.ask(|action| matches!(action, Action::BeConcrete)),
            personal: wishes.ask(|action| matches!(action, Action::SpeakToViewer)),
            voiced: wishes.ask(|action| matches!(action, Action::UseVoice { .. })),
            curious: wishes.ask(|action| matches!(action, Action::RaiseQuestion)),
        }
    }

    /// What a sentence is worth to it, 0 to about 2.
    pub(crate) fn merit(self, text: &str, voice: &WordList) -> f64 {
        let mut merit = 0.25 * interest(text) + 0.1 * feeling(text);
        if self.concrete {
            merit += 0.35 * f64::from(u8::from(figure::find(text).is_some()));
            merit += 0.15 * names(text).min(2) as f64;
        }
        if self.personal {
            let you = words(text)
                .iter()
                .any(|word| matches!(word.as_str(), "you" | "your" | "yours"));
            merit += 0.5 * f64::from(u8::from(you));
        }
        if self.voiced {
            merit += 0.4 * voice.hits(text).min(2) as f64;
        }
        if self.curious {
            merit += 0.25 * interest(text);
        }
        merit
    }
}

/// How many words within a sentence begin with a capital.
fn names(text: &str) -> usize {
    text.split_whitespace()
        .skip(1)
        .filter(|word| {
            let mut letters = word.chars().filter(|c| c.is_alphabetic());
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some()
        })
        .count()
}
