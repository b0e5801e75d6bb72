//! Making a sentence shorter than it needs to be: taking out a clause from its middle, or telling it in two.

use crate::shorten::{finished, guarded, without_tail};
use crate::trace::borne_out;
use crate::words::{capitalised, count, words};

/// Sentences up to this many words are short.
const SHORT: usize = 10;

/// The fewest words on either side of a seam.
const LEAST: usize = 4;

/// The most words of a clause that is taken out.
const LONGEST_CLAUSE: usize = 12;

/// Where a clause may end and another begin: what stands between them, and what of it begins the second sentence.
const SEAMS: &[(&str, &str)] = &[
    (", and ", ""),
    (", but ", "but "),
    (", so ", "so "),
    ("; ", ""),
];

/// Words that begin a clause and hardly anything else.
const SUBJECTS: &[&str] = &[
    "it", "they", "he", "she", "we", "you", "there", "i", "this", "that",
];

/// Words that begin a clause if a verb follows soon.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "its", "their", "your", "our", "his", "each", "every", "no",
];

/// Verbs that tell a clause from one more item of a list.
const VERBS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "can", "will", "does", "do", "did", "makes",
    "gets", "goes", "must", "may", "could", "would", "should",
];

/// A sentence in fewer words, or as two that say the same; none if it is short already or has no safe seam. `source` bears out all
/// that comes back.
pub(crate) fn shorter(text: &str, source: &str) -> Option<Vec<String>> {
    let mut rest = text.to_owned();
    while count(&rest) > SHORT {
        let cut = without_middle(&rest).or_else(|| without_tail(&rest));
        let Some(cut) = cut
            .map(|cut| finished(&cut))
            .filter(|cut| borne_out(cut, source))
        else {
            break;
        };
        rest = cut;
    }
    match parted(&rest, source) {
        Some(two) if count(&rest) > SHORT => Some(two.into()),
        _ => (rest != text).then(|| vec![rest]),
    }
}

/// A sentence told in two, parted where one clause ends and another begins, as near to its middle as can be.
pub(crate) fn parted(text: &str, source: &str) -> Option<[String; 2]> {
    if text.ends_with('?') || text.contains(['"', '“', '(']) {
        return None;
    }
    let mut found: Vec<(usize, [String; 2])> = Vec::new();
    for (seam, kept) in SEAMS {
        for (at, _) in text.match_indices(seam) {
            let (head, tail) = (&text[..at], &text[at + seam.len()..]);
            if count(head) < LEAST || count(tail) < LEAST || !is_clause(tail, head, seam) {
                continue;
            }
            let two = [
                finished(head),
                finished(&capitalised(&format!("{kept}{tail}"))),
            ];
            if two.iter().all(|part| borne_out(part, source)) {
                found.push((count(head).abs_diff(count(tail)), two));
            }
        }
    }
    found
        .into_iter()
        .min_by_key(|(uneven, _)| *uneven)
        .map(|(_, two)| two)
}

/// Whether what stands behind a seam can stand by itself.
fn is_clause(tail: &str, head: &str, seam: &str) -> bool {
    if seam == "; " {
        return !tail.contains(';');
    }
    let words = words(tail);
    let Some(first) = words.first().map(String::as_str) else {
        return false;
    };
    let soon = |word: &String| VERBS.contains(&word.as_str());
    SUBJECTS.contains(&first)
        || ARTICLES.contains(&first) && !head.contains(',') && words.iter().take(6).any(soon)
}

/// Takes out a relative clause between two commas: what it says is said beside the point.
fn without_middle(text: &str) -> Option<String> {
    let (head, rest) = text.split_once(", ")?;
    let (clause, tail) = rest.split_once(", ")?;
    let first = words(clause).into_iter().next()?;
    let beside = matches!(first.as_str(), "which" | "who" | "whose" | "where");
    let fits = beside
        && !guarded(clause)
        && count(clause) <= LONGEST_CLAUSE
        && count(head) >= 2
        && count(tail) >= 3
        && !clause.contains(['"', '“', '”', '(', ')', ';']);
    fits.then(|| format!("{head} {tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = shorter(text, text).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn long_sentences_are_told_in_two_where_a_clause_begins() {
        check(
            "The sea is calm at dawn, and the boats are already out on it.",
            &[
                "The sea is calm at dawn.",
                "The boats are already out on it.",
            ],
        );
        check(
            "The tower was meant to stand for twenty years, but it turned out to be useful.",
            &[
                "The tower was meant to stand for twenty years.",
                "But it turned out to be useful.",
            ],
        );
        check(
            "The old tower, which stands in the middle of the city, was painted brown again by forty painters.",
            &["The old tower was painted brown again by forty painters."],
        );
    }

    #[test]
    fn lists_short_sentences_and_other_peoples_words_stay_whole() {
        for text in [
            "We sell bread and cakes, butter and cream, and the best coffee in this town.",
            "It sleeps, and it wakes.",
            "“The sea is calm at dawn, and the boats are already out on it.”",
            "Is the sea calm at dawn, and are the boats already out on it?",
        ] {
            check(text, &[]);
        }
    }
}
