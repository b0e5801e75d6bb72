//! Machines of every workflow there is, by every strategy, judged by the linter.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the plans' suite uses the others")]
mod graphs;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use statemachine::{Imported, Strategy as Way, Workflow, asl, import, plan};

const WAYS: [Way; 3] = [Way::Levels, Way::Nested, Way::Joins];

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data")
        .join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    files
}

fn machine(workflow: &Workflow, way: Way) -> Value {
    asl::generate(workflow, &plan(workflow.dag(), way))
}

fn judge(workflow: &Workflow, what: &str) {
    for way in WAYS {
        let machine = machine(workflow, way);
        let findings: Vec<String> = asl::lint::lint(&machine, Some(workflow))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            findings.is_empty(),
            "{what} by {way}: {:#?}",
            &findings[..findings.len().min(5)]
        );
        if let Some(folder) = std::env::var_os("REELWRIGHT_MACHINES") {
            let file = Path::new(&folder).join(format!("{what}.{way}.asl.json"));
            std::fs::write(file, asl::text(&machine)).unwrap();
        }
    }
}

#[test]
fn machines_of_measured_workflows_do_what_the_graphs_ask() {
    let files = files("workflows", "json");
    assert_eq!(files.len(), 15);
    for path in files {
        let Imported { name, dag } = import(&std::fs::read_to_string(&path).unwrap()).unwrap();
        judge(
            &Workflow::plain(&name, &dag),
            &path.file_stem().unwrap().to_string_lossy(),
        );
    }
}

#[test]
fn machines_of_every_case_do_what_the_workflow_asks() {
    let files = files("workflow-cases", "yaml");
    assert!(files.len() > 20);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text
            .lines()
            .skip_while(|line| *line != "workflow:")
            .skip(1)
            .take_while(|line| line.starts_with("  "))
            .map(|line| &line[2..])
            .collect();
        let workflow = Workflow::parse(&lines.join("\n")).unwrap();
        judge(&workflow, &path.file_stem().unwrap().to_string_lossy());
    }
}

#[test]
fn deep_and_tangled_graphs_make_sound_machines() {
    for dag in [graphs::ladder(60), graphs::zigzag(25)] {
        let workflow = Workflow::plain("made", &dag);
        for way in WAYS {
            let machine = machine(&workflow, way);
            assert_eq!(asl::lint::lint(&machine, Some(&workflow)), [], "{way}");
        }
    }
}

#[test]
fn a_machine_too_large_with_its_white_space_is_written_without() {
    let machine = |length: usize| serde_json::json!({"States": vec!["x"; length]});
    assert!(asl::text(&machine(10)).lines().count() > 10);
    let large = asl::text(&machine(150_000));
    assert_eq!(large.lines().count(), 1);
    assert!(large.len() < asl::lint::DEFINITION_LIMIT);
    assert_eq!(
        serde_json::from_str::<Value>(&large).unwrap(),
        machine(150_000)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn machines_of_any_graph_do_what_the_graph_asks(dag in graphs::any_graph(14)) {
        let workflow = Workflow::plain("any", &dag);
        for way in WAYS {
            let machine = machine(&workflow, way);
            prop_assert_eq!(asl::lint::lint(&machine, Some(&workflow)), vec![]);
        }
    }

    #[test]
    fn an_edge_that_the_machine_was_not_made_for_is_missed(
        dag in graphs::any_graph(10), later in 0..10_usize, earlier in 0..10_usize, way in 0..3_usize,
    ) {
        prop_assume!(later < dag.len() && earlier < later);
        let (later, earlier) = (dag.order()[later], dag.order()[earlier]);
        let plan = plan(&dag, WAYS[way]);
        let mut after: Vec<Vec<usize>> = (0..dag.len()).map(|task| dag.after(task).to_vec()).collect();
        after[later].push(earlier);
        let nodes = (0..dag.len()).map(|task| (dag.name(task).to_owned(), 1.0)).collect();
        let more = statemachine::Dag::new(nodes, after).unwrap();
        let machine = asl::generate(&Workflow::plain("any", &dag), &plan);
        let findings = asl::lint::lint(&machine, Some(&Workflow::plain("any", &more)));
        // The walk through the machine and the check of the plan are two ways to the same answer.
        prop_assert_eq!(findings.is_empty(), statemachine::precedences_kept(&plan, &more).is_ok());
    }
}
