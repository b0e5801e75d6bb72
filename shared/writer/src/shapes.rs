//! Sentences with a form that a layout of its own shows best: definitions, beliefs that are set right, things done in order.

use crate::words::{capitalised, count, is_function_word, words};

/// A word and its meaning: "A thermocline is the layer where …".
pub(crate) fn definition(sentence: &str) -> Option<(String, String)> {
    let body = sentence.trim_end_matches(['.', '!', ' ']);
    if body.contains(['“', '"', '?', ';', ':', ',']) {
        return None;
    }
    let (term, meaning) = [" means ", " refers to ", " is a ", " is an ", " is the "]
        .into_iter()
        .find_map(|verb| {
            let (term, meaning) = body.split_once(verb)?;
            // "is" defines only where a clause says what is meant by it.
            let says = words(meaning)
                .iter()
                .any(|word| matches!(word.as_str(), "that" | "which" | "where" | "who" | "when"));
            let article = verb.trim().strip_prefix("is ").unwrap_or_default();
            let meaning = format!("{article} {meaning}").trim().to_owned();
            (!verb.starts_with(" is") || says).then_some((term, meaning))
        })?;
    let term = ["A ", "An ", "The "]
        .iter()
        .find_map(|article| term.strip_prefix(article))
        .unwrap_or(term);
    let named = words(term);
    let fits = (1..=3).contains(&count(term))
        && term.chars().count() <= 28
        && (3..=18).contains(&count(&meaning))
        && !named.is_empty()
        && !named.iter().any(|word| is_function_word(word))
        && !term.contains(|c: char| c.is_ascii_digit());
    fits.then(|| (capitalised(term), capitalised(&meaning)))
}

/// A belief and what is so: "Many people think that …, but …".
pub(crate) fn belief(sentence: &str) -> Option<(String, String)> {
    let body = sentence.trim_end_matches(['.', '!', ' ']);
    let (believed, so) = body
        .split_once(", but ")
        .or_else(|| body.split_once("; "))
        .or_else(|| body.split_once(", yet "))?;
    let lower = believed.to_lowercase();
    let opening = [
        "many people think ",
        "most people think ",
        "people think ",
        "some people think ",
        "many people believe ",
        "most people believe ",
        "people believe ",
        "people often think ",
        "people say ",
        "many believe ",
        "many think ",
        "it is often said ",
        "the myth says ",
    ]
    .into_iter()
    .find(|opening| lower.starts_with(opening) && lower.len() == believed.len())?;
    let believed = believed.get(opening.len()..)?;
    let believed = believed.strip_prefix("that ").unwrap_or(believed);
    let fits = |text: &str| (2..=14).contains(&count(text));
    (fits(believed) && fits(so)).then(|| (capitalised(believed), capitalised(so)))
}

/// Things done in order: "First …, then …, and finally …".
pub(crate) fn steps(sentence: &str) -> Option<Vec<String>> {
    let body = sentence.trim_end_matches(['.', '!', ' ']);
    if body.contains(['“', '"', '?']) {
        return None;
    }
    let lower = body.to_lowercase();
    if lower.len() != body.len() || !lower.starts_with("first") {
        return None;
    }
    let mut found = Vec::new();
    for part in body.split([',', ';']) {
        let mut part = part.trim();
        for word in [
            "and ", "first ", "First ", "then ", "next ", "finally ", "last ", "lastly ",
        ] {
            part = part.strip_prefix(word).unwrap_or(part);
        }
        if matches!(
            part.to_lowercase().as_str(),
            "first" | "then" | "next" | "finally" | ""
        ) {
            continue;
        }
        match part.split_once(" and then ") {
            Some((one, other)) => found.extend([one, other]),
            None => found.push(part),
        }
    }
    let fits = (2..=5).contains(&found.len())
        && found
            .iter()
            .all(|step| (1..=9).contains(&count(step)) && step.chars().count() <= 60);
    fits.then(|| found.into_iter().map(capitalised).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn forms_are_told_by_their_words() {
        assert_eq!(
            definition("A thermocline is the layer where warm water meets cold water."),
            Some(pair(
                "Thermocline",
                "The layer where warm water meets cold water"
            ))
        );
        assert_eq!(
            definition("Phishing means tricking people into giving away secrets."),
            Some(pair("Phishing", "Tricking people into giving away secrets"))
        );
        assert_eq!(
            belief(
                "Many people think that goldfish forget everything, but they remember for months."
            ),
            Some(pair(
                "Goldfish forget everything",
                "They remember for months"
            ))
        );
        assert_eq!(
            steps("First open the settings, then choose a passkey, and finally confirm it.")
                .as_deref(),
            Some(
                &[
                    "Open the settings".to_owned(),
                    "Choose a passkey".to_owned(),
                    "Confirm it".to_owned()
                ][..]
            )
        );
    }

    #[test]
    fn other_sentences_have_none_of_them() {
        for sentence in [
            "It is a lamp that folds.",
            "The tower is the tallest in Paris.",
            "Honey is sweet.",
            "They came late, but they came.",
            "The first bridge fell, then the second.",
            "",
        ] {
            assert_eq!(definition(sentence), None, "{sentence}");
            assert_eq!(belief(sentence), None, "{sentence}");
            assert_eq!(steps(sentence), None, "{sentence}");
        }
    }
}
