//! The first seconds.

use domain::{Brief, Hook, HookForm, Line, LineSource, Role, SourceId, Story};

use crate::WriterError;
use crate::banned::WordList;
use crate::figure;
use crate::pace::spoken_words;
use crate::phrases::{self, choose};
use crate::rank::{follows, similarity};
use crate::seed::Choice;
use crate::shorten::{finished, for_speech};
use crate::sources::{Candidate, Material, Origin, sayable};
use crate::story::TOPIC;
use crate::title::{shown, within_sentence};
use crate::trace::shown_words;
use crate::words::{capitalised, count, is_unspaced, words};

/// The most words that stand on screen at once.
const ON_SCREEN: usize = 8;

/// The most average words that a fact may take to open with.
const LONGEST_FACT: f64 = 17.0;

/// One way to begin.
pub(crate) struct Opening {
    pub(crate) form: HookForm,
    pub(crate) lines: Vec<Line>,
    pub(crate) on_screen: String,
    pub(crate) score: f64,
}

/// Writes the hook: the best of a question about the topic and the story's own opening fact as it stands.
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
/// figure or a contrast, and worth its place.
pub(crate) fn best_fact(
    material: &Material,
    scores: &[f64],
    brief: &Brief,
    middle: f64,
) -> Option<usize> {
    let all = &material.candidates;
    let told: Vec<usize> = (0..all.len())
        .filter(|&at| all[at].origin != Origin::Topic && !all[at].asks)
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
            + strength(form)
            + 0.2 * on_topic
            + if pulls { 0.15 } else { 0.0 }
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
    !candidate.leans && candidate.words <= LONGEST_FACT && count(&candidate.spoken) >= 4
}

/// How well a sentence opens, if it can.
pub(crate) fn opens(candidate: &Candidate) -> Option<f64> {
    can_open(candidate).then(|| strength(form_of(&candidate.spoken)))
}

fn strength(form: HookForm) -> f64 {
    match form {
        HookForm::Number => 0.35,
        HookForm::Contrast => 0.3,
        HookForm::Question => 0.25,
        HookForm::Statement => 0.1,
    }
}

/// The form that a statement has of itself.
pub(crate) fn form_of(text: &str) -> HookForm {
    if text.ends_with(['?', '？', '؟']) {
        return HookForm::Question;
    }
    if figure::find(text).is_some_and(|figure| figure.strength >= 0.6) {
        return HookForm::Number;
    }
    let lower = format!(" {} ", words(text).join(" "));
    let contrasts = [
        " but ",
        " yet ",
        " instead of ",
        " rather than ",
        " while ",
        " whereas ",
        " not ",
    ];
    if contrasts.iter().any(|word| lower.contains(word)) {
        HookForm::Contrast
    } else {
        HookForm::Statement
    }
}

/// The ways to open that a first round chooses from: at least one.
pub(crate) fn openings(brief: &Brief, story: &Story) -> Result<Vec<Opening>, WriterError> {
    let mut play = Choice::new(brief.seed, "hook");
    let banned = WordList::banned(&brief.brand);
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
        let score = 0.6 + strength(form) + 0.25 * play.unit();
        openings.push(Opening {
            form,
            on_screen: screen_text(&text, story),
            lines: vec![line(text, &source.id)],
            score,
        });
    }
    let must_tell = must_tell(story).is_some();
    for (text, source) in questions(brief, story) {
        if banned.hit(&text) {
            continue;
        }
        let mut lines = vec![Line {
            text: text.clone(),
            source,
        }];
        // A key point must be said: then the question only leads up to it.
        if must_tell && let Some(source) = fact {
            lines.push(line(for_speech(&source.text, english), &source.id));
        }
        let alone = if must_tell { 0.2 } else { 0.45 };
        let score = alone + strength(HookForm::Question) + 0.25 * play.unit();
        openings.push(Opening {
            form: HookForm::Question,
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
fn questions(brief: &Brief, story: &Story) -> Vec<(String, LineSource)> {
    let source = LineSource::Source(SourceId(TOPIC.to_owned()));
    let topic = topic(story);
    if topic.ends_with('?') {
        return vec![(finished(topic), source)];
    }
    let Some((named, asks)) = named(brief, story) else {
        return Vec::new();
    };
    let pool = if asks {
        phrases::wonders(brief.tone)
    } else {
        phrases::questions(brief.tone)
    };
    let mut found: Vec<(String, LineSource)> = (0..2)
        .filter_map(|round| choose(pool, brief, &format!("question {round}")))
        .map(|phrase| (phrase.replace("{}", &named), source.clone()))
        .collect();
    found.dedup();
    found
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
    fits.then(|| (within_sentence(topic, &texts), asks))
}

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
        Some(clause) if whole.starts_with(clause) => capitalised(clause),
        _ if short(&story.title) => story.title.clone(),
        _ => {
            let head: Vec<&str> = story.title.split_whitespace().take(ON_SCREEN).collect();
            shown(&head.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_know_their_form() {
        assert_eq!(form_of("Sales rose 62% in a year."), HookForm::Number);
        assert_eq!(
            form_of("Bees sleep, but the hive never does."),
            HookForm::Contrast
        );
        assert_eq!(form_of("Bees sleep."), HookForm::Statement);
        assert_eq!(form_of("Do bees sleep?"), HookForm::Question);
    }
}
