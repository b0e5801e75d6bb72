//! Brand alignment: what must be said is said, what must not isn't, and it sounds and looks like the brand.

use domain::Brief;

use crate::content::Content;
use crate::score::{Mark, Reading, Sheet};
use crate::text::{Span, Text};
use crate::words::zipf;

/// How many of a claim's own words have to be said for the claim to be.
const CLAIM_SAID: f64 = 0.6;

/// The contrast that large text needs: WCAG 2.2, level AA.
const LARGE_TEXT: f64 = 3.0;

/// Reads what a brief's brand asks for; `None` if it asks for nothing. `unpublishable` gets what must not be published.
pub(crate) fn read(
    text: &Text<'_>,
    content: &Content,
    brief: &Brief,
    unpublishable: &mut Vec<String>,
) -> Option<Reading> {
    let brand = &brief.brand;
    let mut sheet = Sheet::from(100.0);
    let mut marks = Vec::new();
    let mut asked = 0;

    if !brand.banned_words.is_empty() {
        asked += 1;
        let mut count = 0;
        for banned in &brand.banned_words {
            let phrase = forms(banned);
            let said = places(text, &phrase);
            let shown = content
                .shown
                .iter()
                .chain(&content.hook)
                .any(|shown| !places(&Text::parse(shown), &phrase).is_empty());
            count += said.len() + usize::from(shown && said.is_empty());
            if !said.is_empty() || shown {
                unpublishable.push(format!("{banned:?} is banned by the brand"));
            }
            if shown && said.is_empty() {
                marks.push(Mark::timed(
                    format!("{banned:?}, which the brand bans, is shown"),
                    0,
                    0,
                    45.0,
                ));
            }
            marks.extend(
                said.iter().map(|span| {
                    Mark::new("a word that the brand bans", *span, text.original, 45.0)
                }),
            );
        }
        sheet.add(
            "banned words",
            count as f64,
            -(45.0 * count as f64).min(80.0),
        );
    }
    if !brief.key_points.is_empty() {
        asked += 1;
        let mut missing = 0;
        for claim in unmade_in(text, brief) {
            missing += 1;
            let claim: String = claim.chars().take(80).collect();
            marks.push(Mark::timed(
                format!("a claim that must be made isn't: {claim:?}"),
                0,
                0,
                40.0 / brief.key_points.len() as f64,
            ));
        }
        let share = f64::from(missing) / brief.key_points.len() as f64;
        sheet.add(
            "share of the required claims that isn't made",
            share,
            -40.0 * share,
        );
    }
    if let Some(call) = &brand.call_to_action {
        asked += 1;
        let last = text.plain.len() * 2 / 3;
        let phrase = forms(call);
        let shown = content
            .shown
            .iter()
            .any(|shown| said(&Text::parse(shown), &phrase) >= CLAIM_SAID);
        let at_end = said_after(text, &phrase, last) >= CLAIM_SAID;
        let anywhere = at_end || shown || said(text, &phrase) >= CLAIM_SAID;
        let (value, cost) = match (anywhere, at_end || shown) {
            (true, true) => (1.0, 0.0),
            (true, false) => (0.5, 8.0),
            _ => (0.0, 20.0),
        };
        if cost > 0.0 {
            marks.push(Mark::timed(
                format!("the call to action {call:?} isn't made at the end"),
                0,
                0,
                cost,
            ));
        }
        sheet.add(
            "call to action (1 at the end, 0.5 elsewhere, 0 missing)",
            value,
            -cost,
        );
    }
    if !brand.voice_words.is_empty() {
        asked += 1;
        let used = brand
            .voice_words
            .iter()
            .filter(|word| !places(text, &forms(word)).is_empty())
            .count();
        // A short script can't hold all of them: two are plenty.
        let share = used as f64 / brand.voice_words.len().min(2) as f64;
        sheet.add(
            "words of the brand's voice, of the two that are plenty",
            share.min(1.0),
            -16.0 * (1.0 - share.min(1.0)),
        );
    }
    if let Some(name) = &brand.name {
        asked += 1;
        let named = !places(text, &forms(name)).is_empty()
            || content
                .shown
                .iter()
                .any(|shown| !places(&Text::parse(shown), &forms(name)).is_empty());
        sheet.add(
            "the brand is named",
            f64::from(u8::from(named)),
            if named { 0.0 } else { -8.0 },
        );
    }
    if !content.shown.is_empty() {
        let palette = &brand.palette;
        let contrast = palette.text.contrast(palette.background);
        let cost = if contrast < LARGE_TEXT { 20.0 } else { 0.0 };
        sheet.add("contrast of text and background", contrast, -cost);
        if cost > 0.0 {
            marks.push(Mark::timed(
                "the palette's text hardly stands out from its background: letters are drawn in another colour",
                0,
                0,
                cost,
            ));
        }
    }
    (asked > 0).then(|| {
        sheet
            .reading((0.4 + 0.2 * f64::from(asked)).min(1.0))
            .with_marks(marks)
    })
}

/// The banned words that a content says or shows, as the brief has them.
pub(crate) fn banned(content: &Content, brief: &Brief) -> Vec<String> {
    let text = Text::parse(&content.text);
    let used = |banned: &&String| {
        let phrase = forms(banned);
        !places(&text, &phrase).is_empty()
            || content
                .shown
                .iter()
                .chain(&content.hook)
                .any(|shown| !places(&Text::parse(shown), &phrase).is_empty())
    };
    brief
        .brand
        .banned_words
        .iter()
        .filter(used)
        .cloned()
        .collect()
}

/// Which of the content's pictures show one of these words: their places in `content.shown`.
pub(crate) fn showing(content: &Content, words: &[String]) -> Vec<usize> {
    let shows = |shown: &str| {
        let text = Text::parse(shown);
        words
            .iter()
            .any(|word| !places(&text, &forms(word)).is_empty())
    };
    (0..content.shown.len())
        .filter(|&at| content.shown.get(at).is_some_and(|shown| shows(shown)))
        .collect()
}

/// The required claims that a content doesn't make, as the brief has them.
pub(crate) fn unmade(content: &Content, brief: &Brief) -> Vec<String> {
    let text = Text::parse(&content.text);
    unmade_in(&text, brief).cloned().collect()
}

fn unmade_in<'a>(text: &Text<'_>, brief: &'a Brief) -> impl Iterator<Item = &'a String> {
    brief
        .key_points
        .iter()
        .filter(|claim| said(text, &forms(claim)) < CLAIM_SAID)
}

/// The words of a phrase, as a text's words are kept.
fn forms(phrase: &str) -> Vec<String> {
    Text::parse(phrase)
        .words
        .into_iter()
        .map(|word| word.form)
        .collect()
}

fn same(a: &str, b: &str) -> bool {
    let bare = |form: &str| -> usize { form.strip_suffix("'s").unwrap_or(form).len() };
    a[..bare(a)] == b[..bare(b)]
}

/// Where a phrase stands, word for word, whatever its case.
fn places(text: &Text<'_>, phrase: &[String]) -> Vec<Span> {
    if phrase.is_empty() {
        return Vec::new();
    }
    text.words
        .windows(phrase.len())
        .filter(|words| {
            words
                .iter()
                .zip(phrase)
                .all(|(word, form)| same(&word.form, form))
        })
        .filter_map(|words| Some(words.first()?.span.to(words.last()?.span)))
        .collect()
}

/// Which share of a phrase's own words a text has, whatever their endings.
fn said(text: &Text<'_>, phrase: &[String]) -> f64 {
    said_after(text, phrase, 0)
}

fn said_after(text: &Text<'_>, phrase: &[String], from: usize) -> f64 {
    let own: Vec<&String> = phrase
        .iter()
        .filter(|form| zipf(form) < 6.2 && form.len() > 1)
        .collect();
    let own = if own.is_empty() {
        phrase.iter().collect()
    } else {
        own
    };
    let root = |form: &str| -> String {
        form.chars()
            .take(form.chars().count().saturating_sub(2).max(3))
            .collect()
    };
    let has = |form: &str| {
        let root = root(form);
        text.words
            .iter()
            .any(|word| word.span.start >= from && word.form.starts_with(&root))
    };
    own.iter().filter(|form| has(form)).count() as f64 / own.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn brief() -> Brief {
        let mut brief = Brief {
            key_points: vec!["The lamp charges in six hours of sunlight.".to_owned()],
            ..Brief::default()
        };
        brief.brand.name = Some("Lumo".to_owned());
        brief.brand.banned_words = vec!["cheap".to_owned()];
        brief.brand.call_to_action = Some("Order yours today".to_owned());
        brief
    }

    fn judged(text: &str) -> (Reading, Vec<String>) {
        let mut unpublishable = Vec::new();
        let content = Content::of_text(text);
        let reading = read(&Text::parse(text), &content, &brief(), &mut unpublishable).unwrap();
        (reading, unpublishable)
    }

    const GOOD: &str =
        "The Lumo lamp is charged by six hours of sunlight. It burns all night. Order yours today.";

    #[test]
    fn a_text_that_says_all_that_is_asked_loses_nothing() {
        assert!(
            (judged(GOOD).0.raw - 100.0).abs() < 1e-9,
            "{:?}",
            judged(GOOD)
        );
    }

    #[test]
    fn a_banned_word_costs_most_and_holds_the_round_back() {
        let (reading, unpublishable) = judged(&format!("It is Cheap! {GOOD}"));
        assert!(reading.raw < 60.0);
        assert_eq!(reading.marks[0].text, "Cheap");
        assert_eq!(unpublishable, ["\"cheap\" is banned by the brand"]);
        assert!(judged(&GOOD.replace("all night", "cheaply")).1.is_empty());
    }

    #[test]
    fn claims_and_calls_that_are_missing_cost_points() {
        assert!(
            judged("The Lumo lamp burns all night. Order yours today.")
                .0
                .raw
                < 70.0
        );
        assert!(
            judged("The Lumo lamp is charged by six hours of sunlight. It burns.")
                .0
                .raw
                < 90.0
        );
    }

    #[test]
    fn without_anything_asked_for_there_is_nothing_to_judge() {
        let content = Content::of_text("Bees dance.");
        assert_eq!(
            read(
                &Text::parse("Bees dance."),
                &content,
                &Brief::default(),
                &mut Vec::new()
            ),
            None
        );
    }
}
