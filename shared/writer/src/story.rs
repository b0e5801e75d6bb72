//! Finding what is worth telling and laying it on an arc.

use domain::quality::{Action, Feedback};
use domain::{Arc, Beat, Brief, Role, SourceId, SourceSentence, Story};

use crate::WriterError;
use crate::arcs::{Plan, plans};
use crate::hook::{best_fact, hook_words};
use crate::interest::feeling;
use crate::laid::laid;
use crate::pace::{spoken_words, word_budget};
use crate::rank::{ending, follows, scores, select, similarity};
use crate::script::{asides, closing_lines};
use crate::seed::Choice;
use crate::sources::{Candidate, Material, Origin, material};
use crate::spare::Spare;
use crate::title::shown;
use crate::wishes::{Place, Wishes, holds};

/// The id of the topic as a source.
pub(crate) const TOPIC: &str = "t";

/// Finds the story of a brief: which sentences are told, in which order, and which ones the hook may use.
pub fn story(brief: &Brief) -> Result<Story, WriterError> {
    let material = material(brief)?;
    let scores = scores(&material, brief);
    Ok(laid_out(brief, &material, &scores))
}

/// Finds the story of a brief again, acting on what feedback asks for: sentences that leave cold rank lower and those that move people higher;
/// a story that was told before is told from other sentences where there are such.
pub fn story_again(brief: &Brief, feedback: &Feedback) -> Result<Story, WriterError> {
    let wishes = Wishes(feedback);
    let earlier = story(brief)?;
    let brief = &wishes.brief(brief);
    let material = material(brief)?;
    let differently = wishes.ask(|action| matches!(action, Action::TellDifferently));
    let mut scores = if differently {
        let seed = Choice::new(brief.seed, &format!("after round {}", wishes.of_round())).seed();
        let reseeded = Brief {
            seed,
            ..brief.clone()
        };
        scores(&material, &reseeded)
    } else {
        scores(&material, brief)
    };
    let cold = wishes.places(|action| match action {
        Action::OtherSources { instead_of } => Some(instead_of),
        _ => None,
    });
    let moving = wishes.ask(|action| matches!(action, Action::OtherSources { .. }));
    let told = |id: &SourceId| {
        let mut beats = earlier.beats.iter().filter(|beat| beat.role != Role::Hook);
        beats.any(|beat| beat.sources.contains(id))
    };
    for (score, candidate) in scores.iter_mut().zip(&material.candidates) {
        let leaves_cold =
            |place: &Place| place.is_in(&candidate.spoken) || holds(&place.text, &candidate.spoken);
        if cold.iter().any(leaves_cold) {
            *score -= COLD;
        }
        if moving {
            *score += MOVING * feeling(&candidate.spoken);
        }
        if differently && told(&candidate.id) {
            *score -= TOLD_BEFORE;
        }
    }
    Ok(laid_out(brief, &material, &scores))
}

/// What a sentence loses that leaves its reader cold.
const COLD: f64 = 0.4;

/// What a sentence gains that moves people.
const MOVING: f64 = 0.5;

/// What a sentence loses that was told before.
const TOLD_BEFORE: f64 = 0.3;

/// Lays out a story from what its sentences are worth, on the best arc that they offer in its time.
fn laid_out(brief: &Brief, material: &Material, scores: &[f64]) -> Story {
    let explanation = Plan::explanation();
    let all = plans(brief, material, scores);
    let (plan, told) = all
        .iter()
        .map(|plan| (plan, Told::of(plan, brief, material, scores)))
        .find(|(plan, told)| told.in_time && plan.holds(&material.candidates, &told.all()))
        .unwrap_or_else(|| {
            (
                &explanation,
                Told::of(&explanation, brief, material, scores),
            )
        });
    told.on(plan, material, scores)
}

/// What is told of a brief's sentences.
struct Told {
    /// By the hook.
    fact: Option<usize>,
    /// After it.
    chosen: Vec<usize>,
    /// What the source text ends on, if that is told.
    last: Option<usize>,
    /// Whether there is time for what the arc can't do without.
    in_time: bool,
}

impl Told {
    /// Chooses what is told around what an arc can't do without.
    fn of(plan: &Plan, brief: &Brief, material: &Material, scores: &[f64]) -> Self {
        let all = &material.candidates;
        let closing: f64 = closing_lines(brief, &material.title, plan.arc)
            .iter()
            .map(|line| spoken_words(&line.text))
            .sum();
        let middle = word_budget(brief) - closing;
        let fact = best_fact(material, scores, brief, plan, middle);
        let opening = |fact: Option<usize>| {
            let told: Vec<usize> = fact.into_iter().collect();
            let beat = Beat {
                role: Role::Hook,
                sources: ids(all, &told),
            };
            hook_words(brief, &assemble(material, plan.arc, None, vec![beat], &[]))
        };
        let budget = middle - opening(fact) - asides(brief, middle).words();
        let points = (0..all.len()).filter(|&at| all[at].origin == Origin::KeyPoint);
        let mut must: Vec<usize> = points.filter(|&at| Some(at) != fact).collect();
        let said_anyway: f64 = must.iter().map(|&at| all[at].words).sum();
        for at in plan.must(fact) {
            if !must.contains(&at) {
                must.push(at);
            }
        }
        let spoken: f64 = must.iter().map(|&at| all[at].words).sum();
        let in_time = spoken <= budget.max(said_anyway);
        let last = if plan.ends.is_none() {
            ending(material, scores, fact, budget - spoken).filter(|at| !must.contains(at))
        } else {
            None
        };
        must.extend(last);
        let mut chosen = select(material, scores, &must, fact, budget);
        if chosen.is_empty() {
            chosen.extend(at_least_one(all, scores, fact).or(fact));
        }
        Self {
            fact,
            chosen,
            last,
            in_time,
        }
    }

    /// Everything that is told.
    fn all(&self) -> Vec<usize> {
        self.chosen.iter().copied().chain(self.fact).collect()
    }

    /// The story of it.
    fn on(&self, plan: &Plan, material: &Material, scores: &[f64]) -> Story {
        let all = &material.candidates;
        let order = telling_order(all, &self.chosen, self.fact, self.last);
        let spare = Spare::of(material, scores, &self.all());
        let mut beats = vec![Beat {
            role: Role::Hook,
            sources: opening_sources(all, self.fact, &spare.openings),
        }];
        let middle = laid(plan, all, scores, &order).into_iter();
        beats.extend(middle.map(|(role, part)| Beat {
            role,
            sources: ids(all, &part),
        }));
        beats.push(Beat {
            role: Role::CallToAction,
            sources: Vec::new(),
        });
        assemble(material, plan.arc, None, beats, &ids(all, &spare.lines))
    }
}

/// What is told where nothing stands by itself: better a sentence that leans than none, and the topic rather than silence.
fn at_least_one(all: &[Candidate], scores: &[f64], fact: Option<usize>) -> Option<usize> {
    let rank = |at: usize| {
        (
            all[at].origin != Origin::Topic,
            !all[at].asks,
            !all[at].leans,
        )
    };
    (0..all.len())
        .filter(|&at| Some(at) != fact)
        .max_by(|&a, &b| {
            rank(a)
                .cmp(&rank(b))
                .then(scores[a].total_cmp(&scores[b]))
                .then(b.cmp(&a))
        })
}

/// A story of another writer's choice: its arc, and its beats with the sentences they name, taken from this brief's material. The first beat
/// must be the hook, the last the call to action, and those between name at least one sentence each.
pub fn story_from(
    material: &Material,
    arc: Arc,
    title: Option<&str>,
    beats: Vec<Beat>,
) -> Result<Story, WriterError> {
    let known = |id: &SourceId| {
        material
            .candidates
            .iter()
            .any(|candidate| candidate.id == *id)
            || id.0 == TOPIC
    };
    if let Some(unknown) = beats
        .iter()
        .flat_map(|beat| &beat.sources)
        .find(|id| !known(id))
    {
        return Err(WriterError::UnknownSource(unknown.0.clone()));
    }
    Ok(assemble(material, arc, title, beats, &[]))
}

fn ids(all: &[Candidate], picked: &[usize]) -> Vec<SourceId> {
    picked.iter().map(|&at| all[at].id.clone()).collect()
}

/// What a hook may be told from: the fact that opens best (the topic, if there is none), then those that it may be exchanged for.
fn opening_sources(all: &[Candidate], fact: Option<usize>, others: &[usize]) -> Vec<SourceId> {
    let mut sources = ids(all, &fact.into_iter().collect::<Vec<_>>());
    if sources.is_empty() && !others.is_empty() {
        sources.push(SourceId(TOPIC.to_owned()));
    }
    sources.extend(ids(all, others));
    sources
}

/// Puts the sentences that the beats name, those `beside` them that a later round may tell, and the topic together with the beats.
fn assemble(
    material: &Material,
    arc: Arc,
    title: Option<&str>,
    beats: Vec<Beat>,
    beside: &[SourceId],
) -> Story {
    let named =
        |id: &SourceId| beside.contains(id) || beats.iter().any(|beat| beat.sources.contains(id));
    let mut sources: Vec<SourceSentence> = material
        .sources()
        .filter(|source| named(&source.id) || source.id.0 == TOPIC)
        .collect();
    if !sources.iter().any(|source| source.id.0 == TOPIC) {
        sources.push(SourceSentence {
            id: SourceId(TOPIC.to_owned()),
            text: material.title.clone(),
        });
    }
    let title = title.map_or_else(|| material.title.clone(), shown);
    Story {
        arc,
        title,
        keywords: material.keywords.clone(),
        sources,
        beats,
    }
}

/// Orders what was chosen for telling: the source text's sentences as they stand there, what takes up the hook (`told`) first, the
/// text's ending last; each key point beside the sentence that says most of the same, or where the brief's order puts it.
fn telling_order(
    all: &[Candidate],
    chosen: &[usize],
    told: Option<usize>,
    ending: Option<usize>,
) -> Vec<usize> {
    let points: Vec<usize> = (0..all.len())
        .filter(|&at| all[at].origin == Origin::KeyPoint)
        .collect();
    let sentences: Vec<usize> = (0..all.len())
        .filter(|&at| matches!(all[at].origin, Origin::Sentence(_)))
        .collect();
    let mut taking_up: Vec<usize> = Vec::new();
    if let Some(told) = told {
        let runs_on =
            |at: &usize| *at < all.len() && chosen.contains(at) && follows(&all[at - 1], &all[*at]);
        taking_up.extend((told + 1..).take_while(runs_on));
        if taking_up.first().is_some_and(|&at| !all[at].leans) {
            taking_up.clear();
        }
    }
    let place = |at: usize| -> f64 {
        if taking_up.contains(&at) {
            return -1.0;
        }
        if Some(at) == ending {
            return 2.0;
        }
        if all[at].origin != Origin::KeyPoint {
            return all[at].place;
        }
        let number = points
            .iter()
            .position(|&point| point == at)
            .unwrap_or_default() as f64;
        let nearest = sentences
            .iter()
            .map(|&sentence| (similarity(&all[at], &all[sentence]), sentence))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .filter(|(near, _)| *near >= 0.3 && !chosen.is_empty());
        // A hair before the sentence after the one it belongs to, and never between that sentence and one that leans on it.
        nearest.map_or((number + 0.5) / points.len() as f64, |(_, sentence)| {
            let behind = sentences
                .iter()
                .copied()
                .find(|&other| other > sentence && !all[other].leans);
            behind.map_or(1.5, |other| all[other].place - 1e-9)
        })
    };
    let mut order: Vec<usize> = chosen.to_vec();
    if sentences.is_empty() {
        order.sort_unstable();
    } else {
        order.sort_by(|&a, &b| place(a).total_cmp(&place(b)).then(a.cmp(&b)));
    }
    order
}
