//! Where sentences end.

use crate::words::{count, is_unspaced};

/// A sentence longer than this many words is broken at its commas: no listener follows it.
const LONGEST: usize = 60;

/// Abbreviations that a full stop belongs to, whatever follows.
const ALWAYS: &[&str] = &[
    "adm", "al", "approx", "apt", "art", "bros", "ca", "capt", "cf", "col", "dept", "dr", "e.g",
    "ed", "eds", "esp", "est", "fig", "figs", "ft", "gen", "gov", "hon", "i.e", "incl", "lt",
    "maj", "messrs", "mr", "mrs", "ms", "mt", "mx", "nos", "op", "p", "pp", "pres", "prof", "rep",
    "rev", "sen", "sgt", "sr", "st", "ste", "univ", "v", "viz", "vol", "vols", "vs",
];

/// Abbreviations that can also end a sentence: what follows decides.
const SOMETIMES: &[&str] = &[
    "a.d", "a.m", "apr", "aug", "ave", "b.c", "blvd", "co", "corp", "d.c", "dec", "etc", "feb",
    "inc", "jan", "jr", "jul", "jun", "ltd", "mar", "no", "nov", "oct", "p.m", "ph.d", "rd", "sep",
    "sept", "u.k", "u.n", "u.s", "u.s.a",
];

/// Words that open sentences far more often than they follow an abbreviation within one.
const OPENERS: &[&str] = &[
    "a", "after", "all", "an", "and", "as", "at", "because", "before", "but", "by", "every", "for",
    "from", "he", "her", "here", "his", "how", "i", "if", "in", "it", "its", "many", "most", "my",
    "no", "not", "now", "on", "one", "our", "she", "since", "so", "some", "such", "that", "the",
    "their", "then", "there", "these", "they", "this", "those", "to", "today", "we", "what",
    "when", "where", "while", "who", "why", "with", "yet", "you", "your",
];

/// Splits running text into sentences: abbreviations, initials, decimals, addresses and ellipses don't end one; closing quotes
/// and brackets stay with theirs.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < chars.len() {
        let (byte, c) = chars[at];
        if !is_terminator(c) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < chars.len() && (is_terminator(chars[end].1) || is_closer(chars[end].1)) {
            end += 1;
        }
        let end_byte = chars.get(end).map_or(text.len(), |&(b, _)| b);
        if ends_sentence(
            &text[start..byte],
            c,
            &text[byte..end_byte],
            &text[end_byte..],
        ) {
            push(&text[start..end_byte], &mut found);
            start = end_byte;
        }
        at = end;
    }
    push(&text[start..], &mut found);
    found
}

fn push(sentence: &str, found: &mut Vec<String>) {
    let sentence = sentence.trim();
    if !sentence.chars().any(char::is_alphanumeric) {
        return;
    }
    if count(sentence) <= LONGEST {
        found.push(sentence.to_owned());
        return;
    }
    let mut piece = String::new();
    for token in sentence.split_whitespace() {
        let words = count(&piece);
        if words >= LONGEST / 3 && piece.ends_with([',', ';', ':', '–', '—'])
            || words >= LONGEST / 2
        {
            found.push(std::mem::take(&mut piece));
        }
        if !piece.is_empty() {
            piece.push(' ');
        }
        piece.push_str(token);
    }
    if piece.chars().any(char::is_alphanumeric) {
        found.push(piece);
    }
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '।'
            | '॥'
            | '؟'
            | '۔'
            | '։'
            | '።'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
    )
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）' | '】' | '》'
    )
}

/// Whether the run of terminators and closers `run`, which begins with `mark`, ends the sentence `before`.
fn ends_sentence(before: &str, mark: char, run: &str, after: &str) -> bool {
    let next = after.trim_start();
    if next.is_empty() {
        return true;
    }
    if !mark.is_ascii() && mark != '…' && mark != '‼' {
        return true;
    }
    if !after.starts_with(char::is_whitespace) {
        // "3.14", "example.com", "e.g.," but also "end.”Next" and "Ende.次".
        return after.starts_with(is_unspaced) && !before.ends_with(char::is_numeric);
    }
    let opener = next.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower_case_follows = opener.chars().next().is_some_and(char::is_lowercase);
    if mark == '!' || mark == '?' {
        return !lower_case_follows;
    }
    if lower_case_follows {
        return false;
    }
    if run.starts_with("..") || mark == '…' || run.len() > 1 {
        return true;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '“' | '"' | '-' | '–'))
        .next()
        .unwrap_or_default();
    let lower = word.to_lowercase();
    if ALWAYS.contains(&lower.as_str()) {
        return false;
    }
    let follower = opener
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_lowercase();
    if SOMETIMES.contains(&lower.as_str()) {
        // "No. 5" counts, "the answer is no. The" does not.
        let number_follows = follower.chars().next().is_some_and(char::is_numeric);
        return if lower == "no" {
            !number_follows
        } else {
            OPENERS.contains(&follower.as_str())
        };
    }
    // An initial, as in "J. K. Rowling"; "vitamin C. The" and "plan B. It" end.
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    !initial || OPENERS.contains(&follower.as_str()) && lower != "j"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(sentences(text), expected, "{text}");
    }

    #[test]
    fn abbreviations_initials_and_decimals_do_not_end_a_sentence() {
        check(
            "Dr. Smith paid $3.50 at 5 p.m. on Monday. He left.",
            &["Dr. Smith paid $3.50 at 5 p.m. on Monday.", "He left."],
        );
        check(
            "J. K. Rowling wrote it. George R. R. Martin did not.",
            &["J. K. Rowling wrote it.", "George R. R. Martin did not."],
        );
        check(
            "It opened at 9 a.m. The queue was long.",
            &["It opened at 9 a.m.", "The queue was long."],
        );
        check(
            "The U.S. Navy came, e.g. by ship. No. 5 won.",
            &["The U.S. Navy came, e.g. by ship.", "No. 5 won."],
        );
        check(
            "See www.example.com. Version 2.0.1 is out.",
            &["See www.example.com.", "Version 2.0.1 is out."],
        );
        check(
            "The answer is no. The end.",
            &["The answer is no.", "The end."],
        );
    }

    #[test]
    fn quotes_and_ellipses_stay_whole() {
        check(
            "“It works!” she said. “Does it?” Yes.",
            &["“It works!” she said.", "“Does it?”", "Yes."],
        );
        check(
            "Well... maybe not. And then… Silence.",
            &["Well... maybe not.", "And then…", "Silence."],
        );
        check("(A note.) Then text.", &["(A note.)", "Then text."]);
    }

    #[test]
    fn other_scripts_end_with_their_own_marks() {
        check(
            "富士山は高い。登りたい！行こう？",
            &["富士山は高い。", "登りたい！", "行こう？"],
        );
        check("هل هذا صحيح؟ نعم.", &["هل هذا صحيح؟", "نعم."]);
        check("यह सच है। हाँ।", &["यह सच है।", "हाँ।"]);
    }

    #[test]
    fn text_without_stops_is_broken_where_it_can_be() {
        let text = "and so we went on, ".repeat(60);
        let pieces = sentences(&text);
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| count(piece) <= LONGEST));
        assert_eq!(pieces.join(" "), text.trim());
        assert_eq!(sentences("?!… 🙂"), Vec::<String>::new());
    }
}
