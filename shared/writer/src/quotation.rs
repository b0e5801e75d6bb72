//! Somebody's words within a sentence.

use crate::words::count;

/// A quotation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quotation {
    /// The words, without quotation marks.
    pub(crate) text: String,
    /// Who said so, if the sentence says.
    pub(crate) speaker: Option<String>,
}

const VERBS: &[&str] = &[
    "said",
    "says",
    "wrote",
    "writes",
    "told",
    "called",
    "asked",
    "replied",
    "recalled",
    "remembered",
    "explained",
    "noted",
    "argued",
    "declared",
];

/// The longest quotation of a sentence, if it is somebody's words and not a term in quotation marks.
pub(crate) fn find(sentence: &str) -> Option<Quotation> {
    let pairs = [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“'), ('「', '」')];
    let (start, end, open, close) = pairs.iter().find_map(|&(open, close)| {
        let start = sentence.find(open)?;
        let inner = start + open.len_utf8();
        let end = sentence[inner..].rfind(close)? + inner;
        Some((start, end, open, close))
    })?;
    let text = sentence[start + open.len_utf8()..end].trim();
    if text.contains([open, close]) {
        return None;
    }
    let (before, after) = (&sentence[..start], &sentence[end + close.len_utf8()..]);
    let speaker = speaker(before, after);
    let words = count(text);
    let most = words * 2 > count(sentence);
    let spoken = speaker.is_some() && words >= 4 || most && words >= 5;
    spoken.then(|| Quotation {
        text: text.trim_end_matches([',', ' ']).to_owned(),
        speaker,
    })
}

fn speaker(before: &str, after: &str) -> Option<String> {
    let said = |word: &str| {
        VERBS.contains(
            &word
                .to_lowercase()
                .trim_matches(|c: char| !c.is_alphanumeric()),
        )
    };
    let after: Vec<&str> = after.split_whitespace().collect();
    let before: Vec<&str> = before.split_whitespace().collect();
    // "…," said Ada Lovelace. / "…," Ada Lovelace said. / Ada Lovelace said: "…"
    let found = match after.first() {
        Some(word) if said(word) => names(after.iter().skip(1).copied()),
        Some(_) if after.iter().take(5).any(|word| said(word)) => {
            names(after.iter().take_while(|word| !said(word)).copied())
        }
        _ if before.last().is_some_and(|word| said(word)) => {
            names_at_end(&before[..before.len() - 1])
        }
        _ if before.len() >= 2
            && before
                .iter()
                .take(2)
                .map(|w| w.to_lowercase())
                .eq(["according", "to"]) =>
        {
            names(before.iter().skip(2).copied())
        }
        _ => Vec::new(),
    };
    (!found.is_empty()).then(|| found.join(" "))
}

fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && !matches!(
            word.trim_matches(|c: char| !c.is_alphanumeric()),
            "He" | "She" | "They" | "It" | "I" | "We" | "The"
        )
}

fn trimmed(word: &str) -> String {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '.'))
        .trim_end_matches('.')
        .to_owned()
}

fn names<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        if !is_name(word) || found.len() == 4 {
            break;
        }
        found.push(trimmed(word));
        if word.ends_with([',', ';', ':', '!', '?'])
            || word.ends_with('.') && word.chars().count() > 2
        {
            break;
        }
    }
    found
}

fn names_at_end(words: &[&str]) -> Vec<String> {
    let run = words
        .iter()
        .rev()
        .take_while(|word| is_name(word))
        .take(4)
        .count();
    words[words.len() - run..]
        .iter()
        .map(|word| trimmed(word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: Option<(&str, Option<&str>)>) {
        let found = find(sentence);
        let found = found
            .as_ref()
            .map(|quotation| (quotation.text.as_str(), quotation.speaker.as_deref()));
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn quotations_are_found_with_their_speaker() {
        check(
            "“It is the best kettle I own,” said Maria Lopez.",
            Some(("It is the best kettle I own", Some("Maria Lopez"))),
        );
        check(
            "\"We built it in a week,\" Ada Byron recalled.",
            Some(("We built it in a week", Some("Ada Byron"))),
        );
        check(
            "In 1969 Neil Armstrong said: “That's one small step for man.”",
            Some(("That's one small step for man.", Some("Neil Armstrong"))),
        );
        check(
            "“A journey of a thousand miles begins with one step.”",
            Some(("A journey of a thousand miles begins with one step.", None)),
        );
    }

    #[test]
    fn terms_in_quotation_marks_are_no_quotations() {
        check(
            "The so-called “waggle dance” tells the others where to fly.",
            None,
        );
        check("No marks here.", None);
        check("An open “mark.", None);
    }
}
