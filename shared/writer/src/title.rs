//! A title for what has none.

use crate::shorten::finished;
use crate::sources::Candidate;
use crate::words::{capitalised, count, is_unspaced};

/// The longest title in characters.
const LONGEST: usize = 70;

/// The topic if there is one; else the text's first heading, its first sentence if that is short, or its best keyword.
pub(crate) fn title(
    topic: Option<&str>,
    heading: Option<&str>,
    keywords: &[String],
    candidates: &[Candidate],
) -> String {
    let first = candidates
        .first()
        .map(|candidate| candidate.spoken.as_str());
    let found = topic
        .or(heading.filter(|text| count(text) <= 12))
        .or(first.filter(|text| count(text) <= 7))
        .or(keywords
            .iter()
            .find(|phrase| phrase.contains(' '))
            .or(keywords.first())
            .map(String::as_str))
        .or(first)
        .unwrap_or_default();
    shown(found)
}

/// A text as a title: no full stop, a capital first, at most [`LONGEST`] characters, cut between words where there are any.
pub(crate) fn shown(text: &str) -> String {
    let text = finished(text);
    let text = text.trim_end_matches(['.', '。', '।', ' ', '…']);
    if text.chars().count() <= LONGEST {
        return capitalised(text);
    }
    let cut: String = text.chars().take(LONGEST).collect();
    // A word longer than a title is kept whole: half of it would be another word.
    let kept = match cut.rsplit_once(' ') {
        _ if cut.chars().all(|c| is_unspaced(c) || !c.is_alphanumeric()) => cut.as_str(),
        Some((head, _)) => head,
        None => text.split(' ').next().unwrap_or(text),
    };
    capitalised(kept.trim_end_matches([',', ';', ':', '-', '–', ' ']))
}

/// A topic as it stands within a sentence: its first letter lowered unless it is a name or an initialism.
pub(crate) fn within_sentence(topic: &str, texts: &[&str]) -> String {
    let topic = topic.trim_end_matches(['.', '!', ' ', '…', '。']);
    let first = topic.split_whitespace().next().unwrap_or_default();
    let article = matches!(
        first,
        "The"
            | "A"
            | "An"
            | "Our"
            | "Your"
            | "My"
            | "How"
            | "Why"
            | "What"
            | "When"
            | "Where"
            | "Who"
            | "Which"
            | "Making"
            | "Using"
    );
    let lower_follows = first
        .chars()
        .skip(1)
        .all(|c| !c.is_uppercase() && !c.is_numeric());
    let named = texts.iter().any(|text| {
        text.split_whitespace()
            .skip(1)
            .any(|token| token.trim_matches(|c: char| !c.is_alphanumeric()) == first)
    }) || topic
        .split_whitespace()
        .skip(1)
        .any(|word| word.chars().next().is_some_and(char::is_uppercase));
    if article || lower_follows && !named {
        let mut chars = topic.chars();
        chars
            .next()
            .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
    } else {
        topic.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_short_and_unstopped() {
        assert_eq!(shown("the history of tea."), "The history of tea");
        assert_eq!(shown("Why do cats purr?"), "Why do cats purr?");
        assert!(shown(&"word ".repeat(40)).chars().count() <= LONGEST);
        assert_eq!(shown(&"x".repeat(300)).len(), 300);
        assert_eq!(title(None, Some("On bees"), &[], &[]), "On bees");
        assert_eq!(title(None, None, &["honey bees".into()], &[]), "Honey bees");
    }

    #[test]
    fn topics_fit_into_sentences() {
        assert_eq!(within_sentence("The Eiffel Tower", &[]), "the Eiffel Tower");
        assert_eq!(within_sentence("Paris in spring", &[]), "paris in spring");
        assert_eq!(
            within_sentence("NASA and the moon", &[]),
            "NASA and the moon"
        );
        assert_eq!(
            within_sentence("Better coffee at home.", &[]),
            "better coffee at home"
        );
    }
}
