//! Several hooks for one story, so that viewers can tell which is the best.

use std::cmp::Ordering;

use domain::{Brief, Hook, HookForm, HookWish, Line, LineSource, Story};

use crate::WriterError;
use crate::banned::WordList;
use crate::forms::{form_of, forms_of};
use crate::hook::{Opening, as_hook, hook, openings};
use crate::pace::{spoken_words, word_budget};
use crate::reopen::{OTHER_FORM, appeal, further};
use crate::words::words;
use crate::{figure, quotation};

/// How much longer or shorter than the first hook another may be, as a share of the whole video: its script is written beside it.
const PLAY: f64 = 0.05;

/// The same in average words, for short videos.
const LEAST_PLAY: f64 = 3.0;

/// How many hooks of a story may be compared: who must open differently takes none of these from another.
const COMPARED: usize = 5;

/// Writes the hook that is wanted. That of the first variant is [`hook`]'s, or the best of the form that is wanted if there is one; each further one
/// is the best of those that open differently from all before it, in a form that none of them has where that can be. One that is taken makes way
/// for the next that no variant has, if there is one.
pub fn hook_variant(brief: &Brief, story: &Story, wish: &HookWish) -> Result<Hook, WriterError> {
    let (_, hook) = variants(brief, story, wish)?;
    if !wish.is_taken(&hook.lines) {
        return Ok(hook);
    }
    let free = sequence(brief, story, wish, usize::MAX)?
        .into_iter()
        .skip(COMPARED.max(wish.number() as usize))
        .find(|hook| !wish.is_taken(&hook.lines));
    Ok(free.unwrap_or(hook))
}

/// The form of lines of which this one is claimed: another if it can't be. A question ends with its mark, what starts from a figure holds
/// one, a quotation holds somebody's words, a how-to says what to do, and a list counts or names things.
pub fn shown_form(lines: &[Line], claimed: HookForm) -> HookForm {
    let shown = lines.first().map_or(claimed, |line| form_of(&line.text));
    let asks = shown == HookForm::Question;
    let right = match claimed {
        HookForm::Question => asks,
        HookForm::Number => lines.iter().any(|line| figure::find(&line.text).is_some()),
        HookForm::Quote => lines
            .iter()
            .any(|line| quotation::find(&line.text).is_some()),
        HookForm::HowTo | HookForm::List => lines
            .iter()
            .any(|line| forms_of(&line.text).contains(&claimed)),
        HookForm::Contrast | HookForm::Myth | HookForm::Story | HookForm::Statement => !asks,
    };
    if right { claimed } else { shown }
}

/// The hook with these lines; none without lines.
pub fn hook_with(lines: Vec<Line>, story: &Story) -> Option<Hook> {
    let way = Opening::of(lines, story, 0.0)?;
    as_hook(vec![way]).ok()
}

/// The hooks of the variants before the one that is wanted, and its own.
pub(crate) fn variants(
    brief: &Brief,
    story: &Story,
    wish: &HookWish,
) -> Result<(Vec<Hook>, Hook), WriterError> {
    let asked = wish.number().max(1);
    let mut hooks = sequence(brief, story, wish, asked as usize)?;
    let found = hooks.len();
    match hooks.pop() {
        Some(own) if found == asked as usize => Ok((hooks, own)),
        _ => Err(WriterError::TooFewHooks { asked, found }),
    }
}

/// The hooks of a story in the order of its variants: as many as there are, and no more than `most`.
fn sequence(
    brief: &Brief,
    story: &Story,
    wish: &HookWish,
    most: usize,
) -> Result<Vec<Hook>, WriterError> {
    let best = hook(brief, story)?;
    let form = wish.form.filter(|form| *form != best.form);
    let worn = wish.repeats(&best.lines) || wish.is_tired_of(best.form);
    if most <= 1 && form.is_none() && !worn {
        return Ok(vec![best]);
    }
    let banned = WordList::banned(&brief.brand);
    let says = |way: &Opening| {
        !way.lines.iter().any(|line| banned.hit(&line.text)) && !banned.hit(&way.on_screen)
    };
    let mut ways = openings(brief, story)?;
    ways.extend(further(brief, story));
    ways.retain(says);
    let planned = words_of(&best.lines);
    let play = play(brief);
    let wished = ways
        .iter()
        .enumerate()
        .filter(|(_, way)| form == Some(way.form))
        .map(|(at, way)| (at, rank(way, planned, play, wish, &[])));
    let first = match wished.min_by(|(_, a), (_, b)| a.order(b)) {
        Some((at, _)) => Some(at),
        None if worn => unworn(&ways, &best, planned, play, wish),
        None => None,
    };
    let first = match first {
        Some(at) => with_others(ways.remove(at), brief, story)?,
        None => best,
    };
    let mut chosen = vec![first];
    while chosen.len() < most {
        let Some(best) = next(&mut ways, &chosen, planned, play, wish) else {
            break;
        };
        chosen.push(as_hook(vec![best])?);
    }
    Ok(chosen)
}

/// A way to open as the hook, those that were better but for its form as its alternatives.
fn with_others(way: Opening, brief: &Brief, story: &Story) -> Result<Hook, WriterError> {
    let mut others = openings(brief, story)?;
    others.sort_by(|a, b| b.score.total_cmp(&a.score));
    others.insert(0, way);
    as_hook(others)
}

/// Takes the best of the ways that open differently from all that were chosen; none if there is none.
fn next(
    ways: &mut Vec<Opening>,
    chosen: &[Hook],
    planned: f64,
    play: f64,
    wish: &HookWish,
) -> Option<Opening> {
    ways.retain(|way| {
        !chosen
            .iter()
            .any(|hook| start(&hook.lines) == start(&way.lines))
    });
    let forms: Vec<HookForm> = chosen.iter().map(|hook| hook.form).collect();
    let ranked = ways
        .iter()
        .map(|way| rank(way, planned, play, wish, &forms));
    let (at, _) = ranked.enumerate().min_by(|(_, a), (_, b)| a.order(b))?;
    Some(ways.remove(at))
}

/// The best of the ways that open with other words than the brand's last videos, of the form that is wanted as the best one has it, and in no form that
/// they had too often; none if there is none.
fn unworn(
    ways: &[Opening],
    best: &Hook,
    planned: f64,
    play: f64,
    wish: &HookWish,
) -> Option<usize> {
    let wanted = wish.form == Some(best.form);
    let repeats = wish.repeats(&best.lines);
    let stands = |way: &Opening| {
        let rank = rank(way, planned, play, wish, &[]);
        let grave = (rank.empty, rank.excess, wish.is_tired_of(way.form));
        (grave, rank.appeal)
    };
    let fresh = ways.iter().enumerate().filter(|(_, way)| {
        let open = !wish.repeats(&way.lines) && (!wanted || way.form == best.form);
        // A form that is worn is no reason to open with nothing.
        open && (repeats || !wish.is_tired_of(way.form) && !is_empty(way))
    });
    let ranked = fresh.map(|(at, way)| (at, stands(way)));
    let best = ranked.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    best.map(|(at, _)| at)
}

/// Where a way to open stands among others, the best first: what the brand's last videos don't open with, what says something, fits beside a script that was written for `planned` average
/// words, and appeals, in none of the forms that there are.
fn rank(way: &Opening, planned: f64, play: f64, wish: &HookWish, forms: &[HookForm]) -> Rank {
    let excess = (words_of(&way.lines) - planned).abs() - play;
    let other = if forms.contains(&way.form) {
        0.0
    } else {
        OTHER_FORM
    };
    Rank {
        repeated: wish.repeats(&way.lines),
        empty: is_empty(way),
        excess: excess.max(0.0).ceil() as usize,
        appeal: appeal(way, false) + other,
    }
}

/// Whether a way to open begins with a turn of speech that says nothing.
fn is_empty(way: &Opening) -> bool {
    way.lines
        .first()
        .is_none_or(|line| line.source == LineSource::Phrase)
}

/// What decides between ways to open, the gravest first.
struct Rank {
    repeated: bool,
    empty: bool,
    excess: usize,
    appeal: f64,
}

impl Rank {
    fn order(&self, other: &Self) -> Ordering {
        (self.repeated, self.empty, self.excess)
            .cmp(&(other.repeated, other.empty, other.excess))
            .then(other.appeal.total_cmp(&self.appeal))
    }
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

    use domain::Opener;

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
            let hook = hook_variant(&brief, &story, &HookWish::variant(number)).unwrap();
            trace_hook(&hook, &story).unwrap();
            starts.push(start(&hook.lines));
            assert_eq!(
                hook_variant(&brief, &story, &HookWish::variant(number)).unwrap(),
                hook
            );
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
            let hook = hook_variant(&brief, &story, &HookWish::variant(number)).unwrap();
            assert!(
                !hook.lines.iter().any(|line| banned.hit(&line.text)),
                "{hook:?}"
            );
        }
    }

    const FIGURES: &str = "topic: Sourdough bread\ntarget_seconds: 30\nsource_text: |\n  A starter of flour and water holds wild yeast. Bakers feed it every day for a week. \
        A loaf rises by 62 percent in its first hour. The crust sets late, but the crumb never stops growing. \
        Salt slows the yeast down. Steam keeps the crust soft for ten minutes. A cold night gives the dough its taste. \
        Old starters are handed on in families. The oven must be as hot as it gets.\n";

    fn of_form(form: HookForm) -> HookWish {
        HookWish {
            form: Some(form),
            ..HookWish::default()
        }
    }

    #[test]
    fn a_hook_has_the_form_that_is_wanted_and_the_script_beside_it_stays() {
        let (brief, story) = told(FIGURES);
        let best = hook(&brief, &story).unwrap();
        let mut found = Vec::new();
        for form in HookForm::ALL {
            let wish = of_form(form);
            let hook = hook_variant(&brief, &story, &wish).unwrap();
            trace_hook(&hook, &story).unwrap();
            match wish.missed(&hook) {
                None => found.push(form),
                Some(_) => assert_eq!(hook, best, "{form:?}"),
            }
            if form == best.form {
                assert_eq!(hook, best);
            }
            // Further variants begin unlike it, whatever the form.
            let second = HookWish {
                variant: Some(2),
                ..wish
            };
            let second = hook_variant(&brief, &story, &second).unwrap();
            assert_ne!(start(&second.lines), start(&hook.lines));
        }
        assert!(found.contains(&HookForm::Question), "{found:?}");
        assert!(found.contains(&HookForm::Number), "{found:?}");
    }

    #[test]
    fn a_form_that_the_brief_does_not_give_is_told_of() {
        let (brief, story) = told("language: de\nkey_points: [Hefe frisst Zucker.]\n");
        let wish = of_form(HookForm::Number);
        let hook = hook_variant(&brief, &story, &wish).unwrap();
        let told = wish.missed(&hook).unwrap();
        assert!(told.contains("a figure"), "{told}");
    }

    #[test]
    fn a_hook_that_is_taken_makes_way_for_one_that_no_variant_has() {
        let (brief, story) = told(BREAD);
        let of = |number| hook_variant(&brief, &story, &HookWish::variant(number)).unwrap();
        let firsts: Vec<_> = (1..=5).map(of).collect();
        let wish = HookWish {
            taken: vec![firsts[1].lines[0].text.to_uppercase()],
            ..HookWish::variant(2)
        };
        let other = hook_variant(&brief, &story, &wish).unwrap();
        trace_hook(&other, &story).unwrap();
        assert_eq!(wish.missed(&other), None);
        for first in &firsts {
            assert_ne!(start(&other.lines), start(&first.lines));
        }
        // With nothing else left, it is said.
        let (brief, story) = told("language: de\nkey_points: [Hefe frisst Zucker.]\n");
        let only = hook_variant(&brief, &story, &HookWish::default()).unwrap();
        let wish = HookWish {
            taken: vec![only.lines[0].text.clone()],
            ..HookWish::default()
        };
        let hook = hook_variant(&brief, &story, &wish).unwrap();
        assert_eq!(hook, only);
        assert!(wish.missed(&hook).unwrap().contains("as another"));
    }

    #[test]
    fn a_brand_opens_its_videos_differently_as_long_as_there_is_another_way() {
        let (brief, story) = told(BREAD);
        let mut seen: Vec<Opener> = Vec::new();
        for _ in 0..8 {
            let wish = HookWish {
                seen: seen.clone(),
                ..HookWish::default()
            };
            let hook = hook_variant(&brief, &story, &wish).unwrap();
            trace_hook(&hook, &story).unwrap();
            assert!(!wish.repeats(&hook.lines), "{seen:?} {hook:?}");
            assert_eq!(hook, hook_variant(&brief, &story, &wish).unwrap());
            // The variants beside it differ from it and from each other all the same.
            let second = HookWish {
                variant: Some(2),
                ..wish
            };
            let second = hook_variant(&brief, &story, &second).unwrap();
            assert_ne!(start(&second.lines), start(&hook.lines));
            seen.insert(0, Opener::of(&hook).unwrap());
        }
        // With nothing else left, it says what it says best.
        let (brief, story) = told("language: de\nkey_points: [Hefe frisst Zucker.]\n");
        let only = hook(&brief, &story).unwrap();
        let wish = HookWish {
            seen: vec![Opener::of(&only).unwrap()],
            ..HookWish::default()
        };
        assert_eq!(hook_variant(&brief, &story, &wish).unwrap(), only);
        assert_eq!(wish.missed(&only), None);
    }

    #[test]
    fn a_form_that_opened_the_last_two_videos_makes_way_unless_it_is_asked_for() {
        let (brief, story) = told(FIGURES);
        let best = hook(&brief, &story).unwrap();
        let other = |says: &str| Opener {
            form: best.form,
            says: says.to_owned(),
        };
        let wish = HookWish {
            seen: vec![
                other("Whales sing for hours."),
                other("Cats sleep all day."),
            ],
            ..HookWish::default()
        };
        assert_ne!(hook_variant(&brief, &story, &wish).unwrap().form, best.form);
        let asked = HookWish {
            form: Some(best.form),
            ..wish.clone()
        };
        assert_eq!(hook_variant(&brief, &story, &asked).unwrap(), best);
        let once = HookWish {
            seen: wish.seen[..1].to_vec(),
            ..wish
        };
        assert_eq!(hook_variant(&brief, &story, &once).unwrap(), best);
    }

    #[test]
    fn more_hooks_than_there_are_is_an_error_that_says_how_many() {
        let (brief, story) = told("language: de\nkey_points: [Hefe frisst Zucker.]\n");
        let error = hook_variant(&brief, &story, &HookWish::variant(5)).unwrap_err();
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
