//! Writing what is said, scene by scene.

use domain::quality::{Action, Feedback};
use domain::{Arc, Brief, Line, LineSource, Role, Scene, Script, SourceId, Story, Visual};

use crate::ask::request;
use crate::banned::WordList;
use crate::hook::hook_words;
use crate::pace::{planned_wpm, spoken_words, word_budget};
use crate::phrases::{self, choose};
use crate::revise::{Cut, Revision, Told};
use crate::shorten::{finished, for_speech};
use crate::story::TOPIC;
use crate::wishes::{Wishes, holds, stretch};
use crate::{WriterError, visual};

/// The most scenes of a script.
const MOST_SCENES: usize = 40;

/// Lines are put together into one scene up to this many average words: about six seconds.
const FULL_SCENE: f64 = 16.0;

/// How much longer than asked for a script may be.
const PLAY: f64 = 1.04;

/// A line of at least this many average words is a scene of its own.
const OWN_SCENE: f64 = 7.5;

/// The turns of speech that a script is seasoned with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asides {
    turn: Option<&'static str>,
    payoff: Option<&'static str>,
}

impl Asides {
    /// Their length in average words.
    pub(crate) fn words(&self) -> f64 {
        [self.turn, self.payoff]
            .into_iter()
            .flatten()
            .map(spoken_words)
            .sum()
    }
}

/// Chooses the phrases for a script whose middle is `words` average words long: none for short ones, which have no time for them.
pub(crate) fn asides(brief: &Brief, words: f64) -> Asides {
    Asides {
        turn: (words >= 75.0)
            .then(|| choose(phrases::turns(brief.tone), brief, "turn"))
            .flatten(),
        payoff: (words >= 50.0)
            .then(|| choose(phrases::payoffs(brief.tone), brief, "payoff"))
            .flatten(),
    }
}

/// Chooses the phrases by what feedback asks for: a question before the turn, to the viewer where that is asked for; none that were found fault
/// with.
fn asides_again(brief: &Brief, words: f64, wishes: Wishes<'_>) -> Asides {
    let quiet =
        wishes.ask(|action| matches!(action, Action::KeepRegister { .. } | Action::KeepMood));
    let usual = if quiet {
        Asides::default()
    } else {
        asides(brief, words)
    };
    let disliked = wishes.places(|action| match action {
        Action::DropFiller { phrases }
        | Action::AvoidPhrases { phrases }
        | Action::SayOnce { phrases } => Some(phrases),
        _ => None,
    });
    let kept = |phrase: &&'static str| {
        !disliked
            .iter()
            .any(|place| place.is_in(phrase) || holds(&place.text, phrase))
    };
    let personal = wishes.ask(|action| matches!(action, Action::SpeakToViewer));
    let curious = wishes.ask(|action| matches!(action, Action::RaiseQuestion));
    let inquiries: Vec<&'static str> = phrases::inquiries(brief.tone)
        .iter()
        .copied()
        .filter(|phrase| kept(phrase) && (!personal || holds(phrase, "you")))
        .collect();
    let question = (personal || curious).then(|| choose(&inquiries, brief, "inquiry"));
    Asides {
        turn: question.flatten().or(usual.turn.filter(kept)),
        // One turn of speech is enough where it asks.
        payoff: usual
            .payoff
            .filter(|phrase| kept(phrase) && question.flatten().is_none()),
    }
}

/// Writes the script of a story: a sentence or two a scene, each shortened for speech and shown in the layout that suits it.
pub fn script(brief: &Brief, story: &Story) -> Result<Script, WriterError> {
    let lines = told(brief, story)?;
    let asides = asides(brief, word_budget(brief) - closing_words(brief, story));
    let room = word_budget(brief) * PLAY - spoken_without_middle(brief, story);
    Ok(written(brief, story, &lines, &asides, room))
}

/// Writes the script of a story again, acting on what feedback asks for as far as deletions, the story's other sources and the writer's own turns
/// of speech go. What else it asks for is left to other writers.
pub fn script_again(
    brief: &Brief,
    story: &Story,
    feedback: &Feedback,
) -> Result<Script, WriterError> {
    let earlier = script(brief, story)?;
    let wishes = Wishes(feedback);
    let brief = &wishes.brief(brief);
    let asides = asides_again(
        brief,
        word_budget(brief) - closing_words(brief, story),
        wishes,
    );
    let budget = word_budget(brief) * stretch(feedback).max(1.0);
    let others = spoken_without_middle(brief, story);
    let revision = Revision {
        story,
        wishes,
        earlier: &earlier,
        banned: WordList::banned(&brief.brand),
        voice: WordList::voice(&brief.brand),
        english: brief.language.0 == "en",
        // The hook may become longer beside it.
        room: budget - others - asides.words(),
    };
    let lines = revision.of(told(brief, story)?);
    let mut script = written(brief, story, &lines, &asides, budget * PLAY - others);
    if wishes.ask(|action| matches!(action, Action::NameBrand { .. })) {
        sign(&mut script, brief);
    }
    Ok(script)
}

/// Says the brand's name before the call to action.
fn sign(script: &mut Script, brief: &Brief) {
    let name = brief.brand.name.as_deref().unwrap_or_default();
    let banned = WordList::banned(&brief.brand).hit(name);
    if let Some(closing) = script
        .scenes
        .last_mut()
        .filter(|_| !banned && !name.trim().is_empty())
    {
        let line = Line {
            text: finished(name),
            source: LineSource::Brand,
        };
        closing.lines.insert(0, line);
    }
}

/// The lines of a story's middle, shortened for speech.
fn told(brief: &Brief, story: &Story) -> Result<Vec<Told>, WriterError> {
    let english = brief.language.0 == "en";
    let mut lines = Vec::new();
    for beat in &story.beats {
        if matches!(beat.role, Role::Hook | Role::CallToAction) {
            continue;
        }
        for id in &beat.sources {
            let source = story
                .sources
                .iter()
                .find(|source| source.id == *id)
                .ok_or_else(|| WriterError::UnknownSource(id.0.clone()))?;
            lines.push(Told {
                role: beat.role,
                line: Line {
                    text: for_speech(&source.text, english),
                    source: LineSource::Source(id.clone()),
                },
                cut: Cut::Free,
            });
        }
    }
    Ok(lines)
}

/// How long the call to action is in average words.
fn closing_words(brief: &Brief, story: &Story) -> f64 {
    let lines = closing_lines(brief, &story.title, story.arc);
    lines.iter().map(|line| spoken_words(&line.text)).sum()
}

fn spoken_without_middle(brief: &Brief, story: &Story) -> f64 {
    closing_words(brief, story) + hook_words(brief, story)
}

/// Puts lines into scenes between the hook's and the call to action's, and the asides between them as far as the `room` of the
/// middle (in average words) allows.
fn written(brief: &Brief, story: &Story, lines: &[Told], asides: &Asides, room: f64) -> Script {
    let words: f64 = lines.iter().map(|told| spoken_words(&told.line.text)).sum();
    let mut full = FULL_SCENE;
    let middle = loop {
        let scenes = grouped(lines, full, story);
        if scenes.len() <= MOST_SCENES - 2 || full > 1e6 {
            break scenes;
        }
        full *= 1.5;
    };
    let mut scenes = vec![opening_scene(brief, story)];
    scenes.extend(middle);
    scenes.push(closing_scene(brief, story));
    season(&mut scenes, asides, room - words);
    Script {
        scenes,
        planned_wpm: planned_wpm(brief.tone),
    }
}

/// Puts the phrases in, as far as the `room` (in average words) allows: one before the turn, one before the last thing told.
fn season(scenes: &mut [Scene], asides: &Asides, mut room: f64) {
    let told: Vec<usize> = (1..scenes.len().saturating_sub(1)).collect();
    let turn = told
        .iter()
        .copied()
        .find(|&at| scenes[at].role == Role::Turn);
    for (scene, phrase, last) in [
        (told.last().copied(), asides.payoff, true),
        (turn, asides.turn, false),
    ] {
        let Some(phrase) = phrase.filter(|phrase| spoken_words(phrase) <= room) else {
            continue;
        };
        if let Some(at) = scene.filter(|_| told.len() >= 3) {
            room -= spoken_words(phrase);
            let lines = &mut scenes[at].lines;
            let before = if last {
                lines.len().saturating_sub(1)
            } else {
                0
            };
            lines.insert(
                before,
                Line {
                    text: phrase.to_owned(),
                    source: LineSource::Phrase,
                },
            );
        }
    }
}

/// Puts short lines that follow each other into one scene.
fn grouped(lines: &[Told], full: f64, story: &Story) -> Vec<Scene> {
    let mut groups: Vec<(Role, f64, Vec<Line>)> = Vec::new();
    for Told { role, line, cut } in lines {
        let words = spoken_words(&line.text);
        let joins = |sum: f64, group: &[Line]| match cut {
            Cut::Never => true,
            // Where there are too many scenes anyway, nothing parts what would stand together.
            Cut::Before if full <= FULL_SCENE => false,
            // Figures that make one chart are told over it.
            _ if sum + words <= 2.0 * FULL_SCENE && visual::joins(group, line, story) => true,
            _ => sum + words <= full && (words < OWN_SCENE || sum < OWN_SCENE || full > FULL_SCENE),
        };
        match groups.last_mut() {
            Some((_, sum, group)) if joins(*sum, group) => {
                *sum += words;
                group.push(line.clone());
            }
            _ => groups.push((*role, words, vec![line.clone()])),
        }
    }
    let mut scenes: Vec<Scene> = groups
        .into_iter()
        .map(|(role, _, lines)| scene(role, lines, story))
        .collect();
    for at in 1..scenes.len() {
        let (before, now) = (&scenes[at - 1].visual, &scenes[at]);
        if let Some(other) = visual::other_figure(now, before, story) {
            scenes[at].visual = other;
        }
    }
    scenes
}

/// A scene for these lines, shown in the layout that suits the one that says most.
pub fn scene(role: Role, lines: Vec<Line>, story: &Story) -> Scene {
    let telling: Vec<&Line> = lines.iter().filter(|line| visual::tells(line)).collect();
    let chart = visual::of_figures(&telling, story);
    let main = telling
        .into_iter()
        .map(|line| (visual::of_line(line, story), spoken_words(&line.text)))
        .max_by(|a, b| {
            let rank = |visual: &Visual| match visual {
                Visual::Statement { .. } => 0,
                Visual::IconStatement { .. } => 1,
                _ => 2,
            };
            rank(&a.0).cmp(&rank(&b.0)).then(a.1.total_cmp(&b.1))
        });
    let visual = chart
        .or(main.map(|(visual, _)| visual))
        .unwrap_or_else(|| Visual::Statement {
            text: story.title.clone(),
            emphasis: None,
        });
    Scene {
        role,
        lines,
        visual,
        moving: false,
        backdrop: None,
    }
}

/// The hook's scene: the title behind, the hook's own words moving over it.
pub fn opening_scene(brief: &Brief, story: &Story) -> Scene {
    let kicker = brief
        .brand
        .name
        .clone()
        .filter(|name| !name.trim().is_empty() && !WordList::banned(&brief.brand).hit(name));
    Scene {
        role: Role::Hook,
        lines: Vec::new(),
        visual: Visual::Title {
            title: story.title.clone(),
            kicker,
        },
        moving: true,
        backdrop: None,
    }
}

/// The last scene: the brand's call to action, else a neutral one; in other languages the title, as the writer has no words of its own there.
pub fn closing_scene(brief: &Brief, story: &Story) -> Scene {
    let lines = closing_lines(brief, &story.title, story.arc);
    let text = lines
        .first()
        .map_or(story.title.as_str(), |line| line.text.as_str());
    let text = text.trim_end_matches(['.', '。', '।']).to_owned();
    let name = brief
        .brand
        .name
        .clone()
        .filter(|name| !name.trim().is_empty() && !WordList::banned(&brief.brand).hit(name));
    Scene {
        role: Role::CallToAction,
        visual: Visual::CallToAction { text, brand: name },
        lines,
        moving: true,
        backdrop: None,
    }
}

/// What the viewer is asked to do: what the brand asks, else what fits the arc.
pub(crate) fn closing_lines(brief: &Brief, title: &str, arc: Arc) -> Vec<Line> {
    let banned = WordList::banned(&brief.brand);
    let own = brief
        .brand
        .call_to_action
        .as_deref()
        .map(str::trim)
        .filter(|text| text.chars().any(char::is_alphanumeric) && !banned.hit(text));
    let line = match (
        own,
        request(arc, phrases::requests(brief.tone), brief, "call to action"),
    ) {
        (Some(text), _) => Line {
            text: finished(text),
            source: LineSource::Brand,
        },
        (None, Some(phrase)) => Line {
            text: phrase.to_owned(),
            source: LineSource::Phrase,
        },
        (None, None) => Line {
            text: finished(title),
            source: LineSource::Source(SourceId(TOPIC.to_owned())),
        },
    };
    vec![line]
}
