//! Opening differently from an earlier round.

use domain::quality::{Action, Feedback};
use domain::{Brief, Hook, HookForm, HookWish, Line, LineSource, Role, SourceId, Story};

use crate::WriterError;
use crate::banned::WordList;
use crate::forms::form_of;
use crate::hook::{Opening, as_hook, fact_line, must_tell, named, openings, promises};
use crate::pace::word_budget;
use crate::phrases;
use crate::script::script;
use crate::seed::Choice;
use crate::story::TOPIC;
use crate::variants::{hook_variant, play, start, variants, words_of};
use crate::wishes::{Place, Wishes};
use crate::words::count;

/// How much longer than asked for a script and its hook may be.
const LONGEST: f64 = 1.06;

/// How much longer at the very most.
const MOST: f64 = 1.08;

/// How many more words may be too many in the hook of a later round.
const NEAR: usize = 4;

/// What it is worth to open in another form than before.
pub(crate) const OTHER_FORM: f64 = 0.25;

/// How far the seed may move what an opening is worth: enough that not all videos open with the same turn of speech.
const BY_SEED: f64 = 0.2;

/// Writes the hook again, acting on feedback: it always opens differently, if there is any other way, without the words that fewer people follow, and in
/// another form where that can be.
pub fn hook_again(brief: &Brief, story: &Story, feedback: &Feedback) -> Result<Hook, WriterError> {
    hook_variant_again(brief, story, &HookWish::default(), feedback)
}

/// Writes the hook that is wanted again, as [`hook_again`] does where nothing special is: differently from its own first hook, from those of the
/// variants before it, and from what is taken; in the form that is wanted, if anything else of that form can be said in time.
pub fn hook_variant_again(
    brief: &Brief,
    story: &Story,
    wish: &HookWish,
    feedback: &Feedback,
) -> Result<Hook, WriterError> {
    let wishes = Wishes(feedback);
    let (before, first) = variants(brief, story, wish)?;
    let brief = &wishes.brief(brief);
    let banned = WordList::banned(&brief.brand);
    let avoid = wishes.places(|action| match action {
        Action::OtherHook { avoid } => Some(avoid),
        _ => None,
    });
    let faults = wishes.places(|action| match action {
        Action::DropFiller { phrases }
        | Action::AvoidPhrases { phrases }
        | Action::SayOnce { phrases } => Some(phrases),
        Action::PlainWords { words } => Some(words),
        Action::CorrectGrammar { places } => Some(places),
        Action::ShortenSentences { sentences } | Action::KeepRegister { sentences } => {
            Some(sentences)
        }
        _ => None,
    });
    let words_now = words_of(&first.lines);
    let play = play(brief);
    // What is too long already must not become longer.
    let whole: f64 = script(brief, story)?
        .scenes
        .iter()
        .map(|scene| words_of(&scene.lines))
        .sum::<f64>()
        + words_now;
    let spare = (word_budget(brief) * LONGEST - whole).clamp(0.0, play);
    // What tells against a way, the gravest first.
    let against = |way: &Opening| {
        let longer = words_of(&way.lines) - words_now;
        let begins = way.lines.first().map(|line| &line.source);
        let excess = (whole + longer - word_budget(brief) * MOST).min(longer);
        (
            excess.max(0.0).ceil() as usize,
            usize::from(wish.own_form().is_some_and(|form| form != way.form)),
            usize::from(wish.repeats(&way.lines)),
            usize::from(begins.is_none_or(|source| *source == LineSource::Phrase)),
            hits(&avoid, way),
            hits(&faults, way),
            (longer - spare).max(-play - longer).max(0.0).ceil() as usize,
        )
    };
    let mut chance = Choice::new(brief.seed, "other hook");
    let mut ways: Vec<(f64, Opening)> = Vec::new();
    for way in openings(brief, story)?
        .into_iter()
        .chain(further(brief, story))
    {
        let worth = worth(&way, first.form, wishes) + BY_SEED * chance.unit();
        let like = |other: &[Line]| start(&way.lines) == start(other);
        let said = |line: &Line| banned.hit(&line.text);
        let known = like(&first.lines)
            || before.iter().any(|other| like(&other.lines))
            || wish.is_taken(&way.lines)
            || ways.iter().any(|(_, other)| like(&other.lines));
        if !known && !way.lines.iter().any(said) && !banned.hit(&way.on_screen) {
            ways.push((worth, way));
        }
    }
    ways.sort_by(|(a_worth, a), (b_worth, b)| {
        against(a).cmp(&against(b)).then(b_worth.total_cmp(a_worth))
    });
    let mut ways: Vec<Opening> = ways.into_iter().map(|(_, way)| way).collect();
    let Some(best) = ways.first().map(against) else {
        // Whatever is wrong with it, something has to be said first.
        return hook_variant(brief, story, wish);
    };
    // Round after round another, as long as there are any that little more tells against.
    let near = |way: &Opening| {
        let (excess, form, repeated, nothing, avoided, wrong, _) = against(way);
        (form, repeated, nothing, avoided, wrong) == (best.1, best.2, best.3, best.4, best.5)
            && excess <= best.0 + NEAR
    };
    let equal: Vec<usize> = (0..ways.len()).filter(|&at| near(&ways[at])).collect();
    let turn = (wishes.of_round() as usize - 1) % equal.len().max(1);
    if let Some(&at) = equal.get(turn) {
        let chosen = ways.remove(at);
        ways.insert(0, chosen);
    }
    as_hook(ways)
}

/// How many of the places an opening holds.
fn hits(places: &[Place], way: &Opening) -> usize {
    let holds = |place: &&Place| {
        place.is_in(&way.on_screen) || way.lines.iter().any(|line| place.is_in(&line.text))
    };
    places.iter().filter(holds).count()
}

/// What an opening is worth: people follow statements rather than questions, and such as say something (Upworthy Research Archive).
fn worth(way: &Opening, before: HookForm, wishes: Wishes<'_>) -> f64 {
    let brief = wishes.ask(|action| matches!(action, Action::ShortenSentences { .. }));
    let other = if way.form == before { 0.0 } else { OTHER_FORM };
    appeal(way, brief) + other
}

/// What it is worth whatever was said before; with `brief`, the shorter the better.
pub(crate) fn appeal(way: &Opening, brief: bool) -> f64 {
    let words: usize = way.lines.iter().map(|line| count(&line.text)).sum();
    let length = words.min(18) as f64 / 40.0;
    let form = match way.form {
        HookForm::Contrast | HookForm::Myth => 0.4,
        HookForm::Number | HookForm::Story | HookForm::Quote => 0.35,
        HookForm::Statement | HookForm::HowTo | HookForm::List => 0.3,
        HookForm::Question => 0.0,
    };
    form + if brief { -length } else { length } + 0.3 * way.score
}

/// Ways to open that a first round doesn't consider: the facts that a story keeps beside its first, announcements of the topic and every question
/// of the tone about it, and turns of speech that claim nothing.
pub(crate) fn further(brief: &Brief, story: &Story) -> Vec<Opening> {
    let english = brief.language.0 == "en";
    let facts = story
        .beats
        .iter()
        .filter(|beat| beat.role == Role::Hook)
        .flat_map(|beat| &beat.sources)
        .filter(|id| id.0 != TOPIC)
        .filter_map(|id| fact_line(story, id, english));
    let facts: Vec<Line> = facts.collect();
    let own = must_tell(story).and_then(|id| fact_line(story, &id, english));
    let mut ways = Vec::new();
    let mut add = |lines: Vec<Line>, score: f64| {
        if let Some(way) = Opening::of(lines, story, score) {
            ways.push(way);
        }
    };
    if own.is_none() {
        for fact in &facts {
            add(vec![fact.clone()], 0.8);
        }
    }
    let lead = |text: String, source: LineSource| {
        let line = Line { text, source };
        std::iter::once(line).chain(own.clone()).collect()
    };
    for (text, _) in promises(brief, story) {
        add(
            lead(text, LineSource::Source(SourceId(TOPIC.to_owned()))),
            0.5,
        );
    }
    if let Some((topic, asks)) = named(brief, story) {
        let (announced, asked) = if asks {
            (phrases::REASONS, phrases::wonders(brief.tone))
        } else {
            (
                phrases::announcements(brief.tone),
                phrases::questions(brief.tone),
            )
        };
        for (phrase, score) in announced
            .iter()
            .map(|phrase| (phrase, 0.5))
            .chain(asked.iter().map(|phrase| (phrase, 0.2)))
        {
            let source = LineSource::Source(SourceId(TOPIC.to_owned()));
            add(lead(phrase.replace("{}", &topic), source), score);
        }
    }
    if english {
        for phrase in phrases::OPENERS {
            add(lead((*phrase).to_owned(), LineSource::Phrase), 0.0);
        }
    }
    ways
}

impl Opening {
    /// A way to open with these lines, its form that of the first line which says something; none without lines.
    pub(crate) fn of(lines: Vec<Line>, story: &Story, score: f64) -> Option<Self> {
        let says = |line: &&Line| line.source != LineSource::Phrase;
        let main = lines.iter().find(says).or(lines.first())?;
        let first = lines.first()?;
        let form = if first.text.ends_with('?') {
            HookForm::Question
        } else if main.source == LineSource::Phrase {
            HookForm::Statement
        } else {
            form_of(&main.text)
        };
        Some(Self {
            form,
            on_screen: crate::screen::screen_text(&main.text, story),
            lines,
            score,
        })
    }
}
