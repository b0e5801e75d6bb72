//! Making a written sentence sayable by taking things away, never by adding or changing.

use crate::trace::borne_out;
use crate::words::{capitalised, count, words};

/// Sentences up to this many words are left whole.
const EASY: usize = 15;

/// The fewest words that a cut leaves.
const LEAST: usize = 6;

/// Openings that tie a written sentence to the text around it and mean nothing alone.
const CONNECTIVES: &[&str] = &[
    "however,",
    "moreover,",
    "furthermore,",
    "in addition,",
    "additionally,",
    "also,",
    "for example,",
    "for instance,",
    "in fact,",
    "indeed,",
    "of course,",
    "as a result,",
    "therefore,",
    "thus,",
    "hence,",
    "consequently,",
    "meanwhile,",
    "nevertheless,",
    "nonetheless,",
    "still,",
    "finally,",
    "in other words,",
    "that said,",
    "to be sure,",
    "interestingly,",
    "interestingly enough,",
    "notably,",
    "importantly,",
    "overall,",
    "in short,",
    "naturally,",
    "curiously,",
    "remarkably,",
    "surprisingly,",
    "well,",
    "in conclusion,",
    "to sum up,",
    "besides,",
    "accordingly,",
    "in particular,",
    "and",
    "but",
    "so",
    "yet",
];

/// Words that a cut must not take away: without them the rest would claim something else.
const GUARDS: &[&str] = &[
    "not",
    "no",
    "never",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "without",
    "except",
    "unless",
    "if",
    "only",
    "but",
    "although",
    "though",
    "however",
    "may",
    "might",
    "could",
    "perhaps",
    "probably",
    "possibly",
    "likely",
    "allegedly",
    "reportedly",
    "supposedly",
    "until",
    "hardly",
    "barely",
    "rarely",
    "yet",
    "instead",
    "provided",
    "assuming",
    "almost",
    "nearly",
    "up",
];

/// Whether a text holds a word that changes what is claimed.
pub(crate) fn guarded(text: &str) -> bool {
    words(text)
        .iter()
        .any(|word| GUARDS.contains(&word.as_str()))
}

/// The sentence as it is said: brackets, asides, leading connectives and, where it is long, a subordinate tail are gone; it begins with a
/// capital and ends with a stop.
pub(crate) fn for_speech(sentence: &str, english: bool) -> String {
    let mut text = without_asides(&without_brackets(sentence));
    if english {
        text = without_connective(&text);
        while count(&text) > EASY {
            let Some(shorter) = without_tail(&text) else {
                break;
            };
            text = shorter;
        }
    }
    let short = finished(&text);
    // A cut can bring two pieces together that then say something new, such as "0(a)%": then nothing is cut.
    if borne_out(&short, sentence) {
        short
    } else {
        finished(sentence)
    }
}

/// Takes out what stands in brackets, unless it changes the claim or is all there is.
fn without_brackets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['(', '[', '（', '【']) {
        let open = rest[at..].chars().next().unwrap_or('(');
        let close = match open {
            '[' => ']',
            '（' => '）',
            '【' => '】',
            _ => ')',
        };
        out.push_str(&rest[..at]);
        let inner_at = at + open.len_utf8();
        match rest[inner_at..].find(close) {
            Some(end) if !guarded(&rest[inner_at..inner_at + end]) => {
                rest = &rest[inner_at + end + close.len_utf8()..];
                if out.ends_with(' ') && rest.starts_with([' ', ',', '.', ';', ':', '!', '?']) {
                    out.pop();
                } else if !out.is_empty()
                    && !out.ends_with(' ')
                    && !rest.starts_with([' ', ',', '.', ';', ':', '!', '?'])
                {
                    out.push(' ');
                }
            }
            _ => {
                out.push(open);
                rest = &rest[inner_at..];
            }
        }
    }
    out.push_str(rest);
    if count(&out) == 0 {
        text.trim_matches(['(', ')', '[', ']', '（', '）', '【', '】', ' '])
            .to_owned()
    } else {
        out
    }
}

/// Takes out an aside between two dashes.
fn without_asides(text: &str) -> String {
    for dash in [" – ", " — ", "—", " - "] {
        let mut parts = text.splitn(3, dash);
        if let (Some(before), Some(aside), Some(after)) = (parts.next(), parts.next(), parts.next())
        {
            let small = count(aside) <= 12 && !aside.contains(['.', '!', '?']);
            if small
                && !guarded(aside)
                && count(before) > 0
                && count(after) > 1
                && !after.contains(dash)
            {
                return format!("{} {}", before.trim_end(), after.trim_start());
            }
        }
    }
    text.to_owned()
}

fn without_connective(text: &str) -> String {
    let lower = text.to_lowercase();
    for connective in CONNECTIVES {
        // Lower case can change a text's length in bytes; then it begins with none of these.
        let follows = lower
            .strip_prefix(connective)
            .is_some_and(|rest| rest.starts_with(' '));
        if follows && text.is_char_boundary(connective.len()) {
            let rest = text[connective.len()..].trim_start();
            let bound = ["far", "much", "many", "that", "called", "long"]
                .iter()
                .any(|word| rest.starts_with(word));
            if count(rest) >= 3 && !rest.contains('?') && !bound {
                return capitalised(rest);
            }
        }
    }
    text.to_owned()
}

/// Cuts a relative clause, a participle clause or a list of examples from the end; none if that is not safe.
pub(crate) fn without_tail(text: &str) -> Option<String> {
    let commas: Vec<usize> = text.match_indices(", ").map(|(at, _)| at).collect();
    commas.iter().rev().find_map(|&at| {
        let (head, tail) = (&text[..at], &text[at + 2..]);
        let first = words(tail).into_iter().next()?;
        let last_comma = !tail.contains(", ");
        let relative = last_comma && matches!(first.as_str(), "which" | "who" | "whose" | "where");
        let participle = last_comma
            && first.len() > 5
            && first.ends_with("ing")
            && !matches!(
                first.as_str(),
                "during"
                    | "morning"
                    | "evening"
                    | "spring"
                    | "nothing"
                    | "something"
                    | "anything"
                    | "everything"
                    | "according"
            );
        let examples = tail.starts_with("such as ") || first == "including";
        let whole = (relative || participle || examples)
            && !guarded(tail)
            && count(head) >= LEAST
            && count(tail) >= 2;
        // A quotation must not be opened and left open.
        let quotes =
            |open: char, close: char| head.matches(open).count() == head.matches(close).count();
        let even = head.matches('"').count() % 2 == 0 && quotes('“', '”') && quotes('(', ')');
        (whole && even && !ends_open(head)).then(|| head.to_owned())
    })
}

/// Whether a clause ends in a word that wants another.
fn ends_open(text: &str) -> bool {
    let last = words(text).pop().unwrap_or_default();
    matches!(
        last.as_str(),
        "the"
            | "a"
            | "an"
            | "of"
            | "and"
            | "or"
            | "to"
            | "in"
            | "with"
            | "for"
            | "at"
            | "by"
            | "from"
            | "than"
            | "that"
            | "is"
            | "are"
            | "was"
    )
}

/// White space made even, lone quotation marks out, a capital first and a stop last.
pub fn finished(text: &str) -> String {
    let mut text = text.to_owned();
    if text.matches('"').count() % 2 == 1 {
        text = text.replace('"', " ");
    }
    if text.matches('“').count() != text.matches('”').count() {
        text = text.replace(['“', '”'], " ");
    }
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in [",", ".", ";", "!", "?"] {
        text = text.replace(&format!(" {mark} "), &format!("{mark} "));
        if let Some(rest) = text
            .strip_suffix(mark)
            .and_then(|rest| rest.strip_suffix(' '))
        {
            text = format!("{rest}{mark}");
        }
    }
    let trimmed = text
        .trim_end_matches([',', ';', ':', '-', '–', '—', ' '])
        .trim_start_matches([',', ';', ':', '–', '—', '-', ' ', ')', ']']);
    let mut text = capitalised(trimmed);
    let ended = text
        .trim_end_matches(['"', '\'', '”', '’', '»', ')', '」', '』', '）'])
        .ends_with(|c: char| {
            matches!(
                c,
                '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '؟' | '۔' | '｡' | '።' | '։'
            )
        });
    if !ended && text.chars().any(char::is_alphanumeric) {
        text.push(
            if text
                .chars()
                .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
            {
                '。'
            } else if text.chars().any(|c| matches!(c, '\u{900}'..='\u{97f}')) {
                '।'
            } else {
                '.'
            },
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(for_speech(text, true), expected);
    }

    #[test]
    fn brackets_asides_and_connectives_go() {
        check(
            "However, the tower (then 312 metres tall) was the tallest building.",
            "The tower was the tallest building.",
        );
        check(
            "The hive — a wooden box — holds ten frames.",
            "The hive holds ten frames.",
        );
        check(
            "charges a phone in 40 minutes",
            "Charges a phone in 40 minutes.",
        );
        check(
            "(A whole sentence in brackets.)",
            "A whole sentence in brackets.",
        );
    }

    #[test]
    fn long_sentences_lose_their_tail_but_not_their_point() {
        check(
            "The tower was painted in three shades of brown from the bottom to the top, which makes it look even taller.",
            "The tower was painted in three shades of brown from the bottom to the top.",
        );
        check(
            "Workers drove two and a half million rivets into the frame by hand over two years, heating each one first.",
            "Workers drove two and a half million rivets into the frame by hand over two years.",
        );
    }

    #[test]
    fn what_changes_the_claim_stays() {
        let kept = "The lamp runs for a hundred hours on one small battery in the lab and outside, which may not hold in winter.";
        check(kept, kept);
        check(
            "The drug (not yet approved) works.",
            "The drug (not yet approved) works.",
        );
        let mid = "The old tower, which stands in the middle of the city, was painted brown again by forty painters.";
        check(mid, mid);
    }

    #[test]
    fn other_scripts_are_only_finished() {
        assert_eq!(for_speech("富士山は高い", false), "富士山は高い。");
        assert_eq!(for_speech("🙂", true), "🙂");
        assert_eq!(for_speech("İstanbul", true), "İstanbul.");
    }
}
