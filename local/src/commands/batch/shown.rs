//! What a person sees of a batch: one line while it goes on, and a table at its end.

use std::fmt::Write;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Run, RunId};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::budget::Budget;
use super::rows::Row;
use crate::failure::Failure;
use crate::say;

/// The most characters of a topic in the table.
const TOPIC: usize = 32;

/// What a row came to.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) line: u64,
    topic: String,
    #[serde(flatten)]
    what: What,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<RunId>,
    /// What the round that is shown scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<f64>,
    pub(super) cost_usd: f64,
    /// How long it took this time; nothing where it was made before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

/// What a row came to, in a word.
#[derive(Debug, Serialize)]
#[serde(tag = "state", content = "error", rename_all = "snake_case")]
pub(super) enum What {
    /// Its video is there, and good enough to publish.
    Approved,
    /// Its video is there, and waits for a person.
    InReview,
    /// Its video is there, and a person decided, or nobody did.
    Made,
    /// It failed, for this reason; what is done is kept.
    Failed(String),
    /// It was stopped; what is done is kept.
    Cancelled,
    /// The budget is used up.
    OverBudget,
    /// The batch was stopped before.
    NotBegun,
}

impl What {
    fn word(&self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::InReview => "in review",
            Self::Made => "made",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
            Self::OverBudget => "no budget",
            Self::NotBegun => "not begun",
        }
    }

    fn is_made(&self) -> bool {
        matches!(self, Self::Approved | Self::InReview | Self::Made)
    }
}

impl Outcome {
    pub(super) fn new(row: &Row, what: What) -> Self {
        let named = [&row.brief.topic]
            .into_iter()
            .chain(&row.brief.key_points)
            .find(|text| !text.trim().is_empty());
        Self {
            line: row.line,
            topic: named.cloned().unwrap_or_default(),
            what,
            run: None,
            total: None,
            cost_usd: 0.0,
            seconds: None,
            file: None,
        }
    }

    pub(super) fn made(row: &Row, run: &Run, folder: PathBuf, took: Option<Duration>) -> Self {
        let what = match run.state {
            domain::RunState::Approved => What::Approved,
            domain::RunState::InReview => What::InReview,
            _ => What::Made,
        };
        Self {
            run: Some(run.id.clone()),
            total: run.shown_score().map(|score| score.total.value()),
            cost_usd: run.cost_usd,
            seconds: took.map(|took| took.as_secs_f64()),
            file: Some(folder.join("final.mp4")),
            ..Self::new(row, what)
        }
    }

    fn line(&self) -> String {
        let topic: String = self.topic.chars().take(TOPIC).collect();
        let total = self
            .total
            .map_or_else(String::new, |total| format!("{total:.1}"));
        let seconds = self.seconds.map_or_else(
            || if self.what.is_made() { "before" } else { "" }.to_owned(),
            |seconds| format!("{seconds:.1} s"),
        );
        let place = match (&self.what, &self.file, &self.run) {
            (What::Failed(error), ..) => error.clone(),
            (_, Some(file), _) => file.display().to_string(),
            (_, None, Some(run)) => run.to_string(),
            _ => String::new(),
        };
        format!(
            "{:>5}  {topic:<TOPIC$}  {:<9} {total:>5} {:>9.4} $ {seconds:>8}  {place}",
            self.line,
            self.what.word(),
            self.cost_usd
        )
    }
}

/// One view of all that goes on.
pub(super) struct Shown {
    look: Look,
    all: usize,
    done: usize,
    failed: usize,
    budget: Option<f64>,
}

enum Look {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Shown {
    /// A bar if standard error is a terminal, plain lines if not, nothing if `quiet`.
    pub(super) fn new(all: usize, budget: Option<f64>, quiet: bool) -> Self {
        let look = if quiet {
            Look::Nothing
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(all as u64);
            let style = ProgressStyle::with_template("{bar:24.cyan/blue} {pos}/{len} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style);
            bar.enable_steady_tick(Duration::from_millis(200));
            Look::Bar(bar)
        } else {
            Look::Lines
        };
        Self {
            look,
            all,
            done: 0,
            failed: 0,
            budget,
        }
    }

    /// So many are being made.
    pub(super) fn going(&self, running: usize, budget: &Budget) {
        if let Look::Bar(bar) = &self.look {
            bar.set_position(self.done as u64);
            let mut message = format!("{running} being made");
            if self.failed > 0 {
                let _ = write!(message, ", {} failed", self.failed);
            }
            let _ = write!(message, ", ${:.4}", budget.spent_usd);
            if let Some(most) = self.budget {
                let _ = write!(message, " of ${most}");
            }
            bar.set_message(message);
        }
    }

    /// A row is over.
    pub(super) fn ended(&mut self, outcome: &Outcome, budget: &Budget, running: usize) {
        self.done += 1;
        self.failed += usize::from(matches!(outcome.what, What::Failed(_)));
        match &self.look {
            Look::Nothing => {}
            Look::Bar(bar) => {
                bar.println(outcome.line());
                self.going(running, budget);
            }
            Look::Lines => say::tell(format_args!(
                "{}/{} {}",
                self.done,
                self.all,
                outcome.line()
            )),
        }
    }

    /// Leaves the terminal as it is.
    pub(super) fn finish(&self) {
        if let Look::Bar(bar) = &self.look {
            bar.finish_and_clear();
        }
    }
}

/// How a batch ended.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    batch: String,
    made: usize,
    failed: usize,
    not_made: usize,
    cost_usd: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget_usd: Option<f64>,
    rows: Vec<Outcome>,
}

impl Table {
    pub(super) fn of(name: &str, rows: Vec<Outcome>, budget_usd: Option<f64>) -> Self {
        let count = |of: &dyn Fn(&What) -> bool| rows.iter().filter(|row| of(&row.what)).count();
        let made = count(&What::is_made);
        let failed = count(&|what| matches!(what, What::Failed(_)));
        Self {
            batch: name.to_owned(),
            made,
            failed,
            not_made: rows.len() - made - failed,
            cost_usd: rows.iter().map(|row| row.cost_usd).sum(),
            budget_usd,
            rows,
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "\n{:>5}  {:<TOPIC$}  {:<9} {:>5} {:>11} {:>8}",
            "line", "topic", "state", "score", "cost", "time"
        );
        for row in &self.rows {
            let _ = writeln!(text, "{}", row.line());
        }
        let of = self
            .budget_usd
            .map_or_else(String::new, |budget| format!(" of ${budget}"));
        let _ = writeln!(
            text,
            "\n{} made, {} failed, {} not made; ${:.4}{of}",
            self.made, self.failed, self.not_made, self.cost_usd
        );
        text
    }

    /// How the command ends.
    pub(super) fn end(&self) -> Result<(), Failure> {
        let has = |of: fn(&What) -> bool| self.rows.iter().any(|row| of(&row.what));
        let again = "begin the batch again to go on";
        if has(|what| matches!(what, What::Cancelled | What::NotBegun)) {
            return Err(Failure::Cancelled(format!(
                "cancelled; what is done is kept: {again}"
            )));
        }
        if has(|what| matches!(what, What::OverBudget)) {
            return Err(Failure::other(format!(
                "the budget doesn't cover {} videos: raise --budget, and {again}",
                self.not_made
            )));
        }
        if self.failed > 0 {
            return Err(Failure::other(format!(
                "{} of {} videos failed: mend the causes, and {again}",
                self.failed,
                self.rows.len()
            )));
        }
        Ok(())
    }
}
