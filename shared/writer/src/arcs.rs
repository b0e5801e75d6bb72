//! Which arcs a brief offers.

use domain::{Arc, Beat, Brief, HookForm};

use crate::figure;
use crate::forms::{counts, is_imperative};
use crate::kinds::{
    asks, happened, has, helps, is_now, is_step, leans, says_why, stands, strikes, troubles,
    was_once,
};
use crate::quotation;
use crate::rank::similarity;
use crate::seed::Choice;
use crate::sources::{Candidate, Material, Origin, sayable};
use crate::words::words;

/// The fewest sentences of one kind that make an arc.
const FEWEST: usize = 3;

/// The share of all sentences that makes two steps a how-to.
const MANY: f64 = 0.4;

/// How far the seed may move what an arc is worth.
const PLAY: f64 = 0.2;

/// What an explanation is worth: less than anything that a source is made for.
const EXPLANATION: f64 = 0.4;

/// How far from the ends of a list of key points the first and the last may stand that an arc is told around: their order is the brief's.
const NEAR_END: usize = 2;

/// An arc that a brief offers, and the sentences that it can't do without.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) arc: Arc,
    /// Told first, if the hook doesn't tell it.
    pub(crate) opens: Option<usize>,
    /// Told last.
    pub(crate) ends: Option<usize>,
    /// Told wherever they stand.
    through: Vec<usize>,
    worth: f64,
}

impl Plan {
    /// That of a story which anything can be: told where nothing else is offered.
    pub(crate) fn explanation() -> Self {
        Self::new(Arc::Explanation, EXPLANATION)
    }

    fn new(arc: Arc, worth: f64) -> Self {
        Self {
            arc,
            opens: None,
            ends: None,
            through: Vec::new(),
            worth,
        }
    }

    /// Whether a sentence is kept for its place in the middle: the end, or a step that has others before it.
    pub(crate) fn keeps(&self, at: usize) -> bool {
        self.ends == Some(at) || self.arc == Arc::HowTo && self.through.contains(&at)
    }

    /// What has to be told, but for what the hook tells.
    pub(crate) fn must(&self, fact: Option<usize>) -> Vec<usize> {
        let ends = self.opens.into_iter().chain(self.ends);
        let mut must: Vec<usize> = ends.chain(self.through.iter().copied()).collect();
        must.retain(|&at| Some(at) != fact);
        must.sort_unstable();
        must.dedup();
        must
    }

    /// Whether what is told still is what the arc is made of.
    pub(crate) fn holds(&self, all: &[Candidate], told: &[usize]) -> bool {
        let many = |kind: fn(&Candidate) -> bool, least: usize| {
            told.iter().filter(|&&at| kind(&all[at])).count() >= least
        };
        match self.arc {
            // A how-to leaves out no step.
            Arc::HowTo => self.through.iter().all(|at| told.contains(at)),
            Arc::NumberLed => many(strikes, FEWEST),
            Arc::Chronology => many(happened, FEWEST),
            _ => self
                .opens
                .into_iter()
                .chain(self.ends)
                .all(|at| told.contains(&at)),
        }
    }
}

/// The arcs that a brief offers, the best first: the one that is asked for before all others, where it is among them. The last is always the
/// explanation, which anything can be.
pub(crate) fn plans(brief: &Brief, material: &Material, scores: &[f64]) -> Vec<Plan> {
    let mut play = Choice::new(brief.seed, "arc");
    let mut found: Vec<Plan> = Arc::ALL
        .into_iter()
        .filter_map(|arc| {
            let by_seed = PLAY * play.unit();
            let mut plan = plan(arc, brief, material, scores)?;
            if arc != Arc::Explanation {
                plan.worth += by_seed;
            }
            Some(plan)
        })
        .collect();
    let wished = |plan: &Plan| brief.arc == Some(plan.arc);
    found.sort_by(|a, b| wished(b).cmp(&wished(a)).then(b.worth.total_cmp(&a.worth)));
    found
}

/// The plan of an arc, if the brief offers it.
fn plan(arc: Arc, brief: &Brief, material: &Material, scores: &[f64]) -> Option<Plan> {
    let all = &material.candidates;
    let told: Vec<usize> = (0..all.len())
        .filter(|&at| all[at].origin != Origin::Topic)
        .collect();
    let english = brief.language.0 == "en";
    if !english && !matches!(arc, Arc::Explanation | Arc::QuestionAnswer | Arc::NumberLed) {
        return None;
    }
    let of = |kind: fn(&Candidate) -> bool| -> Vec<usize> {
        let fits = |at: &usize| stands(&all[*at]) && kind(&all[*at]);
        told.iter().copied().filter(fits).collect()
    };
    let best = |found: &[usize]| {
        let by = |a: &usize, b: &usize| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a));
        found.iter().copied().max_by(by)
    };
    let share = |found: &[usize]| found.len() as f64 / told.len().max(1) as f64;
    let topic = words(&brief.topic);
    let instructs = is_imperative(&topic) || topic.starts_with(&["how".into(), "to".into()]);
    let text = told
        .iter()
        .any(|&at| matches!(all[at].origin, Origin::Sentence(_)));
    let first = |at: &usize| text || told.iter().take(NEAR_END).any(|near| near == at);
    let last = |at: &usize| text || told.iter().rev().take(NEAR_END).any(|near| near == at);
    let pair = |one: &[usize], other: &[usize]| {
        let opening: Vec<usize> = one.iter().copied().filter(first).collect();
        let opens = best(&opening)?;
        let behind = other.iter().copied().filter(|&at| at > opens && last(&at));
        Some((opens, best(&behind.collect::<Vec<_>>())?))
    };
    let around = |arc, worth, (opens, ends): (usize, usize)| Plan {
        opens: Some(opens),
        ends: Some(ends),
        ..Plan::new(arc, worth)
    };
    match arc {
        Arc::Explanation => Some(Plan::explanation()),
        Arc::QuestionAnswer => {
            let answering = of(|_| true).into_iter().filter(last).collect::<Vec<_>>();
            let asked = all.iter().find(|c| c.origin == Origin::Topic)?;
            let asks = asked.asks || english && asks(&asked.text);
            (asks && !instructs && told.len() >= FEWEST).then(|| Plan {
                ends: answer(asked, all, english, &answering),
                ..Plan::new(arc, 0.6)
            })
        }
        Arc::NumberLed => {
            let figures = of(strikes);
            let by = |a: &&usize, b: &&usize| {
                let strength =
                    |at: usize| figure::find(&all[at].spoken).map_or(0.0, |f| f.strength);
                (strength(**a) + 0.2 * scores[**a])
                    .total_cmp(&(strength(**b) + 0.2 * scores[**b]))
                    .then(b.cmp(a))
            };
            let ends = figures.iter().max_by(by).copied()?;
            (figures.len() >= FEWEST).then(|| Plan {
                ends: Some(ends),
                through: if figures.len() == FEWEST {
                    figures.clone()
                } else {
                    Vec::new()
                },
                ..Plan::new(arc, 0.4 + 0.4 * share(&figures))
            })
        }
        Arc::BeforeAfter => {
            let found = pair(&of(was_once), &of(is_now))?;
            Some(around(arc, 0.65, found))
        }
        Arc::ProblemSolution => {
            let found = pair(&of(troubles), &of(helps))?;
            Some(around(arc, 0.55, found))
        }
        Arc::MythFact => Some(Plan {
            opens: Some(best(&of(|c| has(c, HookForm::Myth)))?),
            ..Plan::new(arc, 0.75)
        }),
        Arc::QuoteLed => {
            let said = |at: &usize| {
                let c = &all[*at];
                let whose = quotation::find(&c.spoken).and_then(|quotation| quotation.speaker);
                whose.is_some() && !c.leans && sayable(c)
            };
            let quoted: Vec<usize> = told.iter().copied().filter(said).collect();
            Some(Plan {
                opens: Some(best(&quoted)?),
                ..Plan::new(arc, 0.65)
            })
        }
        Arc::HowTo => {
            // A step may take up the one before it.
            let steps: Vec<usize> = (told.iter().copied())
                .filter(|&at| is_step(&all[at]) && sayable(&all[at]))
                .collect();
            let least = if instructs || share(&steps) >= MANY {
                2
            } else {
                FEWEST
            };
            (steps.len() >= least).then(|| Plan {
                worth: 0.45 + 0.4 * share(&steps) + if instructs { 0.2 } else { 0.0 },
                through: steps,
                ..Plan::new(arc, 0.0)
            })
        }
        Arc::Chronology => {
            // Those that take up what happened before count too.
            let events: Vec<usize> = told
                .iter()
                .copied()
                .filter(|&at| happened(&all[at]))
                .collect();
            (events.len() >= FEWEST).then(|| Plan {
                through: if events.len() == FEWEST {
                    events.clone()
                } else {
                    Vec::new()
                },
                ..Plan::new(arc, 0.35 + 0.4 * share(&events))
            })
        }
        Arc::Countdown => {
            let points = told
                .iter()
                .all(|&at| all[at].origin == Origin::KeyPoint && !leans(&all[at]));
            let ordered = of(is_step).len() >= 2 || of(happened).len() >= 2;
            // Whoever lists things without counting them may mean their order.
            let worth = if counts(&topic) { 0.7 } else { 0.1 };
            (points && !ordered && told.len() >= FEWEST).then(|| Plan::new(arc, worth))
        }
    }
}

/// The arc of a story that another writer chose, of which this one is claimed: the explanation where what it tells can't be on that. What can only be
/// understood is believed.
pub fn shown_arc(material: &Material, beats: &[Beat], claimed: Arc) -> Arc {
    let all = &material.candidates;
    let named = |c: &&Candidate| beats.iter().any(|beat| beat.sources.contains(&c.id));
    let told: Vec<&Candidate> = all.iter().filter(named).collect();
    let many = |kind: fn(&Candidate) -> bool| told.iter().filter(|c| kind(c)).count();
    let right = match claimed {
        Arc::QuestionAnswer => all
            .iter()
            .any(|c| c.asks || c.origin == Origin::Topic && asks(&c.text)),
        Arc::NumberLed => many(|c| figure::find(&c.spoken).is_some()) >= 2,
        Arc::HowTo => many(is_step) >= 2,
        Arc::QuoteLed => many(|c| quotation::find(&c.spoken).is_some()) >= 1,
        Arc::Countdown => told.len() >= FEWEST,
        Arc::Explanation
        | Arc::BeforeAfter
        | Arc::MythFact
        | Arc::Chronology
        | Arc::ProblemSolution => true,
    };
    if right { claimed } else { Arc::Explanation }
}

/// The sentence that answers what the topic asks: of those that say any of its words, the one that says most of them, and rather why.
fn answer(topic: &Candidate, all: &[Candidate], english: bool, found: &[usize]) -> Option<usize> {
    let worth = |at: usize| {
        let says_why = english && says_why(&all[at]);
        similarity(&all[at], topic) + if says_why { 0.3 } else { 0.0 } + 0.1 * all[at].place
    };
    let speaks_of_it = |at: &usize| similarity(&all[*at], topic) > 0.0;
    found
        .iter()
        .copied()
        .filter(speaks_of_it)
        .max_by(|&a, &b| worth(a).total_cmp(&worth(b)).then(b.cmp(&a)))
}
