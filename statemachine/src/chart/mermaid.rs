//! The diagram: a plan as a Mermaid flowchart, Parallels as boxes.

use std::fmt::Write;

use super::{clock, shortened};
use crate::dag::Dag;
use crate::plan::{Join, Plan, Step, predict};

/// The most characters of a task's name.
const NAME: usize = 40;

/// A plan as a Mermaid flowchart. A Parallel is a box round its branches; joins are dotted arrows; tasks that decide the
/// makespan have a thick border.
///
/// ```
/// use statemachine::{Dag, Strategy, chart, plan};
///
/// let dag = Dag::new(vec![("story".into(), 10.0), ("hook".into(), 5.0)], vec![vec![], vec![0]])?;
/// let diagram = chart::mermaid(&plan(&dag, Strategy::Nested), &dag);
/// assert!(diagram.contains("t0[\"story<br/>10.0 s\"]"));
/// assert!(diagram.contains("t0 --> t1"));
/// # Ok::<(), statemachine::DagError>(())
/// ```
pub fn mermaid(plan: &Plan, dag: &Dag) -> String {
    let mut diagram = Diagram {
        dag,
        text: "flowchart TD\n".into(),
        edges: Vec::new(),
        boxes: 0,
    };
    diagram.draw(plan, 1);
    let Diagram {
        mut text, edges, ..
    } = diagram;
    for edge in edges {
        let _ = writeln!(text, "    {edge}");
    }
    let deciding: Vec<String> = predict(plan, dag)
        .deciding
        .iter()
        .map(|task| format!("t{task}"))
        .collect();
    if !deciding.is_empty() {
        text.push_str("    classDef deciding stroke-width:4px\n");
        let _ = writeln!(text, "    class {} deciding", deciding.join(","));
    }
    text
}

struct Diagram<'a> {
    dag: &'a Dag,
    text: String,
    edges: Vec<String>,
    boxes: usize,
}

/// The nodes that arrows to and from a part of the plan end and start at.
type Ends = Option<(String, String)>;

impl Diagram<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = depth * 4);
    }

    /// Draws a part of the plan; nothing for one without tasks.
    fn draw(&mut self, plan: &Plan, depth: usize) -> Ends {
        match plan {
            Plan::Task { task, name } => {
                let takes = if *task < self.dag.len() {
                    clock(self.dag.seconds(*task))
                } else {
                    "unknown".into()
                };
                let id = format!("t{task}");
                self.line(
                    depth,
                    &format!("{id}[\"{}<br/>{takes}\"]", escaped(&shortened(name, NAME))),
                );
                Some((id.clone(), id))
            }
            Plan::Sequence { steps } => {
                let ends = steps.iter().map(|step| self.draw(step, depth)).collect();
                self.chain(ends)
            }
            Plan::Parallel { branches } => Some(self.framed("at once", depth, |diagram, depth| {
                for branch in branches {
                    diagram.draw(branch, depth);
                }
            })),
            Plan::Joined { chains, joins } => {
                Some(self.framed("at once, joined", depth, |diagram, depth| {
                    diagram.joined(chains, joins, depth);
                }))
            }
        }
    }

    fn joined(&mut self, chains: &[Vec<Plan>], joins: &[Join], depth: usize) {
        let mut ends: Vec<Vec<Ends>> = Vec::with_capacity(chains.len());
        for chain in chains {
            let row: Vec<Ends> = chain.iter().map(|step| self.draw(step, depth)).collect();
            self.chain(row.clone());
            ends.push(row);
        }
        let find = |step: Step| ends.get(step.chain)?.get(step.at).cloned().flatten();
        for join in joins {
            for &earlier in &join.waits_for {
                if let (Some((_, from)), Some((to, _))) = (find(earlier), find(join.step)) {
                    self.edges.push(format!("{from} -.-> {to}"));
                }
            }
        }
    }

    /// Arrows from each part to the next; the ends of the whole.
    fn chain(&mut self, parts: Vec<Ends>) -> Ends {
        let mut whole: Ends = None;
        for (from, to) in parts.into_iter().flatten() {
            whole = Some(match whole {
                Some((first, last)) => {
                    self.edges.push(format!("{last} --> {from}"));
                    (first, to)
                }
                None => (from, to),
            });
        }
        whole
    }

    fn framed(
        &mut self,
        title: &str,
        depth: usize,
        inside: impl FnOnce(&mut Self, usize),
    ) -> (String, String) {
        let id = format!("p{}", self.boxes);
        self.boxes += 1;
        self.line(depth, &format!("subgraph {id}[\"{title}\"]"));
        inside(self, depth + 1);
        self.line(depth, "end");
        (id.clone(), id)
    }
}

/// A name as it may stand between quotes in Mermaid: what would end the string, start an entity or a tag is written as an entity.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' => {
                let _ = write!(text, "#{};", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use crate::plan::{Strategy, plan};

    #[test]
    fn joins_are_dotted_and_names_do_no_harm() {
        let nodes = ["a\"b<c", "b", "c", "d"]
            .into_iter()
            .zip([2.0, 1.0, 1.0, 2.0])
            .map(|(n, s)| (n.to_owned(), s));
        let dag = Dag::new(nodes.collect(), vec![vec![], vec![], vec![0, 1], vec![1]]).unwrap();
        let diagram = mermaid(&plan(&dag, Strategy::Joins), &dag);
        assert!(
            diagram.starts_with("flowchart TD\n    subgraph p0[\"at once, joined\"]\n"),
            "{diagram}"
        );
        assert!(
            diagram.contains("t0[\"a#34;b#60;c<br/>2.0 s\"]"),
            "{diagram}"
        );
        assert_eq!(diagram.matches(" -.-> ").count(), 1, "{diagram}");
        assert_eq!(diagram.matches(" --> ").count(), 2, "{diagram}");
        assert_eq!(
            diagram.matches("subgraph").count(),
            diagram.lines().filter(|line| line.trim() == "end").count()
        );
    }
}
