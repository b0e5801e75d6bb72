//! Plans for people to look at: an outline for the terminal, a diagram for documents, JSON for programs.

mod mermaid;
mod outline;

use serde::Serialize;

pub use mermaid::mermaid;
pub use outline::text;

use crate::dag::Dag;
use crate::plan::{Plan, Prediction, predict};

/// A plan with what it will take: what `plan --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report<'a> {
    /// What it will take.
    pub prediction: Prediction,
    /// Makespan over critical path.
    pub ratio: f64,
    /// Names of the tasks on the graph's critical path, first to last.
    pub critical_tasks: Vec<&'a str>,
    /// What runs when.
    pub plan: &'a Plan,
}

/// A plan of a graph with what it will take, ready to be written as JSON.
pub fn report<'a>(plan: &'a Plan, dag: &'a Dag) -> Report<'a> {
    let prediction = predict(plan, dag);
    let critical_tasks = dag
        .critical_path()
        .1
        .into_iter()
        .map(|task| dag.name(task))
        .collect();
    Report {
        ratio: prediction.ratio(),
        prediction,
        critical_tasks,
        plan,
    }
}

/// A time as people read it: `0.4 s`, `52.0 s`, `3 m 05 s`, `2 h 07 m`.
fn clock(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "for ever".into();
    }
    if seconds < 99.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    if whole < 3_600 {
        return format!("{} m {:02} s", whole / 60, whole % 60);
    }
    let minutes = (seconds / 60.0).round() as u64;
    format!("{} h {:02} m", minutes / 60, minutes % 60)
}

/// At most `most` characters of a name, the middle left out: names of one workflow often start alike, and end in what
/// tells them apart.
fn shortened(name: &str, most: usize) -> String {
    let letters: Vec<char> = name
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if letters.len() <= most {
        return letters.into_iter().collect();
    }
    let head = most.saturating_sub(1) / 3;
    let tail = most.saturating_sub(1) - head;
    letters[..head]
        .iter()
        .chain(std::iter::once(&'…'))
        .chain(&letters[letters.len() - tail..])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let said = [0.0, 0.44, 99.94, 99.96, 185.0, 3_599.6, 7_620.0].map(clock);
        assert_eq!(
            said,
            [
                "0.0 s", "0.4 s", "99.9 s", "1 m 40 s", "3 m 05 s", "1 h 00 m", "2 h 07 m"
            ]
        );
        assert_eq!(clock(f64::INFINITY), "for ever");
    }

    #[test]
    fn long_names_keep_their_ends() {
        assert_eq!(shortened("compose", 10), "compose");
        assert_eq!(shortened("NFCORE_BACASS.FASTQC_2", 10), "NFC…STQC_2");
        assert_eq!(shortened("a\nb", 10), "a b");
    }
}
