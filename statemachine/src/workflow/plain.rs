//! A workflow of plain tasks from a graph, whatever its names look like.

use std::collections::HashSet;

use domain::TaskName;
use indexmap::IndexMap;

use super::check::layout;
use super::{TaskSpec, Workflow};
use crate::dag::Dag;

/// The longest name of a task, in characters.
const LONGEST: usize = 64;

impl Workflow {
    /// A graph's tasks as a workflow: no conditions, no items, no further attempts. Task `n` of the graph is task `n` of the workflow
    /// and of its own graph. Names that can't be names of tasks are made ones: other characters become `_`, long ones are cut, and
    /// where two come out alike a number tells them apart.
    ///
    /// ```
    /// use statemachine::{Dag, Workflow};
    ///
    /// let dag = Dag::new(vec![("1 é".into(), 2.0), ("b".repeat(300), 1.0)], vec![vec![], vec![0]])?;
    /// let workflow = Workflow::plain("measured", &dag);
    /// assert_eq!(workflow.dag().names()[0], "t1__");
    /// assert_eq!(workflow.dag().names()[1].len(), 64);
    /// assert_eq!(workflow.dag().after(1), [0]);
    /// # Ok::<(), statemachine::DagError>(())
    /// ```
    pub fn plain(name: &str, dag: &Dag) -> Self {
        let mut given = HashSet::new();
        let names: Vec<TaskName> = dag
            .names()
            .iter()
            .map(|name| fresh(name, &mut given))
            .collect();
        let tasks: IndexMap<TaskName, TaskSpec> = names
            .iter()
            .enumerate()
            .map(|(task, name)| {
                let after = dag
                    .after(task)
                    .iter()
                    .map(|&earlier| names[earlier].clone());
                let spec = TaskSpec {
                    after: after.collect(),
                    expect: dag.seconds(task),
                    ..TaskSpec::default()
                };
                (name.clone(), spec)
            })
            .collect();
        let after: Vec<Vec<usize>> = (0..dag.len())
            .map(|task| dag.after(task).to_vec())
            .collect();
        let layout = layout(&tasks, &after, vec![None; dag.len()]);
        Self {
            name: name.to_owned(),
            gate: None,
            tasks,
            layout,
        }
    }
}

fn fresh(text: &str, given: &mut HashSet<String>) -> TaskName {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut stem: String = text
        .chars()
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
        stem.insert(0, 't');
    }
    stem.truncate(LONGEST);
    let mut name = stem.clone();
    let mut number = 1;
    while !given.insert(name.clone()) {
        number += 1;
        let ending = format!(".{number}");
        stem.truncate(LONGEST - ending.len());
        name = format!("{stem}{ending}");
    }
    match TaskName::parse(&name) {
        Ok(name) => name,
        Err(error) => unreachable!("made to fit: {error}"),
    }
}
