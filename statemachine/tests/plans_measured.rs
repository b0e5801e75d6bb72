//! Plans of fifteen measured runs of real workflows (tests/data/workflows).

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::time::Instant;

use statemachine::{Imported, Strategy, import, plan, precedences_kept, predict};

fn corpus() -> Vec<Imported> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/workflows");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    assert_eq!(files.len(), 15);
    files
        .iter()
        .map(|path| import(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn measured_workflows_lose_no_more_than_two_percent_nested_and_nothing_with_joins() {
    let strategies = [
        Strategy::Levels,
        Strategy::Nested,
        Strategy::Joins,
        Strategy::Auto,
    ];
    println!(
        "{:<14} {:>5} {:>9}   makespan / critical path        transitions",
        "workflow", "tasks", "critical"
    );
    println!(
        "{:<30}   levels nested  joins   auto   levels nested  joins   auto",
        ""
    );
    let mut ratios = vec![Vec::new(); strategies.len()];
    for Imported { name, dag } in corpus() {
        let mut row = Vec::new();
        for (at, &strategy) in strategies.iter().enumerate() {
            let begun = Instant::now();
            let plan = plan(&dag, strategy);
            let took = begun.elapsed();
            precedences_kept(&plan, &dag).unwrap();
            let prediction = predict(&plan, &dag);
            ratios[at].push(prediction.ratio());
            row.push((prediction.ratio(), prediction.transitions, took));
        }
        print!(
            "{name:<14} {:>5} {:>8.1}s  ",
            dag.len(),
            dag.critical_path().0
        );
        row.iter().for_each(|(ratio, ..)| print!(" {ratio:>6.3}"));
        print!("  ");
        row.iter()
            .for_each(|(_, transitions, _)| print!(" {transitions:>6}"));
        println!("   {:?} {:?}", row[1].2, row[2].2);
    }
    let [levels, nested, joins, auto] = <[Vec<f64>; 4]>::try_from(ratios).unwrap();
    for (a, b) in nested.iter().zip(&levels) {
        assert!(*a <= b + 1e-9);
    }
    for (a, b) in nested.iter().zip(&auto) {
        assert!(*b <= a * 1.02 + 1e-9);
    }
    assert!(
        joins.iter().all(|ratio| (ratio - 1.0).abs() < 1e-9),
        "{joins:?}"
    );
    println!(
        "median {:.3} {:.3}; worst {:.3} {:.3}",
        median(levels.clone()),
        median(nested.clone()),
        levels.iter().copied().fold(0.0, f64::max),
        nested.iter().copied().fold(0.0, f64::max)
    );
    assert!(median(nested) <= 1.02);
}
