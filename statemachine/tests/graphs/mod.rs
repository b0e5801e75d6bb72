//! Graphs to plan.

use proptest::prelude::*;
use statemachine::Dag;

/// A graph of tasks `a`, `b`, … .
pub(crate) fn dag(seconds: &[f64], after: &[&[usize]]) -> Dag {
    let name = |at: usize| {
        if at < 26 {
            char::from(b'a' + at as u8).to_string()
        } else {
            format!("t{at}")
        }
    };
    let nodes = seconds
        .iter()
        .enumerate()
        .map(|(at, &seconds)| (name(at), seconds))
        .collect();
    Dag::new(nodes, after.iter().map(|list| list.to_vec()).collect()).unwrap()
}

fn graph(seconds: &[u8], after: &[Vec<usize>]) -> Dag {
    let seconds: Vec<f64> = seconds.iter().map(|&s| f64::from(s)).collect();
    dag(
        &seconds,
        &after.iter().map(Vec::as_slice).collect::<Vec<_>>(),
    )
}

/// Any graph of at most `most` tasks of 0 to 9 seconds, thin or thick, its tasks in no particular order.
pub(crate) fn any_graph(most: usize) -> impl Strategy<Value = Dag> {
    let parts = |tasks: usize| {
        (
            proptest::collection::vec(0..10_u8, tasks),
            proptest::collection::vec(0..100_u8, tasks * tasks),
            1..60_u8,
            Just((0..tasks).collect::<Vec<usize>>()).prop_shuffle(),
        )
    };
    (0..=most)
        .prop_flat_map(parts)
        .prop_map(|(seconds, dice, density, label)| {
            let tasks = seconds.len();
            let mut after = vec![Vec::new(); tasks];
            for later in 0..tasks {
                for earlier in (0..later).filter(|earlier| dice[later * tasks + earlier] < density)
                {
                    after[label[later]].push(label[earlier]);
                }
            }
            graph(&seconds, &after)
        })
}

#[derive(Debug, Clone)]
enum Tree {
    Task(u8),
    Series(Vec<Tree>),
    Parallel(Vec<Tree>),
}

impl Tree {
    /// Adds the tree's tasks behind `from`; its last tasks.
    fn grow(
        &self,
        from: &[usize],
        seconds: &mut Vec<u8>,
        after: &mut Vec<Vec<usize>>,
    ) -> Vec<usize> {
        match self {
            Self::Task(s) => {
                seconds.push(*s);
                after.push(from.to_vec());
                vec![after.len() - 1]
            }
            Self::Series(parts) => parts
                .iter()
                .fold(from.to_vec(), |from, part| part.grow(&from, seconds, after)),
            Self::Parallel(parts) => parts
                .iter()
                .flat_map(|part| part.grow(from, seconds, after))
                .collect(),
        }
    }
}

/// A graph put together of tasks in series and in parallel, some precedences named that others imply.
pub(crate) fn series_parallel() -> impl Strategy<Value = Dag> {
    let tree = (0..10_u8)
        .prop_map(Tree::Task)
        .prop_recursive(5, 40, 4, |inner| {
            let parts = || proptest::collection::vec(inner.clone(), 2..5);
            prop_oneof![
                parts().prop_map(Tree::Series),
                parts().prop_map(Tree::Parallel)
            ]
        });
    (tree, any::<u64>()).prop_map(|(tree, extra)| {
        let (mut seconds, mut after) = (Vec::new(), Vec::new());
        tree.grow(&[], &mut seconds, &mut after);
        for later in 0..after.len() {
            if extra >> (later % 64) & 1 == 1 {
                let implied: Vec<usize> = after[later]
                    .iter()
                    .flat_map(|&earlier| after[earlier].clone())
                    .collect();
                after[later].extend(implied);
            }
        }
        graph(&seconds, &after)
    })
}

/// Tasks in two rows, each of the lower row behind two neighbours of the upper: nothing in it is series or parallel.
pub(crate) fn zigzag(width: usize) -> Dag {
    let seconds: Vec<u8> = (0..2 * width).map(|at| (at * 7 % 10) as u8).collect();
    let lower = |at: usize| {
        if at + 1 < width {
            vec![at, at + 1]
        } else {
            vec![at]
        }
    };
    let after: Vec<Vec<usize>> = (0..2 * width)
        .map(|at| {
            if at < width {
                vec![]
            } else {
                lower(at - width)
            }
        })
        .collect();
    graph(&seconds, &after)
}

/// Rungs one below the other, each a task beside all further rungs: as deeply nested as a graph can be.
pub(crate) fn ladder(rungs: usize) -> Dag {
    let after: Vec<Vec<usize>> = (0..2 * rungs)
        .map(|at| if at < 2 { vec![] } else { vec![at / 2 * 2 - 2] })
        .collect();
    graph(&vec![1; 2 * rungs], &after)
}
