//! `reelwright review`.

use std::fmt::Write;
use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::quality::{Decision, REVIEW_HOURS};
use domain::{Run, RunId, Timestamp};
use runtime::{Config, RunError};
use serde_json::json;
use store::Review;

use super::make::finish;
use super::print_json;
use crate::by_hand::{ByThisCommand, user};
use crate::deliver::check_writable;
use crate::failure::Failure;
use crate::home::Home;
use crate::link_secret;
use crate::options::How;
use crate::report;
use crate::say;

/// What to do with what waits for a person.
#[derive(Debug, Subcommand)]
pub(crate) enum Reviewing {
    /// List what waits, the longest waiting first
    List {
        /// How many at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Publish a run's video
    Approve {
        #[command(flatten)]
        what: Decided,
    },
    /// Don't publish it
    Reject {
        #[command(flatten)]
        what: Decided,
    },
    /// Make another round, which hears what the scores suggest and the note
    Regenerate {
        #[command(flatten)]
        what: Decided,
        #[command(flatten)]
        how: How,
    },
    /// Print a link to the page on which somebody without a key can decide
    Link {
        /// The run's id, as `reelwright review list` prints it
        run: RunId,
        /// For how many hours the link is good
        #[arg(long, default_value_t = REVIEW_HOURS, value_parser = clap::value_parser!(u32).range(1..=720))]
        hours: u32,
        /// Where `reelwright serve` can be reached
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8420")]
        base: String,
    },
}

/// A run, and why.
#[derive(Debug, Args)]
pub(crate) struct Decided {
    /// The run's id, as `reelwright review list` prints it
    run: RunId,
    /// Why: kept with the decision
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(crate) async fn review(what: Reviewing) -> Result<(), Failure> {
    match what {
        Reviewing::List { limit, json } => list(limit, json).await,
        Reviewing::Approve { what } => close(&what, Decision::Approve).await,
        Reviewing::Reject { what } => close(&what, Decision::Reject).await,
        Reviewing::Regenerate { what, how } => {
            check_writable(&how.out)?;
            let home = Home::open().await?;
            let run = decide(&home, &what, Decision::Regenerate).await?;
            finish(&home, run, &how).await
        }
        Reviewing::Link { run, hours, base } => link(&run, hours, &base).await,
    }
}

async fn list(limit: u32, as_json: bool) -> Result<(), Failure> {
    let home = Home::open().await?;
    let page = home.services.store.list_reviews(limit, None).await?;
    if as_json {
        return print_json(&json!({ "reviews": page.items, "more": page.next.is_some() }));
    }
    say::answer(table(&page.items, page.next.is_some()))
}

fn table(reviews: &[Review], more: bool) -> String {
    if reviews.is_empty() {
        return "nothing waits for a person\n".to_owned();
    }
    let mut text = format!(
        "{:<28} {:>5}  {:<17} {:<17} topic\n",
        "run", "total", "waits since", "until"
    );
    let minute = |at: Timestamp| at.rfc3339().chars().take(16).collect::<String>();
    for review in reviews {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "{:<28} {:>5}  {:<17} {:<17} {}",
            review.run.as_str(),
            review.score.total.to_string(),
            minute(review.waits_since),
            minute(review.due_at),
            review.topic
        );
    }
    if more {
        text.push_str("there are more: --limit\n");
    }
    text
}

async fn close(what: &Decided, decision: Decision) -> Result<(), Failure> {
    let home = Home::open().await?;
    let run = decide(&home, what, decision).await?;
    say::answer(format_args!(
        "run {} is {}\n",
        run.id,
        report::state(run.state)
    ))
}

/// Writes the decision. A round that it asks for is this process's to make.
async fn decide(home: &Home, what: &Decided, decision: Decision) -> Result<Run, Failure> {
    let note = what.note.as_deref().unwrap_or_default();
    let note = review::note(note).map_err(Failure::input)?;
    let runs = home.services.runs(Arc::new(ByThisCommand));
    runs.decide(&what.run, decision, &user(), note)
        .await
        .map_err(|error| match error {
            RunError::Store(error) => error.into(),
            RunError::Edited(_) => Failure::input(error),
            other => Failure::other(other),
        })
}

async fn link(id: &RunId, hours: u32, base: &str) -> Result<(), Failure> {
    let base = base.trim_end_matches('/');
    if !(base.starts_with("http://") || base.starts_with("https://")) {
        return Err(Failure::input(format!(
            "--base is {base:?}: expected an address such as http://127.0.0.1:8420"
        )));
    }
    let config = Config::from_process().map_err(Failure::input)?;
    let home = Home::open().await?;
    let run = home.services.store.run(id).await?;
    let until = Timestamp(home.services.now().0 + u64::from(hours) * 3_600_000);
    let path = link_secret::seal(&config)?.link(&run.id, until);
    say::tell(format_args!(
        "whoever has this link can decide on run {} until {}:",
        run.id,
        until.rfc3339()
    ));
    say::answer(format_args!("{base}{path}\n"))
}
