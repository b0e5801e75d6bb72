//! A written word taken apart: what is read of it, and what the punctuation around it means.

use super::fold::fold;

/// A written word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What is read: folded, without the punctuation around it.
    pub(super) core: String,
    /// The mark that follows: one of `,;:.?!`.
    pub(super) mark: Option<char>,
    /// Whether a full stop follows the core at once: it may belong to an abbreviation.
    pub(super) dot: bool,
    /// The mark that an opening bracket or a dash before it stands for.
    pub(super) mark_before: Option<char>,
    /// Whether it has letters that can't be read.
    pub(super) foreign: bool,
}

const OPENING: &str = "\"'([{*_`|—-~<>^\\";
const CLOSING: &str = ".,;:!?\"')]}*_`|—-~^\\>";

impl Token {
    pub(super) fn new(word: &str) -> Self {
        let folded = fold(word);
        let mut core = folded.text.as_str();
        let mut mark_before = None;
        if is_dash(core) {
            return Self {
                core: String::new(),
                mark: None,
                dot: false,
                mark_before: Some(DASH),
                foreign: false,
            };
        }
        while let Some(first) = core.chars().next() {
            let rest = &core[first.len_utf8()..];
            let before_digit =
                rest.starts_with(|next: char| next.is_ascii_digit() || "$€£¥.".contains(next));
            let keeps = before_digit && matches!(first, '-' | '~' | '<' | '>' | '\'');
            let stops = first == '.' && !before_digit;
            if keeps || !(OPENING.contains(first) || stops) || is_clipped(core) || is_operator(core)
            {
                break;
            }
            mark_before = match first {
                '—' => Some(DASH),
                '(' | '[' | '{' => mark_before.or(Some(',')),
                _ => mark_before,
            };
            core = rest;
        }
        let mut mark: Option<char> = None;
        let mut dot = false;
        let mut dots = 0;
        // Whether a comma or the like follows at once: a full stop before it is an abbreviation's.
        let mut goes_on = false;
        while let Some(last) = core.chars().last() {
            if !CLOSING.contains(last) || is_operator(core) {
                break;
            }
            core = &core[..core.len() - last.len_utf8()];
            dot = last == '.';
            dots += usize::from(dot);
            if !(dot && goes_on) {
                mark = stronger(mark, last);
            }
            goes_on = matches!(last, ',' | ';' | ':');
        }
        // An ellipsis trails off: a pause, not an end, unless the line ends there.
        if dots > 1 && mark == Some('.') {
            mark = Some(';');
            dot = false;
        }
        Self {
            core: core.to_owned(),
            mark,
            dot: dot && matches!(mark, Some('.' | ',' | ';' | ':')),
            mark_before,
            foreign: folded.foreign,
        }
    }
}

/// The mark that the voice turns and pauses at where a dash is written.
pub(super) const DASH: char = ';';

/// Whether a written word is nothing but a dash: ` - `, ` -- `, ` — `.
fn is_dash(core: &str) -> bool {
    !core.is_empty() && core.chars().all(|c| matches!(c, '-' | '—'))
}

/// Signs that are read when they stand alone.
fn is_operator(core: &str) -> bool {
    matches!(core, "<" | ">" | "~")
}

/// Words whose first letters an apostrophe stands for.
fn is_clipped(core: &str) -> bool {
    let lower = core.to_ascii_lowercase();
    ["'em", "'til", "'tis", "'twas", "'cause", "'bout"]
        .iter()
        .any(|word| {
            lower
                .strip_prefix(word)
                .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
        })
}

/// Of two marks the one that the voice should heed.
fn stronger(mark: Option<char>, other: char) -> Option<char> {
    let rank = |mark: char| ",:;.!?".find(mark);
    let other = match other {
        ')' | ']' | '}' => ',',
        '—' => DASH,
        other => other,
    };
    match (mark, rank(other)) {
        (mark, None) => mark,
        (Some(mark), found) if rank(mark) >= found => Some(mark),
        _ => Some(other),
    }
}

/// What a rule sees: one word to be read, and what stands beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The word.
    pub(super) core: &'a str,
    /// Whether a full stop follows it.
    pub(super) dot: bool,
    /// The word before it, empty at the start of the line.
    pub(super) prev: &'a str,
    /// The word after it, empty at the end of the line.
    pub(super) next: &'a str,
    /// Whether no comma or the like parts it from the word after it.
    pub(super) goes_on: bool,
    /// Whether the line is written in capitals throughout.
    pub(super) shouted: bool,
}

impl<'a> Around<'a> {
    /// A part of a word, on its own.
    pub(super) fn alone(&self, core: &'a str) -> Self {
        Self {
            core,
            dot: false,
            prev: "",
            next: "",
            goes_on: false,
            shouted: self.shouted,
        }
    }
}

pub(super) fn is_capitalized(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
}

pub(super) fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

pub(super) fn all_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
