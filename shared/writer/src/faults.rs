//! What was found wrong with the lines of an earlier script.

use domain::quality::Action;
use domain::{Line, LineSource, Script, SourceId};

use crate::wishes::{Place, Wishes, sources_at};

/// The most characters of a word that says nothing about other sentences.
const SHORT: usize = 4;

/// What is wrong with which source's line, and how much of it speaks for another line: 0 to about 2.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    lines: Vec<(SourceId, Place, f64)>,
}

impl Faults {
    /// Finds the lines that the feedback's places are said in.
    pub(crate) fn find(wishes: Wishes<'_>, earlier: &Script) -> Self {
        let mut faults = Self::default();
        let mut add = |weight: f64, of: fn(&Action) -> Option<&Vec<String>>| {
            for place in wishes.places(of) {
                for id in sources_at(&place, earlier) {
                    faults.lines.push((id.clone(), place.clone(), weight));
                }
            }
        };
        add(1.0, |action| match action {
            Action::DropFiller { phrases } | Action::AvoidPhrases { phrases } => Some(phrases),
            _ => None,
        });
        add(0.8, |action| match action {
            Action::CorrectGrammar { places } => Some(places),
            _ => None,
        });
        add(0.4, |action| match action {
            Action::ShortenSentences { sentences } | Action::ConnectSentences { sentences } => {
                Some(sentences)
            }
            Action::KeepRegister { sentences } => Some(sentences),
            _ => None,
        });
        add(0.3, |action| match action {
            Action::PlainWords { words } => Some(words),
            _ => None,
        });
        faults.said_again(wishes, earlier);
        faults
    }

    /// Of what is said more than once, the first stays.
    fn said_again(&mut self, wishes: Wishes<'_>, earlier: &Script) {
        let again = wishes.places(|action| match action {
            Action::SayOnce { phrases } => Some(phrases),
            _ => None,
        });
        for place in again {
            let anywhere = Place {
                scene: None,
                ..place
            };
            let said = sources_at(&anywhere, earlier).skip(1);
            for id in said {
                self.lines.push((id.clone(), anywhere.clone(), 1.0));
            }
        }
    }

    /// How much is wrong with a line still.
    pub(crate) fn weight(&self, line: &Line) -> f64 {
        let LineSource::Source(id) = &line.source else {
            return 0.0;
        };
        let own = self
            .lines
            .iter()
            .filter(|(known, place, _)| known == id && place.is_in(&line.text));
        own.map(|(_, _, weight)| weight).sum()
    }

    /// Whether another text has the same wrong with it. A single short word is wrong only where it was found.
    pub(crate) fn touch(&self, text: &str) -> bool {
        let telling = |place: &Place| place.text.chars().count() > SHORT;
        let mut places = self.lines.iter().map(|(_, place, _)| place);
        places.any(|place| telling(place) && place.is_in(text))
    }
}
