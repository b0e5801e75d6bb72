//! What surely happened at each place of a machine.

use std::collections::VecDeque;

/// What may have happened: a task has ended (in the DAG's numbering), a join's item was written, a join was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts(Vec<u64>);

impl Facts {
    pub(super) fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn add(&mut self, fact: usize) {
        self.0[fact / 64] |= 1 << (fact % 64);
    }

    pub(super) fn has(&self, fact: usize) -> bool {
        self.0[fact / 64] >> (fact % 64) & 1 == 1
    }

    fn add_all(&mut self, other: &Self) {
        for (mine, others) in self.0.iter_mut().zip(&other.0) {
            *mine |= others;
        }
    }

    fn keep(&mut self, other: &Self) {
        for (mine, others) in self.0.iter_mut().zip(&other.0) {
            *mine &= others;
        }
    }
}

/// How a place knows what happened: on all of some ways, and all that is in each group of ways.
#[derive(Default)]
pub(super) struct Place {
    /// The ways to it, each with what happens on it. What happened on all of them has happened.
    pub(super) ways: Vec<(usize, Option<usize>)>,
    /// Groups of other places; what happened at all places of any one group has happened too.
    pub(super) also: Vec<Vec<usize>>,
    /// What happens here.
    pub(super) effect: Vec<usize>,
}

/// What surely happened at each place, of `count` things that may have, where an execution begins at `start`; none where nothing
/// leads. If some places wait for each other, a ring of them.
pub(super) fn solve(
    places: &[Place],
    start: Option<usize>,
    count: usize,
) -> Result<Vec<Option<Facts>>, Vec<usize>> {
    let mut missing = vec![0_usize; places.len()];
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    for (at, place) in places.iter().enumerate() {
        let from = place.ways.iter().map(|(from, _)| from);
        for &from in from.chain(place.also.iter().flatten()) {
            waiting[from].push(at);
            missing[at] += 1;
        }
    }
    let mut known: Vec<Option<Facts>> = vec![None; places.len()];
    let mut open: VecDeque<usize> = (0..missing.len()).filter(|&at| missing[at] == 0).collect();
    let mut seen = 0;
    while let Some(at) = open.pop_front() {
        seen += 1;
        let begins = start == Some(at);
        known[at] = facts_at(&places[at], &known, begins.then(|| Facts::none(count)));
        for &next in &waiting[at] {
            missing[next] -= 1;
            if missing[next] == 0 {
                open.push_back(next);
            }
        }
    }
    if seen == places.len() {
        Ok(known)
    } else {
        Err(ring(places, &missing))
    }
}

fn facts_at(place: &Place, known: &[Option<Facts>], begin: Option<Facts>) -> Option<Facts> {
    let mut sum = begin;
    for &(from, effect) in &place.ways {
        let Some(mut facts) = known[from].clone() else {
            continue;
        };
        if let Some(effect) = effect {
            facts.add(effect);
        }
        match &mut sum {
            Some(sum) => sum.keep(&facts),
            None => sum = Some(facts),
        }
    }
    let mut sum = sum?;
    for group in &place.also {
        let mut all: Option<Facts> = None;
        for facts in group.iter().filter_map(|&from| known[from].as_ref()) {
            match &mut all {
                Some(all) => all.keep(facts),
                None => all = Some(facts.clone()),
            }
        }
        if let Some(all) = all {
            sum.add_all(&all);
        }
    }
    for &effect in &place.effect {
        sum.add(effect);
    }
    Some(sum)
}

/// From any place that is never reached, backwards along what it waits for, until a place comes again.
fn ring(places: &[Place], missing: &[usize]) -> Vec<usize> {
    let mut path: Vec<usize> = Vec::new();
    let mut at = missing.iter().position(|&count| count > 0);
    while let Some(place) = at {
        if let Some(begin) = path.iter().position(|&seen| seen == place) {
            path.drain(..begin);
            break;
        }
        path.push(place);
        let from = places[place].ways.iter().map(|&(from, _)| from);
        at = from
            .chain(places[place].also.iter().flatten().copied())
            .find(|&from| missing[from] > 0);
    }
    path.reverse();
    path
}
