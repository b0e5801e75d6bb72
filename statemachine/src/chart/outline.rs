//! The outline: a plan as a tree, with when each task starts, how long it takes, and what decides the end.

use std::fmt::Write;

use super::{clock, shortened};
use crate::dag::Dag;
use crate::plan::{HISTORY_LIMIT, Join, Plan, Step, predict};

/// The most characters of a task's name.
const NAME: usize = 48;

/// A plan as a tree for a terminal. Tasks that decide the makespan carry a filled circle. Ends with the totals.
///
/// ```
/// use statemachine::{Dag, Strategy, chart, plan};
///
/// let nodes = vec![("story".into(), 10.0), ("script".into(), 15.0), ("hook".into(), 10.0)];
/// let dag = Dag::new(nodes, vec![vec![], vec![0], vec![0]])?;
/// let outline = chart::text(&plan(&dag, Strategy::Nested), &dag);
/// assert!(outline.contains("\
/// one by one
/// ├─ ● story       0.0 s  10.0 s
/// └─ at once
///    ├─ ● script  10.0 s  15.0 s
///    └─ ○ hook    10.0 s  10.0 s
/// "), "{outline}");
/// # Ok::<(), statemachine::DagError>(())
/// ```
pub fn text(plan: &Plan, dag: &Dag) -> String {
    let prediction = predict(plan, dag);
    let mut deciding = vec![false; dag.len()];
    prediction
        .deciding
        .iter()
        .for_each(|&task| deciding[task] = true);
    let prefix = common_prefix(dag.names());
    let mut outline = Outline {
        dag,
        deciding,
        starts: prediction.starts.clone(),
        prefix,
        rows: Vec::new(),
    };
    outline.plan(plan, "", "");
    let mut text = table(&outline.rows);

    let saved = if prediction.makespan > 0.0 && prediction.makespan.is_finite() {
        format!(
            "   {:.2} times as fast",
            prediction.serial / prediction.makespan
        )
    } else {
        String::new()
    };
    let over = if prediction.makespan.is_finite() {
        format!("   ratio {:.3}", prediction.ratio())
    } else {
        String::new()
    };
    let totals = [
        ("tasks", dag.len().to_string()),
        ("one after the other", clock(prediction.serial)),
        ("as planned", clock(prediction.makespan) + &saved),
        ("critical path", clock(prediction.critical_path) + &over),
        ("state transitions", prediction.transitions.to_string()),
        (
            "history events",
            format!("{} of {HISTORY_LIMIT}", prediction.history_events),
        ),
    ];
    text.push('\n');
    for (what, value) in totals {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{what:<19}  {value}");
    }
    text.push_str("● decides when everything ends\n");
    if !outline.prefix.is_empty() {
        let _ = writeln!(
            text,
            "… stands for {}",
            shortened(&outline.prefix, 2 * NAME)
        );
    }
    text
}

struct Row {
    label: String,
    times: Option<(String, String)>,
}

struct Outline<'a> {
    dag: &'a Dag,
    deciding: Vec<bool>,
    starts: Vec<f64>,
    /// What all names start with; left out.
    prefix: String,
    rows: Vec<Row>,
}

impl Outline<'_> {
    /// Adds a part of the plan: `lead` stands before its first row, `below` before what hangs under it.
    fn plan(&mut self, plan: &Plan, lead: &str, below: &str) {
        match plan {
            Plan::Task { task, name } => {
                let mark = if self.deciding.get(*task) == Some(&true) {
                    '●'
                } else {
                    '○'
                };
                let known = *task < self.dag.len();
                let times =
                    known.then(|| (clock(self.starts[*task]), clock(self.dag.seconds(*task))));
                self.rows.push(Row {
                    label: format!("{lead}{mark} {}", self.short(name)),
                    times,
                });
            }
            Plan::Sequence { steps } => {
                self.group(format!("{lead}one by one"));
                self.branches(steps, below);
            }
            Plan::Parallel { branches } => {
                self.group(format!("{lead}at once"));
                self.branches(branches, below);
            }
            Plan::Joined { chains, joins } => {
                self.group(format!("{lead}at once, in chains that wait for each other"));
                for (at, chain) in chains.iter().enumerate() {
                    let (lead, deeper) = branch(at + 1 == chains.len());
                    self.group(format!("{below}{lead}chain {}", at + 1));
                    let below = format!("{below}{deeper}");
                    for (place, step) in chain.iter().enumerate() {
                        let (lead, deeper) = branch(place + 1 == chain.len());
                        if let Some(join) = joins.iter().find(|join| {
                            join.step
                                == Step {
                                    chain: at,
                                    at: place,
                                }
                        }) {
                            let names = self.waits_for(chains, join);
                            self.group(format!("{below}├─ ⇠ after {names}"));
                        }
                        self.plan(step, &format!("{below}{lead}"), &format!("{below}{deeper}"));
                    }
                }
            }
        }
    }

    fn group(&mut self, label: String) {
        self.rows.push(Row { label, times: None });
    }

    fn branches(&mut self, parts: &[Plan], below: &str) {
        for (at, part) in parts.iter().enumerate() {
            let (lead, deeper) = branch(at + 1 == parts.len());
            self.plan(part, &format!("{below}{lead}"), &format!("{below}{deeper}"));
        }
    }

    fn short(&self, name: &str) -> String {
        match name.strip_prefix(self.prefix.as_str()) {
            Some(rest) if !self.prefix.is_empty() => shortened(&format!("…{rest}"), NAME),
            _ => shortened(name, NAME),
        }
    }

    /// What a step waits for in other chains, by name: `script`, `script and 3 more`.
    fn waits_for(&self, chains: &[Vec<Plan>], join: &Join) -> String {
        let steps = join.waits_for.iter();
        let known = steps.filter_map(|step| {
            chains
                .get(step.chain)?
                .get(step.at)
                .map(|plan| (step, plan))
        });
        let names: Vec<String> = known
            .map(|(step, plan)| match plan {
                Plan::Task { name, .. } => self.short(name),
                _ => format!("step {} of chain {}", step.at + 1, step.chain + 1),
            })
            .collect();
        match names.as_slice() {
            [] => "nothing".into(),
            [one] => one.clone(),
            [one, other] => format!("{one} and {other}"),
            [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        }
    }
}

/// What stands before a branch, and before what hangs under it.
fn branch(is_last: bool) -> (&'static str, &'static str) {
    if is_last {
        ("└─ ", "   ")
    } else {
        ("├─ ", "│  ")
    }
}

/// What all names start with, up to the last dot, slash, colon or underscore, if leaving it out is worth a line: at least eight
/// characters of at least three names.
fn common_prefix(names: &[String]) -> String {
    let Some((first, rest)) = names.split_first().filter(|(_, rest)| rest.len() > 1) else {
        return String::new();
    };
    let shared = rest.iter().fold(first.len(), |shared, name| {
        let same = first
            .bytes()
            .zip(name.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        shared.min(same)
    });
    // The separators are ASCII, so behind one of them is a place to split at.
    let end = first.as_bytes()[..shared]
        .iter()
        .rposition(|byte| b"./:_".contains(byte))
        .map_or(0, |at| at + 1);
    if end < 8 {
        String::new()
    } else {
        first[..end].to_owned()
    }
}

/// The rows with their times to the right, in columns.
fn table(rows: &[Row]) -> String {
    let width = |text: &str| text.chars().count();
    let timed = || {
        rows.iter()
            .filter_map(|row| row.times.as_ref().map(|times| (row, times)))
    };
    let label = timed().map(|(row, _)| width(&row.label)).max().unwrap_or(0);
    let start = timed()
        .map(|(_, times)| times.0.len())
        .max()
        .unwrap_or(0)
        .max("starts".len());
    let takes = timed()
        .map(|(_, times)| times.1.len())
        .max()
        .unwrap_or(0)
        .max("takes".len());
    let mut text = format!("{:label$}  {:>start$}  {:>takes$}\n", "", "starts", "takes");
    for row in rows {
        let _ = match &row.times {
            Some((from, long)) => {
                writeln!(text, "{:label$}  {from:>start$}  {long:>takes$}", row.label)
            }
            None => writeln!(text, "{}", row.label),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use crate::plan::{Strategy, plan};

    #[test]
    fn joins_stand_before_the_step_that_waits() {
        let nodes = ["a", "b", "c", "d"]
            .into_iter()
            .zip([2.0, 1.0, 1.0, 2.0])
            .map(|(n, s)| (n.to_owned(), s));
        let dag = Dag::new(nodes.collect(), vec![vec![], vec![], vec![0, 1], vec![1]]).unwrap();
        let outline = text(&plan(&dag, Strategy::Joins), &dag);
        let tree: Vec<&str> = outline.lines().skip(1).take(8).collect();
        assert_eq!(
            tree,
            [
                "at once, in chains that wait for each other",
                "├─ chain 1",
                "│  ├─ ● a   0.0 s  2.0 s",
                "│  ├─ ⇠ after b",
                "│  └─ ● c   2.0 s  1.0 s",
                "└─ chain 2",
                "   ├─ ○ b   0.0 s  1.0 s",
                "   └─ ○ d   1.0 s  2.0 s",
            ],
            "{outline}"
        );
    }

    #[test]
    fn a_start_that_all_names_share_is_said_once() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            common_prefix(&names(&["NF_CORE.A.x", "NF_CORE.A.xy", "NF_CORE.A.z"])),
            "NF_CORE.A."
        );
        assert_eq!(
            common_prefix(&names(&["story_ä1", "story_ä2", "story_ö"])),
            ""
        );
        assert_eq!(common_prefix(&names(&["NF_CORE.A.x", "NF_CORE.A.xy"])), "");
        assert_eq!(common_prefix(&[]), "");
    }
}
