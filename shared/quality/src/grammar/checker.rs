//! Harper, once a process.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use harper_core::linting::{FlatConfig, LintGroup, Linter};
use harper_core::parsers::PlainEnglish;
use harper_core::spell::FstDictionary;
use harper_core::{Dialect, Document, remove_overlaps};

use super::agreement;
use super::kinds::{Found, RULES, kind};
use super::spelling;
use crate::text::{Span, Text};

/// The dictionary and the chosen rules. A rule keeps what it has seen, so it needs to be held alone.
struct Checker {
    dictionary: Arc<FstDictionary>,
    rules: Mutex<LintGroup>,
}

fn checker() -> &'static Checker {
    static CHECKER: OnceLock<Checker> = OnceLock::new();
    CHECKER.get_or_init(|| {
        let dictionary = FstDictionary::curated();
        let mut config = FlatConfig::default();
        for rule in RULES {
            config.set_rule_enabled(rule, true);
        }
        let rules =
            LintGroup::new_curated(dictionary.clone(), Dialect::American).with_lint_config(config);
        Checker {
            dictionary,
            rules: Mutex::new(rules),
        }
    })
}

/// Reads dictionary and rules now, so that the first text doesn't wait for them (about half a second).
pub fn warm_up() {
    check(&Text::parse("A word."), 7, &[]);
}

/// The errors in the first `end` bytes of a text, in order; none within another.
pub(super) fn check(text: &Text<'_>, end: usize, names: &[String]) -> Vec<Found> {
    let checker = checker();
    let plain: String = lines_as_paragraphs(text.plain.get(..end).unwrap_or(&text.plain));
    let document = Document::new(&plain, &PlainEnglish, &checker.dictionary);
    let bytes: Vec<usize> = plain
        .char_indices()
        .map(|(at, _)| at)
        .chain([plain.len()])
        .collect();
    let span = |start: usize, end: usize| Span {
        start: bytes.get(start).copied().unwrap_or(plain.len()),
        end: bytes.get(end).copied().unwrap_or(plain.len()),
    };

    let mut lints = checker
        .rules
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .lint(&document);
    remove_overlaps(&mut lints);
    let mut found: Vec<Found> = lints
        .into_iter()
        .map(|lint| Found {
            kind: kind(lint.lint_kind),
            span: span(lint.span.start, lint.span.end),
            message: lint.message.into(),
        })
        .collect();
    found.extend(
        agreement::find(&document)
            .into_iter()
            .map(|(start, end, message)| Found {
                kind: super::Kind::Agreement,
                span: span(start, end),
                message: message.into(),
            }),
    );
    found.extend(spelling::find(text, end, &*checker.dictionary, names));
    found.sort_by_key(|error| (error.span.start, std::cmp::Reverse(error.span.end)));
    let mut covered = 0;
    found.retain(|error| {
        let first = error.span.start >= covered;
        covered = covered.max(error.span.end);
        first
    });
    found
}

/// Record separators, which stand for the marks of headings and items, as line ends: what they part are sentences of their own.
fn lines_as_paragraphs(plain: &str) -> String {
    plain.replace('\u{1e}', "\n")
}
