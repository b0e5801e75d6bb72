//! How what is told is laid on an arc.

use domain::{Arc, Role};

use crate::arcs::Plan;
use crate::kinds::{is_step, leans};
use crate::sources::Candidate;
use crate::words::words;

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
