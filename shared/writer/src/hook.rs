//! The first seconds.

use domain::{Brief, Hook, HookForm, Line, LineSource, Role, SourceId, Story};

use crate::WriterError;
use crate::anaphora::{leans_on_previous, points_nowhere};
use crate::arcs::Plan;
use crate::banned::WordList;
use crate::forms::{counted, counts, form_of, forms_of, is_imperative};
use crate::pace::spoken_words;
use crate::phrases::{self, choose};
use crate::rank::{follows, similarity};
use crate::screen::screen_text;
use crate::seed::Choice;
use crate::shorten::{finished, for_speech};
use crate::sources::{Candidate, Material, Origin, sayable};
use crate::story::TOPIC;
use crate::title::within_sentence;
use crate::words::{capitalised, count, is_unspaced, words};

/// The most average words that a fact may take to open with.
const LONGEST_FACT: f64 = 17.0;

/// What it is worth that a form leads up to the story's arc.
const FITS: f64 = 0.3;

/// The fewest things that make a list.
const FEWEST_LISTED: usize = 3;

/// One way to begin.
pub(crate) struct Opening {
    pub(crate) form: HookForm,
    pub(crate) lines: Vec<Line>,
    pub(crate) on_screen: String,
    pub(crate) score: f64,
}

/// Writes the hook: the best of a question about the topic and the story's own opening fact as it stands, rather one that leads up to the story's arc.
pub fn hook(brief: &Brief, story: &Story) -> Result<Hook, WriterError> {
    let mut openings = openings(brief, story)?;
    openings.sort_by(|a, b| b.score.total_cmp(&a.score));
    as_hook(openings)
}

/// The first of some openings as the hook, the others as its alternatives.
pub(crate) fn as_hook(openings: Vec<Opening>) -> Result<Hook, WriterError> {
    let mut openings = openings.into_iter();
    let best = openings
        .next()
        .ok_or_else(|| WriterError::NothingToTell("no words for a hook".to_owned()))?;
    let said = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut alternatives: Vec<String> = Vec::new();
    for other in openings {
        let text = said(&other.lines);
        if text != said(&best.lines) && !alternatives.contains(&text) {
            alternatives.push(text);
        }
    }
    alternatives.truncate(4);
    Ok(Hook {
        form: best.form,
        on_screen: best.on_screen,
        lines: best.lines,
        alternatives,
    })
}

/// How long the hook of a story is in average words.
pub(crate) fn hook_words(brief: &Brief, story: &Story) -> f64 {
    hook(brief, story).map_or(0.0, |hook| {
        hook.lines.iter().map(|line| spoken_words(&line.text)).sum()
    })
}

/// The sentence that opens best, if one can be spared from the `middle` (average words) of the video: self-contained, short, with a
/// figure or a contrast, worth its place, and of a form that leads up to the arc. What the arc ends on is kept for the end.
pub(crate) fn best_fact(
    material: &Material,
    scores: &[f64],
    brief: &Brief,
    plan: &Plan,
    middle: f64,
) -> Option<usize> {
    let all = &material.candidates;
    let told: Vec<usize> = (0..all.len())
        .filter(|&at| all[at].origin != Origin::Topic && !all[at].asks && !plan.keeps(at))
        .collect();
    let available: f64 = told.iter().map(|&at| all[at].words).sum();
    if told.len() < 5 {
        return None;
    }
    let sentences = told
        .iter()
        .any(|&at| matches!(all[at].origin, Origin::Sentence(_)));
    let topic = all
        .iter()
        .find(|candidate| candidate.origin == Origin::Topic);
    let mut play = Choice::new(brief.seed, "hook fact");
    let mut best: Option<(f64, usize)> = None;
    for at in told {
        let candidate = &all[at];
        let form = form_of(&candidate.spoken);
        let point = candidate.origin == Origin::KeyPoint;
        let spare = available - candidate.words >= middle * 0.7;
        // A sentence that the next one takes up pulls the viewer on.
        let pulls = all
            .get(at + 1)
            .is_some_and(|next| next.leans && sayable(next) && follows(candidate, next));
        let on_topic = topic.map_or(0.0, |topic| similarity(candidate, topic));
        let score = scores[at]
            + power(&candidate.spoken)
            + 0.2 * on_topic
            + if pulls { 0.15 } else { 0.0 }
            + if plan.arc.forms().contains(&form) {
                FITS
            } else {
                0.0
            }
            + 0.4 * play.unit()
            - candidate.words / 50.0;
        let fits = can_open(candidate) && spare;
        let worthy = if point {
            form == HookForm::Number && !sentences
        } else {
            candidate.words >= 5.0
        };
        if fits && worthy && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Whether a sentence can be said first: it stands by itself and is short.
fn can_open(candidate: &Candidate) -> bool {
    !candidate.leans
        && candidate.words <= LONGEST_FACT
        && count(&candidate.spoken) >= 4
        && !points_nowhere(&candidate.spoken)
}

/// How well a sentence opens, if it can.
pub(crate) fn opens(candidate: &Candidate) -> Option<f64> {
    can_open(candidate).then(|| power(&candidate.spoken))
}

/// How well a form opens.
fn strength(form: HookForm) -> f64 {
    match form {
        HookForm::Number | HookForm::Myth => 0.35,
        HookForm::Contrast | HookForm::Quote => 0.3,
        HookForm::Question => 0.25,
        HookForm::Story | HookForm::HowTo | HookForm::List => 0.2,
        HookForm::Statement => 0.1,
    }
}

/// How well a sentence opens by the best of its forms.
pub(crate) fn power(text: &str) -> f64 {
    let strengths = forms_of(text).into_iter().map(strength);
    strengths.fold(0.0, f64::max)
}

/// The ways to open that a first round chooses from: at least one.
pub(crate) fn openings(brief: &Brief, story: &Story) -> Result<Vec<Opening>, WriterError> {
    let mut play = Choice::new(brief.seed, "hook");
    let banned = WordList::banned(&brief.brand);
    let fits = |form| f64::from(u8::from(story.arc.forms().contains(&form))) * FITS;
    let mut openings = Vec::new();
    let opening_beat = story.beats.iter().find(|beat| beat.role == Role::Hook);
    let fact = match opening_beat
        .and_then(|beat| beat.sources.first())
        .filter(|id| id.0 != TOPIC)
    {
        Some(id) => {
            let source = story.sources.iter().find(|source| source.id == *id);
            Some(source.ok_or_else(|| WriterError::UnknownSource(id.0.clone()))?)
        }
        None => None,
    };
    let english = brief.language.0 == "en";
    if let Some(source) = fact {
        let text = for_speech(&source.text, english);
        let form = form_of(&text);
        let score = 0.6 + power(&text) + fits(form) + 0.25 * play.unit();
        openings.push(Opening {
            form,
            on_screen: screen_text(&text, story),
            lines: vec![line(text, &source.id)],
            score,
        });
    }
    let must_tell = must_tell(story).is_some();
    for (text, form) in questions(brief, story)
        .into_iter()
        .chain(promises(brief, story))
    {
        if banned.hit(&text) {
            continue;
        }
        let mut lines = vec![line(text.clone(), &SourceId(TOPIC.to_owned()))];
        // A key point must be said: then the question only leads up to it.
        if must_tell && let Some(source) = fact {
            lines.push(line(for_speech(&source.text, english), &source.id));
        }
        let alone = if must_tell { 0.2 } else { 0.45 };
        let score = alone + strength(form) + fits(form) + 0.25 * play.unit();
        openings.push(Opening {
            form,
            on_screen: screen_text(&text, story),
            lines,
            score,
        });
    }
    if openings.is_empty() {
        let topic = story.sources.iter().find(|source| source.id.0 == TOPIC);
        let text = finished(topic.map_or(story.title.as_str(), |source| source.text.as_str()));
        openings.push(Opening {
            form: form_of(&text),
            on_screen: screen_text(&text, story),
            lines: vec![line(text, &SourceId(TOPIC.to_owned()))],
            score: 0.0,
        });
    }
    Ok(openings)
}

/// The opening fact, if it has to be said: a key point, or what the next sentence takes up.
pub(crate) fn must_tell(story: &Story) -> Option<SourceId> {
    let beat = story.beats.iter().find(|beat| beat.role == Role::Hook)?;
    let id = beat.sources.first().filter(|id| id.0 != TOPIC)?;
    (id.0.starts_with('k') || next_leans(story, id)).then(|| id.clone())
}

/// A source as a line, shortened for speech; none of an id that the story doesn't hold.
pub(crate) fn fact_line(story: &Story, id: &SourceId, english: bool) -> Option<Line> {
    let source = story.sources.iter().find(|source| source.id == *id)?;
    Some(line(for_speech(&source.text, english), id))
}

/// Whether what is told next takes up the opening fact ("They begin with …"), so that the fact must be said.
fn next_leans(story: &Story, opening: &SourceId) -> bool {
    let number = |id: &SourceId| {
        id.0.strip_prefix('s')
            .and_then(|digits| digits.parse::<usize>().ok())
    };
    let next = story
        .beats
        .iter()
        .filter(|beat| beat.role != Role::Hook)
        .find_map(|beat| beat.sources.first());
    matches!((number(opening), next.and_then(number)), (Some(a), Some(b)) if b == a + 1)
}

fn line(text: String, id: &SourceId) -> Line {
    Line {
        text,
        source: LineSource::Source(id.clone()),
    }
}

/// Two questions about the topic, in the brief's tone; none in a language whose phrases the writer doesn't have.
fn questions(brief: &Brief, story: &Story) -> Vec<(String, HookForm)> {
    let topic = topic(story);
    if topic.ends_with('?') {
        return vec![(finished(topic), HookForm::Question)];
    }
    let Some((named, asks)) = named(brief, story) else {
        return Vec::new();
    };
    let pool = if asks {
        phrases::wonders(brief.tone)
    } else {
        phrases::questions(brief.tone)
    };
    let mut found: Vec<(String, HookForm)> = (0..2)
        .filter_map(|round| choose(pool, brief, &format!("question {round}")))
        .map(|phrase| (phrase.replace("{}", &named), HookForm::Question))
        .collect();
    found.dedup();
    found
}

/// What the video promises by its topic and by what is told: how something is done, things that it lists, or so many things to know.
pub(crate) fn promises(brief: &Brief, story: &Story) -> Vec<(String, HookForm)> {
    let Some((named, asks)) = named(brief, story) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if named.starts_with("how to ") {
        let phrase = choose(phrases::REASONS, brief, "how to");
        found.extend(phrase.map(|phrase| (phrase.replace("{}", &named), HookForm::HowTo)));
    } else if counts(&words(&named)) {
        let phrase = choose(phrases::LISTS, brief, "list");
        found.extend(phrase.map(|phrase| (phrase.replace("{}", &named), HookForm::List)));
    } else if !asks
        && lists_things(story, &named)
        && let Some(number) = points_told(story).and_then(counted)
    {
        let text = format!("{}{}{named}.", capitalised(number), phrases::COUNTED);
        found.push((text, HookForm::List));
    }
    found
}

/// Whether the points of a story can be counted as things about its topic: each stands by itself or speaks of the topic ("It floats"), and the topic
/// is no story in a title ("the boy who …").
fn lists_things(story: &Story, topic: &str) -> bool {
    let narrates = words(topic)
        .iter()
        .any(|word| matches!(word.as_str(), "that" | "who" | "which" | "when"));
    let mut points = story
        .sources
        .iter()
        .filter(|source| source.id.0.starts_with('k'));
    let of_topic = |text: &str| {
        let first = words(text).into_iter().next().unwrap_or_default();
        matches!(first.as_str(), "it" | "its" | "they" | "their")
    };
    !narrates && !points.any(|point| leans_on_previous(&point.text) && !of_topic(&point.text))
}

/// How many key points a story tells; none if it tells anything else, or fewer than a list has.
pub(crate) fn points_told(story: &Story) -> Option<usize> {
    let told = |role: Role| !matches!(role, Role::Hook | Role::CallToAction);
    let beats = story.beats.iter().filter(|beat| told(beat.role));
    let mut ids: Vec<SourceId> = beats.flat_map(|beat| beat.sources.clone()).collect();
    ids.extend(must_tell(story));
    let points = ids.iter().all(|id| id.0.starts_with('k'));
    (ids.len() >= FEWEST_LISTED && points).then_some(ids.len())
}

fn topic(story: &Story) -> &str {
    let topic = story.sources.iter().find(|source| source.id.0 == TOPIC);
    topic
        .map_or(story.title.as_str(), |source| source.text.as_str())
        .trim()
}

/// The topic as it stands within a sentence, and whether it begins with a question word; none if it is no noun phrase or question, or in a
/// language whose phrases the writer doesn't have.
pub(crate) fn named(brief: &Brief, story: &Story) -> Option<(String, bool)> {
    let topic = topic(story);
    let first = words(topic).into_iter().next().unwrap_or_default();
    let is_noun_phrase = count(topic) <= 7
        && !topic.contains([':', ';', ','])
        && topic.chars().count() <= 60
        && !topic.ends_with('.');
    let asks = matches!(
        first.as_str(),
        "how" | "why" | "what" | "when" | "where" | "who" | "which"
    );
    // "Sharpen a knife" names nothing, but "how to sharpen a knife" does.
    let instructs = is_imperative(&words(topic)) && !matches!(first.as_str(), "do" | "never");
    // "You are looking at the past" is no name of anything.
    let is_clause = matches!(
        first.as_str(),
        "i" | "you" | "we" | "they" | "he" | "she" | "it" | "there"
    );
    let fits = brief.language.0 == "en"
        && !is_clause
        && (is_noun_phrase || asks && count(topic) <= 12)
        && !topic.ends_with('?')
        && !topic.chars().any(is_unspaced);
    let texts: Vec<&str> = story
        .sources
        .iter()
        .map(|source| source.text.as_str())
        .collect();
    fits.then(|| {
        let within = within_sentence(topic, &texts);
        if instructs {
            (format!("how to {within}"), true)
        } else {
            (within, asks)
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn told(brief: &str) -> (Brief, Story) {
        let brief = domain::read_brief(brief).unwrap();
        let story = crate::story(&brief).unwrap();
        (brief, story)
    }

    /// Says every form that the openings of a brief have, and checks them all.
    fn offered(brief: &str) -> Vec<(HookForm, String)> {
        let (brief, story) = told(brief);
        let mut ways = openings(&brief, &story).unwrap();
        ways.extend(crate::reopen::further(&brief, &story));
        ways.into_iter()
            .map(|way| {
                let text = way.lines[0].text.clone();
                let form = way.form;
                crate::trace_hook(&as_hook(vec![way]).unwrap(), &story).unwrap();
                (form, text)
            })
            .collect()
    }

    #[test]
    fn a_topic_that_says_what_to_do_is_opened_by_how_to_do_it() {
        let ways = offered(
            "topic: Sharpen a knife in two minutes\nkey_points: [Turn a cup over., Push the blade away.]\n",
        );
        assert!(
            ways.iter().any(|(form, text)| *form == HookForm::HowTo
                && text == "Here is how to sharpen a knife in two minutes."),
            "{ways:?}"
        );
        for (_, text) in &ways {
            assert!(
                !text.contains("sharpen") || text.contains("how to sharpen"),
                "{text}"
            );
        }
    }

    #[test]
    fn things_are_counted_where_nothing_else_is_told() {
        let points = "[It runs for 40 hours., It floats on water., It weighs as much as an egg.]";
        let ways = offered(&format!("topic: The camping lamp\nkey_points: {points}\n"));
        let counted = "Three things to know about the camping lamp.";
        assert!(
            ways.contains(&(HookForm::List, counted.to_owned())),
            "{ways:?}"
        );
        let ways = offered(&format!(
            "topic: The camping lamp\nkey_points: {points}\nsource_text: The old lamps burned oil in a glass. Their light went out in the wind.\n"
        ));
        assert!(
            ways.iter()
                .all(|(_, text)| !text.contains(" things to know")),
            "{ways:?}"
        );
    }

    #[test]
    fn a_sentence_that_points_nowhere_opens_nothing() {
        for text in [
            "Ida pulled them in over the stern of her boat.",
            "Put half of it away instead.",
        ] {
            assert!(points_nowhere(text), "{text}");
        }
        for text in [
            "The soldiers shouted until Ida pulled them in.",
            "The bread is done when it sounds hollow.",
        ] {
            assert!(!points_nowhere(text), "{text}");
        }
    }
}
