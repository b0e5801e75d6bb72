//! Plans of fifteen measured runs of real workflows (tests/data/workflows).

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;

use statemachine::{Imported, Strategy, import, plan, precedences_kept, predict};

const STRATEGIES: [Strategy; 4] = [
    Strategy::Levels,
    Strategy::Nested,
    Strategy::Joins,
    Strategy::Auto,
];

fn corpus() -> Vec<Imported> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/workflows");
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| import(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn worst(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// Prints what `docs` and reviewers quote; see it with `-- --nocapture`.
#[test]
fn measured_workflows_lose_at_most_two_percent_nested_and_nothing_with_joins() {
    println!(
        "                                    makespan / critical path         state transitions"
    );
    println!(
        "workflow        tasks    critical  levels nested  joins   auto  levels nested  joins   auto"
    );
    let mut ratios: [Vec<f64>; 4] = Default::default();
    let corpus = corpus();
    assert_eq!(corpus.len(), 15);
    for Imported { name, dag } in &corpus {
        let predictions = STRATEGIES.map(|strategy| {
            let plan = plan(dag, strategy);
            assert_eq!(precedences_kept(&plan, dag), Ok(()), "{name} by {strategy}");
            predict(&plan, dag)
        });
        print!(
            "{:<15} {:>5} {:>9.1} s ",
            &name[..name.len().min(15)],
            dag.len(),
            dag.critical_path().0
        );
        for (column, prediction) in ratios.iter_mut().zip(&predictions) {
            column.push(prediction.ratio());
            print!(" {:>6.3}", prediction.ratio());
        }
        print!(" ");
        for prediction in &predictions {
            print!(" {:>6}", prediction.transitions);
        }
        println!();
    }
    for (what, of) in [("median", median as fn(&[f64]) -> f64), ("worst", worst)] {
        let [levels, nested, joins, auto] = ratios.each_ref().map(|column| of(column));
        println!("{what:<33}  {levels:>6.3} {nested:>6.3} {joins:>6.3} {auto:>6.3}");
    }

    let [levels, nested, joins, auto] = &ratios;
    for at in 0..corpus.len() {
        assert!(nested[at] <= levels[at] + 1e-9, "{}", corpus[at].name);
        assert!(auto[at] <= nested[at] * 1.02 + 1e-9, "{}", corpus[at].name);
        assert!((joins[at] - 1.0).abs() < 1e-9, "{}", corpus[at].name);
    }
    assert!(median(nested) <= 1.02);
    assert!(worst(nested) <= 1.02);
}
