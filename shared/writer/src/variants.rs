//! Several hooks for one story, so that viewers can tell which is the best.

use domain::{Brief, Hook, HookForm, Line, LineSource, Story};

use crate::WriterError;
use crate::banned::WordList;
use crate::hook::{Opening, as_hook, hook, openings};
use crate::pace::{spoken_words, word_budget};
use crate::reopen::{OTHER_FORM, appeal, further};
use crate::words::words;

/// How much longer or shorter than the first hook another may be, as a share of the whole video: its script is written beside it.
const PLAY: f64 = 0.05;

/// The same in average words, for short videos.
const LEAST_PLAY: f64 = 3.0;

/// Writes the hook of a variant, by its number from 1. The first is [`hook`]'s; each further one is the best of those that open differently from
/// all before it, in a form that none of them has where that can be.
pub fn hook_variant(brief: &Brief, story: &Story, number: u32) -> Result<Hook, WriterError> {
    variants(brief, story, number).map(|(_, hook)| hook)
}

/// The hook with these lines; none without lines.
pub fn hook_with(lines: Vec<Line>, story: &Story) -> Option<Hook> {
    let way = Opening::of(lines, story, 0.0)?;
    as_hook(vec![way]).ok()
}

/// The hooks of the variants before a number, and its own.
pub(crate) fn variants(
    brief: &Brief,
    story: &Story,
    number: u32,
) -> Result<(Vec<Hook>, Hook), WriterError> {
    let first = hook(brief, story)?;
    if number <= 1 {
        return Ok((Vec::new(), first));
    }
    let banned = WordList::banned(&brief.brand);
    let says = |way: &Opening| {
        !way.lines.iter().any(|line| banned.hit(&line.text)) && !banned.hit(&way.on_screen)
    };
    let mut ways = openings(brief, story)?;
    ways.extend(further(brief, story));
    ways.retain(says);
    let mut chosen = vec![first];
    while let Some(best) = next(&mut ways, &chosen, play(brief)) {
        let hook = as_hook(vec![best])?;
        if chosen.len() as u32 + 1 == number {
            return Ok((chosen, hook));
        }
        chosen.push(hook);
    }
    Err(WriterError::TooFewHooks {
        asked: number,
        found: chosen.len(),
    })
}

/// Takes the best of the ways that open differently from all that were chosen; none if there is none.
fn next(ways: &mut Vec<Opening>, chosen: &[Hook], play: f64) -> Option<Opening> {
    ways.retain(|way| {
        !chosen
            .iter()
            .any(|hook| start(&hook.lines) == start(&way.lines))
    });
    let forms: Vec<HookForm> = chosen.iter().map(|hook| hook.form).collect();
    let planned = chosen.first().map_or(0.0, |hook| words_of(&hook.lines));
    let rank = |way: &Opening| {
        let excess = (words_of(&way.lines) - planned).abs() - play;
        let empty = way
            .lines
            .first()
            .is_none_or(|line| line.source == LineSource::Phrase);
        let other = if forms.contains(&way.form) {
            0.0
        } else {
            OTHER_FORM
        };
        (
            empty,
            excess.max(0.0).ceil() as usize,
            -(appeal(way, false) + other),
        )
    };
    let ranked = ways.iter().map(rank).enumerate();
    let (at, _) =
        ranked.min_by(|(_, a), (_, b)| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)))?;
    Some(ways.remove(at))
}

/// How much longer or shorter than the first hook another may be, in average words.
pub(crate) fn play(brief: &Brief) -> f64 {
    (PLAY * word_budget(brief)).max(LEAST_PLAY)
}

pub(crate) fn words_of(lines: &[Line]) -> f64 {
    lines.iter().map(|line| spoken_words(&line.text)).sum()
}

/// The words that a viewer hears first: what begins alike opens alike.
pub(crate) fn start(lines: &[Line]) -> Option<Vec<String>> {
    lines.first().map(|line| words(&line.text))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::trace::trace_hook;

    fn told(brief: &str) -> (Brief, Story) {
        let brief = domain::read_brief(brief).unwrap();
        let story = crate::story(&brief).unwrap();
        (brief, story)
    }

    const BREAD: &str = "topic: Why bread rises\nkey_points:\n  - Yeast eats the sugar in flour and breathes out carbon dioxide.\n  - Kneading builds gluten, which holds the gas in small bubbles.\n";

    #[test]
    fn every_variant_opens_differently_and_claims_nothing_new() {
        let (brief, story) = told(BREAD);
        let mut starts = Vec::new();
        for number in 1..=5 {
            let hook = hook_variant(&brief, &story, number).unwrap();
            trace_hook(&hook, &story).unwrap();
            starts.push(start(&hook.lines));
            assert_eq!(hook_variant(&brief, &story, number).unwrap(), hook);
        }
        let first = hook(&brief, &story).unwrap();
        assert_eq!(starts[0], start(&first.lines));
        let count = starts.len();
        starts.sort();
        starts.dedup();
        assert_eq!(starts.len(), count);
    }

    #[test]
    fn variants_say_no_banned_word() {
        let (brief, story) = told(&format!(
            "{BREAD}brand: {{banned_words: [wonder, know, truth]}}\n"
        ));
        let banned = WordList::banned(&brief.brand);
        for number in 1..=3 {
            let hook = hook_variant(&brief, &story, number).unwrap();
            assert!(
                !hook.lines.iter().any(|line| banned.hit(&line.text)),
                "{hook:?}"
            );
        }
    }

    #[test]
    fn more_hooks_than_there_are_is_an_error_that_says_how_many() {
        let (brief, story) = told("language: de\nkey_points: [Hefe frisst Zucker.]\n");
        let error = hook_variant(&brief, &story, 5).unwrap_err();
        assert!(
            matches!(
                error,
                WriterError::TooFewHooks {
                    asked: 5,
                    found: 1..=4
                }
            ),
            "{error}"
        );
    }
}
