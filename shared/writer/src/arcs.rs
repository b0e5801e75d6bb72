//! Which arcs a brief offers, and how what is told is laid on one.

use domain::{Arc, Beat, Brief, HookForm, Role};

use crate::anaphora::{leans_on_previous, points_nowhere};
use crate::figure;
use crate::forms::{STRIKING, counts, forms_of, is_imperative};
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

/// How it was.
const BEFORE: &[&[&str]] = &[
    &["used", "to"],
    &["was", "once"],
    &["were", "once"],
    &["formerly"],
    &["originally"],
    &["traditionally"],
    &["in", "the", "past"],
    &["years", "ago"],
    &["back", "then"],
    &["for", "centuries"],
    &["at", "first"],
];

/// How it is.
const AFTER: &[&[&str]] = &[
    &["now"],
    &["today"],
    &["nowadays"],
    &["these", "days"],
    &["since", "then"],
    &["no", "longer"],
    &["has", "become"],
    &["have", "become"],
];

/// What goes wrong.
const TROUBLE: &[&str] = &[
    "afraid",
    "attack",
    "attacks",
    "breaks",
    "broke",
    "broken",
    "danger",
    "dangerous",
    "died",
    "difficult",
    "fail",
    "failed",
    "fails",
    "frightened",
    "leak",
    "leaks",
    "lose",
    "loses",
    "lost",
    "mistake",
    "mistakes",
    "pain",
    "problem",
    "problems",
    "risk",
    "risks",
    "shortage",
    "steal",
    "stolen",
    "struggle",
    "struggled",
    "suffer",
    "thief",
    "thieves",
    "threat",
    "tired",
    "trouble",
    "waste",
    "wasted",
    "worse",
    "worst",
    "wrong",
];

/// What helps.
const HELP: &[&str] = &[
    "avoid", "cure", "cures", "fix", "fixed", "fixes", "help", "helped", "helps", "instead",
    "prevent", "prevents", "protect", "protects", "remedy", "repair", "repaired", "replace",
    "replaces", "restored", "safe", "saved", "saves", "solution", "solve", "solved", "solves",
    "spare", "without", "yourself",
];

/// Words that a step may begin with before it says what to do.
const STEPPING: &[&str] = &["first", "then", "next", "finally", "now", "last", "lastly"];

/// Words that say why.
const REASONS: &[&str] = &["because", "so", "why", "reason", "means", "therefore"];

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
            let found = pair(&of(|c| any_of(c, BEFORE)), &of(|c| any_of(c, AFTER)))?;
            Some(around(arc, 0.65, found))
        }
        Arc::ProblemSolution => {
            let found = pair(&of(|c| any_word(c, TROUBLE)), &of(|c| any_word(c, HELP)))?;
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

/// Lays what is told, in its order, on an arc: which sentences are told in which role. A sentence that leans on the one before it stays behind it.
pub(crate) fn laid(
    plan: &Plan,
    all: &[Candidate],
    scores: &[f64],
    order: &[usize],
) -> Vec<(Role, Vec<usize>)> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &at in order {
        match groups.last_mut() {
            Some(group) if leans(&all[at]) => group.push(at),
            _ => groups.push(vec![at]),
        }
    }
    // What takes up the hook stays behind it.
    let held = usize::from(order.first().is_some_and(|&at| leans(&all[at])));
    let free = groups.get_mut(held..).unwrap_or_default();
    match plan.arc {
        Arc::Countdown => free.sort_by(|a, b| worst_first(scores, a, b)),
        Arc::Chronology => in_time(free, all),
        _ => {}
    }
    let find = |groups: &[Vec<usize>], at: Option<usize>| {
        groups
            .iter()
            .position(|group| at.is_some_and(|at| group.contains(&at)))
    };
    let opens = find(&groups, plan.opens).map(|from| {
        let group = groups.remove(from);
        let to = held.min(from);
        groups.insert(to, group);
        to
    });
    let ends = find(&groups, plan.ends).map(|from| {
        let group = groups.remove(from);
        groups.push(group);
    });
    let order: Vec<usize> = groups.concat();
    let n = order.len();
    let (usual_first, usual_last) = match n {
        0 | 1 => (n, n),
        2 => (1, 1),
        _ => (n.div_ceil(4), n - n.div_ceil(8)),
    };
    let ending = groups.last().map_or(0, Vec::len);
    let steps = || order.iter().map(|&at| is_step(&all[at]));
    let (first, last) = match plan.arc {
        _ if n < 2 => (usual_first, usual_last),
        Arc::HowTo => {
            let first = steps().position(|step| step).unwrap_or(usual_first);
            let last = steps()
                .rposition(|step| step)
                .map_or(usual_last, |at| at + 1);
            (first, if last == n { n - 1 } else { last })
        }
        Arc::Countdown => (0, n - 1),
        Arc::Chronology => (groups.first().map_or(0, Vec::len), n - ending),
        _ => {
            let opened = opens.map(|at| groups[..=at].iter().map(Vec::len).sum());
            let last = ends.map_or(usual_last, |()| n - ending);
            (opened.unwrap_or(usual_first), last)
        }
    };
    let last = last.max(first);
    [
        (Role::Context, &order[..first]),
        (Role::Turn, &order[first..last]),
        (Role::Payoff, &order[last..]),
    ]
    .into_iter()
    .filter(|(_, part)| !part.is_empty())
    .map(|(role, part)| (role, part.to_vec()))
    .collect()
}

/// Puts groups in the order of the years that they name, those that name none behind what they stood behind; as they are where one names several.
fn in_time(groups: &mut [Vec<usize>], all: &[Candidate]) {
    let mut latest = 0;
    let mut keys: Vec<(u32, Vec<usize>)> = Vec::new();
    for group in groups.iter() {
        let mut years: Vec<u32> = group.iter().flat_map(|&at| years(&all[at])).collect();
        years.dedup();
        match years[..] {
            [] => {}
            [year] => latest = year,
            _ => return,
        }
        keys.push((latest, group.clone()));
    }
    keys.sort_by_key(|(year, _)| *year);
    for (group, (_, sorted)) in groups.iter_mut().zip(keys) {
        *group = sorted;
    }
}

fn worst_first(scores: &[f64], a: &[usize], b: &[usize]) -> std::cmp::Ordering {
    let best = |group: &[usize]| {
        let scores = group.iter().map(|&at| scores[at]);
        scores.fold(f64::NEG_INFINITY, f64::max)
    };
    best(a).total_cmp(&best(b))
}

fn years(candidate: &Candidate) -> Vec<u32> {
    let year = |word: &String| {
        word.parse()
            .ok()
            .filter(|year| (1000..=2099).contains(year))
    };
    words(&candidate.spoken)
        .iter()
        .filter(|word| word.len() == 4)
        .filter_map(year)
        .collect()
}

/// The sentence that answers what the topic asks: of those that say any of its words, the one that says most of them, and rather why.
fn answer(topic: &Candidate, all: &[Candidate], english: bool, found: &[usize]) -> Option<usize> {
    let worth = |at: usize| {
        let says_why = english && any_word(&all[at], REASONS);
        similarity(&all[at], topic) + if says_why { 0.3 } else { 0.0 } + 0.1 * all[at].place
    };
    let speaks_of_it = |at: &usize| similarity(&all[*at], topic) > 0.0;
    found
        .iter()
        .copied()
        .filter(speaks_of_it)
        .max_by(|&a, &b| worth(a).total_cmp(&worth(b)).then(b.cmp(&a)))
}

/// Whether a topic asks something, with its mark or without.
fn asks(topic: &str) -> bool {
    let first = words(topic).into_iter().next().unwrap_or_default();
    matches!(
        first.as_str(),
        "why" | "how" | "what" | "when" | "where" | "who"
    )
}

/// Whether a sentence can be moved: it stands by itself, and can be said.
fn stands(candidate: &Candidate) -> bool {
    let said = !leans(candidate) && !candidate.asks && sayable(candidate);
    said && !points_nowhere(&candidate.spoken)
}

/// Whether a sentence makes sense only behind the one before it. A key point may speak of the topic.
fn leans(candidate: &Candidate) -> bool {
    candidate.leans
        || candidate.origin == Origin::KeyPoint
            && leans_on_previous(&candidate.text)
            && !speaks_of_topic(candidate)
}

fn speaks_of_topic(candidate: &Candidate) -> bool {
    let first = words(&candidate.spoken).into_iter().next();
    first.is_some_and(|word| matches!(word.as_str(), "it" | "its" | "they" | "their"))
}

fn is_step(candidate: &Candidate) -> bool {
    let lower = words(&candidate.spoken);
    let leads = lower
        .iter()
        .take_while(|word| STEPPING.contains(&word.as_str()))
        .count();
    is_imperative(lower.get(leads..).unwrap_or_default())
}

fn strikes(candidate: &Candidate) -> bool {
    figure::find(&candidate.spoken).is_some_and(|figure| figure.strength >= STRIKING)
}

fn happened(candidate: &Candidate) -> bool {
    has(candidate, HookForm::Story)
}

fn has(candidate: &Candidate, form: HookForm) -> bool {
    forms_of(&candidate.spoken).contains(&form)
}

fn any_word(candidate: &Candidate, known: &[&str]) -> bool {
    words(&candidate.spoken)
        .iter()
        .any(|word| known.contains(&word.as_str()))
}

fn any_of(candidate: &Candidate, runs: &[&[&str]]) -> bool {
    let lower = words(&candidate.spoken);
    runs.iter().any(|run| {
        lower
            .windows(run.len())
            .any(|window| window.iter().zip(*run).all(|(word, other)| word == other))
    })
}
