//! Runs and their tasks as tables that people read.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::quality::Decision;
use domain::{Posts, Run, RunState, TaskRecord, TaskStatus};
use store::RunSummary;

/// A state as it is shown.
pub(crate) fn state(state: RunState) -> &'static str {
    match state {
        RunState::InReview => "in review",
        other => other.name(),
    }
}

/// Why another round is made, and what it is to do differently.
pub(crate) fn again(run: &Run) -> String {
    let Some(last) = run.rounds.last() else {
        return format!("round {} begins", run.round);
    };
    format!(
        "round {} scored {} of 100: made again with its feedback",
        last.round, last.total
    )
}

/// The scores of a run's rounds, a line each, with what was decided; nothing where none was judged.
pub(crate) fn rounds(run: &Run) -> String {
    let mut text = String::new();
    for score in &run.rounds {
        let shown = if run.chosen_round == Some(score.round) {
            "  <- shown"
        } else {
            ""
        };
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "round {:<2} {:>5} of 100  {}{shown}",
            score.round,
            score.total,
            score.tier.name()
        );
        if let Some(judging) = &score.judging {
            let _ = writeln!(text, "         {}", judging.sentence());
        }
        for hold in &score.holds {
            let _ = writeln!(text, "         held back: {}", hold.reason());
        }
    }
    if let Some(decided) = &run.decided {
        let _ = writeln!(
            text,
            "{} by {} at {}",
            match decided.decision {
                Decision::Approve => "approved",
                Decision::Reject => "rejected",
                Decision::Regenerate => "another round asked for",
            },
            decided.by,
            decided.at.rfc3339()
        );
    }
    text
}

pub(crate) fn status(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Pending => "pending",
        TaskStatus::Running => "running",
        TaskStatus::Succeeded => "done",
        TaskStatus::Cached => "cached",
        TaskStatus::Skipped => "skipped",
        TaskStatus::Failed => "failed",
        TaskStatus::Cancelled => "cancelled",
    }
}

/// A run with its tasks: a line a task, its items gathered; errors in full.
pub(crate) fn run(run: &Run, rows: &[TaskRecord]) -> String {
    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = writeln!(text, "run      {}", run.id);
    let _ = writeln!(text, "topic    {}", run.topic);
    let _ = writeln!(
        text,
        "state    {} (round {}, {})",
        state(run.state),
        run.round,
        run.updated_at.rfc3339()
    );
    if let Some(variant) = &run.variant {
        let _ = writeln!(
            text,
            "variant  {} of {} (experiment {})",
            variant.key(),
            variant.runs.len(),
            variant.experiment
        );
    }
    if let Some(parent) = &run.parent {
        let _ = writeln!(text, "parent   {parent} (the control)");
    }
    if let Some(won) = &run.won {
        let _ = writeln!(
            text,
            "winner   of experiment {} ({})",
            won.experiment,
            won.at.rfc3339()
        );
    }
    if let Some(edited) = &run.edited {
        let _ = writeln!(
            text,
            "edited   by {}, from round {} on ({})",
            edited.by,
            edited.round,
            edited.at.rfc3339()
        );
    }
    if run.cost_usd > 0.0 {
        let _ = writeln!(text, "cost     ${:.4}", run.cost_usd);
    }
    text.push_str(&rounds(run));
    let _ = writeln!(
        text,
        "\n{:<10} {:<10} {:>5} {:>8} {:>9}",
        "task", "status", "items", "attempts", "work"
    );
    let mut tasks: BTreeMap<&str, Vec<&TaskRecord>> = BTreeMap::new();
    for row in rows {
        tasks.entry(row.task.as_str()).or_default().push(row);
    }
    let mut by_start: Vec<_> = tasks.into_iter().collect();
    by_start.sort_by_key(|(name, rows)| {
        (
            rows.iter()
                .filter_map(|row| row.started_at)
                .min()
                .map_or(u64::MAX, |at| at.0),
            *name,
        )
    });
    for (name, rows) in by_start {
        let work_ms: u64 = rows
            .iter()
            .filter_map(|row| row.end.as_ref())
            .map(|end| end.work_ms)
            .sum();
        let attempts: u32 = rows.iter().map(|row| row.attempt).sum();
        let items = rows.iter().filter(|row| row.item.is_some()).count();
        let items = if items == 0 {
            String::new()
        } else {
            items.to_string()
        };
        let _ = writeln!(
            text,
            "{name:<10} {:<10} {items:>5} {attempts:>8} {:>7.2} s",
            status(worst(&rows).within(run.state)),
            work_ms as f64 / 1000.0
        );
    }
    for row in rows
        .iter()
        .filter(|row| row.error.is_some() && !row.status.has_output())
    {
        let item = row.item.map_or(String::new(), |item| format!(" {item}"));
        if let Some(error) = &row.error {
            let _ = writeln!(
                text,
                "\n{}{item}: {}: {}",
                row.task, error.name, error.cause
            );
        }
    }
    text.push_str(&degraded(&run.degraded));
    text
}

/// The status that says most about a task's items.
fn worst(rows: &[&TaskRecord]) -> TaskStatus {
    let order = [
        TaskStatus::Failed,
        TaskStatus::Cancelled,
        TaskStatus::Running,
        TaskStatus::Pending,
        TaskStatus::Succeeded,
        TaskStatus::Cached,
        TaskStatus::Skipped,
    ];
    order
        .into_iter()
        .find(|status| rows.iter().any(|row| row.status == *status))
        .unwrap_or(TaskStatus::Pending)
}

/// Why a result is less than was asked for; empty if it isn't.
pub(crate) fn degraded(reasons: &[String]) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = "\ndegraded:\n".to_owned();
    for reason in reasons {
        let _ = writeln!(text, "  - {reason}");
    }
    text
}

/// What a video is posted with, a line each platform; nothing of a video that has no such texts.
pub(crate) fn posts(posts: Option<&Posts>) -> String {
    let Some(posts) = posts else {
        return String::new();
    };
    let mut text = "\nto post with (posts.json):\n".to_owned();
    for (platform, post) in posts.each() {
        let line: Vec<&str> = post.text.split_whitespace().collect();
        // Writing to a string can't fail.
        let _ = writeln!(text, "  {:<7} {}", platform.name(), line.join(" "));
    }
    text
}

/// A list of runs, newest first.
pub(crate) fn list(runs: &[RunSummary], more: bool) -> String {
    if runs.is_empty() {
        return "no runs yet: `reelwright make BRIEF` makes the first\n".to_owned();
    }
    let mut text = format!("{:<26} {:<10} {:<20} topic\n", "run", "state", "made");
    for run in runs {
        let made = run.created_at.rfc3339();
        let topic: String = run.topic.chars().take(48).collect();
        let variant = match (&run.variant, &run.parent) {
            (Some(variant), Some(parent)) => format!("  ({} of {parent})", variant.key()),
            (Some(variant), None) => format!("  ({}, the control)", variant.key()),
            (None, _) => String::new(),
        };
        let note = if run.degraded.is_empty() {
            ""
        } else {
            "  (degraded)"
        };
        let _ = writeln!(
            text,
            "{:<26} {:<10} {:<20} {topic}{variant}{note}",
            run.id.as_str(),
            state(run.state),
            &made[..19]
        );
    }
    if more {
        text.push_str("... and more: raise --limit\n");
    }
    text
}
