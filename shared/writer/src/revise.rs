//! Changing what a script tells by what was wrong with an earlier one.

use domain::quality::Action;
use domain::{Line, LineSource, Role, Script, SourceId, SourceSentence, Story};

use crate::anaphora::may_point_back;
use crate::banned::WordList;
use crate::faults::Faults;
use crate::pace::spoken_words;
use crate::recut::recut;
use crate::seams::{parted, shorter};
use crate::shorten::{finished, for_speech};
use crate::taste::Taste;
use crate::trace::borne_out;
use crate::wishes::{Place, Wishes, holds, sources_at, stretch};
use crate::words::{content, count};

/// A line on its way to its scene.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) role: Role,
    pub(crate) line: Line,
    pub(crate) cut: Cut,
}

/// Whether a line begins a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// As its length has it.
    Free,
    /// It does.
    Before,
    /// It doesn't.
    Never,
}

impl Told {
    pub(crate) fn id(&self) -> Option<&SourceId> {
        match &self.line.source {
            LineSource::Source(id) => Some(id),
            _ => None,
        }
    }

    fn words(&self) -> f64 {
        spoken_words(&self.line.text)
    }
}

/// What is to be changed, and what it is held to.
pub(crate) struct Revision<'a> {
    pub(crate) story: &'a Story,
    pub(crate) wishes: Wishes<'a>,
    /// The script that the feedback's places are looked up in.
    pub(crate) earlier: &'a Script,
    pub(crate) banned: WordList,
    pub(crate) voice: WordList,
    pub(crate) english: bool,
    /// How many average words the lines may have.
    pub(crate) room: f64,
}

/// A line is worth exchanging if another is better by this much.
const WORTHWHILE: f64 = 0.35;

/// A line with this much wrong with it is left out where no other takes its place.
const BAD: f64 = 0.8;

/// What is kept of the length when lines are left out, as a share.
const KEPT: f64 = 0.85;

/// Lines that share more than this of their words say the same.
const SAME: f64 = 0.5;

/// At most so many sentences are told in two for the sake of change.
const PARTED: usize = 2;

impl Revision<'_> {
    /// The lines as the feedback would have them: worded anew, exchanged for others of the story's sources, left out. A key point that holds no
    /// banned word is always kept.
    pub(crate) fn of(&self, lines: Vec<Told>) -> Vec<Told> {
        let before = total(&lines);
        let goal = (before * stretch(self.wishes.0)).min(self.room);
        let faults = Faults::find(self.wishes, self.earlier);
        let taste = Taste::of(self.wishes);
        let mut lines = lines;
        lines.retain(|told| !self.banned.hit(&told.line.text));
        self.reword(&mut lines);
        self.exchange(&mut lines, &faults, taste, goal);
        self.leave_out(&mut lines, &faults, goal);
        self.fit(&mut lines, &faults, taste, goal);
        self.vary(&mut lines);
        recut(&mut lines, self.wishes, self.earlier, self.story);
        lines
    }

    /// Words lines anew by taking away: filler, clauses, or the seam between two.
    fn reword(&self, lines: &mut Vec<Told>) {
        let filler = self.wishes.places(|action| match action {
            Action::DropFiller { phrases } => Some(phrases),
            _ => None,
        });
        let claims = self.wishes.places(|action| match action {
            Action::RequireClaims { claims } => Some(claims),
            _ => None,
        });
        let too_long = self.wishes.places(|action| match action {
            Action::ShortenSentences { sentences } => Some(sentences),
            _ => None,
        });
        let all_long = self.wishes.ask(|action| matches!(action, Action::ShortenSentences { sentences } if sentences.is_empty()));
        let long: Vec<&SourceId> = too_long
            .iter()
            .flat_map(|place| sources_at(place, self.earlier))
            .collect();
        let mut reworded = Vec::with_capacity(lines.len());
        for mut told in lines.drain(..) {
            let Some(source) = told.id().and_then(|id| self.source(id)) else {
                reworded.push(told);
                continue;
            };
            if claims.iter().any(|claim| holds(&source.text, &claim.text)) {
                told.line.text = finished(&source.text);
            }
            for phrase in &filler {
                if let Some(text) = without(&told.line.text, phrase, &source.text) {
                    told.line.text = text;
                }
            }
            let shorten = all_long || long.contains(&&source.id);
            let parts = shorter(&told.line.text, &source.text).filter(|_| shorten && self.english);
            match parts {
                Some(parts) => reworded.extend(split(&told, parts)),
                None => reworded.push(told),
            }
        }
        *lines = reworded;
    }

    /// Exchanges lines for the story's other sources where those are clearly better.
    fn exchange(&self, lines: &mut Vec<Told>, faults: &Faults, taste: Taste, goal: f64) {
        for _ in 0..lines.len().div_ceil(3) {
            let now = total(lines);
            let mut best: Option<(f64, usize, Told)> = None;
            for at in (0..lines.len()).filter(|&at| self.free(lines, at)) {
                let merit =
                    taste.merit(&lines[at].line.text, &self.voice) - faults.weight(&lines[at].line);
                let without: Vec<Told> = [&lines[..at], &lines[at + 1..]].concat();
                for spare in self.spares(&without, faults) {
                    let then = now - lines[at].words() + spare.words();
                    let fits = then <= goal * 1.03 + 0.5 && then >= goal * 0.93 - 2.0
                        || (then - goal).abs() <= (now - goal).abs();
                    let gain = taste.merit(&spare.line.text, &self.voice) - merit;
                    let price = gain - (then - goal).abs() / goal.max(1.0);
                    let better = best.as_ref().is_none_or(|(known, ..)| price > *known);
                    if fits && gain >= WORTHWHILE && better {
                        best = Some((price, at, spare));
                    }
                }
            }
            let Some((_, at, spare)) = best else { return };
            lines.remove(at);
            place(lines, spare);
        }
    }

    /// Leaves out the worst lines, with what takes them up, while enough is left or kept in reserve.
    fn leave_out(&self, lines: &mut Vec<Told>, faults: &Faults, goal: f64) {
        loop {
            let worst = (0..lines.len())
                .filter(|&at| faults.weight(&lines[at].line) >= BAD)
                .filter(|&at| lines[at].id().is_some_and(|id| number(id).is_some()))
                .filter(|&at| {
                    let left = total(lines) - total(&lines[at..self.end(lines, at)]);
                    left + self.in_reserve(lines, faults) >= goal * KEPT
                })
                .max_by(|&a, &b| {
                    let weight = |at: usize| faults.weight(&lines[at].line);
                    weight(a).total_cmp(&weight(b)).then(a.cmp(&b))
                });
            match worst.map(|at| at..self.end(lines, at)) {
                Some(range) if lines.len() > range.len() + 1 => lines.drain(range),
                _ => return,
            };
        }
    }

    /// Brings the length to the goal: lines that are liked least go, others come in.
    fn fit(&self, lines: &mut Vec<Told>, faults: &Faults, taste: Taste, goal: f64) {
        let merit =
            |told: &Told| taste.merit(&told.line.text, &self.voice) - faults.weight(&told.line);
        while total(lines) > goal * 1.02 + 0.5 && lines.len() > 2 {
            let now = total(lines);
            let least = (0..lines.len())
                .filter(|&at| self.free(lines, at))
                .filter(|&at| (now - lines[at].words() - goal).abs() < (now - goal).abs())
                .min_by(|&a, &b| {
                    merit(&lines[a])
                        .total_cmp(&merit(&lines[b]))
                        .then(b.cmp(&a))
                });
            let Some(at) = least else { break };
            lines.remove(at);
        }
        loop {
            let short = goal - total(lines);
            let spare = self
                .spares(lines, faults)
                .into_iter()
                .filter(|spare| spare.words() <= short + goal * 0.03)
                .max_by(|a, b| merit(a).total_cmp(&merit(b)));
            match spare {
                Some(spare) if short > goal * 0.07 => place(lines, spare),
                _ => return,
            }
        }
    }

    /// Tells long sentences in two, so that short ones stand beside long ones.
    fn vary(&self, lines: &mut Vec<Told>) {
        if !self.english
            || !self
                .wishes
                .ask(|action| matches!(action, Action::VarySentences))
        {
            return;
        }
        for _ in 0..PARTED {
            let longest = (0..lines.len())
                .filter_map(|at| {
                    let source = self.source(lines[at].id()?)?;
                    Some((at, parted(&lines[at].line.text, &source.text)?))
                })
                .max_by_key(|(at, _)| (count(&lines[*at].line.text), usize::MAX - at));
            let Some((at, two)) = longest else { return };
            let told = lines.remove(at);
            lines.splice(at..at, split(&told, two.into()));
        }
    }

    /// Where the lines end that take up the one at a place, each the one before it.
    fn end(&self, lines: &[Told], at: usize) -> usize {
        let mut end = at + 1;
        while self.leans(lines, end) {
            end += 1;
        }
        end
    }

    /// How many average words the story's other sources have.
    fn in_reserve(&self, lines: &[Told], faults: &Faults) -> f64 {
        self.spares(lines, faults).iter().map(Told::words).sum()
    }

    /// Whether a line is another part of the sentence before it, or takes that up.
    fn leans(&self, lines: &[Told], at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| lines.get(before)?.id());
        match (before, lines.get(at).and_then(Told::id)) {
            (Some(before), Some(next)) => before == next || self.takes_up(next, before),
            _ => false,
        }
    }

    /// Whether a line may go: no key point, and nothing that the next one takes up.
    fn free(&self, lines: &[Told], at: usize) -> bool {
        let numbered = lines[at].id().is_some_and(|id| number(id).is_some());
        lines.len() > 1 && numbered && !self.leans(lines, at + 1)
    }

    /// Whether a sentence of the source text takes up the one before it.
    fn takes_up(&self, next: &SourceId, id: &SourceId) -> bool {
        matches!((number(next), number(id)), (Some(next), Some(id)) if next == id + 1)
            && self
                .source(next)
                .is_some_and(|source| may_point_back(&source.text))
    }

    /// The story's sources that nothing tells yet, as lines: none that holds what is found fault with, or says what is said.
    fn spares(&self, lines: &[Told], faults: &Faults) -> Vec<Told> {
        let in_beats = |id: &SourceId| {
            let beats = &self.story.beats;
            beats.iter().any(|beat| beat.sources.contains(id))
        };
        let told = |id: &SourceId| lines.iter().any(|told| told.id() == Some(id));
        let said: Vec<Vec<String>> = lines.iter().map(|told| content(&told.line.text)).collect();
        let free = self.story.sources.iter().filter(|source| {
            number(&source.id).is_some() && !in_beats(&source.id) && !told(&source.id)
        });
        free.filter(|source| !(self.english && may_point_back(&source.text)))
            .filter_map(|source| {
                let text = for_speech(&source.text, self.english);
                let own = content(&text);
                let again = said.iter().any(|said| shared(&own, said) >= SAME);
                let fine = !again && !self.banned.hit(&text) && !faults.touch(&text);
                fine.then(|| Told {
                    role: Role::Turn,
                    line: Line {
                        text,
                        source: LineSource::Source(source.id.clone()),
                    },
                    cut: Cut::Free,
                })
            })
            .collect()
    }

    fn source(&self, id: &SourceId) -> Option<&SourceSentence> {
        self.story.sources.iter().find(|source| source.id == *id)
    }
}

fn total(lines: &[Told]) -> f64 {
    lines.iter().map(Told::words).sum()
}

/// The place of a sentence in the source text; none for key points and the topic.
fn number(id: &SourceId) -> Option<usize> {
    id.0.strip_prefix('s')?.parse().ok()
}

pub(crate) fn split(told: &Told, parts: Vec<String>) -> impl Iterator<Item = Told> {
    let told = told.clone();
    parts.into_iter().map(move |text| Told {
        line: Line {
            text,
            source: told.line.source.clone(),
        },
        ..told.clone()
    })
}

/// Puts a sentence where the source text has it, behind what comes before it there.
fn place(lines: &mut Vec<Told>, mut told: Told) {
    let Some(own) = told.id().and_then(number) else {
        return;
    };
    let before = |other: &Told| other.id().and_then(number).is_some_and(|at| at < own);
    let behind = |other: &Told| other.id().and_then(number).is_some_and(|at| at > own);
    let at = lines.iter().rposition(before).map_or_else(
        || lines.iter().position(behind).unwrap_or(lines.len()),
        |at| at + 1,
    );
    let beside = at.checked_sub(1).or((!lines.is_empty()).then_some(0));
    told.role = beside
        .and_then(|at| lines.get(at))
        .map_or(Role::Context, |beside| beside.role);
    lines.insert(at, told);
}

/// How much of the shorter of two texts' content words stands in both.
fn shared(a: &[String], b: &[String]) -> f64 {
    let both = a.iter().filter(|word| b.contains(word)).count();
    both as f64 / a.len().min(b.len()).max(1) as f64
}

/// A line without a phrase that says nothing; none if the line doesn't hold it, is nothing without it, or would then say something else.
fn without(text: &str, phrase: &Place, source: &str) -> Option<String> {
    let wanted = phrase.text.trim_matches(|c: char| !c.is_alphanumeric());
    let at = text.find(wanted).filter(|_| phrase.is_in(text))?;
    let (head, tail) = (&text[..at], &text[at + wanted.len()..]);
    let tail = tail.trim_start_matches([',', ' ']);
    let text = finished(&format!("{head}{tail}"));
    (count(&text) >= 3 && borne_out(&text, source)).then_some(text)
}
