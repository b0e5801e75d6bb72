//! What is wrong with a machine, told by the state: what validators of the language miss, and whether it does what its workflow asks.

mod finding;
mod joins;
mod jsonata;
mod map;
mod order;
mod places;
mod promises;
mod shape;
mod walk;

use serde_json::Value;

pub use finding::{Finding, Problem};
use map::Machine;

use crate::workflow::Workflow;

/// The largest definition that Step Functions takes, in bytes; measured without white space.
pub const DEFINITION_LIMIT: usize = 1_048_576;

/// Everything that is wrong with a machine, in the order in which its states stand. With a workflow, also whether the machine runs each
/// of its tasks exactly once, behind everything that it waits for on every path, with the time limits, attempts and ways
/// out that the workflow asks for.
pub fn lint(machine: &Value, workflow: Option<&Workflow>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let bytes = machine.to_string().len();
    if bytes > DEFINITION_LIMIT {
        findings.push(Finding::new("", Problem::TooLarge { bytes }));
    }
    let map = Machine::read(machine, &mut findings);
    shape::check(&map, &mut findings);
    jsonata::check(&map, &mut findings);
    // What a broken shape leads to is not worth telling.
    if let (Some(workflow), true) = (workflow, findings.is_empty()) {
        let bodies = promises::check(&map, workflow, &mut findings);
        order::check(&map, workflow, &bodies, &mut findings);
    }
    findings
}
