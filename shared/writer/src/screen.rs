//! What stands on screen while a line is said.

use std::ops::Range;

use domain::Story;

use crate::figure;
use crate::title::shown;
use crate::trace::shown_words;
use crate::words::{capitalised, count};

/// The most words that stand on screen at once.
const ON_SCREEN: usize = 8;

/// What stands on screen while a line is said: all of it if that is short, else its figure or a clause of it, else the title.
pub(crate) fn screen_text(text: &str, story: &Story) -> String {
    let cut = cut_for_screen(text, story);
    // A figure glued to letters can't be cut out of them.
    if shown_words(&cut, &[text, &story.title]).is_some() {
        story.title.clone()
    } else {
        cut
    }
}

fn cut_for_screen(text: &str, story: &Story) -> String {
    let short = |text: &str| (1..=ON_SCREEN).contains(&count(text)) && text.chars().count() <= 60;
    let whole = text.trim_end_matches(['.', '。', '।']);
    if short(whole) {
        return whole.to_owned();
    }
    if let Some(figure) = figure::find(text) {
        let around = clause_around(whole, figure.start..figure.end);
        if count(around) >= 3 && short(around) {
            return capitalised(&whole_clause(around));
        }
        let tail: Vec<&str> = text[figure.end..]
            .split([',', ';', ':', '.'])
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let with_tail = format!("{} {}", figure.value, tail.join(" "));
        return capitalised(if !tail.is_empty() && short(&with_tail) {
            &with_tail
        } else {
            &figure.value
        });
    }
    let clause = whole
        .split([',', ';', ':', '–', '—'])
        .map(str::trim)
        .find(|clause| count(clause) >= 3 && short(clause));
    match clause {
        Some(clause) if whole.starts_with(clause) => capitalised(&whole_clause(clause)),
        _ if short(&story.title) => story.title.clone(),
        _ => {
            let head: Vec<&str> = story.title.split_whitespace().take(ON_SCREEN).collect();
            shown(&head.join(" "))
        }
    }
}

/// The clause of a text in which something stands, without the word that joined it to the one before.
fn clause_around(text: &str, what: Range<usize>) -> &str {
    // A comma within a figure parts nothing, so clauses end where white space follows.
    let parts =
        |(at, mark): &(usize, &str)| text[at + mark.len()..].starts_with(char::is_whitespace);
    let marks: Vec<(usize, &str)> = text
        .match_indices([',', ';', ':', '–', '—'])
        .filter(parts)
        .collect();
    let start = marks.iter().rev().find(|(at, _)| *at < what.start);
    let end = marks.iter().find(|(at, _)| *at >= what.end);
    let clause =
        &text[start.map_or(0, |(at, mark)| at + mark.len())..end.map_or(text.len(), |(at, _)| *at)];
    let clause = clause.trim();
    ["and ", "but ", "so ", "while "]
        .iter()
        .find_map(|joint| clause.strip_prefix(joint))
        .unwrap_or(clause)
}

/// A clause without the beginning of another that its end breaks off: "Ida was fifteen when her father" is "Ida was fifteen".
fn whole_clause(clause: &str) -> String {
    let parts: Vec<&str> = clause.split_whitespace().collect();
    let begins = |word: &&str| {
        matches!(
            *word,
            "when" | "because" | "after" | "before" | "who" | "that" | "which" | "and"
        )
    };
    match parts.iter().rposition(begins) {
        Some(at) if at >= 3 && parts.len() - at <= 3 => parts[..at].join(" "),
        _ => clause.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_screen_shows_no_clause_that_breaks_off() {
        let brief = domain::read_brief("topic: Ida\n").unwrap();
        let story = crate::story(&brief).unwrap();
        let shown = screen_text(
            "Ida Lewis was fifteen when her father, the keeper of Lime Rock lighthouse, could no longer walk.",
            &story,
        );
        assert_eq!(shown, "Ida Lewis was fifteen");
        let shown = screen_text(
            "Heat does the most harm, and above 35 degrees a battery ages for good.",
            &story,
        );
        assert_eq!(shown, "Above 35 degrees a battery ages for good");
    }
}
