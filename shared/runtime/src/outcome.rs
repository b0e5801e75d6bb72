//! What a round's rows add up to.

use domain::TaskRecord;

/// What the rows of a round say about the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Why the result is less than was asked for; each reason once, in the order of the tasks.
    pub degraded: Vec<String>,
    /// What the round's outputs cost, in US dollars.
    pub cost_usd: f64,
    /// How long making them took, one after the other, in milliseconds.
    pub work_ms: u64,
}

/// Adds up a round.
pub fn verdict(rows: &[TaskRecord]) -> Verdict {
    let mut sum = Verdict {
        degraded: Vec::new(),
        cost_usd: 0.0,
        work_ms: 0,
    };
    for end in rows
        .iter()
        .filter(|row| row.status.has_output())
        .filter_map(|row| row.end.as_ref())
    {
        for reason in &end.degraded {
            if !sum.degraded.contains(reason) {
                sum.degraded.push(reason.clone());
            }
        }
        sum.cost_usd += end.cost_usd;
        sum.work_ms += end.work_ms;
    }
    sum
}
