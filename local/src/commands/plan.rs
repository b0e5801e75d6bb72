//! `reelwright plan`.

use std::path::Path;

use statemachine::{Dag, Strategy, Workflow, chart};

use super::print_json;
use crate::failure::Failure;
use crate::files;
use crate::options::Format;
use crate::say;

pub(crate) fn plan(
    workflow: &Path,
    durations: Option<&Path>,
    strategy: Strategy,
    format: Format,
) -> Result<(), Failure> {
    let mut dag = read_dag(workflow)?;
    if let Some(path) = durations {
        dag = statemachine::durations(&files::read_text(path)?, &dag)
            .map_err(|error| Failure::input(format!("{}: {error}", files::name(path))))?;
    }
    let plan = statemachine::plan(&dag, strategy);
    match format {
        Format::Text => say::answer(chart::text(&plan, &dag)),
        Format::Mermaid => say::answer(chart::mermaid(&plan, &dag)),
        Format::Json => print_json(&chart::report(&plan, &dag)),
    }
}

/// Reads a workflow file, or a graph with measured times: that one's tasks are a JSON list.
fn read_dag(path: &Path) -> Result<Dag, Failure> {
    let text = files::read_text(path)?;
    let of =
        |error: &dyn std::fmt::Display| Failure::input(format!("{}: {error}", files::name(path)));
    let is_graph =
        serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|json| json["tasks"].is_array());
    if is_graph {
        statemachine::import(&text)
            .map(|imported| imported.dag)
            .map_err(|error| of(&error))
    } else {
        Workflow::parse(&text)
            .map(|workflow| workflow.dag().clone())
            .map_err(|error| of(&error))
    }
}
