//! Which sentences are worth their time.

use domain::{Brief, Tone};

use crate::banned::WordList;
use crate::interest::interest;
use crate::seed::Choice;
use crate::sources::{Candidate, Material, Origin, sayable};

/// Weight of worth against novelty in maximal marginal relevance (Carbonell and Goldstein: The use of MMR, diversity-based
/// reranking for reordering documents and producing summaries, SIGIR 1998; their lambda).
const LAMBDA: f64 = 0.7;

/// Two sentences that share more than this say the same.
const SAME: f64 = 0.55;

/// How far the seed may move a score: enough to reorder near-equals, too little to lift a poor sentence.
const PLAY: f64 = 0.12;

/// What each candidate is worth, about 0 to 1.5: what it says of the subject, where it stands, how well it can be said.
pub(crate) fn scores(material: &Material, brief: &Brief) -> Vec<f64> {
    let voice = WordList::voice(&brief.brand);
    let mut play = Choice::new(brief.seed, "rank");
    let coverage: Vec<f64> = material
        .candidates
        .iter()
        .map(|candidate| material.weights.coverage(&candidate.spoken))
        .collect();
    let most = coverage.iter().copied().fold(f64::EPSILON, f64::max);
    let ideal = if brief.tone == Tone::Bold { 9.0 } else { 12.0 };
    let topic = material
        .candidates
        .iter()
        .find(|candidate| candidate.origin == Origin::Topic);
    material
        .candidates
        .iter()
        .zip(&coverage)
        .map(|(candidate, coverage)| {
            let opening =
                (1.0 - candidate.place).powi(2) * if candidate.place == 0.0 { 1.6 } else { 1.0 };
            let length = 1.0 - ((candidate.words - ideal).abs() / 16.0).min(1.0);
            let on_topic = topic.map_or(0.0, |topic| similarity(candidate, topic));
            let mut score = 0.35 * coverage / most
                + 0.15 * opening
                + 0.2 * length
                + 0.15 * on_topic
                + 0.45 * interest(&candidate.spoken);
            score += 0.05 * f64::from(u8::from(candidate.leads));
            score += 0.1 * (voice.hits(&candidate.spoken).min(2) as f64);
            score -= 0.2 * f64::from(u8::from(first_person(&candidate.spoken)));
            score + PLAY * (play.unit() - 0.5)
        })
        .collect()
}

fn first_person(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        matches!(
            word.trim_matches(|c: char| !c.is_alphanumeric()),
            "I" | "my" | "My" | "me"
        )
    })
}

/// How much two candidates say the same: shared content words over those of the shorter.
pub(crate) fn similarity(a: &Candidate, b: &Candidate) -> f64 {
    let shared = a
        .terms
        .iter()
        .filter(|term| b.terms.binary_search(term).is_ok())
        .count();
    let least = a.terms.len().min(b.terms.len());
    if least == 0 {
        0.0
    } else {
        shared as f64 / least as f64
    }
}

/// How much a sentence gains from standing beside one that is told already: two that belong together explain, scattered ones list.
const COHERENCE: f64 = 0.1;

/// The sentence that the source text ends on, if it stands by itself and can be said within a third of `budget` average words: the best of
/// its last part.
pub(crate) fn ending(
    material: &Material,
    scores: &[f64],
    told: Option<usize>,
    budget: f64,
) -> Option<usize> {
    let all = &material.candidates;
    let sentences: Vec<usize> = (0..all.len())
        .filter(|&at| matches!(all[at].origin, Origin::Sentence(_)))
        .collect();
    let last = sentences.len().checked_sub(sentences.len().div_ceil(12))?;
    if sentences.len() < 8 {
        return None;
    }
    sentences[last..]
        .iter()
        .copied()
        .filter(|&at| {
            Some(at) != told
                && !all[at].leans
                && !all[at].asks
                && sayable(&all[at])
                && all[at].words <= budget / 3.0
        })
        .max_by(|&a, &b| {
            (scores[a] + 0.2 * all[a].place)
                .total_cmp(&(scores[b] + 0.2 * all[b].place))
                .then(a.cmp(&b))
        })
}

/// Chooses what is told within `budget` average words: all of `must`, then what adds most, without repeating `must` or `told`, the
/// sentence that the hook says.
pub(crate) fn select(
    material: &Material,
    scores: &[f64],
    must: &[usize],
    told: Option<usize>,
    budget: f64,
) -> Vec<usize> {
    let all = &material.candidates;
    let mut chosen: Vec<usize> = must.to_vec();
    let mut used: f64 = must.iter().map(|&at| all[at].words).sum();
    let passages = passages(all, told);
    let mut nearest: Vec<f64> = all
        .iter()
        .map(|c| {
            must.iter()
                .copied()
                .chain(told)
                .map(|m| similarity(c, &all[m]))
                .fold(0.0, f64::max)
        })
        .collect();
    loop {
        let best = passages
            .iter()
            .filter_map(|passage| {
                let fresh: Vec<usize> = passage
                    .iter()
                    .copied()
                    .filter(|at| !chosen.contains(at))
                    .collect();
                let words: f64 = fresh.iter().map(|&at| all[at].words).sum();
                let last = *fresh.last()?;
                let fits = used + words <= budget * 1.05 + 0.5;
                let novel = nearest[last] < SAME || passage.len() > fresh.len();
                if !fits || !novel || told.is_some_and(|told| fresh.contains(&told)) {
                    return None;
                }
                let first = fresh[0];
                let beside = |a: usize, b: usize| {
                    a < all.len() && b < all.len() && follows(&all[a], &all[b])
                };
                let joins = chosen.iter().any(|&c| beside(c, first) || beside(last, c));
                let pulled = told.is_some_and(|told| beside(told, first) && all[first].leans);
                let mut worth =
                    fresh.iter().map(|&at| scores[at]).sum::<f64>() / fresh.len() as f64;
                worth += COHERENCE * (fresh.len() - 1 + usize::from(joins)).min(2) as f64;
                worth += if pulled { 3.0 * COHERENCE } else { 0.0 };
                Some((LAMBDA * worth - (1.0 - LAMBDA) * nearest[last], fresh))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, fresh)) = best else { break };
        for at in fresh {
            used += all[at].words;
            chosen.push(at);
            for (near, candidate) in nearest.iter_mut().zip(all) {
                *near = near.max(similarity(candidate, &all[at]));
            }
        }
    }
    for _ in 0..4 {
        if !swap_closer(all, scores, must, told, budget, &mut chosen) {
            break;
        }
    }
    chosen
}

/// The passages that can be told: one to three sentences that follow each other, the first of which stands by itself (or takes up
/// the hook that tells the sentence before it).
fn passages(all: &[Candidate], told: Option<usize>) -> Vec<Vec<usize>> {
    let good = |at: usize| {
        matches!(all[at].origin, Origin::Sentence(_))
            && !all[at].asks
            && sayable(&all[at])
            && Some(at) != told
    };
    let takes_up = |at: usize| told.is_some_and(|told| follows(&all[told], &all[at]));
    let mut found = Vec::new();
    for first in (0..all.len()).filter(|&at| good(at) && (!all[at].leans || takes_up(at))) {
        let mut passage = vec![first];
        found.push(passage.clone());
        while passage.len() < 3 {
            let last = first + passage.len() - 1;
            if last + 1 >= all.len() || !good(last + 1) || !follows(&all[last], &all[last + 1]) {
                break;
            }
            passage.push(last + 1);
            found.push(passage.clone());
        }
    }
    found
}

/// Whether `b` is the source text's next sentence after `a`, in the same paragraph.
pub(crate) fn follows(a: &Candidate, b: &Candidate) -> bool {
    matches!((a.origin, b.origin), (Origin::Sentence(a), Origin::Sentence(b)) if b == a + 1)
        && !b.leads
}

/// Exchanges one chosen sentence for another where that brings the length clearly nearer to the budget.
fn swap_closer(
    all: &[Candidate],
    scores: &[f64],
    must: &[usize],
    told: Option<usize>,
    budget: f64,
    chosen: &mut Vec<usize>,
) -> bool {
    let used: f64 = chosen.iter().map(|&at| all[at].words).sum();
    let gap = budget - used;
    if gap.abs() < budget * 0.05 {
        return false;
    }
    let leaned_on = |at: usize| chosen.iter().any(|&c| all[c].leans && c == at + 1);
    let free: Vec<usize> = chosen
        .iter()
        .copied()
        .filter(|at| !must.contains(at) && !all[*at].leans && !leaned_on(*at))
        .collect();
    let mut best: Option<(f64, usize, usize)> = None;
    for &out in &free {
        for into in (0..all.len())
            .filter(|&at| {
                matches!(all[at].origin, Origin::Sentence(_))
                    && Some(at) != told
                    && !all[at].leans
                    && !all[at].asks
                    && sayable(&all[at])
            })
            .filter(|at| !chosen.contains(at))
        {
            let new_gap = (gap + all[out].words - all[into].words).abs();
            let repeats = chosen
                .iter()
                .filter(|&&c| c != out)
                .any(|&c| similarity(&all[c], &all[into]) >= SAME);
            let worse = scores[out] - scores[into];
            if repeats || worse > 0.2 || new_gap + 1.0 > gap.abs() {
                continue;
            }
            let price = new_gap / budget.max(1.0) + worse.max(0.0);
            if best.is_none_or(|(known, _, _)| price < known) {
                best = Some((price, out, into));
            }
        }
    }
    let Some((_, out, into)) = best else {
        return false;
    };
    chosen.retain(|&at| at != out);
    chosen.push(into);
    true
}
