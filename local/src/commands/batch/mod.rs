//! `reelwright batch`: a video of each brief in a table. What a row has become is known by the row, so a batch that is begun again goes on where it was.

mod budget;
mod rows;
mod shown;

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use domain::{Run, RunId, Timestamp};
use runtime::{Config, Files, store_brief, take_in};
use store::{Idempotency, Started};
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::budget::{Allowed, Budget};
use self::rows::Row;
use self::shown::{Outcome, Shown, Table, What};
use super::estimate::Prices;
use super::make::{finish_run, random};
use super::print_json;
use crate::deliver::check_writable;
use crate::failure::Failure;
use crate::home::Home;
use crate::options::How;
use crate::say;

/// How long a row is known again, in milliseconds: two years.
const KNOWN_FOR_MS: u64 = 2 * 365 * 24 * 3_600_000;

/// How long a killed process may take until its lock is gone.
const LETS_GO_WITHIN: Duration = Duration::from_secs(3);

/// How often the lock is tried meanwhile.
const LOOKS_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Whose requests the runs of batches are.
const CALLER: &str = "batch";

/// How a batch is worked on.
#[derive(Debug, Args)]
pub(crate) struct BatchOptions {
    /// The most that all videos together may cost, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    budget: Option<f64>,
    /// How many videos are made at once
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    parallel: u16,
    /// What the batch is known by: begun again under its name, it makes no row twice [default: the file's name]
    #[arg(long)]
    name: Option<String>,
    /// Make drafts
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    how: How,
}

fn dollars(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(usd) if (0.0..=1e6).contains(&usd) => Ok(usd),
        _ => Err("expected an amount of 0 to 1,000,000".to_owned()),
    }
}

pub(crate) async fn batch(path: &Path, what: &BatchOptions) -> Result<(), Failure> {
    let mut rows = rows::read(path)?;
    for row in &mut rows {
        row.brief.draft |= what.draft;
    }
    check_writable(&what.how.out)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = what.name.clone().unwrap_or_else(|| stem.into_owned());
    let config = Config::from_process().map_err(Failure::input)?;
    let home = Home::open().await?;
    let _turn = take_turn(&config.home, &name).await?;
    let keeping = home.keep_figures();
    let mut batch = Batch {
        home: Arc::new(home),
        base: path.parent().unwrap_or(Path::new("")).to_owned(),
        how: How {
            json: true,
            ..what.how.clone()
        },
        budget: Budget {
            most_usd: what.budget,
            spent_usd: 0.0,
            aside_usd: 0.0,
        },
        shown: Shown::new(rows.len(), what.budget, what.how.json),
        name,
        running: JoinSet::new(),
    };
    let done = Box::pin(batch.carry_out(rows, usize::from(what.parallel))).await;
    keeping.end().await;
    let table = Table::of(&batch.name, done?, what.budget);
    if what.how.json {
        print_json(&table)?;
    } else {
        say::answer(table.text())?;
    }
    table.end()
}

/// Two processes that work on the same batch would put the same money aside twice. The lock goes with the process, and a killed one takes a
/// moment to go, so a batch that is begun again at once waits that long.
async fn take_turn(home: &Path, name: &str) -> Result<File, Failure> {
    let digest = domain::ContentKey::of_bytes(name.as_bytes());
    let lock = home.join(format!("batch-{}.lock", digest.short()));
    let file = File::create(&lock)
        .map_err(|error| Failure::input(format!("can't write {}: {error}", lock.display())))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LETS_GO_WITHIN => {
                sleep(LOOKS_AGAIN_AFTER).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::input(format!(
                    "another process works on the batch {name:?}: wait for it, or give this one another --name"
                )));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Failure::other(format!(
                    "{} can't be locked: {error}",
                    lock.display()
                )));
            }
        }
    }
}

/// A batch that is worked on.
struct Batch {
    home: Arc<Home>,
    /// The folder that files in briefs are relative to.
    base: PathBuf,
    how: How,
    name: String,
    budget: Budget,
    shown: Shown,
    running: JoinSet<(Outcome, f64, bool)>,
}

impl Batch {
    /// Makes what isn't made: what was begun before first, as its money is put aside already.
    async fn carry_out(
        &mut self,
        rows: Vec<Row>,
        parallel: usize,
    ) -> Result<Vec<Outcome>, Failure> {
        let mut outcomes = Vec::with_capacity(rows.len());
        let (mut begun, mut fresh) = (VecDeque::new(), VecDeque::new());
        for row in rows {
            let Some(run) = self.known(&row).await? else {
                fresh.push_back(row);
                continue;
            };
            if run.state.is_made() && self.delivered(&run.id) {
                self.budget.spent_usd += run.cost_usd;
                let outcome = Outcome::made(&row, &run, self.folder(&run.id), None);
                self.shown.ended(&outcome, &self.budget, 0);
                outcomes.push(outcome);
            } else {
                self.budget.put_aside(self.limit(&run)?);
                begun.push_back((row, run));
            }
        }
        let mut stopped = false;
        loop {
            while self.running.len() < parallel && !stopped {
                if let Some((row, run)) = begun.pop_front() {
                    self.work(row, run);
                    continue;
                }
                let Some(row) = fresh.front() else { break };
                match self.begin(row).await {
                    Ok(Begun::Run(run)) => {
                        if let Some(row) = fresh.pop_front() {
                            self.work(row, *run);
                        }
                    }
                    Ok(Begun::Later) => break,
                    Ok(Begun::Never) => {
                        outcomes.extend(
                            fresh
                                .drain(..)
                                .map(|row| Outcome::new(&row, What::OverBudget)),
                        );
                    }
                    Err(failure) => {
                        if let Some(row) = fresh.pop_front() {
                            let outcome = Outcome::new(&row, What::Failed(failure.to_string()));
                            self.shown.ended(&outcome, &self.budget, self.running.len());
                            outcomes.push(outcome);
                        }
                    }
                }
            }
            self.shown.going(self.running.len(), &self.budget);
            let Some(done) = self.running.join_next().await else {
                break;
            };
            let (outcome, limit, cancelled) = done.map_err(Failure::other)?;
            stopped |= cancelled;
            self.budget.settle(limit, outcome.cost_usd);
            self.shown.ended(&outcome, &self.budget, self.running.len());
            outcomes.push(outcome);
        }
        self.shown.finish();
        let left = begun.into_iter().map(|(row, _)| row).chain(fresh);
        outcomes.extend(left.map(|row| Outcome::new(&row, What::NotBegun)));
        outcomes.sort_by_key(|outcome| outcome.line);
        Ok(outcomes)
    }

    fn once(&self, row: &Row) -> Idempotency {
        Idempotency {
            key: format!("{}/{}", self.name, row.key),
            caller: CALLER.to_owned(),
            body: row.digest.clone(),
            expires_at: Timestamp(self.home.services.now().0 + KNOWN_FOR_MS),
        }
    }

    /// The run that a row became when the batch was begun before.
    async fn known(&self, row: &Row) -> Result<Option<Run>, Failure> {
        let store = &self.home.services.store;
        let now = self.home.services.now();
        match store.begun_by(&self.once(row), now).await? {
            Some(id) => Ok(Some(store.run(&id).await?)),
            None => Ok(None),
        }
    }

    /// What a run that was begun before may cost.
    fn limit(&self, run: &Run) -> Result<f64, Failure> {
        match (self.budget.most_usd, run.max_cost_usd) {
            (_, Some(limit)) => Ok(limit),
            (None, None) => Ok(0.0),
            (Some(_), None) => Err(Failure::input(format!(
                "run {} of this batch was begun without a budget, so nothing keeps it from passing one: finish it with `reelwright resume {}`, \
                 or begin anew under another --name",
                run.id, run.id
            ))),
        }
    }

    /// Writes the run of a row, if the budget allows it.
    async fn begin(&mut self, row: &Row) -> Result<Begun, Failure> {
        let services = &self.home.services;
        let files = Files::Beside(&self.base);
        let (mut brief, _) = store_brief(row.brief.clone(), files, &services.artifacts)
            .await
            .map_err(Failure::input)?;
        let mut aside = 0.0;
        if self.budget.most_usd.is_some() {
            let prices = Prices::of(&services.providers, &brief).await?;
            match self.budget.allow(prices.total(), brief.max_cost_usd) {
                Allowed::Later => return Ok(Begun::Later),
                Allowed::Never => return Ok(Begun::Never),
                Allowed::Most(limit) => {
                    brief.max_cost_usd = limit;
                    aside = limit.unwrap_or_default();
                }
            }
        }
        let written = async {
            let now = services.now();
            let id = RunId::new(now.0, random());
            let (store, artifacts) = (&services.store, &services.artifacts);
            let (_, begins) = take_in(id, brief, files, store, artifacts, now)
                .await
                .map_err(Failure::input)?;
            let known = match begins.put(&services.store, Some(&self.once(row))).await? {
                Started::New => None,
                Started::Repeated(known) => Some(services.store.run(&known).await?),
            };
            Ok(known.unwrap_or_else(|| begins.run()))
        };
        match written.await {
            Ok(run) => Ok(Begun::Run(Box::new(run))),
            Err(failure) => {
                self.budget.settle(aside, 0.0);
                Err(failure)
            }
        }
    }

    /// Works on a run beside the others.
    fn work(&mut self, row: Row, run: Run) {
        let (home, how, folder) = (
            Arc::clone(&self.home),
            self.how.clone(),
            self.folder(&run.id),
        );
        let limit = run.max_cost_usd.unwrap_or_default();
        self.running.spawn(async move {
            let (id, began) = (run.id.clone(), Instant::now());
            let finished = Box::pin(finish_run(&home, run, &how)).await;
            let took = began.elapsed();
            let cancelled = matches!(finished, Err(Failure::Cancelled(_)));
            let outcome = match finished {
                Ok(made) => Outcome::made(&row, &made.run, folder, Some(took)),
                Err(failure) => failed(&home, &row, &id, &failure, took).await,
            };
            (outcome, limit, cancelled)
        });
    }

    fn folder(&self, id: &RunId) -> PathBuf {
        self.how.out.join(id.as_str())
    }

    fn delivered(&self, id: &RunId) -> bool {
        self.folder(id).join("final.mp4").is_file()
    }
}

/// What came of trying to begin a row.
enum Begun {
    Run(Box<Run>),
    Later,
    Never,
}

/// A row whose run failed. What it cost is on the run all the same.
async fn failed(home: &Home, row: &Row, id: &RunId, failure: &Failure, took: Duration) -> Outcome {
    let what = match failure {
        Failure::Cancelled(_) => What::Cancelled,
        other => What::Failed(other.to_string()),
    };
    let mut outcome = Outcome::new(row, what);
    outcome.run = Some(id.clone());
    outcome.seconds = Some(took.as_secs_f64());
    match home.services.store.run(id).await {
        Ok(run) => outcome.cost_usd = run.cost_usd,
        Err(error) => tracing::warn!(run = %id, %error, "what a run cost can't be read"),
    }
    outcome
}
