//! Sentences that don't stand by themselves.

use crate::words::{is_function_word, words};

/// Pronouns that point back.
const POINTING: &[&str] = &[
    "it", "its", "they", "their", "them", "he", "his", "him", "she", "her", "this", "these",
    "that", "those", "such", "both", "another", "others",
];

/// First words that tie a sentence to the one before.
const TYING: &[&str] = &[
    "then",
    "there",
    "otherwise",
    "instead",
    "either",
    "neither",
    "later",
    "afterwards",
    "similarly",
    "likewise",
    "again",
    "elsewhere",
    "nor",
    "or",
    "because",
    "which",
    "who",
    "whose",
    "where",
    "conversely",
    "eventually",
    "soon",
    "only",
    "even",
    "same",
    "here",
    "first",
    "second",
    "third",
    "next",
    "finally",
    "lastly",
    "too",
    "thereafter",
    "rather",
    "one",
    "other",
    "some",
    "many",
    "most",
    "few",
    "several",
    "all",
    "each",
    "none",
];

/// What a noun stands behind.
const DETERMINERS: &[&str] = &[
    "a", "an", "the", "my", "your", "our", "his", "her", "their", "its", "every", "each", "this",
    "that", "one", "no",
];

/// Words before which a sentence has hardly had time to name what "it" is.
const NEAR: usize = 5;

/// Prepositions: a phrase that one of these opens names no antecedent for the pronoun after it.
const PREPOSITIONS: &[&str] = &[
    "in", "on", "at", "by", "within", "after", "before", "during", "for", "from", "since", "until",
    "with", "despite", "under", "over", "to", "of", "through", "without", "like", "unlike",
    "beyond", "today", "yet", "still", "now", "but", "and", "so", "if", "as", "when", "once",
];

/// Nouns that, with "the" and nothing behind them, name what was said before.
const ABSTRACT: &[&str] = &[
    "idea",
    "result",
    "problem",
    "reason",
    "answer",
    "process",
    "change",
    "method",
    "decision",
    "question",
    "plan",
    "effect",
    "difference",
    "same",
    "other",
    "others",
    "two",
    "pair",
    "former",
    "latter",
    "next",
    "rest",
    "solution",
    "discovery",
    "trick",
    "point",
    "lesson",
    "news",
    "case",
    "latter",
];

/// Phrases that point to another place of the text.
const REFERRING: &[&str] = &[
    "as mentioned",
    "as noted",
    "as we saw",
    "as described",
    "mentioned above",
    "see above",
    "see below",
    "the following",
    "the former",
    "the latter",
    "click here",
    "read more",
    "see also",
    "in this article",
    "in this section",
    "this chapter",
    "figure ",
    "table ",
    "the above",
    "that same",
    "the same year",
    "at that time",
    "by then",
    "at the same time",
    "in contrast",
    "on the other hand",
    "in turn",
    "so far",
    "in this way",
    "for this reason",
    "that is why",
    "that's why",
    "even so",
    "as such",
];

/// Whether an English sentence may speak of what another has named: any pronoun will do. Stricter than [`leans_on_previous`], for sentences that are
/// to be moved.
pub(crate) fn may_point_back(sentence: &str) -> bool {
    let points = |word: &String| {
        matches!(
            word.as_str(),
            "it" | "they" | "them" | "he" | "him" | "she" | "this" | "these" | "those"
        )
    };
    leans_on_previous(sentence) || words(sentence).iter().any(points)
}

/// Whether an English sentence holds a pronoun that nothing before it can be meant by: such a sentence can follow another, but not open.
pub(crate) fn points_nowhere(sentence: &str) -> bool {
    let words = words(sentence);
    let nouns = |before: &[String], plural: bool| {
        before.iter().enumerate().any(|(at, word)| {
            let many = word.len() > 3 && word.ends_with('s') && !is_function_word(word)
                || matches!(
                    word.as_str(),
                    "people" | "children" | "men" | "women" | "and" | "two" | "three" | "four"
                );
            let determined =
                at > 0 && DETERMINERS.contains(&before[at - 1].as_str()) && !is_function_word(word);
            many || !plural && determined
        })
    };
    let object = |at: usize| {
        let before = &words[..at];
        match words[at].as_str() {
            "them" | "they" => !nouns(before, true),
            "it" => at > 0 && at < NEAR && !nouns(before, false) && !expletive(words.get(at + 1)),
            _ => false,
        }
    };
    (0..words.len()).any(object)
}

/// Whether "it" before this word stands for nothing: "when it rains", "it is".
fn expletive(next: Option<&String>) -> bool {
    let verbs = [
        "is", "was", "takes", "took", "rains", "snows", "turns", "turned", "seems", "comes",
    ];
    next.is_some_and(|word| verbs.contains(&word.as_str()))
}

/// Whether an English sentence leans on the one before it: a pronoun without anything to point to, or a word that ties it.
pub(crate) fn leans_on_previous(sentence: &str) -> bool {
    let words = words(sentence);
    let Some(first) = words.first().map(String::as_str) else {
        return false;
    };
    if POINTING.contains(&first) {
        // "That bees can count is known" would pass, but most such sentences do point back.
        return true;
    }
    if TYING.contains(&first) {
        // "Some bees", "One bee in ten" and "First aid" name their own subject; "Some of them", "One is" and "First, melt" don't.
        let second = words.get(1).map_or("", String::as_str);
        let comma = sentence
            .split_whitespace()
            .next()
            .is_some_and(|token| token.ends_with(','));
        let names_subject = matches!(
            first,
            "some"
                | "many"
                | "most"
                | "few"
                | "several"
                | "all"
                | "each"
                | "one"
                | "only"
                | "even"
                | "first"
                | "second"
        );
        let verb = matches!(
            second,
            "is" | "are"
                | "was"
                | "were"
                | "has"
                | "have"
                | "had"
                | "can"
                | "will"
                | "did"
                | "do"
                | "does"
                | "of"
                | "also"
                | "came"
                | "went"
                | ""
        );
        let owner = second == "of"
            && !words
                .iter()
                .skip(2)
                .take(2)
                .any(|word| POINTING.contains(&word.as_str()));
        if !names_subject || comma || verb && !owner {
            return true;
        }
    }
    // "Eiffel knew this, and …": a demonstrative that names nothing itself.
    let stands_alone = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "this" | "these" | "those")
            && matches!(
                pair[1].as_str(),
                "is" | "are"
                    | "was"
                    | "were"
                    | "and"
                    | "but"
                    | "by"
                    | "for"
                    | "has"
                    | "had"
                    | "will"
                    | "can"
                    | "in"
                    | "to"
            )
    });
    if stands_alone
        || words
            .last()
            .is_some_and(|word| matches!(word.as_str(), "this" | "these" | "those"))
    {
        return true;
    }
    let second = words.get(1).map_or("", String::as_str);
    let of = words.get(2).is_some_and(|word| {
        matches!(
            word.as_str(),
            "of" | "that" | "to" | "in" | "with" | "for" | "between"
        )
    });
    if first == "the" && ABSTRACT.contains(&second) && !of {
        return true;
    }
    if ["also", "then", "at first", "too"]
        .iter()
        .any(|word| within(sentence, word))
    {
        return true;
    }
    if PREPOSITIONS.contains(&first) {
        if matches!(second, "that" | "this" | "these" | "those" | "all") {
            return true;
        }
        let named = matches!(first, "when" | "once" | "if" | "as");
        let head = words.iter().take(7).skip(1);
        let subject = head.clone().position(|word| {
            matches!(
                word.as_str(),
                "it" | "they" | "he" | "she" | "this" | "these" | "its" | "their" | "his" | "them"
            )
        });
        if let Some(at) = subject
            && (!named || at < 3)
        {
            return true;
        }
    }
    let lower = format!("{} ", sentence.to_lowercase());
    REFERRING.iter().any(|phrase| lower.contains(phrase))
}

/// Whether a word or phrase stands within the first clause of a sentence or at its end.
fn within(sentence: &str, phrase: &str) -> bool {
    let lower = sentence.to_lowercase();
    let clause = lower.split([',', ';', ':']).next().unwrap_or_default();
    let padded = format!(" {} ", clause.trim_end_matches(['.', '!', '?']));
    padded.contains(&format!(" {phrase} "))
}

/// Whether an English sentence points to another place of the text, so that not even the sentence before helps.
pub(crate) fn refers_elsewhere(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    [
        "figure ",
        "table ",
        "click here",
        "read more",
        "see also",
        "see above",
        "see below",
        "in this article",
        "in this section",
        "this chapter",
    ]
    .iter()
    .any(|phrase| lower.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_point_back_are_told_from_those_that_stand() {
        for text in [
            "It was built in 1889.",
            "They dance.",
            "This made it famous.",
            "In 1957, it grew taller.",
            "Some of them stay.",
            "Then the rain came.",
            "First, melt the butter.",
            "When it rains, bees stay home.",
            "By then the mast was useful.",
            "The idea did not begin with him.",
            "The architect then added arches.",
            "Eiffel knew this, and he planned ahead.",
            "After that the city could take it down.",
        ] {
            assert!(leans_on_previous(text), "{text}");
        }
        for text in [
            "The tower was built in 1889.",
            "Some bees sleep in flowers.",
            "In 1957, an antenna made the tower taller.",
            "Most of the iron was made near Paris.",
            "When the tower opened, it drew two million people.",
            "Bees know their way home.",
            "The idea of a tower was new.",
        ] {
            assert!(!leans_on_previous(text), "{text}");
        }
    }
}
