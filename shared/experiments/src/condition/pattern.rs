//! Regular expressions of JavaScript, on an engine that takes linear time whatever the pattern.
//!
//! SDKs run a condition's patterns on their language's engine. A pattern is translated so that it matches here what it matches in
//! a browser; what a linear engine can't do (looking around, referring back) is refused, not approximated.

use regex::{Regex, RegexBuilder};
use thiserror::Error;

use super::escape::{ClassItem, Escape, escape};

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 1_000;
/// What a compiled pattern may take, in bytes.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// Why a pattern can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// It isn't a regular expression.
    #[error("not a regular expression: {0}")]
    Invalid(&'static str),
    /// SDKs may take it, this engine doesn't.
    #[error(
        "{0} is not supported in patterns, which must run in linear time; write the pattern without it"
    )]
    Unsupported(&'static str),
    /// It is too long, or takes too much when compiled.
    #[error(
        "too large (at most {MAX_PATTERN_BYTES} bytes, and repetitions count); make it smaller"
    )]
    TooLarge,
}

/// Compiles a pattern of JavaScript.
pub(crate) fn compile(pattern: &str, case_insensitive: bool) -> Result<Regex, PatternError> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(PatternError::TooLarge);
    }
    RegexBuilder::new(&translate(pattern)?)
        .case_insensitive(case_insensitive)
        .size_limit(MAX_COMPILED_BYTES)
        .nest_limit(100)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
            _ => PatternError::Invalid("groups, classes or repetitions don't fit together"),
        })
}

/// The same pattern in the syntax of the `regex` crate.
fn translate(pattern: &str) -> Result<String, PatternError> {
    let mut translation = Translation {
        rest: pattern,
        out: String::with_capacity(pattern.len()),
        groups: 0,
        repeatable: false,
    };
    while let Some(c) = translation.next() {
        translation.element(c)?;
    }
    match translation.groups {
        0 => Ok(translation.out),
        _ => Err(PatternError::Invalid("a group isn't closed")),
    }
}

struct Translation<'a> {
    rest: &'a str,
    out: String,
    /// Groups that are open.
    groups: usize,
    /// Whether what was read last may be repeated.
    repeatable: bool,
}

impl Translation<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let found = self.rest.strip_prefix(prefix);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn element(&mut self, c: char) -> Result<(), PatternError> {
        let repeatable = match c {
            '\\' => return self.escaped(),
            '[' => return self.class(),
            '(' => {
                self.open_group()?;
                false
            }
            ')' => {
                self.groups = self.groups.checked_sub(1).ok_or(PatternError::Invalid(
                    "a group is closed that wasn't opened",
                ))?;
                self.out.push(')');
                true
            }
            '*' | '+' | '?' => {
                self.repeat(&c.to_string())?;
                false
            }
            '{' => match self.bounds() {
                Some(bounds) => {
                    self.repeat(&bounds)?;
                    false
                }
                None => self.literal('{'),
            },
            '.' => {
                self.out.push_str(r"[^\n\r\u{2028}\u{2029}]");
                true
            }
            '^' | '$' | '|' => {
                self.out.push(c);
                false
            }
            other => self.literal(other),
        };
        self.repeatable = repeatable;
        Ok(())
    }

    fn literal(&mut self, c: char) -> bool {
        self.out
            .push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        true
    }

    fn open_group(&mut self) -> Result<(), PatternError> {
        self.groups += 1;
        if self.skip("?:") {
            self.out.push_str("(?:");
            return Ok(());
        }
        if ["?=", "?!", "?<=", "?<!"]
            .iter()
            .any(|look| self.rest.starts_with(look))
        {
            return Err(PatternError::Unsupported("looking ahead or behind"));
        }
        if self.skip("?<") {
            // A name changes nothing about what matches.
            let (_name, rest) = self
                .rest
                .split_once('>')
                .ok_or(PatternError::Invalid("a group's name isn't closed"))?;
            self.rest = rest;
        } else if self.rest.starts_with('?') {
            return Err(PatternError::Invalid("a group begins with `?`"));
        }
        self.out.push('(');
        Ok(())
    }

    /// The bounds of a repetition, `{2}`, `{2,}` or `{2,5}`; any other brace is a letter like others.
    fn bounds(&mut self) -> Option<String> {
        let (bounds, rest) = self.rest.split_once('}')?;
        let number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
        if !number(least) || !(most.is_empty() || number(most)) {
            return None;
        }
        let bounds = format!("{{{bounds}}}");
        self.rest = rest;
        Some(bounds)
    }

    fn repeat(&mut self, quantifier: &str) -> Result<(), PatternError> {
        if !self.repeatable {
            return Err(PatternError::Invalid("nothing to repeat"));
        }
        self.out.push_str(quantifier);
        if self.skip("?") {
            self.out.push('?');
        }
        Ok(())
    }

    fn escaped(&mut self) -> Result<(), PatternError> {
        self.repeatable = match escape(&mut self.rest, false)? {
            Escape::Boundary(assertion) => {
                self.out.push_str(assertion);
                false
            }
            Escape::Item(ClassItem::Set(set)) => {
                self.out.extend(["[", set, "]"]);
                true
            }
            Escape::Item(ClassItem::Letter(c)) => self.literal(c),
        };
        Ok(())
    }

    fn class(&mut self) -> Result<(), PatternError> {
        let negated = self.skip("^");
        let mut items = String::new();
        while let Some(item) = self.class_item()? {
            let ClassItem::Letter(from) = item else {
                item.write_to(&mut items);
                continue;
            };
            if !self.rest.starts_with('-') || self.rest.starts_with("-]") {
                item.write_to(&mut items);
                continue;
            }
            self.skip("-");
            match self.class_item()? {
                Some(ClassItem::Letter(to)) if from > to => {
                    return Err(PatternError::Invalid("a range of letters runs backwards"));
                }
                Some(to @ ClassItem::Letter(_)) => {
                    item.write_to(&mut items);
                    items.push('-');
                    to.write_to(&mut items);
                }
                // Beside a set, a hyphen is a letter.
                Some(set) => {
                    item.write_to(&mut items);
                    items.push_str(r"\-");
                    set.write_to(&mut items);
                }
                None => return Err(PatternError::Invalid("a class isn't closed")),
            }
        }
        let class = match (items.is_empty(), negated) {
            (true, true) => "(?s:.)".into(),
            (true, false) => r"[^\x00-\u{10FFFF}]".into(),
            (false, true) => format!("[^{items}]"),
            (false, false) => format!("[{items}]"),
        };
        self.out.push_str(&class);
        self.repeatable = true;
        Ok(())
    }

    /// The next item of a class; nothing at its end.
    fn class_item(&mut self) -> Result<Option<ClassItem>, PatternError> {
        match self.next() {
            None => Err(PatternError::Invalid("a class isn't closed")),
            Some(']') => Ok(None),
            Some('\\') => match escape(&mut self.rest, true)? {
                Escape::Item(item) => Ok(Some(item)),
                Escape::Boundary(_) => Err(PatternError::Invalid("a boundary in a class")),
            },
            Some(c) => Ok(Some(ClassItem::Letter(c))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern, false).unwrap().is_match(text)
    }

    #[test]
    fn patterns_match_what_they_match_in_a_browser() {
        for (pattern, yes, no) in [
            ("^a.c$", "a\u{85}c", "a\nc"),
            (r"^\d+$", "123", "١٢٣"),
            (r"^\w+$", "snake_1", "zoë"),
            (r"\bcat\b", "a cat.", "concat"),
            ("^[a&&b]$", "&", "c"),
            ("^[[a]$", "[", "b"),
            ("^a{,3}$", "a{,3}", "aa"),
            ("^{x}$", "{x}", "x"),
            (r"^\A\z$", "Az", ""),
            (r"^\u0041\x42\cJ$", "AB\n", "AB"),
            (r"^[\w-]+$", "a-b", "a b"),
            (r"^[^]$", "\n", ""),
            (r"^(?<year>\d{4})$", "2026", "26"),
            (r"^https:\/\/a/b$", "https://a/b", "https:a/b"),
            (r"^\s$", "\u{feff}", "\u{85}"),
            (r"^[\u4e00-\u9fff]$", "字", "a"),
            (r"^[\b]$", "\u{8}", "b"),
        ] {
            assert!(matches(pattern, yes), "{pattern} should match {yes:?}");
            assert!(!matches(pattern, no), "{pattern} shouldn't match {no:?}");
        }
        assert!(!matches("[]", "a"));
        assert!(matches("a+?b??", "a"));
    }

    #[test]
    fn what_a_browser_refuses_is_refused() {
        for pattern in [
            "/???***[)",
            "a**",
            "*",
            "(a",
            "a)",
            "[b-a]",
            "(?i)a",
            "a{3,2}",
            "^*",
            "\\",
            "[a",
            "(?<n",
            "a{2}{3}",
        ] {
            let refused = compile(pattern, false).unwrap_err();
            assert!(
                matches!(refused, PatternError::Invalid(_)),
                "{pattern}: {refused}"
            );
        }
    }

    #[test]
    fn what_takes_more_than_linear_time_is_refused() {
        for pattern in ["(?=a)", "(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>"] {
            let refused = compile(pattern, false).unwrap_err();
            assert!(
                matches!(refused, PatternError::Unsupported(_)),
                "{pattern}: {refused}"
            );
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        for pattern in ["a".repeat(1_001), "((a{500}){500}){500}".into()] {
            assert_eq!(
                compile(&pattern, false).unwrap_err(),
                PatternError::TooLarge
            );
        }
    }
}
