//! What the models can't judge, and say so.

use crate::score::Reading;
use crate::text::{Language, Text};

/// The points of a text that can't be judged: neither good nor bad. Its confidence of 0 tells it from one that was.
const UNJUDGED: f64 = 70.0;

/// The reading of a text that no model can judge, with the reason; none if it can be judged.
pub(crate) fn unjudged(text: &Text<'_>) -> Option<Reading> {
    let note = if text.words.is_empty() {
        "there are no words to judge".to_owned()
    } else if let Language::Other(language) = text.language {
        format!(
            "the text seems to be in {}: only English words can be judged",
            language.name()
        )
    } else {
        return None;
    };
    let raw = if text.words.is_empty() { 0.0 } else { UNJUDGED };
    Some(Reading::new(raw, Vec::new(), 0.0).with_note(note))
}
