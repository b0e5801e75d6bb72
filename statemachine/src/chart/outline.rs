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
    let mut outline = Outline {
        dag,
        deciding,
        starts: prediction.starts.clone(),
        rows: Vec::new(),
    };
    outline.plan(plan, "", "", None);
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
    rows: Vec<Row>,
}

impl Outline<'_> {
    /// Adds a part of the plan: `lead` stands before its first row, `below` before what hangs under it, and `waits` behind its name.
    fn plan(&mut self, plan: &Plan, lead: &str, below: &str, waits: Option<&str>) {
        let waits = waits.map_or_else(String::new, |names| format!("  ⇠ {names}"));
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
                    label: format!("{lead}{mark} {}{waits}", shortened(name, NAME)),
                    times,
                });
            }
            Plan::Sequence { steps } => {
                self.group(&format!("{lead}one by one{waits}"));
                self.branches(steps.iter().map(|step| (step, None)).collect(), below);
            }
            Plan::Parallel { branches } => {
                self.group(&format!("{lead}at once{waits}"));
                self.branches(
                    branches.iter().map(|branch| (branch, None)).collect(),
                    below,
                );
            }
            Plan::Joined { chains, joins } => {
                self.group(&format!("{lead}joined chains{waits}"));
                for (at, chain) in chains.iter().enumerate() {
                    let last = at + 1 == chains.len();
                    let (lead, deeper) = if last {
                        ("└─ ", "   ")
                    } else {
                        ("├─ ", "│  ")
                    };
                    self.group(&format!("{below}{lead}chain {}", at + 1));
                    let steps = chain.iter().enumerate();
                    let steps = steps.map(|(step, plan)| {
                        (
                            plan,
                            waits_for(
                                chains,
                                joins,
                                Step {
                                    chain: at,
                                    at: step,
                                },
                            ),
                        )
                    });
                    self.branches(steps.collect(), &format!("{below}{deeper}"));
                }
            }
        }
    }

    fn group(&mut self, label: &str) {
        self.rows.push(Row {
            label: label.to_owned(),
            times: None,
        });
    }

    fn branches(&mut self, parts: Vec<(&Plan, Option<String>)>, below: &str) {
        let last = parts.len().saturating_sub(1);
        for (at, (part, waits)) in parts.into_iter().enumerate() {
            let (lead, deeper) = if at == last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            self.plan(
                part,
                &format!("{below}{lead}"),
                &format!("{below}{deeper}"),
                waits.as_deref(),
            );
        }
    }
}

/// What a step waits for in other chains, by name: `script`, `audio and 3 more`.
fn waits_for(chains: &[Vec<Plan>], joins: &[Join], step: Step) -> Option<String> {
    let join = joins.iter().find(|join| join.step == step)?;
    let mut names = Vec::new();
    for step in &join.waits_for {
        if let Some(plan) = chains.get(step.chain).and_then(|chain| chain.get(step.at)) {
            names.push(match plan {
                Plan::Task { name, .. } => shortened(name, NAME / 2),
                _ => format!("step {} of chain {}", step.at + 1, step.chain + 1),
            });
        }
    }
    let first = names.first()?.clone();
    Some(match names.len() {
        1 => first,
        2 => format!("{first} and {}", names[1]),
        more => format!("{first} and {} more", more - 1),
    })
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
