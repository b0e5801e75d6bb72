//! Where sentences end.

use super::{Ending, Span};

/// Abbreviations that a full stop belongs to, whatever follows.
const ALWAYS: &[&str] = &[
    "adm", "al", "approx", "capt", "cf", "col", "dept", "dr", "e.g", "ed", "eds", "esp", "est",
    "fig", "figs", "gen", "gov", "hon", "i.e", "incl", "lt", "maj", "messrs", "mr", "mrs", "ms",
    "mt", "mx", "nos", "pp", "pres", "prof", "rep", "rev", "sen", "sgt", "sr", "st", "ste", "viz",
    "vol", "vols", "vs",
];

/// Abbreviations that can also end a sentence: what follows decides.
const SOMETIMES: &[&str] = &[
    "a.d", "a.m", "apr", "aug", "ave", "b.c", "blvd", "bros", "co", "corp", "d.c", "dec", "etc",
    "feb", "inc", "jan", "jr", "jul", "jun", "ltd", "mar", "no", "nov", "oct", "p.m", "ph.d", "rd",
    "sep", "sept", "u.k", "u.n", "u.s", "u.s.a", "v",
];

/// Words that open sentences far more often than they follow an abbreviation within one.
const OPENERS: &[&str] = &[
    "a", "after", "all", "an", "and", "as", "at", "but", "by", "for", "he", "her", "here", "his",
    "how", "i", "if", "in", "it", "its", "many", "most", "my", "no", "not", "now", "one", "our",
    "she", "since", "so", "some", "that", "the", "their", "then", "there", "these", "they", "this",
    "those", "to", "we", "what", "when", "where", "while", "who", "why", "with", "you", "your",
];

/// A line that a text was wrapped at is longer than this, in bytes; a shorter one was ended by its writer.
const SHORT_LINE: usize = 60;

/// A sentence's place, without its words.
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) ending: Ending,
    pub(super) paragraph: usize,
}

/// Splits a plain text into sentences: abbreviations, initials, decimals and ellipses within one don't end it; closing quotes and
/// brackets stay with theirs. Blank lines end a sentence and a paragraph; short lines end one if the next begins like one.
pub(super) fn sentences(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut line = 0;
    let mut paragraph = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            let rest = &text[at + 1..];
            let next = rest.trim_start();
            let blank = rest[..rest.len() - next.len()].contains('\n');
            let ended = at - line < SHORT_LINE && next.starts_with(|c: char| !c.is_lowercase());
            if blank || ended {
                push(text, start, at, Ending::Open, paragraph, &mut found);
                start = at + 1;
                paragraph += usize::from(blank && !next.is_empty() && !found.is_empty());
            }
            line = at + 1;
            // All of the white space is passed at once: a text of nothing else takes no longer than another.
            while let Some((at, c)) = chars.next_if(|&(_, c)| c.is_whitespace()) {
                if c == '\n' {
                    line = at + 1;
                }
            }
            continue;
        }
        if !is_terminator(c) {
            continue;
        }
        let mut marks = at + c.len_utf8();
        let mut end = marks;
        while let Some((byte, next)) = chars.next_if(|&(_, c)| is_terminator(c) || is_closer(c)) {
            end = byte + next.len_utf8();
            if is_terminator(next) {
                marks = end;
            }
        }
        let ending = ending(&text[at..marks]);
        if ends(&text[start..at], &text[at..end], ending, &text[end..]) {
            push(text, start, end, ending, paragraph, &mut found);
            start = end;
        }
    }
    push(text, start, text.len(), Ending::Open, paragraph, &mut found);
    found
}

fn push(
    text: &str,
    start: usize,
    end: usize,
    ending: Ending,
    paragraph: usize,
    found: &mut Vec<Found>,
) {
    let piece = &text[start..end];
    let trimmed = piece.trim();
    if !trimmed.contains(char::is_alphanumeric) {
        return;
    }
    let start = start + (piece.len() - piece.trim_start().len());
    found.push(Found {
        span: Span {
            start,
            end: start + trimmed.len(),
        },
        ending,
        paragraph,
    });
}

fn ending(marks: &str) -> Ending {
    if marks.contains(['?', '？', '؟']) {
        Ending::Question
    } else if marks.contains(['!', '！']) {
        Ending::Exclamation
    } else if marks.contains('…') || marks.starts_with("..") {
        Ending::Ellipsis
    } else {
        Ending::Stop
    }
}

/// Whether a sentence ends with `marks`, given what of it stands before them and what follows.
fn ends(before: &str, marks: &str, ending: Ending, after: &str) -> bool {
    if marks.contains(['。', '！', '？', '।', '۔']) {
        return true;
    }
    let next = after.trim_start();
    let spaced = next.is_empty() || next.len() < after.len();
    if !spaced {
        return false;
    }
    let opener = next.trim_start_matches(['"', '\'', '“', '‘', '(', '[', '*']);
    let lower = opener.starts_with(char::is_lowercase);
    let last = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“'))
        .next()
        .unwrap_or_default();
    match ending {
        // “Why?” he asked.
        Ending::Question | Ending::Exclamation | Ending::Ellipsis => !lower,
        Ending::Open => false,
        Ending::Stop if marks.len() > 1 => !lower,
        Ending::Stop => {
            let word = last.to_lowercase();
            let initial =
                last.chars().count() == 1 && last.chars().all(char::is_uppercase) && last != "I";
            if next.is_empty() {
                return true;
            }
            if ALWAYS.contains(&word.as_str()) || initial {
                return false;
            }
            if SOMETIMES.contains(&word.as_str()) {
                let first: String = opener
                    .chars()
                    .take_while(|c| c.is_alphabetic())
                    .collect::<String>()
                    .to_lowercase();
                let number = opener.starts_with(|c: char| c.is_ascii_digit());
                return !lower
                    && !number
                    && (first.is_empty() || OPENERS.contains(&first.as_str()));
            }
            !lower
        }
    }
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' | '۔'
    )
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '」')
}
