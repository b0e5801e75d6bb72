//! What holds of every plan, on graphs drawn at random.

#![expect(clippy::unwrap_used, reason = "a test may stop")]
#![expect(
    clippy::float_cmp,
    reason = "times here are small whole numbers, whose sums are exact"
)]

mod graphs;

use std::collections::HashMap;

use proptest::prelude::*;
use statemachine::{Dag, Join, Plan, Step, Strategy, Violation, plan, precedences_kept, predict};

use graphs::{any_graph, dag, ladder, series_parallel, zigzag};

const STRATEGIES: [Strategy; 4] = [
    Strategy::Levels,
    Strategy::Nested,
    Strategy::Joins,
    Strategy::Auto,
];

fn makespan(dag: &Dag, strategy: Strategy) -> f64 {
    predict(&plan(dag, strategy), dag).makespan
}

/// The shortest that sequences and parallels can do, found by trying every first step of every sequence.
fn optimum(dag: &Dag) -> f64 {
    fn best(set: u32, above: &[u32], dag: &Dag, known: &mut HashMap<u32, f64>) -> f64 {
        let members = || (0..above.len()).filter(|at| set >> at & 1 == 1);
        if set.count_ones() <= 1 {
            return members().map(|at| dag.seconds(at)).sum();
        }
        if let Some(&seconds) = known.get(&set) {
            return seconds;
        }
        let mut part = set & set.wrapping_neg();
        loop {
            let near = |at: usize| {
                above[at] & part != 0
                    || members().any(|o| part >> o & 1 == 1 && above[o] >> at & 1 == 1)
            };
            let grown = members()
                .filter(|&at| near(at))
                .fold(part, |part, at| part | 1 << at);
            if grown == part {
                break;
            }
            part = grown;
        }
        let seconds = if part == set {
            let mut shortest = f64::INFINITY;
            let mut early = (set - 1) & set;
            while early != 0 {
                if members().all(|at| early >> at & 1 == 0 || above[at] & set & !early == 0) {
                    shortest = shortest.min(
                        best(early, above, dag, known) + best(set & !early, above, dag, known),
                    );
                }
                early = (early - 1) & set;
            }
            shortest
        } else {
            best(part, above, dag, known).max(best(set & !part, above, dag, known))
        };
        known.insert(set, seconds);
        seconds
    }
    let mut above = vec![0_u32; dag.len()];
    for &task in dag.order() {
        above[task] = dag
            .after(task)
            .iter()
            .fold(0, |set, &earlier| set | 1 << earlier | above[earlier]);
    }
    best((1_u32 << dag.len()) - 1, &above, dag, &mut HashMap::new())
}

/// Every plan that differs from `plan` in one place: a step or branch left out, neighbouring steps swapped, a sequence run at
/// once, one thing less waited for.
fn mutants(plan: &Plan) -> Vec<Plan> {
    let mut found = Vec::new();
    match plan {
        Plan::Task { .. } => {}
        Plan::Sequence { steps } => {
            if steps.len() > 1 {
                found.push(Plan::Parallel {
                    branches: steps.clone(),
                });
            }
            each(steps, |steps| found.push(Plan::Sequence { steps }));
            for at in 1..steps.len() {
                let mut steps = steps.clone();
                steps.swap(at - 1, at);
                found.push(Plan::Sequence { steps });
            }
        }
        Plan::Parallel { branches } => each(branches, |branches| {
            found.push(Plan::Parallel { branches });
        }),
        Plan::Joined { chains, joins } => {
            for (at, chain) in chains.iter().enumerate() {
                each(chain, |chain| {
                    let mut chains = chains.clone();
                    chains[at] = chain;
                    found.push(Plan::Joined {
                        chains,
                        joins: joins.clone(),
                    });
                });
            }
            for (at, join) in joins.iter().enumerate() {
                for dropped in 0..join.waits_for.len() {
                    let mut joins = joins.clone();
                    joins[at].waits_for.remove(dropped);
                    found.push(Plan::Joined {
                        chains: chains.clone(),
                        joins,
                    });
                }
            }
        }
    }
    found
}

/// The lists that differ from `parts` by one part left out, or by a mutant of one part.
fn each(parts: &[Plan], mut found: impl FnMut(Vec<Plan>)) {
    for at in 0..parts.len() {
        let mut without = parts.to_vec();
        without.remove(at);
        found(without);
        for mutant in mutants(&parts[at]) {
            let mut parts = parts.to_vec();
            parts[at] = mutant;
            found(parts);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_strategy_keeps_every_precedence(dag in any_graph(24)) {
        for strategy in STRATEGIES {
            let plan = plan(&dag, strategy);
            prop_assert_eq!(precedences_kept(&plan, &dag), Ok(()), "{}: {:?}", strategy, plan);
        }
    }

    #[test]
    fn makespans_are_in_order(dag in any_graph(24)) {
        let critical = dag.critical_path().0;
        let [levels, nested, joins, auto] = STRATEGIES.map(|strategy| makespan(&dag, strategy));
        prop_assert_eq!(joins, critical);
        prop_assert!(critical <= nested);
        prop_assert!(nested <= levels);
        prop_assert!(auto == levels || auto == nested);
        prop_assert!(auto <= nested * 1.02);
    }

    #[test]
    fn a_series_parallel_graph_is_planned_without_loss(dag in series_parallel()) {
        let plan = plan(&dag, Strategy::Nested);
        prop_assert_eq!(precedences_kept(&plan, &dag), Ok(()));
        prop_assert_eq!(predict(&plan, &dag).makespan, dag.critical_path().0);
        // Nothing is neither series nor parallel in it, so nothing needs a join.
        let joins = format!("{:?}", statemachine::plan(&dag, Strategy::Joins));
        prop_assert!(!joins.contains("Joined"), "{}", joins);
    }

    #[test]
    fn a_small_graph_is_nested_as_well_as_can_be(dag in any_graph(8)) {
        prop_assert_eq!(makespan(&dag, Strategy::Nested), optimum(&dag));
    }

    #[test]
    fn the_same_graph_gives_the_same_plan(dag in any_graph(16)) {
        for strategy in STRATEGIES {
            prop_assert_eq!(plan(&dag, strategy), plan(&dag.clone(), strategy));
        }
    }

    // A plan by joins holds no precedence that the graph doesn't ask for, so no part of it can be spared.
    #[test]
    fn every_mutant_of_a_plan_by_joins_is_caught(dag in any_graph(10)) {
        for mutant in mutants(&plan(&dag, Strategy::Joins)) {
            prop_assert!(precedences_kept(&mutant, &dag).is_err(), "not caught: {:?}", mutant);
        }
    }
}

#[test]
fn the_smallest_graph_that_no_nesting_fits_takes_four_seconds_by_levels_and_three_by_joins() {
    let dag = dag(&[2.0, 1.0, 1.0, 2.0], &[&[], &[], &[0, 1], &[1]]);
    assert_eq!(makespan(&dag, Strategy::Levels), 4.0);
    assert_eq!(makespan(&dag, Strategy::Nested), 4.0);
    let plan = plan(&dag, Strategy::Joins);
    assert_eq!(predict(&plan, &dag).makespan, 3.0);
    let Plan::Joined { chains, joins } = plan else {
        panic!("{plan:?}")
    };
    assert_eq!((chains.len(), joins.len()), (2, 1));
}

#[test]
fn the_checker_names_what_is_wrong() {
    let dag = dag(&[2.0, 1.0, 1.0, 2.0], &[&[], &[], &[0, 1], &[1]]);
    let task = |task: usize| Plan::Task {
        task,
        name: dag.name(task).into(),
    };
    let at = |chain: usize, at: usize| Step { chain, at };
    let joined = |joins: Vec<(Step, Step)>| Plan::Joined {
        chains: vec![vec![task(0), task(2)], vec![task(1), task(3)]],
        joins: joins
            .into_iter()
            .map(|(step, on)| Join {
                step,
                waits_for: vec![on],
            })
            .collect(),
    };
    let violation = |plan: &Plan| precedences_kept(plan, &dag).unwrap_err();

    assert_eq!(
        precedences_kept(&joined(vec![(at(0, 1), at(1, 0))]), &dag),
        Ok(())
    );
    let (b, c) = ("b".to_owned(), "c".to_owned());
    assert_eq!(
        violation(&joined(vec![])),
        Violation::Broken {
            earlier: b.clone(),
            later: c.clone()
        }
    );
    assert_eq!(
        violation(&joined(vec![(at(0, 1), at(1, 0)), (at(1, 0), at(0, 1))])),
        Violation::Deadlock {
            path: vec![c.clone(), b.clone(), c.clone()]
        }
    );
    assert_eq!(
        violation(&joined(vec![(at(0, 1), at(1, 7))])),
        Violation::NoSuchStep { chain: 1, at: 7 }
    );
    assert_eq!(
        violation(&Plan::Sequence {
            steps: vec![task(0), task(1), task(2)]
        }),
        Violation::Missing { task: "d".into() }
    );
    assert_eq!(
        violation(&Plan::Sequence {
            steps: vec![task(0), task(0)]
        }),
        Violation::Twice { task: "a".into() }
    );
    assert_eq!(
        violation(&Plan::Task {
            task: 0,
            name: "b".into()
        }),
        Violation::Unknown {
            index: 0,
            name: "b".into()
        }
    );
    assert_eq!(
        violation(&Plan::Task {
            task: 9,
            name: "b".into()
        }),
        Violation::Unknown { index: 9, name: b }
    );
    let swapped = Plan::Sequence {
        steps: vec![task(2), task(0), task(1), task(3)],
    };
    assert_eq!(
        violation(&swapped),
        Violation::Broken {
            earlier: "a".into(),
            later: c
        }
    );
}

#[test]
fn joins_that_block_each_other_never_end() {
    let dag = dag(&[1.0, 1.0], &[&[], &[]]);
    let task = |task: usize| {
        vec![Plan::Task {
            task,
            name: dag.name(task).into(),
        }]
    };
    let step = |chain: usize| Step { chain, at: 0 };
    let wait = |from: usize, on: usize| Join {
        step: step(from),
        waits_for: vec![step(on)],
    };
    let plan = Plan::Joined {
        chains: vec![task(0), task(1)],
        joins: vec![wait(0, 1), wait(1, 0)],
    };
    assert!(predict(&plan, &dag).makespan.is_infinite());
    assert!(statemachine::chart::text(&plan, &dag).contains("for ever"));
}

#[test]
fn states_and_events_are_counted_as_documented() {
    let dag = dag(&[2.0, 1.0, 1.0, 2.0], &[&[], &[], &[0, 1], &[1]]);
    let counted = |strategy| {
        let prediction = predict(&plan(&dag, strategy), &dag);
        (prediction.transitions, prediction.history_events)
    };
    // Start, two Parallels, four tasks.
    assert_eq!(counted(Strategy::Levels), (1 + 2 + 4, 2 + 2 * 4 + 4 * 5));
    // Start, one Parallel, four tasks; one state to put the join, one to wait, one to wake, two for what is waited for.
    assert_eq!(
        counted(Strategy::Joins),
        (1 + 1 + 4 + 5, 2 + 4 + 4 * 5 + 5 + 6 + 5 + 5 + 2)
    );
}

#[test]
fn an_empty_graph_and_a_single_task_have_plans() {
    let empty = dag(&[], &[]);
    let single = dag(&[3.0], &[&[]]);
    for strategy in STRATEGIES {
        assert_eq!(plan(&empty, strategy), Plan::Sequence { steps: vec![] });
        assert_eq!(precedences_kept(&plan(&empty, strategy), &empty), Ok(()));
        assert_eq!(
            plan(&single, strategy),
            Plan::Task {
                task: 0,
                name: "a".into()
            }
        );
        assert_eq!(makespan(&single, strategy), 3.0);
    }
    assert_eq!(predict(&plan(&empty, Strategy::Auto), &empty).ratio(), 1.0);
}

#[test]
fn wide_and_deep_graphs_are_planned() {
    for dag in [zigzag(300), ladder(150), ladder(600)] {
        for strategy in STRATEGIES {
            let plan = plan(&dag, strategy);
            assert_eq!(precedences_kept(&plan, &dag), Ok(()));
            let text = statemachine::chart::text(&plan, &dag);
            assert!(text.lines().count() > dag.len());
        }
        assert_eq!(makespan(&dag, Strategy::Joins), dag.critical_path().0);
    }
    assert_eq!(
        makespan(&ladder(150), Strategy::Nested),
        ladder(150).critical_path().0
    );
}

#[test]
fn plans_survive_being_written_and_read() {
    for strategy in STRATEGIES {
        let plan = plan(&zigzag(12), strategy);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
}
