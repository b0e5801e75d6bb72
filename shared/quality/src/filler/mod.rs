//! Filler: what a text says without saying anything, and what it says twice.
//!
//! Everything but its own cost is judged on the text *without* its filler. So padding can't raise a score: at best what is left is the text
//! as it was, and the padding is then charged for ([`Filler::factor`]).

mod lists;
mod orders;

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::text::{Ending, Span, Text, Word};

/// A text without its filler.
#[derive(Debug, Clone)]
pub(crate) struct Filler {
    /// The text, byte for byte at the same place, with its filler blanked out.
    pub(crate) kept: String,
    /// What was blanked out, in order.
    pub(crate) spans: Vec<Span>,
    /// Share of the words that are filler: 0 to 1.
    pub(crate) share: f64,
    /// Whether some of it speaks to a judge instead of a viewer.
    pub(crate) orders: bool,
}

impl Filler {
    /// Finds the filler of an English text.
    pub(crate) fn find(text: &Text<'_>) -> Self {
        let mut spans = Vec::new();
        let mut words = 0;
        let mut ordered = false;
        let mut said = HashSet::new();
        for sentence in &text.sentences {
            let own = text.words_of(sentence);
            let forms: Vec<&str> = own.iter().map(|word| word.form.as_str()).collect();
            if orders::addresses_judge(&forms) {
                ordered = true;
                words += own.len();
                spans.push(sentence.span);
                continue;
            }
            let filler = fillers(&forms);
            let rest: Vec<&str> = forms
                .iter()
                .zip(&filler)
                .filter_map(|(form, &filler)| (!filler).then_some(*form))
                .collect();
            // A question of empty words can still be the one that a viewer has.
            let asks = matches!(sentence.ending, Ending::Question);
            let empty = !asks && rest.iter().all(|form| is_empty(form));
            let again = rest.len() > 2 && !said.insert(rest.join(" "));
            // One sentence alone is what there is to judge, however little it says.
            if (empty || again) && text.sentences.len() > 1 {
                words += own.len();
                spans.push(sentence.span);
            } else if rest.len() < forms.len() && !rest.is_empty() {
                words += forms.len() - rest.len();
                spans.extend(stretches(own, &filler, &text.plain));
            }
        }
        if words == text.words.len() {
            // Nothing else is said: then this is the text.
            return Self {
                kept: text.plain.clone(),
                spans: Vec::new(),
                share: 1.0,
                orders: ordered,
            };
        }
        let share = words as f64 / text.words.len().max(1) as f64;
        Self {
            kept: blanked(&text.plain, &spans),
            spans,
            share,
            orders: ordered,
        }
    }

    /// What is left of a score when the filler is charged for: 1 without filler. A word of filler in ten costs a twelfth.
    pub(crate) fn factor(&self) -> f64 {
        1.0 - 0.85 * self.share.min(0.8)
    }
}

fn is_empty(form: &str) -> bool {
    static EMPTY: OnceLock<HashSet<&str>> = OnceLock::new();
    EMPTY
        .get_or_init(|| lists::EMPTY.iter().chain(lists::WORDS).copied().collect())
        .contains(form)
}

/// The phrases as words, each once.
fn phrases() -> &'static [Vec<&'static str>] {
    static PHRASES: OnceLock<Vec<Vec<&str>>> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let split = |phrase: &&'static str| phrase.split([' ', '-']).collect();
        let mut phrases: Vec<Vec<&str>> = lists::PHRASES.iter().map(split).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        phrases
    })
}

/// Which of a sentence's words are filler.
fn fillers(forms: &[&str]) -> Vec<bool> {
    let mut filler: Vec<bool> = forms
        .iter()
        .map(|form| lists::WORDS.contains(form))
        .collect();
    let mut at = 0;
    while at < forms.len() {
        let rest = &forms[at..];
        let found = phrases()
            .iter()
            .find(|phrase| rest.starts_with(phrase))
            .map_or(0, Vec::len);
        filler[at..at + found].fill(true);
        at += found.max(1);
    }
    filler
}

/// Where filler words stand, neighbours together, with the comma that belongs to them.
fn stretches(words: &[Word], filler: &[bool], plain: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut before = false;
    for (word, &filler) in words.iter().zip(filler) {
        if filler {
            let comma = usize::from(plain[word.span.end..].starts_with(','));
            let end = word.span.end + comma;
            match spans.last_mut() {
                Some(last) if before => last.end = end,
                _ => spans.push(Span {
                    start: word.span.start,
                    end,
                }),
            }
        }
        before = filler;
    }
    spans
}

/// The text with stretches blanked out. Where a sentence lost its beginning, what is now its first word begins with a capital, if that changes no length.
fn blanked(plain: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut at = 0;
    // The last letter or mark that was kept: to look for it behind all that is blank would take longer the more is blanked out.
    let mut last = None;
    for span in spans {
        let piece = &plain[at..span.start];
        out.push_str(piece);
        last = piece.trim_end().chars().next_back().or(last);
        let opens = last.is_none_or(|last| matches!(last, '.' | '!' | '?' | '\u{1e}'));
        let gone = span.of(plain);
        out.extend(
            gone.bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
        );
        at = span.end;
        let rest = &plain[at..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        let next = rest[spaces..].chars().next();
        if let Some(next) = next.filter(|c| opens && c.is_ascii_lowercase()) {
            out.push_str(&rest[..spaces]);
            out.push(next.to_ascii_uppercase());
            last = Some(next);
            at += spaces + 1;
        }
    }
    out.push_str(&plain[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        let found = Filler::find(&Text::parse(text));
        assert_eq!(found.kept.len(), text.len());
        found.kept.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn phrases_and_empty_sentences_go_and_the_rest_stays_in_place() {
        assert_eq!(
            kept(
                "Basically, it goes without saying that bees dance. That is a very important thing to consider. Honey keeps for years."
            ),
            "Bees dance. Honey keeps for years."
        );
    }

    #[test]
    fn what_is_said_twice_is_kept_once() {
        assert_eq!(
            kept("Bees dance at noon. Honey keeps for years. Bees dance at noon."),
            "Bees dance at noon. Honey keeps for years."
        );
    }

    #[test]
    fn a_text_of_nothing_but_filler_is_all_filler() {
        let text = "It is what it is. You know, at the end of the day.";
        let found = Filler::find(&Text::parse(text));
        assert!(found.share > 0.99, "{found:?}");
        assert!(found.factor() < 0.4);
    }
}
