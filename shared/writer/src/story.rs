//! Finding what is worth telling and laying it on an arc.

use domain::{Beat, Brief, Role, SourceId, SourceSentence, Story};

use crate::WriterError;
use crate::hook::{best_fact, hook_words};
use crate::pace::{spoken_words, word_budget};
use crate::rank::{scores, select, similarity};
use crate::script::{asides, closing_lines};
use crate::sources::{Candidate, Material, Origin, material};
use crate::title::shown;

/// The id of the topic as a source.
pub(crate) const TOPIC: &str = "t";

/// Finds the story of a brief: which sentences are told, in which order, and which one the hook may use.
pub fn story(brief: &Brief) -> Result<Story, WriterError> {
    let material = material(brief)?;
    let scores = scores(&material, brief);
    let all = &material.candidates;
    let key_points: Vec<usize> = (0..all.len())
        .filter(|&at| all[at].origin == Origin::KeyPoint)
        .collect();
    let closing: f64 = closing_lines(brief, &material.title)
        .iter()
        .map(|line| spoken_words(&line.text))
        .sum();
    let middle = word_budget(brief) - closing;

    let fact = best_fact(&material, &scores, brief, middle);
    let opening = |fact: Option<usize>| {
        let told: Vec<usize> = fact.into_iter().collect();
        let story = assemble(
            &material,
            None,
            vec![Beat {
                role: Role::Hook,
                sources: ids(all, &told),
            }],
        );
        hook_words(brief, &story)
    };
    let budget = middle - opening(fact) - asides(brief, middle).words();
    let must: Vec<usize> = key_points
        .iter()
        .copied()
        .filter(|&at| Some(at) != fact)
        .collect();
    let mut chosen = select(&material, &scores, &must, fact, budget);
    if chosen.is_empty() {
        // Nothing stands by itself: better a sentence that leans than none, and the topic rather than silence.
        let spare = (0..all.len())
            .filter(|&at| Some(at) != fact)
            .max_by(|&a, &b| {
                let rank = |at: usize| {
                    (
                        all[at].origin != Origin::Topic,
                        !all[at].asks,
                        !all[at].leans,
                    )
                };
                rank(a)
                    .cmp(&rank(b))
                    .then(scores[a].total_cmp(&scores[b]))
                    .then(b.cmp(&a))
            });
        chosen.extend(spare.or(fact));
    }
    let order = telling_order(all, &chosen);
    let mut beats = vec![Beat {
        role: Role::Hook,
        sources: ids(all, &fact.into_iter().collect::<Vec<_>>()),
    }];
    beats.extend(arc(&order).into_iter().map(|(role, part)| Beat {
        role,
        sources: ids(all, part),
    }));
    beats.push(Beat {
        role: Role::CallToAction,
        sources: Vec::new(),
    });
    Ok(assemble(&material, None, beats))
}

/// A story of another writer's choice: its beats with the sentences they name, taken from this brief's material. The first beat
/// must be the hook, the last the call to action, and those between name at least one sentence each.
pub fn story_from(
    material: &Material,
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
    Ok(assemble(material, title, beats))
}

fn ids(all: &[Candidate], picked: &[usize]) -> Vec<SourceId> {
    picked.iter().map(|&at| all[at].id.clone()).collect()
}

/// Puts the sentences that the beats name, and the topic, beside them.
fn assemble(material: &Material, title: Option<&str>, beats: Vec<Beat>) -> Story {
    let named = |id: &SourceId| beats.iter().any(|beat| beat.sources.contains(id));
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
        title,
        keywords: material.keywords.clone(),
        sources,
        beats,
    }
}

/// Orders what was chosen for telling: the source text's sentences as they stand there, each near the key point it belongs to,
/// key points in the brief's order; a sentence that leans stays behind the one it leans on.
fn telling_order(all: &[Candidate], chosen: &[usize]) -> Vec<usize> {
    let mut points: Vec<usize> = chosen
        .iter()
        .copied()
        .filter(|&at| all[at].origin == Origin::KeyPoint)
        .collect();
    let mut rest: Vec<usize> = chosen
        .iter()
        .copied()
        .filter(|&at| all[at].origin != Origin::KeyPoint)
        .collect();
    points.sort_unstable();
    rest.sort_unstable();
    if points.is_empty() || rest.is_empty() {
        points.extend(rest);
        return points;
    }
    // Slot 0 stands before the first key point, slot n behind the n-th.
    let mut slots: Vec<Vec<usize>> = vec![Vec::new(); points.len() + 1];
    let mut last_slot = 0;
    for at in rest {
        let leans_here = all[at].leans
            && slots[last_slot]
                .last()
                .is_some_and(|&before| before + 1 == at);
        if !leans_here {
            let nearest = points
                .iter()
                .enumerate()
                .map(|(slot, &point)| (similarity(&all[at], &all[point]), slot))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            last_slot = match nearest {
                Some((near, slot)) if near >= 0.25 => slot + 1,
                _ if all[at].place < 0.5 => 0,
                _ => points.len() - 1,
            };
        }
        slots[last_slot].push(at);
    }
    let mut order = slots[0].clone();
    for (point, slot) in points.iter().zip(&slots[1..]) {
        order.push(*point);
        order.extend(slot);
    }
    order
}

/// Divides what is told among context, turn and payoff.
fn arc(order: &[usize]) -> Vec<(Role, &[usize])> {
    let n = order.len();
    let (first, last) = match n {
        0 | 1 => (n, n),
        2 => (1, 1),
        _ => (n.div_ceil(4), n - n.div_ceil(6)),
    };
    [
        (Role::Context, &order[..first]),
        (Role::Turn, &order[first..last]),
        (Role::Payoff, &order[last..]),
    ]
    .into_iter()
    .filter(|(_, part)| !part.is_empty())
    .collect()
}
