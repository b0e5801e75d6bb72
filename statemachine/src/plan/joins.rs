//! No time lost: where a part of the graph is neither series nor parallel, chains that wait for each other.

use std::collections::VecDeque;

use super::nested::DEEPEST;
use super::poset::Poset;
use super::set::Set;
use super::{Join, Plan, Step};
use crate::dag::Dag;

/// The largest part that is looked through for modules, in tasks: the search takes a time that grows with the cube.
/// In a larger part each task is a step of its own, which costs transitions and no time.
const MODULES_UP_TO: usize = 1_500;

/// The modular decomposition of the graph: consecutive parts as sequences, independent parts as parallels, and the modules
/// of any other part as the steps of joined chains. Every precedence in it is one of the graph, so its makespan is the
/// critical path.
pub(super) fn joins(dag: &Dag) -> Plan {
    let poset = Poset::new(dag);
    decompose(&poset, &Set::all(dag.len()), 0)
}

fn decompose(poset: &Poset, set: &Set, depth: usize) -> Plan {
    let tasks = set.len();
    if let (1, Some(task)) = (tasks, set.first()) {
        return Plan::task(&poset.graph, task);
    }
    if depth >= DEEPEST {
        return joined(poset, &singles(set, poset.place.len()), depth);
    }
    let inner = |part: &Set| decompose(poset, part, depth + 1);
    let parts = poset.independent(set);
    if parts.len() > 1 {
        return Plan::parallel(parts.iter().map(inner).collect());
    }
    let parts = poset.consecutive(set);
    if parts.len() != 1 {
        return Plan::sequence(parts.iter().map(inner).collect());
    }
    let modules = if tasks <= MODULES_UP_TO {
        poset.modules(set)
    } else {
        singles(set, poset.place.len())
    };
    joined(poset, &modules, depth)
}

fn singles(set: &Set, bound: usize) -> Vec<Set> {
    let single = |task| {
        let mut set = Set::none(bound);
        set.insert(task);
        set
    };
    set.iter().map(single).collect()
}

/// As few chains as cover the modules, with a join for each precedence between chains.
fn joined(poset: &Poset, modules: &[Set], depth: usize) -> Plan {
    let after = covers(poset, modules);
    let follows = matching(&after);
    let mut next = vec![None; modules.len()];
    for (later, &earlier) in follows.iter().enumerate() {
        if let Some(earlier) = earlier {
            next[earlier] = Some(later);
        }
    }
    let mut chains = Vec::new();
    // The first and the last step of each module.
    let mut steps = vec![(Step { chain: 0, at: 0 }, Step { chain: 0, at: 0 }); modules.len()];
    for head in (0..modules.len()).filter(|&module| follows[module].is_none()) {
        let mut chain = Vec::new();
        let mut link = Some(head);
        while let Some(module) = link {
            let first = Step {
                chain: chains.len(),
                at: chain.len(),
            };
            match decompose(poset, &modules[module], depth + 1) {
                Plan::Sequence { steps } => chain.extend(steps),
                step => chain.push(step),
            }
            steps[module] = (
                first,
                Step {
                    at: chain.len() - 1,
                    ..first
                },
            );
            link = next[module];
        }
        chains.push(chain);
    }
    let mut joins: Vec<Join> = Vec::new();
    for (module, list) in after.iter().enumerate() {
        let others = list
            .iter()
            .filter(|&&earlier| follows[module] != Some(earlier));
        let mut waits_for: Vec<Step> = others.map(|&earlier| steps[earlier].1).collect();
        if !waits_for.is_empty() {
            waits_for.sort_unstable();
            joins.push(Join {
                step: steps[module].0,
                waits_for,
            });
        }
    }
    joins.sort_unstable_by_key(|join| join.step);
    Plan::Joined { chains, joins }
}

/// For each module, the modules right before it: those with none in between.
fn covers(poset: &Poset, modules: &[Set]) -> Vec<Vec<usize>> {
    let mut module_of = vec![0; poset.place.len()];
    let mut heads = Set::none(poset.place.len());
    let head: Vec<usize> = modules.iter().filter_map(Set::first).collect();
    for (module, &task) in head.iter().enumerate() {
        module_of[task] = module;
        heads.insert(task);
    }
    head.iter()
        .map(|&task| {
            let above = poset.above[task].and(&heads);
            let mut implied = Set::none(poset.place.len());
            for earlier in above.iter() {
                implied.add(&poset.above[earlier]);
            }
            above
                .minus(&implied)
                .iter()
                .map(|earlier| module_of[earlier])
                .collect()
        })
        .collect()
}

/// A largest set of precedences in which no module has two predecessors or two successors: for each module the one it
/// follows in its chain. The more precedences lie in chains, the fewer joins. Augmenting paths (Kuhn 1955), found
/// breadth first, so that a long chain takes no deep stack.
fn matching(after: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut follows: Vec<Option<usize>> = vec![None; after.len()];
    let mut followed: Vec<Option<usize>> = vec![None; after.len()];
    for root in 0..after.len() {
        // Who reached a predecessor first, as (module that wants it).
        let mut wanted_by: Vec<Option<usize>> = vec![None; after.len()];
        let mut open = VecDeque::from([root]);
        let mut free = None;
        'search: while let Some(module) = open.pop_front() {
            for &earlier in &after[module] {
                if wanted_by[earlier].is_some() {
                    continue;
                }
                wanted_by[earlier] = Some(module);
                let Some(holder) = followed[earlier] else {
                    free = Some(earlier);
                    break 'search;
                };
                open.push_back(holder);
            }
        }
        while let Some(earlier) = free {
            let Some(module) = wanted_by[earlier] else {
                break;
            };
            free = follows[module];
            follows[module] = Some(earlier);
            followed[earlier] = Some(module);
            if module == root {
                break;
            }
        }
    }
    follows
}
